"""Right answers in other words, in lab 02."""

from tests.labs.web_backend.role_answers import ROLE_RIGHT
from tests.labs.web_backend.wrong_answers import (
    ALLOW_ALL,
    BODY,
    CONDITION,
    DEPLOY,
    DISCONNECT,
    KEY,
    LOOP,
    MORE,
    PRICE,
    PUBLISH,
    QUANTITY,
    TOKEN,
    worked,
)

IN_TWO_STEPS = """\
deployment = gateway.create_deployment(restApiId=api_id)
gateway.create_stage(restApiId=api_id, stageName="live", deploymentId=deployment["id"])"""
INCOMING = """\
%%writefile web_backend/shop/incoming.py
import json

from answers import Problem


def items_of(event):
    kinds = [value for key, value in event["headers"].items() if key.lower() == "content-type"]
    text = event["body"] or ""
    if "application/json" not in "".join(kinds):
        raise Problem(415, "JSON, please")
    if len(bytes(text, "utf-8")) > 2000:
        raise Problem(413, "less, please")
    try:
        body = json.loads(text)
    except json.JSONDecodeError:
        raise Problem(400, "JSON, please")
    if not isinstance(body, dict) or not isinstance(body.get("items"), dict):
        raise Problem(400, "items, please")
    if not all(type(each) is int and each in range(1, 100) for each in body["items"].values()):
        raise Problem(400, "1 to 99, please")
    return body["items"]"""
PREFLIGHT = 'for methods in ROUTES.values():\n    methods["OPTIONS"] = preflight'
EACH = 'ROUTES["carts"]["OPTIONS"] = ROUTES["products"]["OPTIONS"] = preflight'
AS_STRING = """"attribute_not_exists(version) OR version = :seen"
    write["ExpressionAttributeValues"] = {":seen": seen}"""

ANSWERS = (
    *ROLE_RIGHT,
    worked.mutate("decimal", (LOOP, ""), (BODY, BODY.replace("})", "}, default=float)"))),
    worked.mutate("decimal", (PRICE, 'int(product["price"] * 100) / 100')),
    worked.mutate(
        "connect",
        ("/*", "/live/GET/products/*"),
        then='gateway.create_deployment(restApiId=api_id, stageName="test")',
        undo=DISCONNECT,
    ),
    worked.mutate(
        "connect",
        (PUBLISH.splitlines()[-1], IN_TWO_STEPS),
        ("=source_arn", "=source_arn, SourceAccount=account"),
        undo=DISCONNECT,
    ),
    worked.mutate(
        "router",
        ("collection not in ROUTES or not name", "not (name and ROUTES.get(collection))"),
        ('", ".join(ROUTES[collection])', '",".join(sorted(ROUTES[collection]))'),
    ),
    worked.mutate(
        "router",
        ("except Exception:", "except:"),
        ("print(traceback.format_exc())", "traceback.print_exc()"),
        ('"Internal server error"', '"sorry", "status": 500'),
    ),
    worked.cells("validate", INCOMING, DEPLOY),
    worked.mutate("validate", (QUANTITY, "quantity is True or quantity not in range(1, 100)")),
    worked.mutate(
        "cors",
        (ALLOW_ALL, 'EVERY_ANSWER |= {"access-control-allow-origin": "*"}'),
        (PREFLIGHT, EACH),
    ),
    worked.mutate(
        "cors",
        ("reply(200, {}", "reply(204, {}"),
        ('"GET, PUT"', '"*"'),
        ('"Content-Type",\n}', '"*",\n}'),
    ),
    worked.mutate("conflict", (CONDITION, 'Attr("version").eq(seen) | ~Attr("version").exists()')),
    worked.mutate("conflict", (CONDITION, AS_STRING)),
    worked.mutate("pages", (MORE, "True"), (TOKEN, f"{TOKEN} if {MORE} else None")),
    worked.mutate(
        "pages",
        ('wishes.get("next")', '"next" in wishes'),
        (f'question["ExclusiveStartKey"] = {KEY}', f"question.update(ExclusiveStartKey={KEY})"),
    ),
)
