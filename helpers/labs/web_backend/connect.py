"""Exercise connect: integration, permission and deployment, between a request and the function."""

import json
from contextlib import suppress

from helpers.checks import Diagnosis, Link, NotAttempted, Probe
from helpers.checks.links.permission import read_policy
from helpers.checks.links.rest_api import (
    request,
    require_api,
    require_method,
    require_no_other_api,
    require_route,
)
from helpers.labs.web_backend.shelf import fill_shelf, require_products

API, STAGE, FUNCTION = "shop", "live", "catalogue"
ROUTES = {"/products/{category}": FUNCTION, "/{proxy+}": "shop"}  # the latter later in the lab
OTHER_ACCOUNT = "111122223333"

NOTHING_YET = "The method has no integration yet, `catalogue` no permission, the API no stage."
DONE = "A request over HTTP goes all the way: API Gateway, `catalogue`, table, and back."


class Connect(Diagnosis):
    NOT_200 = Link.RESULT("""
        The request reached `{function}`, but it answered {status} instead of 200.
        `lab.check("decimal")` looks at what it returns.""")


def check(probe: Probe) -> str:
    api = require_api(probe, API)
    method = require_method(api, "GET", ROUTES)
    if not method.integration and not api.stages and not read_policy(probe, FUNCTION):
        raise NotAttempted(NOTHING_YET)
    method = require_route(probe, api, STAGE, "GET", ROUTES)
    require_no_other_api(probe, method.function, OTHER_ACCOUNT)
    category, shelf = fill_shelf(probe, 2)
    answer = request(probe, api, STAGE, "GET", f"/products/{category}", ROUTES)
    answer.require_status(200, Connect.NOT_200, function=method.function)
    require_products(answer.json, shelf)
    return DONE


def undo_wrong_answer(probe: Probe) -> None:
    """Remove the permissions on `catalogue`: a second one of the same name is refused."""
    aws = probe.client("lambda")
    with suppress(aws.exceptions.ResourceNotFoundException):
        policy = json.loads(aws.get_policy(FunctionName=FUNCTION)["Policy"])
        for statement in policy["Statement"]:
            aws.remove_permission(FunctionName=FUNCTION, StatementId=statement["Sid"])
