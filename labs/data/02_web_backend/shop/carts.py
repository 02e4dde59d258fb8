import boto3
from answers import Problem, reply

table = boto3.resource("dynamodb").Table("carts")


def show(event, name):
    cart = table.get_item(Key={"cart": name}, ConsistentRead=True).get("Item")
    if cart is None:
        raise Problem(404, f"there is no cart {name}")
    return reply(200, cart)
