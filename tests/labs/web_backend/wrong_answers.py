"""Wrong answers in lab 02: each is the worked answer with one thing done otherwise."""

from helpers.course.project import find_project
from helpers.sheets.marks import answer
from helpers.sheets.notebook import code_cells, read
from tests.notebooks.answers import WrongAnswer

DEPLOY = 'lab.deploy("web_backend/shop")'
DEPLOY_CATALOGUE = 'lab.deploy("web_backend/catalogue.py")'
GIVEN_BACK = 'shutil.copy(lab.data / "shop" / "{file}", "web_backend/shop/{file}")'

Change = tuple[str, str]


def worked_cells(exercise: str) -> dict[str, str]:
    """The worked answer's cells that write a file, by the file's name."""
    project = find_project()
    notebook = read(project.solutions / project.sheet("web-backend").file)
    mine = [
        answer(cell["source"]) + "\n"
        for cell in code_cells(notebook)
        if cell["metadata"].get("lab", {}).get("exercise") == exercise
    ]
    files = [cell for cell in mine if cell.startswith("%%writefile")]
    return {cell.splitlines()[0].rpartition("/")[2]: cell for cell in files}


def changed(cell: str, *changes: Change) -> str:
    for old, new in changes:
        assert old in cell, f"{old!r} is not in the worked answer:\n{cell}"
        cell = cell.replace(old, new)
    return cell


def wrong(
    exercise: str, name: str, message: str, file: str, *changes: Change, deploy: str = DEPLOY
) -> WrongAnswer:
    """The worked answer, but for these changes in one of its files."""
    cells = worked_cells(exercise)
    cells[file] = changed(cells[file], *changes)
    return WrongAnswer(exercise, name, (*cells.values(), *([deploy] if deploy else [])), message)


def elsewhere(exercise: str, name: str, message: str, file: str, *changes: Change) -> WrongAnswer:
    """The worked answer, and changes in a file that was not to be changed."""
    shipped = find_project().data("web-backend") / "shop" / file
    text = f"%%writefile web_backend/shop/{file}\n{changed(shipped.read_text(), *changes)}"
    cells = (*worked_cells(exercise).values(), text, DEPLOY)
    return WrongAnswer(exercise, name, cells, message, (GIVEN_BACK.format(file=file),))


# role

PUT_POLICY = """\
statement = {"Effect": "Allow", "Action": "dynamodb:Query", "Resource": products.table_arn}
policy = {"Version": "2012-10-17", "Statement": [statement]}
iam.put_role_policy(
    RoleName="catalogue-role", PolicyName="query-products", PolicyDocument=json.dumps(policy)
)"""
CREATE_POLICY = changed(
    PUT_POLICY,
    ("iam.put_role_policy(", "iam.create_policy("),
    ('RoleName="catalogue-role", ', ""),
)
EMPTY_ROLE = """\
for name in iam.list_role_policies(RoleName="catalogue-role")["PolicyNames"]:
    iam.delete_role_policy(RoleName="catalogue-role", PolicyName=name)"""
FUNCTION_ARN = 'f"arn:aws:lambda:us-east-1:{lab.account}:function:catalogue"'
POLICY_ARN = 'PolicyArn=f"arn:aws:iam::{lab.account}:policy/query-products"'
READ_ONLY = 'PolicyArn="arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"'


def role(name: str, message: str, *changes: Change) -> WrongAnswer:
    """The worked answer with these changes."""
    return WrongAnswer("role", name, (changed(PUT_POLICY, *changes),), message, (EMPTY_ROLE,))


def right(name: str, message: str, resource: str, action: str = '"dynamodb:Query"') -> WrongAnswer:
    """Another resource, or another action, both as Python writes them."""
    changes = ("products.table_arn", resource), ('"dynamodb:Query"', action)
    return role(name, message, *changes)


def policy_elsewhere(name: str, message: str, *cells: str, undo: str) -> WrongAnswer:
    """A policy that is not in the function's role, and how to take it back."""
    return WrongAnswer("role", name, cells, message, (undo,))


ROLE = (
    right("another table", "but on another table", "carts.table_arn"),
    right(
        "the table's name misspelt",
        "but on another table",
        'products.table_arn.replace("products", "product")',
    ),
    right(
        "the name alone after the account",
        "its `Resource` is not the ARN of the table",
        'products.table_arn.replace("table/", "")',
    ),
    right("the function's ARN", "its `Resource` is not the ARN of the table", FUNCTION_ARN),
    right("an index", "on an index of the table", 'products.table_arn + "/index/*"'),
    role("one item", "allows `dynamodb:GetItem` on the table", ("Query", "GetItem")),
    role("all items", "allows `dynamodb:Scan` on the table", ("Query", "Scan")),
    role("misspelt", "allows `dynamodb:Querry` on the table", ("Query", "Querry")),
    right(
        "who may invoke",
        "neither its action nor its resource",
        FUNCTION_ARN,
        '"lambda:InvokeFunction"',
    ),
    role("with a principal", "has a `Principal`", ('"Allow"', '"Allow", "Principal": "*"')),
    role("denied", "denies the query", ('"Allow"', '"Deny"')),
    role(
        "under a condition",
        "only under a condition",
        ("table_arn}", 'table_arn, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}'),
    ),
    role(
        "every action",
        "`query-products` allows more. With it `catalogue` could also delete the table",
        ("Query", "*"),
    ),
    role(
        "one action too many",
        "could also change prices (`dynamodb:PutItem`). Name the one action",
        ('"dynamodb:Query"', '["dynamodb:Query", "dynamodb:PutItem"]'),
    ),
    right("every resource", "could also query other tables", '"*"'),
    right(
        "every table",
        "(`dynamodb:Query`). Name the one table",
        'products.table_arn.replace("products", "*")',
    ),
    right(
        "in every region",
        "could also query a table in another region",
        'products.table_arn.replace("us-east-1", "*")',
    ),
    right("everything", "could also give itself any right (`iam:PutRolePolicy`)", '"*"', '"*"'),
    role(
        "all but writing",
        "Name what is allowed",
        ('"Action": "dynamodb:Query"', '"NotAction": "dynamodb:PutItem"'),
    ),
    WrongAnswer(
        "role",
        "a wide policy left beside the right one",
        (changed(PUT_POLICY, ("query-products", "try"), ("Query", "*")), PUT_POLICY),
        'remove this one: `iam.delete_role_policy(RoleName="catalogue-role", PolicyName="try")`',
        (EMPTY_ROLE,),
    ),
    policy_elsewhere(
        "AWS's policy for reading tables",
        "AWS has prepared this policy for every table",
        f'iam.attach_role_policy(RoleName="catalogue-role", {READ_ONLY})',
        undo=f'iam.detach_role_policy(RoleName="catalogue-role", {READ_ONLY})',
    ),
    policy_elsewhere(
        "a policy that no role has",
        "There is a policy `query-products`, but no role has it",
        CREATE_POLICY,
        undo=f"iam.delete_policy({POLICY_ARN})",
    ),
    policy_elsewhere(
        "in a role of its own",
        "The role `products-role` was given a right",
        'trust = iam.get_role(RoleName="catalogue-role")["Role"]["AssumeRolePolicyDocument"]',
        'iam.create_role(RoleName="products-role", AssumeRolePolicyDocument=json.dumps(trust))',
        changed(PUT_POLICY, ("catalogue-role", "products-role")),
        undo='iam.delete_role_policy(RoleName="products-role", PolicyName="query-products")\n'
        'iam.delete_role(RoleName="products-role")',
    ),
    policy_elsewhere(
        "at the table",
        "The table `products` has a policy of its own",
        changed(
            PUT_POLICY.partition("iam.put")[0],
            ('"Allow"', '"Allow", "Principal": "*"'),
        )
        + "dynamodb.meta.client.put_resource_policy(\n"
        "    ResourceArn=products.table_arn, Policy=json.dumps(policy)\n)",
        undo="dynamodb.meta.client.delete_resource_policy(ResourceArn=products.table_arn)",
    ),
    policy_elsewhere(
        "at the function",
        "`add_permission` says who may *invoke* `catalogue`",
        'boto3.client("lambda").add_permission(\n'
        '    FunctionName="catalogue", StatementId="table", Action="lambda:InvokeFunction",\n'
        '    Principal="dynamodb.amazonaws.com",\n)',
        undo='boto3.client("lambda").remove_permission(\n'
        '    FunctionName="catalogue", StatementId="table"\n)',
    ),
)

# decimal

LOOP = """\
    for product in found["Items"]:
        product["price"] = float(product["price"])
        product["stock"] = int(product["stock"])
"""
DUMPS = 'json.dumps({"products": found["Items"]})'


def decimal(name: str, message: str, *changes: Change) -> WrongAnswer:
    return wrong("decimal", name, message, "catalogue.py", *changes, deploy=DEPLOY_CATALOGUE)


DECIMAL = (
    decimal(
        "everything as text",
        "`price` arrives as a text",
        (LOOP, ""),
        (DUMPS, 'json.dumps({"products": found["Items"]}, default=str)'),
    ),
    decimal("price as text", "`price` arrives as a text", ("float(", "str(")),
    decimal("cents cut off", "The cents are gone", ("float(", "int(")),
    decimal("cents rounded away", "The cents are gone", ("float(", "round(")),
    decimal("only the price", "There is still a Decimal", (LOOP.splitlines()[-1], "")),
    decimal(
        "body not written as JSON", "The body is no text", (DUMPS, '{"products": found["Items"]}')
    ),
    decimal("body written by str", "not JSON", ("json.dumps(", "str(")),
    decimal("the bare list", "under the key", (DUMPS, 'json.dumps(found["Items"])')),
    decimal(
        "only the names",
        "is not what stands in the table",
        (LOOP, '    names = [{"id": each["id"]} for each in found["Items"]]\n'),
        (DUMPS, 'json.dumps({"products": names})'),
    ),
    decimal("no status", "has not the form that API Gateway needs", ('"statusCode": 200,', "")),
    decimal(
        "a price of its own", "is not what stands in the table", ('float(product["price"])', "4.95")
    ),
    decimal("typing error", "stopped with the error below", ("float(", "flaot(")),
    WrongAnswer(
        "decimal",
        "not deployed",
        (
            changed(worked_cells("decimal")["catalogue.py"], (LOOP, "")),
            DEPLOY_CATALOGUE,
            worked_cells("decimal")["catalogue.py"],
        ),
        "has changed since it was last brought to the cloud",
    ),
)

# connect

INTEGRATE = """\
gateway.put_integration(
    **get_category, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri
)"""
PERMIT = """\
lambda_.add_permission(
    FunctionName="catalogue",
    StatementId="shop-api",
    Action="lambda:InvokeFunction",
    Principal="apigateway.amazonaws.com",
    SourceArn=source_arn,
)"""
PUBLISH = 'gateway.create_deployment(restApiId=api_id, stageName="live")'
DISCONNECT = """\
from contextlib import suppress

for stage in gateway.get_stages(restApiId=api_id)["item"]:
    gateway.delete_stage(restApiId=api_id, stageName=stage["stageName"])
with suppress(gateway.exceptions.NotFoundException):
    gateway.delete_integration(**get_category)
with suppress(lambda_.exceptions.ResourceNotFoundException):
    lambda_.remove_permission(FunctionName="catalogue", StatementId="shop-api")"""


def connect(name: str, message: str, *cells: str) -> WrongAnswer:
    return WrongAnswer("connect", name, cells, message, (DISCONNECT,))


CONNECT = (
    connect("no permission", "API Gateway may not invoke `catalogue`", INTEGRATE, PUBLISH),
    connect(
        "permission for another service",
        "the permission is for `lambda.amazonaws.com`",
        INTEGRATE,
        changed(PERMIT, ("apigateway.amazonaws", "lambda.amazonaws")),
        PUBLISH,
    ),
    connect(
        "permission on behalf of another API",
        "only for another source",
        INTEGRATE,
        changed(PERMIT, ("=source_arn", '=source_arn.replace(api_id, "0123456789")')),
        PUBLISH,
    ),
    connect(
        "permission for another action",
        "but for the action",
        INTEGRATE,
        changed(PERMIT, ("lambda:InvokeFunction", "lambda:GetFunction")),
        PUBLISH,
    ),
    connect(
        "permission for anybody's API",
        "so the API of anybody",
        INTEGRATE,
        changed(PERMIT, ("    SourceArn=source_arn,\n", "")),
        PUBLISH,
    ),
    connect("no deployment", "the API is not deployed", INTEGRATE, PERMIT),
    connect(
        "another stage",
        "The API is deployed to the stage `prod`",
        INTEGRATE,
        PERMIT,
        changed(PUBLISH, ("live", "prod")),
    ),
    connect("only the permission", "The method `GET` has no integration", PERMIT),
    connect(
        "deployed too early",
        "still serves a copy from before",
        changed(INTEGRATE, ("uri=uri", 'uri=uri.replace("catalogue", "catalog")')),
        PERMIT,
        PUBLISH,
        INTEGRATE,
    ),
    connect(
        "no proxy",
        "The integration has the type `AWS`",
        changed(INTEGRATE, ("AWS_PROXY", "AWS")),
        PERMIT,
        PUBLISH,
    ),
    connect(
        "the browser's method",
        "The integration calls Lambda with `GET`",
        changed(INTEGRATE, ("POST", "GET")),
        PERMIT,
        PUBLISH,
    ),
    connect(
        "another function's address",
        "The integration leads to `shop`",
        changed(INTEGRATE, ("uri=uri", 'uri=uri.replace("function:catalogue", "function:shop")')),
        PERMIT,
        PUBLISH,
    ),
)

# router

NOT_FOUND = """\
    if collection not in ROUTES or not name:
        raise Problem(404, "there is no such path")
"""
NOT_ALLOWED = """\
    if method not in ROUTES[collection]:
        allowed = ", ".join(ROUTES[collection])
        raise Problem(405, f"{method} is not possible here", {"Allow": allowed})
"""
CATCH_ALL = """\
    except Exception:
        print(traceback.format_exc())
        return reply(500, {"message": "Internal server error"})
"""
CATCH_PROBLEM = """\
    except Problem as problem:
        return reply(problem.status, {"message": str(problem)}, problem.headers)
"""


def router(name: str, message: str, *changes: Change) -> WrongAnswer:
    return wrong("router", name, message, "router.py", *changes)


def handler(name: str, message: str, *changes: Change) -> WrongAnswer:
    return wrong("router", name, message, "shop.py", *changes)


ROUTER = (
    router("no 404", "There is no such path, so the answer has to be 404", (NOT_FOUND, "")),
    router("collection alone", "A collection alone", (" or not name", "")),
    router(
        "400 for all", "the answer has to be 404, and it is 400", ("Problem(404", "Problem(400")
    ),
    router(
        "returned instead of raised",
        "has not the form that API Gateway needs",
        ("raise Problem(404", "return Problem(404"),
    ),
    router("no 405", "it has no method `POST`: the answer has to be 405", (NOT_ALLOWED, "")),
    router(
        "404 for a method",
        "the answer has to be 405, and it is 404",
        ("Problem(405", "Problem(404"),
    ),
    router("no Allow", "must have a header `Allow`", (', {"Allow": allowed}', "")),
    router(
        "all methods everywhere",
        "has to list the methods of *this* collection",
        ('", ".join(ROUTES[collection])', '"GET, PUT, DELETE"'),
    ),
    router("in order refused", "no longer gets its products", ("or not name", "or name")),
    handler("not caught", "still ends the function", (CATCH_ALL, "")),
    handler(
        "traceback sent",
        "tells about your code",
        ('{"message": "Internal server error"}', '{"message": traceback.format_exc()}'),
    ),
    handler(
        "error's words sent",
        "tells about your code",
        ("except Exception:", "except Exception as error:"),
        ('"Internal server error"', "str(error)"),
    ),
    handler(
        "the words alone",
        "the body is not the object",
        ('{"message": "Internal server error"}', '"Internal server error"'),
    ),
    handler(
        "a Problem where none is caught any more",
        "still ends the function",
        ("return reply(500, ", "raise Problem(500, str("),
        ('"Internal server error"}', '"Internal server error"})'),
    ),
    handler(
        "not in the log",
        "and then it is forgotten",
        ("        print(traceback.format_exc())\n", ""),
    ),
    handler(
        "400 for one's own mistake",
        "the answer has to be 500, and it is 400",
        ("reply(500", "reply(400"),
    ),
    handler(
        "Exception first",
        "`except Problem` has to come before",
        (CATCH_PROBLEM, ""),
        (CATCH_ALL, CATCH_ALL + CATCH_PROBLEM),
    ),
    WrongAnswer(
        "router",
        "not deployed",
        tuple(worked_cells("router").values()),
        "changed since the shop was last brought to the cloud",
    ),
)

# validate

TYPE = """\
    if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Problem(415, "please send JSON, and say so in Content-Type")
"""
LENGTH = """\
    if len((event["body"] or "").encode()) > 2000:
        raise Problem(413, "please send 2,000 bytes at most")
"""
QUANTITY = "type(quantity) is not int or not 1 <= quantity <= 99"


def validate(name: str, message: str, *changes: Change) -> WrongAnswer:
    return wrong("validate", name, message, "incoming.py", *changes)


VALIDATE = (
    validate(
        "body not parsed",
        "is a text as long as nobody has read it",
        ('json.loads(event["body"])["items"]', 'event["body"]["items"]'),
        ("(ValueError, TypeError, KeyError, AttributeError)", "ValueError"),
    ),
    validate(
        "headers' case",
        "Names of headers may be written in any case",
        (
            '{name.lower(): value for name, value in (event["headers"] or {}).items()}',
            'event["headers"]',
        ),
        ('"content-type"', '"Content-Type"'),
    ),
    validate(
        "charset refused",
        "Look only at what stands before the semicolon",
        ('.split(";")[0].strip()', ""),
    ),
    validate(
        "numbers kept as text",
        ", a text, is taken and put into the table",
        (QUANTITY, "not 1 <= int(quantity) <= 99"),
    ),
    validate(
        "True counted",
        "In Python `True` counts",
        ("type(quantity) is not int", "not isinstance(quantity, int)"),
    ),
    validate("zero", "The quantity 0 has to be refused", ("not 1 <=", "not 0 <=")),
    validate("a hundred", "The quantity 100 has to be refused", ("<= 99", "<= 100")),
    validate(
        "only the first",
        "a bad one after it has to be refused",
        ("in quantities:", "in quantities[:1]:"),
    ),
    validate("no type", "`text/plain` has to be refused with 415", (TYPE, "")),
    validate(
        "400 for the type",
        "has to be refused with 415; the answer is 400",
        ("Problem(415", "Problem(400"),
    ),
    validate("no length", "has to be refused with 413", (LENGTH, "")),
    validate(
        "letters instead of bytes", "bytes in UTF-8, has to be refused with 413", (".encode()", "")
    ),
    validate(
        "not JSON", "A body that is not JSON has to be refused with 400", ("(ValueError, ", "(")
    ),
    validate(
        "not an object",
        "A body that is a list has to be refused with 400",
        (", TypeError", ""),
    ),
    validate(
        "empty body taken",
        "An empty body has to be refused with 400",
        (
            'json.loads(event["body"])["items"].values()',
            'json.loads(event["body"] or EMPTY)["items"].values()',
        ),
        ("def items_of", "EMPTY = '{\"items\": {}}'\n\n\ndef items_of"),
    ),
    validate("no items", "A body without `items` has to be refused", (", KeyError", "")),
    WrongAnswer(
        "validate",
        "not deployed",
        (worked_cells("validate")["incoming.py"],),
        "`incoming.py` changed since the shop was last brought to the cloud",
    ),
    elsewhere(
        "validate",
        "written before it is looked at",
        "and yet something stands in the table",
        "cart_changes.py",
        ('    cart = {"cart"', '    table.put_item(Item={"cart": name})\n    cart = {"cart"'),
    ),
)

# cors

ALLOW_ALL = 'EVERY_ANSWER["Access-Control-Allow-Origin"] = "*"\n'
MAY_METHODS = '    "Access-Control-Allow-Methods": "GET, PUT",\n'
MAY_HEADERS = '    "Access-Control-Allow-Headers": "Content-Type",\n'
GOOD_CART = '    return reply(200, {"products": found["Items"]})'


def headers(name: str, message: str, *changes: Change) -> WrongAnswer:
    return wrong("cors", name, message, "headers.py", *changes)


def routes(name: str, message: str, *changes: Change) -> WrongAnswer:
    return wrong("cors", name, message, "routes.py", *changes)


CORS = (
    headers("preflight only", "does not let pages read it", (ALLOW_ALL.rstrip(), "")),
    headers("a typing error", "does not let pages read it", ("Allow-Origin", "Allow-Origins")),
    headers("one origin", "Pages of every origin may", ('"*"', '"https://shop.example"')),
    WrongAnswer(
        "cors",
        "not on errors",
        (
            changed(worked_cells("cors")["headers.py"], (ALLOW_ALL.rstrip(), "")),
            changed(
                worked_cells("cors")["routes.py"],
                ("MAY = {", 'MAY = {\n    "Access-Control-Allow-Origin": "*",'),
            ),
            "%%writefile web_backend/shop/products.py\n"
            + changed(
                (find_project().data("web-backend") / "shop" / "products.py").read_text(),
                ('found["Items"]})', 'found["Items"]}, {"Access-Control-Allow-Origin": "*"})'),
            ),
            DEPLOY,
        ),
        "is an error",
        (GIVEN_BACK.format(file="products.py"),),
    ),
    routes(
        "no preflight",
        "Before a page may send a `PUT`",
        ('    methods["OPTIONS"] = preflight', "    pass"),
    ),
    routes(
        "preflight of one collection",
        "`OPTIONS /carts/",
        ("for methods in ROUTES.values():\n    methods", 'ROUTES["products"]'),
    ),
    routes("no methods", "has no header `Access-Control-Allow-Methods`", (MAY_METHODS, "")),
    routes("no headers", "has no header `Access-Control-Allow-Headers`", (MAY_HEADERS, "")),
    routes("PUT forgotten", "What the page wants is `PUT`", ('"GET, PUT"', '"GET"')),
    routes(
        "another header",
        "What the page wants is `content-type`",
        ('"Content-Type"', '"Authorization"'),
    ),
    WrongAnswer(
        "cors",
        "not deployed",
        tuple(worked_cells("cors").values()),
        "changed since the shop was last brought to the cloud",
    ),
)

# conflict

CONDITION = 'Attr("version").not_exists() | Attr("version").eq(seen)'
RAISE = 'raise Problem(409, "the cart has changed: read it again, then send yours") from None'


def conflict(name: str, message: str, *changes: Change) -> WrongAnswer:
    return wrong("conflict", name, message, "cart_changes.py", *changes)


CONFLICT = (
    conflict(
        "no condition", "A lost update", (f'    write["ConditionExpression"] = {CONDITION}\n', "")
    ),
    conflict("always true", "A lost update", (".eq(seen)", ".exists()")),
    conflict(
        "compared with itself",
        "gets 409, though nobody else has written",
        (".eq(seen)", '.eq(cart["version"])'),
    ),
    conflict(
        "new carts only",
        "gets 409, though nobody else has written",
        (CONDITION, 'Attr("version").not_exists()'),
    ),
    conflict("no new carts", "can no longer be made", (CONDITION, 'Attr("version").eq(seen)')),
    conflict("joined by Python", "hands only one half to DynamoDB", (" | ", " or ")),
    conflict(
        "joined by Python, the other half first",
        "hands only one half to DynamoDB",
        (CONDITION, 'Attr("version").eq(seen) or Attr("version").not_exists()'),
    ),
    conflict("both at once", "can no longer be made", (" | ", " & ")),
    conflict(
        "about the cart",
        "without a version, can no longer be changed",
        ('Attr("version").not_exists()', 'Attr("cart").not_exists()'),
    ),
    conflict("refusal swallowed", "was told 200, but nothing was written", (RAISE, "pass")),
    conflict("another code", "but with 500", (RAISE, "raise")),
    conflict("400", "but with 400", ("Problem(409", "Problem(400")),
    conflict("version stands still", "does not count up", ("seen + 1", "seen")),
    conflict(
        "compared before it is written",
        "there is a gap",
        (
            f'    write["ConditionExpression"] = {CONDITION}\n',
            '    there = table.get_item(Key={"cart": name}).get("Item", {})\n'
            '    if there.get("version", seen) != seen:\n'
            '        raise Problem(409, "the cart has changed")\n',
        ),
    ),
    conflict(
        "an argument of its own",
        "the answer is 500",
        ('write["ConditionExpression"]', 'write["Condition"]'),
    ),
    WrongAnswer(
        "conflict",
        "not deployed",
        tuple(worked_cells("conflict").values()),
        "changed since the shop was last brought to the cloud",
    ),
)

# pages

BEGIN_THERE = """\
    if wishes.get("next"):
        question["ExclusiveStartKey"] = key_of(category, wishes["next"])
"""
GO_ON = """\
    if "LastEvaluatedKey" in found:
        page["next"] = token_of(found["LastEvaluatedKey"])
"""


def pages(name: str, message: str, *changes: Change) -> WrongAnswer:
    return wrong("pages", name, message, "products.py", *changes)


PAGES = (
    pages("token ignored", "the first page came again", (BEGIN_THERE, "")),
    pages("no token", "and no `next`", (GO_ON, "")),
    pages(
        "key sent as it is",
        "tells nothing about the table",
        ('token_of(found["LastEvaluatedKey"])', 'found["LastEvaluatedKey"]'),
    ),
    pages(
        "id as token",
        "tells nothing about the table",
        ('token_of(found["LastEvaluatedKey"])', 'found["LastEvaluatedKey"]["id"]'),
        ('key_of(category, wishes["next"])', '{"category": category, "id": wishes["next"]}'),
    ),
    pages(
        "a token on every page",
        "fits on one page, and yet",
        (
            GO_ON,
            '    if found["Items"]:\n        page["next"] = token_of(found["Items"][-1])\n',
        ),
    ),
    pages(
        "the last token again at the end",
        "The last page has a `next`, too",
        (
            GO_ON,
            '    key = found.get("LastEvaluatedKey") or question.get("ExclusiveStartKey")\n'
            '    if key:\n        page["next"] = token_of(key)\n',
        ),
    ),
    pages("under another name", "and no `next`", ('page["next"]', 'page["token"]')),
    pages(
        "read under another name",
        "the first page came again",
        ('    if wishes.get("next"):', '    if wishes.get("token"):'),
    ),
    pages(
        "cut in Python",
        "and no `next`",
        (', "Limit": limit_of(wishes)', ""),
        ('{"products": found["Items"]}', '{"products": found["Items"][: limit_of(wishes)]}'),
    ),
    pages("no limit", "asks for 3 products at most", (', "Limit": limit_of(wishes)', "")),
    pages(
        "one too far",
        "never came",
        (GO_ON, GO_ON + '    page["products"] = page["products"][:-1]\n'),
    ),
    pages(
        "backwards",
        "twice or in another order",
        (GO_ON, GO_ON + '    page["products"].reverse()\n'),
    ),
    pages(
        "token not read",
        "is answered with 500",
        ('key_of(category, wishes["next"])', 'wishes["next"]'),
    ),
    WrongAnswer(
        "pages",
        "not deployed",
        tuple(worked_cells("pages").values()),
        "changed since the shop was last brought to the cloud",
    ),
)

ANSWERS = (*ROLE, *DECIMAL, *CONNECT, *ROUTER, *VALIDATE, *CORS, *CONFLICT, *PAGES)
