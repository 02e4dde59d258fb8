"""A function URL, as checks of any lab see it, against the running engine."""

import pytest

from helpers.checks.links.function_url import find_function_url, require_cors, require_public_url
from helpers.exercises.verdict import Incorrect
from tests.checks.desk import Shop

PAGE = "https://shop.example"
ALLOWED = {"AllowOrigins": [PAGE], "AllowMethods": ["POST"], "AllowHeaders": ["Content-Type"]}
NEEDED = (PAGE, "POST", "content-type")


@pytest.fixture
def shop(client, tmp_path):
    shop = Shop(client, tmp_path)
    shop.create("pay", "def handler(event, context): return 1\n")
    return shop


def url(shop, auth="NONE", **settings):
    return shop.aws.create_function_url_config(FunctionName="pay", AuthType=auth, **settings)


def test_a_url_that_everybody_may_call_is_returned(shop):
    made = url(shop)
    shop.aws.add_permission(
        FunctionName="pay",
        StatementId="everybody",
        Action="lambda:InvokeFunctionUrl",
        Principal="*",
        FunctionUrlAuthType="NONE",
    )
    assert require_public_url(shop.probe, "pay") == made["FunctionUrl"]


@pytest.mark.parametrize(
    ("auth", "diagnosis"),
    [
        (None, "function-url.none"),
        ("AWS_IAM", "function-url.signed-only"),
        ("NONE", "permission.no-policy"),
    ],
)
def test_what_keeps_people_from_a_url_is_diagnosed(shop, auth, diagnosis):
    assert find_function_url(shop.probe, "pay") is None
    if auth:
        url(shop, auth)
    with pytest.raises(Incorrect) as caught:
        require_public_url(shop.probe, "pay")
    assert caught.value.id == diagnosis


@pytest.mark.parametrize("cors", [ALLOWED, {key: ["*"] for key in ALLOWED}])
def test_a_page_that_may_read_an_answer_is_allowed(shop, cors):
    url(shop, Cors=cors)
    require_cors(shop.probe, "pay", *NEEDED)


@pytest.mark.parametrize(
    ("cors", "diagnosis"),
    [
        ({}, "function-url.no-cors"),
        (ALLOWED | {"AllowOrigins": [f"{PAGE}/"]}, "function-url.other-origin"),
        (ALLOWED | {"AllowMethods": ["GET"]}, "function-url.other-method"),
        ({"AllowOrigins": ["*"], "AllowMethods": ["*"]}, "function-url.other-header"),
    ],
)
def test_what_cors_settings_lack_is_diagnosed(shop, cors, diagnosis):
    url(shop, Cors=cors)
    with pytest.raises(Incorrect) as caught:
        require_cors(shop.probe, "pay", *NEEDED)
    assert (caught.value.link, caught.value.id) == ("route", diagnosis)
