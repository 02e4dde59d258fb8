"""Exercise second-sender: Codeyard's signature, and API Gateway's permission."""

from collections.abc import Iterator

from helpers.checks import Diagnosis, Link, Probe, require
from helpers.checks.links.permission import read_policy, require_permission
from helpers.checks.links.rest_api import (
    PRINCIPAL,
    RestApi,
    method_arn,
    require_api,
    require_method,
    require_no_other_api,
    stage_url,
)
from helpers.checks.sample_events import rest_api_event
from helpers.checks.tables import find_row, forget_row
from helpers.labs.webhooks import scene, signing
from helpers.labs.webhooks.post import post
from helpers.labs.webhooks.senders import Codeyard, Delivery, Paywell, sign

FILE = "codeyard.py"
API, STAGE, ROUTE, PATH = "hooks", "prod", "/hooks/{sender}", "/hooks/codeyard"
RELEASES = "releases"
BRANCH = b"refs/heads/main", b"refs/heads/evil"

DONE = "Both services are accepted by the API, each with its own way of signing."


class SecondSender(Diagnosis):
    REFUSED = Link.CODE("""
        Honest pushes are refused. Their signature is `sha256=` and the HMAC-SHA256 of the body, in
        hexadecimal digits, with the secret as the key.""")
    BARE = Link.CODE("""
        Honest pushes are refused. The header has `sha256=` before the digits, and what you compare
        it with does not.""")
    STAMPED = Link.CODE("""
        Honest pushes are refused. You sign a time stamp with the body, as Paywell does; Codeyard
        signs the body alone.""")
    OTHER_CASES = Link.CODE("""
        A push whose headers are written in other cases is refused. Through the REST API they arrive
        as they were sent: does `header` in `request.py` still compare without regard to case?""")
    PAYWELL_REFUSED = Link.CODE("""
        Codeyard's pushes are accepted, but a payment of Paywell's got the answer {status}.""")


def check(probe: Probe) -> str:
    files = scene.own_files(probe, scene.RECEIVER, FILE)
    url = _require_api(probe)
    codeyard = Codeyard(url, scene.secret_of(probe, "codeyard"))
    commit, push = _new_push(probe, codeyard)
    headers = codeyard.headers(push, secret=codeyard.secret, moment=0)
    event = rest_api_event("POST", PATH, resource=ROUTE, body=push.body, headers=headers)
    mistakes = _mistakes(codeyard, push)
    signing.require_accepted(probe, codeyard, push, event, mistakes, SecondSender.REFUSED)
    _, forged = _new_push(probe, codeyard)
    for forgery in signing.forgeries(codeyard, forged, *BRANCH):
        signing.require_refused(codeyard, forged, forgery)
    signing.require_constant_time(files, FILE)
    for change in (str.upper, str.lower):
        spelled = {change(name): value for name, value in headers.items()}
        is_accepted = post(url, push.body, spelled).accepted
        require(is_accepted, SecondSender.OTHER_CASES, "\n".join(spelled))
    paywell = Paywell(url.replace("codeyard", "paywell"), scene.secret_of(probe, "paywell"))
    order, _ = scene.pay(probe, paywell, SecondSender.PAYWELL_REFUSED)
    scene.require_parcel(probe, order)
    probe.wait_for(
        lambda: find_row(probe, RELEASES, commit=commit),
        timeout=scene.PATIENCE,
        what=f"The release of {commit}",
    )
    return DONE


def _require_api(probe: Probe) -> str:
    """Return the address for Codeyard of an API that leads to the receiver, and may invoke it."""
    api = require_api(probe, API)
    require(STAGE in api.stages, RestApi.NO_STAGE, api=API)
    method = require_method(api, "POST", {ROUTE: scene.RECEIVER})
    found, is_meant = f"`{method.function}`", method.function == scene.RECEIVER
    require(is_meant, RestApi.OTHER_FUNCTION, method.uri, found=found, function=scene.RECEIVER)
    require_permission(
        probe, scene.RECEIVER, PRINCIPAL, method_arn(probe, api.id, STAGE, "POST", PATH)
    )
    require_no_other_api(probe, scene.RECEIVER)
    return stage_url(probe, api.id, STAGE) + PATH


def _new_push(probe: Probe, codeyard: Codeyard) -> tuple[str, Delivery]:
    """Return a commit that nobody had before, and its push; both leave the tables afterwards."""
    commit = probe.unique("check")
    push = codeyard.push(commit)
    forget_row(probe, RELEASES, commit=commit)
    scene.forget_note(probe, push)
    return commit, push


def _mistakes(codeyard: Codeyard, push: Delivery) -> Iterator[tuple[Diagnosis, str]]:
    """Yield the signatures of known mistakes, as they would stand in the header."""
    yield SecondSender.BARE, sign(codeyard.secret, push.body)
    for again in signing.written_again(push.body):
        yield signing.Signing.PARSED, f"sha256={sign(codeyard.secret, again)}"
    yield SecondSender.STAMPED, f"sha256={sign(codeyard.secret, b'.' + push.body)}"


def undo_wrong_answer(probe: Probe) -> None:
    """Remove the permission of the worked answer's id, which AWS would refuse a second time."""
    ids = [statement.sid for statement in read_policy(probe, scene.RECEIVER)]
    if "hooks-api" in ids:
        probe.client("lambda").remove_permission(
            FunctionName=scene.RECEIVER, StatementId="hooks-api"
        )
