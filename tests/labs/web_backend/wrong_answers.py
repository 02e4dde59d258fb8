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
    exercise: str, by_verdict: Mapping[str, Sequence[tuple[str, ...]]], undo: Undo = ()
) -> Iterator[Answer]:
    """Yield a worked answer for each change, and the verdict that it must get.

    A change is an old text and a new one, or several pairs of them.
    """
    for says, changes in by_verdict.items():
        for texts in changes:
            pairs = zip(texts[::2], texts[1::2], strict=True)
            yield worked.mutate(exercise, *pairs, says=says, undo=undo)


def edited(exercise: str, path: str, old: str, new: str, says: str, *then: str) -> Answer:
    """Return the worked answer, with a change in a file that was not to be changed."""
    deploy = worked.answer("decimal")[-1] if path == "catalogue.py" else DEPLOY
    cells = (*worked.answer(exercise), EDIT.format(path, old, new), deploy)
    return worked.cells(exercise, *cells, says=says, undo=(BACK, deploy, *then))


def not_deployed(exercise: str) -> Answer:
    return worked.cells(exercise, *worked.answer(exercise)[:-1], says="package: code.not-deployed")


PRICE = 'float(product["price"])'
STOCK = '        product["stock"] = int(product["stock"])\n'
LOOP = f'    for product in found["Items"]:\n        product["price"] = {PRICE}\n{STOCK}'
BODY = 'json.dumps({"products": found["Items"]})'
DECIMAL = (
    not_deployed("decimal"),
    *slips(
        "decimal",
        {
            "result: products.as-string": [
                ("float(", "str("),
                (LOOP, "", BODY, 'json.dumps({"products": found["Items"]}, default=str)'),
            ],
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
)

INTEGRATE, PERMIT, PUBLISH = worked.answer("connect")
DISCONNECT = """\
from contextlib import suppress

for stage in gateway.get_stages(restApiId=api_id)["item"]:
    gateway.delete_stage(restApiId=api_id, stageName=stage["stageName"])
with suppress(gateway.exceptions.NotFoundException):
    gateway.delete_integration(**get_category)"""


def connect(says: str, *cells: str) -> Answer:
    return worked.cells("connect", *cells, says=says, undo=DISCONNECT)


CONNECT = (
    connect("permission: permission.no-policy", INTEGRATE, PUBLISH),
    connect("route: rest-api.no-stage", INTEGRATE, PERMIT),
    connect("route: rest-api.no-integration", PERMIT),
    connect(
        "route: rest-api.old-stage",
        *(INTEGRATE.replace("uri=uri", 'uri=uri.replace("catalogue", "catalog")'), PERMIT, PUBLISH),
        INTEGRATE,
    ),
    *slips(
        "connect",
        {
            "permission: permission.other-principal": [("apigateway.amazon", "lambda.amazon")],
            "permission: permission.other-action": [("lambda:InvokeF", "lambda:GetF")],
            "permission: permission.other-source": [
                ("=source_arn", '=source_arn.replace(api_id, "0")')
            ],
            "permission: rest-api.any-source": [("    SourceArn=source_arn,\n", "")],
            "route: rest-api.other-stage": [('"live"', '"prod"')],
            "route: rest-api.other-type": [('"AWS_PROXY"', '"AWS"')],
            "route: rest-api.other-verb": [('"POST"', '"GET"')],
            "route: rest-api.other-function": [
                ("uri=uri", 'uri=uri.replace(":catalogue", ":shop")')
            ],
        },
        undo=DISCONNECT,
    ),
    *(
        edited("connect", "catalogue.py", old, new, says, DISCONNECT)
        for old, new, says in (
            ('"statusCode": 200', '"statusCode": 404', "result: connect.not-200"),
            ('"statusCode": 200', '"status": 200', "result: rest-api.no-form"),
            ('"body": json', '"body": jason', "code: function.raised"),
        )
    ),
)

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
            "code: router.not-404": [
                ("collection not in ROUTES or not name", "False"),
                ("Problem(404", "Problem(400"),
            ],
            "code: router.no-name": [(" or not name", "")],
            "code: router.good-fails": [("or not name", "or name")],
            "result: rest-api.no-form": [("raise Problem(404", "return Problem(404")],
            "code: router.not-405": [
                ("method not in ROUTES[collection]", "False"),
                ("Problem(405", "Problem(404"),
            ],
            "result: router.no-allow": [(', {"Allow": allowed}', "")],
            "result: router.wrong-allow": [('", ".join(ROUTES[collection])', '"GET, PUT, DELETE"')],
            "code: router.not-caught": [
                ("except Exception", "except ImportError"),
                (f"return reply(500, {SORRY})", f"raise Problem(500, {SORRY})"),
            ],
            "code: router.not-500": [("reply(500", "reply(400")],
            "result: router.tells": [
                (SORRY, '{"message": traceback.format_exc()}'),
                ("Exception:", "Exception as error:", SORRY, '{"message": str(error)}'),
            ],
            "result: router.no-message": [(SORRY, '"Internal server error"')],
            "code: router.no-log": [("        print(traceback.format_exc())\n", "")],
            "code: router.problem-caught": [
                (CATCH_PROBLEM, "", CATCH_ALL, f"{CATCH_ALL}\n{CATCH_PROBLEM}")
            ],
        },
    ),
)

NAMES = '{name.lower(): value for name, value in (event["headers"] or {}).items()}'
QUANTITY = "type(quantity) is not int or not 1 <= quantity <= 99"
LIST = 'list(json.loads(event["body"])["items"].values())'
ERRORS = "(ValueError, TypeError, KeyError, AttributeError)"
VALIDATE = (
    not_deployed("validate"),
    *slips(
        "validate",
        {
            "code: validate.not-parsed": [
                (LIST, 'list(event["body"]["items"].values())', ERRORS, "ValueError")
            ],
            "code: validate.good-refused": [("<= 99", "<= 1")],
            "code: validate.header-case": [
                (NAMES, 'event["headers"]', '"content-type"', '"Content-Type"')
            ],
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
                ('!= "application/json"', '== "text/html"'),
                ("Problem(415", "Problem(400"),
                ("> 2000", "> 20_000"),
                (".encode()", ""),
                ("(ValueError, ", "("),
                (", TypeError", ""),
                (", KeyError", ""),
                (LIST, f"{LIST} if event['body'] else []"),
            ],
        },
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
ALLOW_HERE = '{"Access-Control-Allow-Origin": "*"}'
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
    worked.mutate(
        "cors",
        (ALLOW_ALL, ""),
        ("MAY = {", f"MAY = {ALLOW_HERE} | {{"),
        first=EDIT.format(
            "shop/products.py", 'found["Items"]})', f'found["Items"]}}, {ALLOW_HERE})'
        ),
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
PAUSE = "    __import__('time').sleep(0.3)\n"  # so that the gap is certain to be met
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
            "code: conflict.old-cart": [('Attr("version").not', 'Attr("cart").not')],
            "code: conflict.swallowed": [(RAISE, "pass")],
            "result: conflict.not-409": [(RAISE, "raise"), ("Problem(409", "Problem(400")],
            "effect: conflict.changed-yet": [
                (RAISE, f"table.put_item(Item=cart)\n        {RAISE}")
            ],
            "effect: conflict.unseen": [(ONLY_IF, f"    if seen:\n    {ONLY_IF}")],
            "effect: conflict.no-count": [("seen + 1", "seen")],
            "code: conflict.compares-first": [(ONLY_IF, COMPARE)],
            "effect: conflict.race-lost": [
                (ONLY_IF, f"{COMPARE}{PAUSE}{ONLY_IF}", CONDITION, ALWAYS)
            ],
        },
    ),
)

MORE = '"LastEvaluatedKey" in found'
TOKEN = 'token_of(found["LastEvaluatedKey"])'
ITEMS, CUT = '{"products": found["Items"]}', '{"products": found["Items"][: limit_of(wishes)]}'
KEY = 'key_of(category, wishes["next"])'
BEGIN = f'        question["ExclusiveStartKey"] = {KEY}'
LENIENT = "        with __import__('contextlib').suppress(Problem):\n    "
OLD_TOKEN = 'token_of(found.get("LastEvaluatedKey") or question["ExclusiveStartKey"])'
PAGES = (
    not_deployed("pages"),
    *slips(
        "pages",
        {
            "code: pages.ignored": [
                ('wishes.get("next")', "False"),
                ('wishes.get("next")', 'wishes.get("token")'),
            ],
            "result: pages.no-next": [
                (MORE, "False"),
                ('page["next"]', 'page["token"]'),
                (', "Limit": limit_of(wishes)', "", ITEMS, CUT),
            ],
            "result: pages.not-opaque": [
                (TOKEN, 'found["LastEvaluatedKey"]'),
                (
                    TOKEN,
                    'found["LastEvaluatedKey"]["id"]',
                    KEY,
                    '{"category": category, "id": wishes["next"]}',
                ),
            ],
            "result: pages.short-next": [
                (MORE, 'found["Items"]', TOKEN, 'token_of(found["Items"][-1])')
            ],
            "result: pages.no-end": [(MORE, f'{MORE} or "next" in wishes', TOKEN, OLD_TOKEN)],
            "code: pages.too-many": [(', "Limit": limit_of(wishes)', "")],
            "result: pages.lost": [(ITEMS, '{"products": found["Items"][:-1]}')],
            "result: pages.double": [(ITEMS, '{"products": found["Items"][::-1]}')],
            "code: pages.fails": [(KEY, 'wishes["next"]')],
            "code: pages.not-refused": [(BEGIN, f"{LENIENT}{BEGIN}")],
            "result: products.no-list": [("reply(200, page)", 'reply(200, page["products"])')],
        },
    ),
)

ANSWERS = (*ROLE_WRONG, *DECIMAL, *CONNECT, *ROUTER, *VALIDATE, *CORS, *CONFLICT, *PAGES)
