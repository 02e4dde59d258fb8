"""Exercise decimal: what the table holds as Decimals goes out as numbers of JSON."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from helpers.checks.function import ask, configuration, failure
from helpers.checks.package import is_outdated, is_same_code, package_files, work_file
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from helpers.labs.web_backend.given import CATALOGUE
from helpers.labs.web_backend.shelf import fill_shelf

NAME = "catalogue"
FILE = "catalogue.py"

AS_GIVEN = "`catalogue` still runs the code that was given: JSON does not know its Decimals."
NOT_UPLOADED = """\
`web_backend/catalogue.py` has changed since it was last brought to the cloud. Run \
`lab.deploy("web_backend/catalogue.py")`."""
STILL_DECIMAL = """\
There is still a Decimal in what `json.dumps` gets. Both `price` and `stock` come out of the table \
as Decimals, for each of the products."""
NO_STATUS = """\
What the handler returned has not the form that API Gateway needs: a dictionary with `statusCode`, \
`headers` and `body`."""
NOT_200 = "The products were found, so `statusCode` has to be the number 200."
BODY_NO_TEXT = """\
The body is no text. API Gateway passes on texts only, and would answer 502: `json.dumps` makes \
one."""
BODY_NO_JSON = (
    "The body is a text, but not JSON. Python's `str` writes other quotes; use `json.dumps`."
)
NO_PRODUCTS = """\
The body has to be a JSON object with the list of all products under the key "products", as it was \
given."""
AS_TEXT = """\
`{key}` arrives as a text, in quotation marks. Whoever adds up two of them gets "4.954.95": make \
it a number."""
CUT_OFF = (
    "The cents are gone: `int` cuts them off, and `round` loses them. A price has to stay as it is."
)
OTHER_VALUE = "`{key}` of a product is not what stands in the table."
DONE = "`catalogue` finds a category's products and answers in JSON, prices to the cent."


def check(probe: Probe) -> str:
    configuration(probe, NAME)  # says so if there is no function, and waits for an update
    try:
        _see_answer(probe)
    except Incorrect as error:
        raise _blamed(probe, error) from None
    return DONE


def _blamed(probe: Probe, error: Incorrect) -> Exception:
    if is_same_code(work_file(probe, NAME) or "", CATALOGUE):
        return NotAttempted(AS_GIVEN)
    if is_outdated(probe, NAME):
        return Incorrect(NOT_UPLOADED, link="package", evidence=error.evidence)
    if is_same_code(package_files(probe, NAME).get(FILE, ""), CATALOGUE):
        return NotAttempted(AS_GIVEN)
    return error


def _see_answer(probe: Probe) -> None:
    category, shelf = fill_shelf(probe, 2)
    answer = ask(probe, NAME, {"pathParameters": {"category": category}})
    if answer.error and "Decimal" in answer.error.message:
        raise Incorrect(STILL_DECIMAL, link="code", evidence=str(answer.error))
    if answer.error:
        raise failure(probe, answer)
    see_products(_body(answer.result), shelf)


def _body(result: Any) -> Any:
    """What stands in the body, read as JSON."""
    evidence = f"returned {json.dumps(result, ensure_ascii=False)}"
    if not isinstance(result, dict) or not {"statusCode", "body"} <= set(result):
        raise Incorrect(NO_STATUS, link="result", evidence=evidence)
    if result["statusCode"] != 200:
        raise Incorrect(NOT_200, link="result", evidence=evidence)
    if not isinstance(result["body"], str):
        raise Incorrect(BODY_NO_TEXT, link="result", evidence=evidence)
    try:
        return json.loads(result["body"])
    except ValueError:
        raise Incorrect(BODY_NO_JSON, link="result", evidence=evidence) from None


def see_products(body: Any, shelf: Sequence[Mapping[str, Any]]) -> None:
    """See that the body lists exactly these products. Raises Incorrect, link "result"."""
    evidence = f"the body is {json.dumps(body, ensure_ascii=False)}"
    found = body.get("products") if isinstance(body, dict) else None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Incorrect(NO_PRODUCTS, link="result", evidence=evidence)
    if sorted(str(each.get("id")) for each in found) != [each["id"] for each in shelf]:
        raise Incorrect(NO_PRODUCTS, link="result", evidence=evidence)
    by_id = {each["id"]: each for each in found}
    for wanted in shelf:
        for key in ("price", "stock"):
            _see_number(key, by_id[wanted["id"]].get(key), float(wanted[key]))


def _see_number(key: str, value: Any, wanted: float) -> None:
    evidence = f"{key}     {json.dumps(value)}\nshould be {wanted:g}"
    if isinstance(value, str):
        raise Incorrect(AS_TEXT.format(key=key), link="result", evidence=evidence)
    if value == wanted and not isinstance(value, bool):
        return
    if isinstance(value, int | float) and abs(value - wanted) < 1:
        raise Incorrect(CUT_OFF, link="result", evidence=evidence)
    raise Incorrect(OTHER_VALUE.format(key=key), link="result", evidence=evidence)
