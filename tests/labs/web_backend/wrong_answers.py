"""Wrong answers in lab 02."""

from collections.abc import Iterator, Mapping, Sequence

from tests.labs.web_backend.role_answers import ROLE_WRONG
from tests.notebooks.answers import Answer, Undo, Worked

worked = Worked("web-backend")

DEPLOY = 'lab.deploy("web_backend/shop")'
EDIT = """\
from pathlib import Path
file = Path("web_backend/{0}")
before = file.read_text()
file.write_text(before.replace({1!r}, {2!r}))"""
BACK = "file.write_text(before)"
NOT_DEPLOYED = "package: code.not-deployed"


def slips(
    exercise: str, by_verdict: Mapping[str, Sequence[tuple[str, str]]], undo: Undo = ()
) -> Iterator[Answer]:
    """Yield the worked answer with one change at a time, and the verdict that each must get."""
    for says, changes in by_verdict.items():
        for change in changes:
            yield worked.mutate(exercise, change, says=says, undo=undo)


def edited(exercise: str, path: str, old: str, new: str, says: str) -> Answer:
    """Return the worked answer, with a change in a file that was not to be changed."""
    cells = (*worked.answer(exercise), EDIT.format(path, old, new), DEPLOY)
    return worked.cells(exercise, *cells, says=says, undo=BACK)


def not_deployed(exercise: str) -> Answer:
    return worked.cells(exercise, *worked.answer(exercise)[:-1], says=NOT_DEPLOYED)


PRICE = 'float(product["price"])'
STOCK = '        product["stock"] = int(product["stock"])\n'
LOOP = f'    for product in found["Items"]:\n        product["price"] = {PRICE}\n{STOCK}'
BODY = 'json.dumps({"products": found["Items"]})'
DECIMAL = (
    not_deployed("decimal"),
    *slips(
        "decimal",
        {
            "result: products.as-string": [("float(", "str(")],
            "result: products.cut-off": [("float(", "int("), ("float(", "round(")],
            "result: products.other-value": [
                (PRICE, "4.95"),
                (BODY, 'json.dumps({"products": [{"id": each["id"]} for each in found["Items"]]})'),
            ],
            "result: products.no-list": [
                (BODY, 'json.dumps(found["Items"])'),
                (BODY, 'json.dumps({"products": []})'),
            ],
            "code: decimal.still-decimal": [(STOCK, "")],
            "result: decimal.body-not-string": [(BODY, '{"products": found["Items"]}')],
            "result: decimal.body-not-json": [("json.dumps(", "str(")],
            "result: decimal.no-status": [('"statusCode": 200,', ""), ("return {", "return 3, {")],
            "result: decimal.not-200": [("200,", "404,")],
            "code: function.raised": [("float(", "flaot(")],
        },
    ),
    worked.mutate(
        "decimal",
        (LOOP, ""),
        (BODY, 'json.dumps({"products": found["Items"]}, default=str)'),
        says="result: products.as-string",
    ),
)

INTEGRATE, PERMIT, PUBLISH = worked.answer("connect")
DISCONNECT = """\
from contextlib import suppress

for stage in gateway.get_stages(restApiId=api_id)["item"]:
    gateway.delete_stage(restApiId=api_id, stageName=stage["stageName"])
with suppress(gateway.exceptions.NotFoundException):
    gateway.delete_integration(**get_category)
with suppress(lambda_.exceptions.ResourceNotFoundException):
    lambda_.remove_permission(FunctionName="catalogue", StatementId="shop-api")"""
DEPLOY_CATALOGUE = 'lab.deploy("web_backend/catalogue.py")'


def connect(says: str, *cells: str) -> Answer:
    return worked.cells("connect", *cells, says=says, undo=DISCONNECT)


def behind(old: str, new: str, says: str) -> Answer:
    """Return the worked answer, with another catalogue behind the API."""
    cells = (*worked.answer("connect"), EDIT.format("catalogue.py", old, new), DEPLOY_CATALOGUE)
    undo = (DISCONNECT, BACK, DEPLOY_CATALOGUE)
    return worked.cells("connect", *cells, says=says, undo=undo)


CONNECT = (
    connect("permission: permission.no-policy", INTEGRATE, PUBLISH),
    connect("route: rest-api.no-stage", INTEGRATE, PERMIT),
    connect("route: rest-api.no-integration", PERMIT),
    connect(
        "route: rest-api.old-stage",
        INTEGRATE.replace("uri=uri", 'uri=uri.replace("catalogue", "catalog")'),
        PERMIT,
        PUBLISH,
        INTEGRATE,
    ),
    *slips(
        "connect",
        {
            "permission: permission.other-principal": [("apigateway.amazon", "lambda.amazon")],
            "permission: permission.other-action": [("lambda:InvokeF", "lambda:GetF")],
            "permission: permission.other-source": [
                ("SourceArn=source_arn", 'SourceArn=source_arn.replace(api_id, "0123456789")')
            ],
            "permission: rest-api.any-source": [("    SourceArn=source_arn,\n", "")],
            "route: rest-api.other-stage": [('"live"', '"prod"')],
            "route: rest-api.other-type": [('"AWS_PROXY"', '"AWS"')],
            "route: rest-api.other-verb": [('"POST"', '"GET"')],
            "route: rest-api.other-function": [
                ("uri=uri", 'uri=uri.replace("function:catalogue", "function:shop")')
            ],
        },
        undo=DISCONNECT,
    ),
    behind('"statusCode": 200', '"statusCode": 404', "result: connect.not-200"),
    behind('"statusCode": 200', '"status": 200', "result: rest-api.no-form"),
    behind('"body": json', '"body": jason', "code: function.raised"),
)

NOT_FOUND = """\
    if collection not in ROUTES or not name:
        raise Problem(404, "there is no such path")
"""
NOT_ALLOWED = """\
    if method not in ROUTES[collection]:
        allowed = ", ".join(ROUTES[collection])
        raise Problem(405, f"{method} is not possible here", {"Allow": allowed})
"""
SORRY = '{"message": "Internal server error"}'
CATCH_ALL = f"""\
    except Exception:
        print(traceback.format_exc())
        return reply(500, {SORRY})"""
CATCH_PROBLEM = """\
    except Problem as problem:
        return reply(problem.status, {"message": str(problem)}, problem.headers)
"""
ROUTER = (
    not_deployed("router"),
    *slips(
        "router",
        {
            "code: router.not-404": [(NOT_FOUND, ""), ("Problem(404", "Problem(400")],
            "code: router.no-name": [(" or not name", "")],
            "code: router.good-fails": [("or not name", "or name")],
            "result: rest-api.no-form": [("raise Problem(404", "return Problem(404")],
            "code: router.not-405": [(NOT_ALLOWED, ""), ("Problem(405", "Problem(404")],
            "result: router.no-allow": [(', {"Allow": allowed}', "")],
            "result: router.wrong-allow": [('", ".join(ROUTES[collection])', '"GET, PUT, DELETE"')],
            "code: router.not-caught": [
                (CATCH_ALL, ""),
                (f"return reply(500, {SORRY})", f"raise Problem(500, {SORRY})"),
            ],
            "code: router.not-500": [("reply(500", "reply(400")],
            "result: router.tells": [(SORRY, '{"message": traceback.format_exc()}')],
            "result: router.no-message": [(SORRY, '"Internal server error"')],
            "code: router.no-log": [("        print(traceback.format_exc())\n", "")],
        },
    ),
    worked.mutate(
        "router",
        ("except Exception:", "except Exception as error:"),
        ('"Internal server error"', "str(error)"),
        says="result: router.tells",
    ),
    worked.mutate(
        "router",
        (CATCH_PROBLEM, ""),
        (CATCH_ALL, f"{CATCH_ALL}\n{CATCH_PROBLEM}"),
        says="code: router.problem-caught",
    ),
)

TYPE = """\
    if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Problem(415, "please send JSON, and say so in Content-Type")
"""
LENGTH = """\
    if len((event["body"] or "").encode()) > 2000:
        raise Problem(413, "please send 2,000 bytes at most")
"""
NAMES = '{name.lower(): value for name, value in (event["headers"] or {}).items()}'
QUANTITY = "type(quantity) is not int or not 1 <= quantity <= 99"
LIST = 'list(json.loads(event["body"])["items"].values())'
VALIDATE = (
    not_deployed("validate"),
    *slips(
        "validate",
        {
            "code: validate.good-refused": [("<= 99", "<= 1")],
            "code: validate.charset": [('.split(";")[0].strip()', "")],
            "effect: validate.other-cart": [
                ("    return json.loads", "    return {} and json.loads")
            ],
            "code: validate.string-accepted": [(QUANTITY, "not 1 <= int(quantity) <= 99")],
            "code: validate.true-accepted": [
                ("type(quantity) is not int", "not isinstance(quantity, int)")
            ],
            "code: validate.not-refused": [
                ("not 1 <=", "not 0 <="),
                ("<= 99", "<= 100"),
                ("in quantities:", "in quantities[:1]:"),
                (TYPE, ""),
                ("Problem(415", "Problem(400"),
                (LENGTH, ""),
                (".encode()", ""),
                ("(ValueError, ", "("),
                (", TypeError", ""),
                (", KeyError", ""),
                (LIST, f"{LIST} if event['body'] else []"),
            ],
        },
    ),
    worked.mutate(
        "validate",
        (LIST, 'list(event["body"]["items"].values())'),
        ("(ValueError, TypeError, KeyError, AttributeError)", "ValueError"),
        says="code: validate.not-parsed",
    ),
    worked.mutate(
        "validate",
        (NAMES, 'event["headers"]'),
        ('"content-type"', '"Content-Type"'),
        says="code: validate.header-case",
    ),
    edited(
        "validate",
        "shop/cart_changes.py",
        '    cart = {"cart"',
        '    table.put_item(Item={"cart": name})\n    cart = {"cart"',
        "effect: validate.written-yet",
    ),
)

ALLOW_ALL = 'EVERY_ANSWER["Access-Control-Allow-Origin"] = "*"'
CORS = (
    not_deployed("cors"),
    *slips(
        "cors",
        {
            "result: cors.no-origin": [(ALLOW_ALL, ""), ("Allow-Origin", "Allow-Origins")],
            "result: cors.other-origin": [('"*"', '"https://shop.example"')],
            "code: cors.no-preflight": [
                ('    methods["OPTIONS"] = preflight', "    pass"),
                ("for methods in ROUTES.values():\n    methods", 'ROUTES["products"]'),
            ],
            "result: cors.preflight-lacks": [
                ('    "Access-Control-Allow-Methods": "GET, PUT",\n', ""),
                ('    "Access-Control-Allow-Headers": "Content-Type",\n', ""),
            ],
            "result: cors.preflight-other": [
                ('"GET, PUT"', '"GET"'),
                ('"Content-Type",\n}', '"Authorization",\n}'),
            ],
            "code: cors.broken": [('"GET": carts.show, ', "")],
        },
    ),
    worked.cells(
        "cors",
        worked.answer("cors")[0].replace(ALLOW_ALL, ""),
        worked.answer("cors")[1].replace("MAY = {", 'MAY = {"Access-Control-Allow-Origin": "*",'),
        EDIT.format(
            "shop/products.py",
            'found["Items"]})',
            'found["Items"]}, {"Access-Control-Allow-Origin": "*"})',
        ),
        DEPLOY,
        says="result: cors.only-good",
        undo=BACK,
    ),
)

CONDITION = 'Attr("version").not_exists() | Attr("version").eq(seen)'
ONLY_IF = f'    write["ConditionExpression"] = {CONDITION}\n'
COMPARE = """\
    there = table.get_item(Key={"cart": name}).get("Item", {})
    if there.get("version", seen) != seen:
        raise Problem(409, "the cart has changed")
"""
ALWAYS = 'Attr("cart").exists() | Attr("cart").not_exists()'
RAISE = 'raise Problem(409, "the cart has changed: read it again, then send yours") from None'
CONFLICT = (
    not_deployed("conflict"),
    *slips(
        "conflict",
        {
            "effect: conflict.overwritten": [(ONLY_IF, ""), (".eq(seen)", ".exists()")],
            "code: conflict.not-again": [
                (".eq(seen)", '.eq(cart["version"])'),
                (CONDITION, 'Attr("version").not_exists()'),
            ],
            "code: conflict.no-new": [
                (CONDITION, 'Attr("version").eq(seen)'),
                (" | ", " & "),
                ('write["ConditionExpression"]', 'write["Condition"]'),
            ],
            "code: conflict.not-joined": [
                (" | ", " or "),
                (CONDITION, 'Attr("version").eq(seen) or Attr("version").not_exists()'),
            ],
            "code: conflict.old-cart": [
                ('Attr("version").not_exists()', 'Attr("cart").not_exists()')
            ],
            "code: conflict.swallowed": [(RAISE, "pass")],
            "result: conflict.not-409": [(RAISE, "raise"), ("Problem(409", "Problem(400")],
            "effect: conflict.changed-yet": [
                (RAISE, f"table.put_item(Item=cart)\n        {RAISE}")
            ],
            "effect: conflict.unseen": [(ONLY_IF, f"    if seen:\n    {ONLY_IF}")],
            "effect: conflict.no-count": [("seen + 1", "seen")],
            "code: conflict.compares-first": [(ONLY_IF, COMPARE)],
            "effect: conflict.race-lost": [
                (ONLY_IF, f'{COMPARE}    write["ConditionExpression"] = {ALWAYS}\n')
            ],
        },
    ),
)

BEGIN_THERE = """\
    if wishes.get("next"):
        question["ExclusiveStartKey"] = key_of(category, wishes["next"])
"""
GO_ON = """\
    if "LastEvaluatedKey" in found:
        page["next"] = token_of(found["LastEvaluatedKey"])
"""
AT_ANY_RATE = """\
    key = found.get("LastEvaluatedKey") or question.get("ExclusiveStartKey")
    if key:
        page["next"] = token_of(key)
"""
LENIENT = """\
    try:
        question["ExclusiveStartKey"] = key_of(category, wishes.get("next", ""))
    except Problem:
        pass
"""
TOKEN = 'token_of(found["LastEvaluatedKey"])'
PAGES = (
    not_deployed("pages"),
    *slips(
        "pages",
        {
            "code: pages.ignored": [
                (BEGIN_THERE, ""),
                ('if wishes.get("next"', 'if wishes.get("token"'),
            ],
            "result: pages.no-next": [(GO_ON, ""), ('page["next"]', 'page["token"]')],
            "result: pages.not-opaque": [(TOKEN, 'found["LastEvaluatedKey"]')],
            "result: pages.short-next": [
                (
                    GO_ON,
                    '    if found["Items"]:\n        page["next"] = token_of(found["Items"][-1])\n',
                )
            ],
            "result: pages.no-end": [(GO_ON, AT_ANY_RATE)],
            "code: pages.too-many": [(', "Limit": limit_of(wishes)', "")],
            "result: pages.lost": [
                (GO_ON, f'{GO_ON}    page["products"] = page["products"][:-1]\n')
            ],
            "result: pages.double": [(GO_ON, f'{GO_ON}    page["products"].reverse()\n')],
            "code: pages.fails": [('key_of(category, wishes["next"])', 'wishes["next"]')],
            "code: pages.not-refused": [(BEGIN_THERE, LENIENT)],
            "result: products.no-list": [("reply(200, page)", 'reply(200, page["products"])')],
        },
    ),
    worked.mutate(
        "pages",
        (TOKEN, 'found["LastEvaluatedKey"]["id"]'),
        ('key_of(category, wishes["next"])', '{"category": category, "id": wishes["next"]}'),
        says="result: pages.not-opaque",
    ),
    worked.mutate(
        "pages",
        (', "Limit": limit_of(wishes)', ""),
        ('{"products": found["Items"]}', '{"products": found["Items"][: limit_of(wishes)]}'),
        says="result: pages.no-next",
    ),
)

ANSWERS = (*ROLE_WRONG, *DECIMAL, *CONNECT, *ROUTER, *VALIDATE, *CORS, *CONFLICT, *PAGES)
