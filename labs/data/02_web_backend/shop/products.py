import boto3
from answers import Problem, reply
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table("products")


def in_category(event, category):
    found = table.query(KeyConditionExpression=Key("category").eq(category))
    if not found["Items"]:
        raise Problem(404, f"there is no category {category}")
    return reply(200, {"products": found["Items"]})
