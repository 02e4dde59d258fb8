"""Exercise decimal: what the table holds as Decimals goes out as numbers of JSON."""

import json
from typing import Any

from helpers.checks import Diagnosis, Link, Probe, compare, require
from helpers.checks.code import submission
from helpers.checks.function import ask, configuration, failure
from helpers.checks.sample_events import rest_api_event
from helpers.labs.web_backend.shelf import fill_shelf, require_products

NAME, FILE, RESOURCE = "catalogue", "catalogue.py", "/products/{category}"

AS_GIVEN = "`catalogue` still runs the code that was given: JSON does not know its Decimals."
DONE = "`catalogue` finds a category's products and answers in JSON, prices to the cent."


class Decimal(Diagnosis):
    STILL_DECIMAL = Link.CODE("""
        There is still a Decimal in what `json.dumps` gets. Both `price` and `stock` come out of the
        table as Decimals, for each of the products.""")
    NO_STATUS = Link.RESULT("""
        What the handler returned does not have the form that API Gateway needs: a dictionary with
        `statusCode`, `headers` and `body`.""")
    NOT_200 = Link.RESULT("The products were found, so `statusCode` has to be the number 200.")
    BODY_NOT_STRING = Link.RESULT("""
        The body is not a string. API Gateway accepts only strings, and would answer 502:
        `json.dumps` makes one.""")
    BODY_NOT_JSON = Link.RESULT("""
        The body is a string, but not JSON. Python's `str` writes other quotes; use
        `json.dumps`.""")


def check(probe: Probe) -> str:
    configuration(probe, NAME)  # waits for an update that is under way
    with submission(probe, NAME, FILE, not_yet=AS_GIVEN):
        category, shelf = fill_shelf(probe, 2)
        event = rest_api_event("GET", f"/products/{category}", resource=RESOURCE)
        answer = ask(probe, NAME, event)
        if answer.error:
            is_decimal = "Decimal" in answer.error.message
            require(not is_decimal, Decimal.STILL_DECIMAL, str(answer.error))
            raise failure(probe, answer)
        require_products(_body(answer.result), shelf)
    return DONE


def _body(result: Any) -> Any:
    """Return the body, read as JSON."""
    evidence = compare(returned=result)
    is_answer = isinstance(result, dict) and {"statusCode", "body"} <= set(result)
    require(is_answer, Decimal.NO_STATUS, evidence)
    require(result["statusCode"] == 200, Decimal.NOT_200, evidence)
    require(isinstance(result["body"], str), Decimal.BODY_NOT_STRING, evidence)
    try:
        return json.loads(result["body"])
    except ValueError:
        raise Decimal.BODY_NOT_JSON(evidence) from None
