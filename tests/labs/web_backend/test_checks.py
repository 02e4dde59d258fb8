"""What the proofs of lab 02 can't show: a broken chain, nothing left, what the log adds."""

import pytest

from helpers.cloud.engine import engine_of
from helpers.course.project import find_project
from helpers.exercises.verdict import Outcome
from helpers.sheets.notebook import read
from tests.labs.web_backend.counter import GIVEN, PROXY, SHIPPED, Counter
from tests.labs.web_backend.right_answers import INCOMING

PATH = "/products/{category}"
FOLDER_EXERCISES = ("router", "validate", "cors", "conflict", "pages")


@pytest.fixture
def counter(client, tmp_path, cloud, account):
    return Counter(client, tmp_path, engine_of(cloud, account))


@pytest.fixture
def opened(counter):
    counter.open()
    return counter


def test_without_the_right_the_exercise_decimal_names_the_role(counter):
    counter.iam.delete_role_policy(RoleName="catalogue-role", PolicyName="desk")
    counter.catalogue()
    verdict = counter.check("decimal")
    assert (verdict.link, verdict.diagnosis) == ("role", "role.denied")
    assert "`dynamodb:Query`" in verdict.message


def test_a_catalogue_as_it_was_given_is_not_attempted(counter):
    for given in GIVEN["catalogue.py"]:
        counter.catalogue(given)
        assert counter.check("decimal").outcome is Outcome.NOT_ATTEMPTED
    counter.answer("decimal")
    assert counter.check("decimal").diagnosis == "code.not-deployed"
    (counter.folder / "catalogue.py").unlink()
    assert counter.check("decimal").outcome is Outcome.NOT_ATTEMPTED


def test_an_api_is_not_attempted_as_long_as_nothing_is_connected(counter):
    counter.catalogue()
    assert counter.check("connect").diagnosis == "rest-api.no-method"
    where = {"restApiId": counter.api, "resourceId": counter.resource(counter.api, PATH)}
    counter.gateway.put_method(**where, httpMethod="GET", authorizationType="NONE")
    assert counter.check("connect").outcome is Outcome.NOT_ATTEMPTED
    counter.gateway.delete_rest_api(restApiId=counter.api)
    assert counter.check("connect").outcome is Outcome.NOT_ATTEMPTED


def test_connect_still_holds_when_the_lab_has_gone_on(opened):
    opened.answer("router")
    opened.deploy("shop")
    opened.catalogue()
    assert opened.check("connect").correct


def test_the_permissions_on_the_catalogue_are_removed_for_the_worked_answer(counter):
    counter.catalogue()
    undo = next(each.undo for each in counter.exercises if each.name == "connect")
    undo(counter.probe)
    counter.connect(counter.api, "GET", PATH, "catalogue")
    undo(counter.probe)
    with pytest.raises(counter.aws.exceptions.ResourceNotFoundException):
        counter.aws.get_policy(FunctionName="catalogue")


@pytest.mark.parametrize("exercise", FOLDER_EXERCISES)
def test_a_stub_is_not_attempted_whether_it_was_deployed_or_not(opened, exercise):
    assert opened.check(exercise).outcome is Outcome.NOT_ATTEMPTED
    for path, texts in GIVEN.items():
        opened.write(path, texts[-1])
    assert opened.check(exercise).outcome is Outcome.NOT_ATTEMPTED
    opened.deploy("shop")
    assert opened.check(exercise).outcome is Outcome.NOT_ATTEMPTED


def test_the_worked_answers_are_right_together_and_their_checks_leave_nothing(opened):
    opened.answer(*FOLDER_EXERCISES)
    opened.deploy("shop")
    for exercise in FOLDER_EXERCISES:
        verdict = opened.check(exercise)
        assert verdict.correct, verdict
    for table in ("products", "carts"):
        assert opened.client("dynamodb").scan(TableName=table)["Count"] == 0


def test_a_file_of_another_exercise_that_was_not_deployed_is_named(opened):
    opened.answer("router")
    opened.write("shop/incoming.py", "def items_of(event):\n    return {}\n")
    opened.deploy("shop")
    opened.write("shop/carts.py", "table = None\n")
    verdict = opened.check("validate")
    assert verdict.diagnosis == "code.not-deployed"
    assert "shop/carts.py" in verdict.message


def test_a_shop_that_nobody_can_reach_is_no_fault_of_its_code(opened):
    opened.aws.remove_permission(FunctionName="shop", StatementId="api")
    assert opened.check("router").diagnosis == "permission.no-policy"
    opened.remove_proxy()
    assert opened.check("router").diagnosis == "rest-api.no-method"
    opened.connect(opened.api, "ANY", PROXY, "shop", "*")
    assert opened.check("router").diagnosis == "rest-api.old-stage"
    opened.gateway.delete_stage(restApiId=opened.api, stageName="live")
    assert opened.check("router").diagnosis == "rest-api.no-stage"
    opened.publish()
    opened.client("dynamodb").delete_table(TableName="products")
    assert opened.check("router").diagnosis == "table.gone"


def test_a_shop_that_does_not_start_says_why(opened):
    opened.answer("router")
    opened.write("shop/router.py", "import flask\n" + (SHIPPED / "router.py").read_text())
    opened.deploy("shop")
    assert opened.check("router").diagnosis == "function.no-module"


def test_the_log_says_what_a_500_does_not(opened):
    opened.answer("router")
    code = INCOMING.partition("\n")[2].replace('event["body"] or ""', 'event["body"]')
    opened.write("shop/incoming.py", code.replace('bytes(text, "utf-8")', "text"))
    opened.deploy("shop")
    verdict = opened.check("validate")
    assert verdict.message.startswith("An empty body has to be refused")
    assert verdict.evidence.endswith("TypeError: object of type 'NoneType' has no len()")


def test_what_ends_the_function_is_shown_though_api_gateway_hides_it(opened):
    opened.answer("router")
    handler = (opened.folder / "shop/shop.py").read_text()
    opened.write("shop/shop.py", handler.replace("return reply(500,", "raise Problem(500,"))
    opened.deploy("shop")
    assert "Problem: {" in opened.check("router").evidence


def test_what_the_sheet_shows_of_the_shop_is_in_its_files():
    """The prose quotes the colleague's code."""
    project = find_project()
    cells = read(project.solutions / project.sheet("web-backend").file)["cells"]
    prose = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")
    quoted = [
        part.partition("```")[0]
        for language in ("python", "javascript")
        for part in prose.split(f"```{language}\n")[1:]
    ]
    files = [*SHIPPED.glob("*.py"), SHIPPED.parent / "page.html"]
    shipped = {line.strip() for file in files for line in file.read_text().splitlines()} | {""}
    assert quoted
    for line in (line.strip() for part in quoted for line in part.splitlines()):
        assert line in shipped, line
