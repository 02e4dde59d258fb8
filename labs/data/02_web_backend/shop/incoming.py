import json


def items_of(event):
    """What shall be in the cart: product and quantity."""
    return json.loads(event["body"])["items"]
