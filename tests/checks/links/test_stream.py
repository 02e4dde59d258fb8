"""What checks say of a stream that is not there, and what becomes of their own."""

import pytest

from helpers.checks.links.stream import own_stream, require_stream, require_table_stream
from helpers.exercises.verdict import Incorrect
from tests.checks.desk import Desk


@pytest.fixture
def desk(client, tmp_path):
    return Desk("streams", client, tmp_path)


def test_a_stream_of_a_checks_own_is_gone_when_the_check_is_over(desk):
    with desk.probe as probe:
        name = own_stream(probe, 2)
        assert require_stream(probe, name).endswith(f":stream/{name}")
    with pytest.raises(Incorrect) as caught:
        require_stream(desk.probe, name)
    assert caught.value.id == "stream.gone"


def test_a_table_without_a_stream_is_told_from_one_that_is_gone(desk):
    with pytest.raises(Incorrect) as caught:
        require_table_stream(desk.probe, "cart")
    assert caught.value.id == "table.gone"
    desk.client("dynamodb").create_table(
        TableName="cart",
        KeySchema=[{"AttributeName": "visitor", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "visitor", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    with pytest.raises(Incorrect) as caught:
        require_table_stream(desk.probe, "cart")
    assert caught.value.id == "stream.not-enabled"
