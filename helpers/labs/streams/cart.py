"""Changes of the cart that a check invents, and what became of stock and receipts."""

from decimal import Decimal
from functools import partial
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError

from helpers.aws.errors import error_code
from helpers.checks.function import configuration, variables
from helpers.checks.tables import put_row, row
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect

FUNCTION, CART, STOCK = "cart_changed", "cart", "stock"
PIECES = 20

NO_TABLE = "The table `cart` is gone. Run the cell that creates it again."
NO_STREAM = "The table `cart` has no stream. Run the cell that creates it again."
NO_STOCK = """\
The item of the product is gone from the table `stock`, or has no number `pieces` any more."""


def new_product(probe: Probe) -> str:
    """A product that nobody sells, with 20 pieces in stock until the check is over."""
    product = f"check-{uuid4().hex[:12]}"
    put_row(probe, STOCK, ("product",), product=product, pieces=PIECES)
    return product


def new_visitor(probe: Probe) -> str:
    """A visitor whose receipts are removed after the check."""
    visitor = f"check-{uuid4().hex[:12]}"
    probe.afterwards(partial(_remove_receipts, probe, visitor))
    return visitor


def left(probe: Probe, product: str) -> int:
    """How many pieces are in stock."""
    item = row(probe, STOCK, product=product) or {}
    if not isinstance(item.get("pieces"), Decimal):
        raise Incorrect(NO_STOCK, link="effect", evidence=repr(item))
    return int(item["pieces"])


def change(visitor: str, product: str, old: int | None, new: int | None) -> dict[str, Any]:
    """The record of a change from `old` pieces in the cart to `new`; None: no such item."""
    keys = {"visitor": {"S": visitor}, "product": {"S": product}}
    images = {
        name: keys | {"quantity": {"N": str(quantity)}}
        for name, quantity in (("OldImage", old), ("NewImage", new))
        if quantity is not None
    }
    kind = "INSERT" if old is None else "REMOVE" if new is None else "MODIFY"
    return {
        "eventID": uuid4().hex,
        "eventName": kind,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_000_000_000.0,
            "Keys": keys,
            **images,
            "SequenceNumber": str(uuid4().int)[:21],
            "SizeBytes": 59,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": "arn:aws:dynamodb:us-east-1:000000000000:table/check/stream/2001",
    }


def stream_arn(probe: Probe) -> str:
    """The ARN of the cart's stream. Raises Incorrect, link "table" or "stream"."""
    try:
        table = probe.client("dynamodb").describe_table(TableName=CART)["Table"]
    except ClientError as error:
        if error_code(error) != "ResourceNotFoundException":
            raise
        raise Incorrect(NO_TABLE, link="table") from None
    if "LatestStreamArn" not in table:
        raise Incorrect(NO_STREAM, link="stream")
    return str(table["LatestStreamArn"])


def receipts(probe: Probe, visitor: str) -> list[str]:
    """The names of the visitor's receipts."""
    bucket = variables(configuration(probe, FUNCTION)).get("RECEIPTS", "")
    found = probe.client("s3").list_objects_v2(Bucket=bucket, Prefix=f"{visitor}/")
    return [each["Key"] for each in found.get("Contents", [])]


def _remove_receipts(probe: Probe, visitor: str) -> None:
    bucket = variables(configuration(probe, FUNCTION)).get("RECEIPTS", "")
    for name in receipts(probe, visitor):
        probe.client("s3").delete_object(Bucket=bucket, Key=name)
