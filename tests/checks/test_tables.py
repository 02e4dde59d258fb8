"""The items of a table as checks read and write them."""

from decimal import Decimal

import pytest
from botocore.exceptions import ClientError

from helpers.checks.tables import (
    all_rows,
    find_row,
    forget_row,
    forget_rows,
    keep_rows,
    put_row,
    rows_with,
)
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from tests.checks.desk import Shop
from tests.fakes import FakeService, aws_error, clients


@pytest.fixture
def shop(client, tmp_path):
    shop = Shop(client, tmp_path)
    keys = {"cart": "HASH", "id": "RANGE"}
    shop.client("dynamodb").create_table(
        TableName="carts",
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys.items()],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        BillingMode="PAY_PER_REQUEST",
    )
    return shop


def test_items_are_plain_values_and_gone_after_the_check(shop):
    one = {"cart": "ann", "id": "a", "items": ["tea"], "price": Decimal("2.50")}
    other = {"cart": "bob", "id": "a"}
    with shop.probe as probe:
        for item in (one, other):
            put_row(probe, "carts", ("cart", "id"), **item)
        assert find_row(probe, "carts", cart="ann", id="a") == one
        assert rows_with(probe, "carts", cart="bob") == [other]
        assert sorted(all_rows(probe, "carts"), key=str) == [one, other]
    assert all_rows(shop.probe, "carts") == []


def test_what_a_check_finds_in_a_table_is_put_back(shop):
    mine = {"cart": "ann", "id": "a", "price": Decimal("2.50")}
    with shop.probe as learner:
        put_row(learner, "carts", ("cart", "id"), **mine)
        with shop.probe as probe:
            keep_rows(probe, "carts")
            put_row(probe, "carts", ("cart", "id"), cart="ann", id="a", price=1)
        assert all_rows(learner, "carts") == [mine]


def test_what_a_function_wrote_for_a_check_can_be_forgotten(shop):
    with shop.probe as probe:
        forget_row(probe, "carts", cart="ann", id="a")
        item = {"cart": {"S": "ann"}, "id": {"S": "a"}}
        shop.client("dynamodb").put_item(TableName="carts", Item=item)
    assert find_row(shop.probe, "carts", cart="ann", id="a") is None


def test_what_events_leave_is_forgotten_by_a_search_and_a_missing_table_is_none(shop):
    put_row(shop.probe, "carts", ("cart", "id"), cart="bob", id="a")
    with shop.probe as probe:
        for table in ("carts", "orders"):
            forget_rows(probe, table, lambda t=table: rows_with(probe, t, cart="ann"), "cart", "id")
        for key in ("a", "b"):
            item = {"cart": {"S": "ann"}, "id": {"S": key}}
            shop.client("dynamodb").put_item(TableName="carts", Item=item)
    assert all_rows(shop.probe, "carts") == [{"cart": "bob", "id": "a"}]


def looks(probe, table):
    return (
        lambda: all_rows(probe, table),
        lambda: rows_with(probe, table, cart="ann"),
        lambda: find_row(probe, table, cart="ann", id="a"),
        lambda: put_row(probe, table, ("cart", "id"), cart="ann", id="a"),
    )


def test_a_table_that_is_gone_is_told(shop):
    with shop.probe as probe:
        for look in looks(probe, "orders"):
            with pytest.raises(Incorrect, match="`orders`") as caught:
                look()
            assert caught.value.id == "table.gone"


def test_another_error_of_a_table_is_not_taken_for_a_missing_one(tmp_path):
    denied = aws_error("AccessDeniedException")
    aws = FakeService(get_item=denied, scan=denied, query=denied, put_item=denied)
    for look in looks(Probe(clients(dynamodb=aws), tmp_path), "carts"):
        with pytest.raises(ClientError, match="AccessDenied"):
            look()
