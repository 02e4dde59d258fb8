"""Lab 02's checks where the proofs don't look: other right answers, other faults, nothing left."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from helpers.checks.package import is_same_code
from helpers.cloud.engine import Ask, engine_of, no_engine
from helpers.course.project import find_project
from helpers.exercises.verdict import Outcome, Verdict
from helpers.functions.deploy import deploy, spec_from
from helpers.labs.web_backend import given
from helpers.labs.web_backend.shop import PROXY, event_of
from helpers.sheets.marks import stub
from helpers.sheets.notebook import code_cells, read
from tests.checks.desk import Desk
from tests.labs.web_backend.wrong_answers import ANSWERS, worked_cells

PROJECT = find_project()
SHIPPED = PROJECT.data("web-backend") / "shop"
FOLDER_EXERCISES = ("router", "validate", "cors", "conflict", "pages")


class Counter(Desk):
    """The desk of lab 02: tables, functions and the API are there, connected by one call each."""

    def __init__(self, client: Any, folder: Path, engine: Ask = no_engine) -> None:
        super().__init__("web-backend", client, folder, engine)
        self.aws, self.gateway = self.client("lambda"), self.client("apigateway")
        self.iam = self.client("iam")
        self._make_table("products", "category", "id")
        self._make_table("carts", "cart")
        self.role_named("catalogue-role", self.right("dynamodb:Query", "products"))
        on_carts = [f"dynamodb:{action}" for action in ("GetItem", "PutItem", "UpdateItem")]
        on_products = self.right("dynamodb:Query", "products")
        self.role_named("shop-role", on_products, self.right(on_carts, "carts"))
        shutil.copytree(SHIPPED, self.folder / "shop")
        self.api = self.gateway.create_rest_api(name="shop")["id"]
        self.root = self.gateway.get_resources(restApiId=self.api)["items"][0]["id"]

    def _make_table(self, name: str, *keys: str) -> None:
        kinds = ("HASH", "RANGE")[: len(keys)]
        self.client("dynamodb").create_table(
            TableName=name,
            AttributeDefinitions=[{"AttributeName": k, "AttributeType": "S"} for k in keys],
            KeySchema=[
                {"AttributeName": k, "KeyType": kind} for k, kind in zip(keys, kinds, strict=True)
            ],
            BillingMode="PAY_PER_REQUEST",
        )

    def table_arn(self, name: str) -> str:
        found = self.client("dynamodb").describe_table(TableName=name)
        return str(found["Table"]["TableArn"])

    def right(self, action: str | list[str], table: str) -> dict[str, Any]:
        return {"Effect": "Allow", "Action": action, "Resource": self.table_arn(table)}

    def put_policy(self, *statements: dict[str, Any], role: str = "catalogue-role") -> None:
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        self.iam.put_role_policy(RoleName=role, PolicyName="own", PolicyDocument=policy)

    def deploy(self, path: str) -> str:
        return deploy(self.client, spec_from(self.folder / path, timeout=10)).arn

    def write_cell(self, cell: str) -> None:
        """A cell that begins with %%writefile web_backend/…"""
        head, _, text = cell.partition("\n")
        self.write(head.rpartition("web_backend/")[2], text)

    def answer(self, exercise: str) -> None:
        """Write the worked answer's files."""
        for cell in worked_cells(exercise).values():
            self.write_cell(cell)

    def resource(self, *parts: str) -> str:
        """The resource at the end of that path."""
        parent = self.root
        for part in parts:
            made = self.gateway.create_resource(restApiId=self.api, parentId=parent, pathPart=part)
            parent = made["id"]
        return parent

    def connect(self, resource: str, verb: str, function: str, source: str = "*") -> None:
        """Method, integration and permission."""
        arn = self.aws.get_function_configuration(FunctionName=function)["FunctionArn"]
        where = {"restApiId": self.api, "resourceId": resource, "httpMethod": verb}
        self.gateway.put_method(**where, authorizationType="NONE")
        self.gateway.put_integration(
            **where,
            type="AWS_PROXY",
            integrationHttpMethod="POST",
            uri=f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations",
        )
        self.aws.add_permission(
            FunctionName=function,
            StatementId="api",
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:us-east-1:{arn.split(':')[4]}:{self.api}/{source}",
        )

    def publish(self, stage: str = "live") -> None:
        self.gateway.create_deployment(restApiId=self.api, stageName=stage)

    def open(self) -> None:
        """The shop as its first exercise finds it."""
        self.deploy("shop")
        self.connect(self.resource("{proxy+}"), "ANY", "shop")
        self.publish()

    def remove_proxy(self) -> None:
        """Leave an API without the greedy resource, and deploy that."""
        resources = self.gateway.get_resources(restApiId=self.api)["items"]
        proxy = next(each["id"] for each in resources if each["path"] == PROXY)
        self.gateway.delete_resource(restApiId=self.api, resourceId=proxy)
        where = {"restApiId": self.api, "resourceId": self.resource("other"), "httpMethod": "GET"}
        self.gateway.put_method(**where, authorizationType="NONE")
        self.gateway.put_integration(**where, type="MOCK")
        self.publish()


@pytest.fixture
def counter(client, tmp_path, cloud, account):
    return Counter(client, tmp_path, engine_of(cloud, account))


def incorrect(verdict: Verdict, words: str, link: str = "") -> None:
    assert verdict.outcome is Outcome.INCORRECT, verdict.message
    assert words in verdict.message
    assert not link or verdict.link == link


# role


@pytest.fixture
def refused(counter):
    """A counter whose catalogue, as it was given, may write logs and nothing else."""
    counter.iam.delete_role_policy(RoleName="catalogue-role", PolicyName="desk")
    counter.iam.delete_role_policy(RoleName="shop-role", PolicyName="desk")
    counter.write("catalogue.py", given.CATALOGUE)
    counter.deploy("catalogue.py")
    return counter


RIGHT_STATEMENTS = {
    "lists of one": {"Action": ["dynamodb:Query"], "Resource": ["{table}"]},
    "lower case": {"Action": "dynamodb:query", "Resource": "{table}"},
    "with its indexes": {"Action": "dynamodb:Query", "Resource": ["{table}", "{table}/index/*"]},
    "with a name": {"Sid": "Products", "Action": "dynamodb:Query", "Resource": "{table}"},
}


def statement(counter: Counter, **given: Any) -> dict[str, Any]:
    """An Allow in which {table} stands for the ARN of the table."""
    told, arn = json.dumps({"Effect": "Allow", **given}), counter.table_arn("products")
    found: dict[str, Any] = json.loads(told.replace("{table}", arn))
    return found


@pytest.mark.parametrize("how", RIGHT_STATEMENTS)
def test_the_statement_may_be_written_in_any_way(refused, how):
    refused.put_policy(statement(refused, **RIGHT_STATEMENTS[how]))
    for _ in range(2):
        assert refused.check("role").correct


def test_a_policy_may_be_attached_instead_and_the_role_be_another(refused):
    document = json.dumps(
        {"Version": "2012-10-17", "Statement": refused.right("dynamodb:Query", "products")}
    )
    made = refused.iam.create_policy(PolicyName="query", PolicyDocument=document)["Policy"]
    incorrect(refused.check("role"), "There is a policy `query`, but no role has it", "role")
    other = refused.role_named("other")
    refused.iam.attach_role_policy(RoleName="other", PolicyArn=made["Arn"])
    incorrect(refused.check("role"), "The role `other` was given a right", "role")
    refused.aws.update_function_configuration(FunctionName="catalogue", Role=other)
    assert refused.check("role").correct


def test_an_answer_without_decimals_is_right_too(refused):
    refused.put_policy(refused.right("dynamodb:Query", "products"))
    refused.write("catalogue.py", OTHER_CATALOGUES["default"])
    refused.deploy("catalogue.py")
    assert refused.check("role").correct


def test_a_function_that_fails_elsewhere_says_so(refused):
    refused.put_policy(refused.right("dynamodb:Query", "products"))
    refused.write("catalogue.py", "def handler(event, context): return oops\n")
    refused.deploy("catalogue.py")
    verdict = refused.check("role")
    incorrect(verdict, "stopped with the error below", "code")
    assert "NameError" in verdict.evidence


REFUSED_BY_AWS = {
    "effect": {"Effect": "allow", "Action": "dynamodb:Query", "Resource": "{table}"},
    "no service": {"Action": "Query", "Resource": "{table}"},
    "a dot": {"Action": "dynamodb.Query", "Resource": "{table}"},
    "a name for the ARN": {"Action": "dynamodb:Query", "Resource": "products"},
    "no resource": {"Action": "dynamodb:Query"},
}


def test_what_aws_refuses_is_not_attempted_and_the_verdict_says_what_is_looked_for(refused):
    for told in REFUSED_BY_AWS.values():
        with pytest.raises(refused.iam.exceptions.MalformedPolicyDocumentException):
            refused.put_policy(statement(refused, **told))
        verdict = refused.check("role")
        assert verdict.outcome is Outcome.NOT_ATTEMPTED
        assert "one statement: `Effect`, `Action` and `Resource`" in verdict.message


def test_who_may_invoke_the_function_is_another_matter(refused):
    refused.connect(refused.resource("{proxy+}"), "ANY", "catalogue")
    assert refused.check("role").outcome is Outcome.NOT_ATTEMPTED


def test_without_the_right_the_next_exercise_names_the_role(refused):
    refused.write("catalogue.py", OTHER_CATALOGUES["default"])
    refused.deploy("catalogue.py")
    verdict = refused.check("decimal")
    incorrect(verdict, "AWS did not let `catalogue-role` do this: `dynamodb:Query`", "role")
    assert json.loads(verdict.evidence) == refused.right("dynamodb:Query", "products")


def test_the_way_to_the_worked_answer_is_cleared_of_policies(refused):
    undo = next(each.undo for each in refused.exercises if each.name == "role")
    refused.put_policy(refused.right("dynamodb:*", "products"))
    read_only = "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"
    refused.iam.attach_role_policy(RoleName="catalogue-role", PolicyArn=read_only)
    undo(refused.probe)
    assert refused.check("role").outcome is Outcome.NOT_ATTEMPTED
    attached = refused.iam.list_attached_role_policies(RoleName="catalogue-role")
    assert len(attached["AttachedPolicies"]) == 1


# decimal

HEAD = "\n".join(given.CATALOGUE.splitlines()[:11])
OTHER_CATALOGUES = {
    "default": HEAD
    + '\n    body = json.dumps({"products": found["Items"]}, default=float)'
    + '\n    return {"statusCode": 200, "body": body}\n',
    "a class of its own": "import json\nfrom decimal import Decimal\n"
    + "class Plain(json.JSONEncoder):\n    def default(self, value): return float(value)\n"
    + HEAD
    + '\n    body = json.dumps({"products": found["Items"]}, cls=Plain)'
    + '\n    return {"statusCode": 200, "body": body}\n',
}


@pytest.mark.parametrize("how", OTHER_CATALOGUES)
def test_numbers_may_be_made_in_any_way(counter, how):
    counter.write("catalogue.py", OTHER_CATALOGUES[how])
    counter.deploy("catalogue.py")
    assert counter.check("decimal").correct


WRONG_CATALOGUES = {
    '{"statusCode": 404, "body": "{}"}': "has to be the number 200",
    '{"statusCode": 200, "body": "[]"}': "under the key",
    '{"statusCode": 200, "body": "{\\"products\\": []}"}': "under the key",
    '{"statusCode": 200, "body": "nothing"}': "not JSON",
    '{"statusCode": 200, "body": {}}': "no text",
    "None": "has not the form",
}


def test_each_part_of_the_answer_is_looked_at(counter):
    for returned, words in WRONG_CATALOGUES.items():
        counter.write("catalogue.py", f"def handler(event, context): return {returned}\n")
        counter.deploy("catalogue.py")
        incorrect(counter.check("decimal"), words, "result")


def test_a_catalogue_as_it_was_given_is_not_attempted(counter):
    counter.write("catalogue.py", given.CATALOGUE)
    counter.deploy("catalogue.py")
    assert counter.check("decimal").outcome is Outcome.NOT_ATTEMPTED
    counter.write("catalogue.py", OTHER_CATALOGUES["default"])
    incorrect(counter.check("decimal"), "has changed since", "package")
    (counter.folder / "catalogue.py").unlink()
    assert counter.check("decimal").outcome is Outcome.NOT_ATTEMPTED


# connect


@pytest.fixture
def catalogue(counter):
    """A counter whose catalogue works, and is not on the web."""
    counter.write("catalogue.py", OTHER_CATALOGUES["default"])
    counter.deploy("catalogue.py")
    return counter


def test_an_api_is_not_attempted_as_long_as_nothing_is_connected(catalogue):
    incorrect(catalogue.check("connect"), "has no method `GET`", "event source")
    where = {"restApiId": catalogue.api, "resourceId": catalogue.resource("products", "{category}")}
    catalogue.gateway.put_method(**where, httpMethod="GET", authorizationType="NONE")
    assert catalogue.check("connect").outcome is Outcome.NOT_ATTEMPTED


def test_without_an_api_there_is_nothing_to_look_at(catalogue):
    catalogue.gateway.delete_rest_api(restApiId=catalogue.api)
    assert catalogue.check("connect").outcome is Outcome.NOT_ATTEMPTED


def test_a_narrow_permission_and_a_second_stage_are_right_too(catalogue):
    resource = catalogue.resource("products", "{category}")
    catalogue.connect(resource, "GET", "catalogue", "live/GET/products/*")
    catalogue.publish()
    catalogue.publish("test")
    assert catalogue.check("connect").correct


def test_the_chain_is_followed_to_its_end(catalogue):
    catalogue.connect(catalogue.resource("products", "{category}"), "GET", "catalogue")
    incorrect(catalogue.check("connect"), "is not deployed", "deployment")
    catalogue.publish()
    catalogue.write("catalogue.py", "def handler(event, context): return {}['no']\n")
    catalogue.deploy("catalogue.py")
    incorrect(catalogue.check("connect"), "stopped with the error", "code")
    catalogue.write("catalogue.py", "def handler(event, context): return [1]\n")
    catalogue.deploy("catalogue.py")
    incorrect(catalogue.check("connect"), '`lab.check("decimal")` looks at that', "result")


def test_an_integration_may_be_wrong_in_many_ways(catalogue):
    resource = catalogue.resource("products", "{category}")
    catalogue.connect(resource, "GET", "catalogue")
    catalogue.publish("prod")
    incorrect(catalogue.check("connect"), "deployed to the stage `prod`", "deployment")
    where = {"restApiId": catalogue.api, "resourceId": resource, "httpMethod": "GET"}
    made = catalogue.gateway.get_integration(**where)
    right = {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": made["uri"]}
    for changes, words in (
        ({"type": "AWS"}, "has the type `AWS`"),
        ({"integrationHttpMethod": "GET"}, "calls Lambda with `GET`"),
        ({"uri": made["uri"].replace("catalogue", "other")}, "leads to `other` instead"),
    ):
        catalogue.gateway.put_integration(**where, **(right | changes))
        incorrect(catalogue.check("connect"), words, "integration")
    catalogue.publish()
    catalogue.gateway.put_integration(**where, **right)
    incorrect(catalogue.check("connect"), "serves a copy from before", "deployment")
    catalogue.gateway.delete_integration(**where)
    incorrect(catalogue.check("connect"), "has no integration", "integration")


def test_connect_still_holds_when_the_lab_has_gone_on(counter):
    counter.answer("router")
    counter.open()
    counter.write("catalogue.py", OTHER_CATALOGUES["default"])
    counter.deploy("catalogue.py")
    assert counter.check("connect").correct


def test_the_way_to_the_worked_answer_is_cleared_of_permissions(catalogue):
    undo = next(each.undo for each in catalogue.exercises if each.name == "connect")
    undo(catalogue.probe)
    catalogue.connect(catalogue.resource("products", "{category}"), "GET", "catalogue")
    undo(catalogue.probe)
    with pytest.raises(catalogue.aws.exceptions.ResourceNotFoundException):
        catalogue.aws.get_policy(FunctionName="catalogue")


# the shop


@pytest.fixture
def opened(counter):
    counter.open()
    return counter


@pytest.mark.parametrize("exercise", FOLDER_EXERCISES)
def test_the_shop_as_it_began_and_as_the_sheet_gives_it_is_not_attempted(opened, exercise):
    assert opened.check(exercise).outcome is Outcome.NOT_ATTEMPTED
    for file in worked_cells(exercise):
        opened.write(f"shop/{file}", given.STUBS[file])
    opened.deploy("shop")
    assert opened.check(exercise).outcome is Outcome.NOT_ATTEMPTED


def test_the_worked_answers_are_right_together_and_leave_nothing(opened):
    for exercise in FOLDER_EXERCISES:
        opened.answer(exercise)
    opened.deploy("shop")
    for exercise in FOLDER_EXERCISES:
        verdict = opened.check(exercise)
        assert verdict.correct, verdict
    for table in ("products", "carts"):
        assert opened.client("dynamodb").scan(TableName=table)["Count"] == 0


# One wrong answer of the proofs for each thing that a check can say.
TOLD_APART = {
    "decimal": "price as text, cents cut off, a price of its own, only the price",
    "router": "no 404, collection alone, in order refused, no 405, no Allow, not caught, "
    "all methods everywhere, traceback sent, not in the log, Exception first, "
    "400 for one's own mistake",
    "validate": "body not parsed, headers' case, charset refused, numbers kept as text, "
    "True counted, no type, not deployed, written before it is looked at",
    "cors": "preflight only, one origin, not on errors, no preflight, no methods, PUT forgotten",
    "conflict": "no condition, compared with itself, no new carts, about the cart, 400, "
    "refusal swallowed, version stands still, compared before it is written",
    "pages": "token ignored, no token, key sent as it is, a token on every page, no limit, "
    "the last token again at the end, one too far, backwards, token not read",
}


@pytest.mark.parametrize("exercise", TOLD_APART)
def test_wrong_answers_are_told_apart(opened, exercise):
    by_name = {each.name: each for each in ANSWERS if each.exercise == exercise}
    if exercise in FOLDER_EXERCISES:
        for before in FOLDER_EXERCISES[: FOLDER_EXERCISES.index(exercise)]:
            opened.answer(before)
    for wrong in (by_name[name] for name in TOLD_APART[exercise].split(", ")):
        for cell in wrong.cells:
            if cell.startswith("%%writefile"):
                opened.write_cell(cell)
            else:
                opened.deploy(cell.rpartition("web_backend/")[2].removesuffix('")'))
        incorrect(opened.check(exercise), wrong.message)
        for cell in wrong.undo:
            file = cell.rpartition("/")[2].removesuffix('")')
            opened.write(f"shop/{file}", (SHIPPED / file).read_text())


def test_a_shop_that_nobody_can_reach_is_no_fault_of_the_code(opened):
    opened.aws.remove_permission(FunctionName="shop", StatementId="api")
    incorrect(opened.check("router"), "API Gateway may not invoke `shop`", "permission")
    opened.gateway.delete_stage(restApiId=opened.api, stageName="live")
    opened.aws.add_permission(
        FunctionName="shop",
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
    )
    incorrect(opened.check("router"), "is not deployed to the stage", "deployment")
    opened.publish()
    opened.remove_proxy()
    incorrect(opened.check("router"), "has no resource `/{proxy+}`", "event source")


def test_a_stage_from_before_is_named(opened):
    opened.remove_proxy()
    opened.aws.remove_permission(FunctionName="shop", StatementId="api")
    opened.connect(opened.resource("{proxy+}"), "ANY", "shop")
    incorrect(opened.check("router"), "serves an older copy", "deployment")


def test_a_shop_that_does_not_start_says_why(opened):
    opened.answer("router")
    opened.write("shop/router.py", "import flask\n" + (SHIPPED / "router.py").read_text())
    opened.deploy("shop")
    incorrect(opened.check("router"), "something that the file imports is missing", "package")


OTHER_VALIDATION = """
import json
from answers import Problem

def header(event, name):
    found = [value for key, value in (event["headers"] or {}).items() if key.lower() == name]
    return found[0] if found else ""

def items_of(event):
    if "application/json" not in header(event, "content-type"):
        raise Problem(415, "JSON, please")
    text = event["body"] or ""
    if len(bytes(text, "utf-8")) > 2000:
        raise Problem(413, "less, please")
    try:
        body = json.loads(text)
    except json.JSONDecodeError:
        raise Problem(400, "JSON, please")
    if not isinstance(body, dict) or not isinstance(body.get("items"), dict):
        raise Problem(400, "items, please")
    for quantity in body["items"].values():
        if isinstance(quantity, bool) or not isinstance(quantity, int):
            raise Problem(400, "numbers, please")
        if quantity < 1 or quantity > 99:
            raise Problem(400, "1 to 99, please")
    return body["items"]
"""


EMPTY_FAILS = OTHER_VALIDATION.replace('event["body"] or ""', 'event["body"]').replace(
    'bytes(text, "utf-8")', "text"
)


def test_the_log_says_what_a_500_does_not(opened):
    opened.answer("router")
    opened.write("shop/incoming.py", EMPTY_FAILS)
    opened.deploy("shop")
    verdict = opened.check("validate")
    assert "An empty body has to be refused" in verdict.message
    assert verdict.evidence.endswith("TypeError: object of type 'NoneType' has no len()")


def test_what_ends_the_function_is_shown_though_api_gateway_hides_it(opened):
    opened.answer("router")
    handler = worked_cells("router")["shop.py"].replace("return reply(500,", "raise Problem(500,")
    opened.write_cell(handler)
    opened.deploy("shop")
    assert "Problem: {" in opened.check("router").evidence


def test_what_comes_in_may_be_looked_at_in_any_way(opened):
    opened.answer("router")
    opened.write("shop/incoming.py", OTHER_VALIDATION)
    opened.deploy("shop")
    assert opened.check("validate").correct


OTHER_CHANGES = """
import json
import boto3
from answers import Problem, reply
from botocore.exceptions import ClientError
from carts import table
from incoming import items_of

def put(event, name):
    items = items_of(event)
    seen = json.loads(event["body"]).get("version", 0)
    try:
        done = table.update_item(
            Key={"cart": name},
            UpdateExpression="SET #items = :items, version = :next",
            ConditionExpression="attribute_not_exists(version) OR version = :seen",
            ExpressionAttributeNames={"#items": "items"},
            ExpressionAttributeValues={":items": items, ":next": seen + 1, ":seen": seen},
            ReturnValues="ALL_NEW",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        raise Problem(409, "again, please")
    return reply(200, done["Attributes"])
"""


def test_a_condition_may_be_written_in_any_way(opened):
    for exercise in ("router", "validate"):
        opened.answer(exercise)
    opened.write("shop/cart_changes.py", OTHER_CHANGES)
    opened.deploy("shop")
    assert opened.check("conflict").correct


def test_a_condition_that_is_asked_beside_the_write_loses_the_race(opened):
    """It has a condition, but not on what it writes: only many at once find that out."""
    for exercise in ("router", "validate"):
        opened.answer(exercise)
    beside = OTHER_CHANGES.replace("ConditionExpression=", "_ConditionExpression=").replace(
        "    try:\n        done",
        '    there = table.get_item(Key={"cart": name}).get("Item", {})\n'
        '    __import__("time").sleep(0.3)\n'
        '    if there.get("version", seen) != seen:\n        raise Problem(409, "again")\n'
        "    try:\n        done",
    )
    beside = beside.replace(
        '            _ConditionExpression="attribute_not_exists(version) OR version = :seen",\n', ""
    ).replace(', ":seen": seen}', "}")
    opened.write("shop/cart_changes.py", beside + '\nNOT_USED = dict(ConditionExpression="")\n')
    opened.deploy("shop")
    incorrect(opened.check("conflict"), "It has to be one", "effect")


def test_an_event_is_what_api_gateway_makes_of_a_request():
    event = event_of("GET", "/products/tea?limit=3&next=%3D", headers={"Origin": "x"})
    assert (event["path"], event["pathParameters"]) == ("/products/tea", {"proxy": "products/tea"})
    assert event["queryStringParameters"] == {"limit": "3", "next": "="}
    assert event["headers"] == {"Content-Type": "application/json", "Origin": "x"}
    assert event["body"] is None
    assert json.loads(event_of("PUT", "/", json={"a": 1})["body"]) == {"a": 1}
    assert event_of("PUT", "/", body="ü".encode())["body"] == "ü"


# what is given


def sheet_cells() -> list[str]:
    sheet = PROJECT.sheet("web-backend")
    return [cell["source"] for cell in code_cells(read(PROJECT.solutions / sheet.file))]


def first(cell: str) -> str:
    """The file that a cell writes."""
    return cell.splitlines()[0].rpartition("/")[2]


def test_the_sheet_gives_the_code_that_the_checks_know():
    stubs = {"catalogue.py": given.CATALOGUE} | given.STUBS
    for file, text in stubs.items():
        cells = [each for each in sheet_cells() if each.startswith("%%") and first(each) == file]
        assert cells
        for cell in cells:
            assert is_same_code(stub(cell).partition("\n")[2], text), file


def test_what_the_sheet_shows_of_the_shop_stands_in_its_files():
    """The prose quotes the colleague's code."""
    sheet = PROJECT.sheet("web-backend")
    cells = read(PROJECT.solutions / sheet.file)["cells"]
    prose = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")
    quoted = [part.partition("```")[0] for part in prose.split("```python\n")[1:]]
    quoted += [part.partition("```")[0] for part in prose.split("```javascript\n")[1:]]
    files = [*SHIPPED.glob("*.py"), SHIPPED.parent / "page.html"]
    shipped = {line.strip() for file in files for line in file.read_text().splitlines()}
    assert quoted
    for line in (line.strip() for part in quoted for line in part.splitlines()):
        assert not line or line in shipped, line
