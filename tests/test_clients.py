"""Whatever the environment names, a lab's own clients talk to the lab's cloud."""

import pytest

from helpers.clients import clients_for
from helpers.cloud.model import Cloud

CLOUD = Cloud("embedded", "http://127.0.0.1:4566", "4.9.2")


@pytest.mark.parametrize("elsewhere", ["http://127.0.0.1:18765", "https://x.amazonaws.com"])
@pytest.mark.parametrize("service", ["s3", "lambda", "iam"])
def test_clients_go_to_the_cloud_and_not_where_the_environment_points(
    service: str, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", elsewhere)
    monkeypatch.setenv("USE_SSL", "1")
    client = clients_for(CLOUD, "123456789012", "us-east-1")(service)
    assert client.meta.endpoint_url == CLOUD.endpoint
