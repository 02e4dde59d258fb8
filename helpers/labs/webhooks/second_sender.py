"""Exercise second-sender: Codeyard's signature, and API Gateway's permission."""

import json
from collections.abc import Callable

from helpers.checks.function import failure
from helpers.checks.links.permission import see_permission
from helpers.checks.links.rest_api import find_api, method_arn, stage_url
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.webhooks.comparing import see_constant_time
from helpers.labs.webhooks.files import see_uploaded, see_written
from helpers.labs.webhooks.post import Attempt, post
from helpers.labs.webhooks.pushes import guessed, shortened, tampered, unsigned, why_refused
from helpers.labs.webhooks.scene import (
    DELIVERIES,
    RECEIVER,
    is_refused,
    new_payment,
    notes,
    parcels,
    secret_of,
)
from helpers.labs.webhooks.senders import Codeyard, Delivery, Paywell

FILE = "codeyard.py"
API, STAGE, PATH = "hooks", "prod", "/hooks/codeyard"
RELEASES = "releases"

SERVICE = "apigateway.amazonaws.com"

TODO = "`is_genuine` in `webhooks/codeyard.py` is still empty."
NOT_PUBLISHED = """\
The REST API `hooks` has no stage `prod`: it was never deployed. Run the cell that makes it \
again."""
NO_METHOD = """\
The REST API `hooks` has no method POST on `/hooks/{sender}` that leads to `receiver`. Run the \
cell that makes it again."""
REFUSED = """\
Honest pushes are refused. Their signature is `sha256=` and the HMAC-SHA256 of the body, in \
hexadecimal digits, with the secret as the key."""
CRASHED = """\
The receiver stopped with an error when Codeyard sent a push. {why}"""
BROKEN = "API Gateway answered {status} to an honest push, and the receiver itself had no error."
EVERYBODY = """\
Your receiver takes a push that was signed with a guessed secret. Compare what you have calculated \
with the header."""
TAMPERED = """\
Your receiver takes a push whose body was changed after it was signed: whoever sends that decides \
what the shop publishes."""
UNSIGNED = "Your receiver takes a push without any signature."
SHORTENED = """\
Your receiver takes a push with the beginning of a signature only. All of its digits have to be \
there."""
NOT_REFUSED = """\
A push {what} was not taken, but not refused either: the answer was {status}, as if something had \
broken. `is_genuine` should return False there, not raise."""
IN_CAPITALS = """\
A push whose headers are written in other cases is refused. Through the REST API they arrive as \
they were sent: does `header` in `request.py` still compare without regard to case?"""
PAYWELL_LOST = """\
Codeyard comes through, but a payment of Paywell's by the same API got the answer {status}."""
TOO_WIDE = """\
API Gateway may invoke `receiver` for other APIs, too, not for `hooks` alone. Name the one that \
may, with `SourceArn=hooks_arn`; take the wider permission away first, with \
`lambda_.remove_permission(FunctionName="receiver", StatementId=...)`."""
DONE = "Both services come through the API, each with its own way of signing."


def check(probe: Probe) -> str:
    see_written(probe, FILE, "is_genuine", todo=TODO)
    files = see_uploaded(probe, RECEIVER, FILE)
    url = _see_api(probe)
    codeyard = Codeyard(url, secret_of(probe, "codeyard"))
    commit = _see_honest(probe, codeyard)
    for forgery in FORGERIES:
        _see_refused(probe, codeyard, forgery)
    see_constant_time(files, FILE)
    _see_other_cases(probe, codeyard)
    _see_paywell(probe, url.replace("codeyard", "paywell"))
    probe.wait_for(lambda: _release(probe, commit), timeout=8, what=f"The release of {commit}")
    return DONE


def _see_api(probe: Probe) -> str:
    api = find_api(probe, API)
    if STAGE not in api.stages:
        raise Incorrect(NOT_PUBLISHED, link="event source")
    method = api.method("POST", "/hooks/{sender}")
    if method is None or method.function != RECEIVER:
        raise Incorrect(NO_METHOD, link="event source")
    arn = method_arn(probe, api.id, STAGE, "POST", PATH)
    see_permission(probe, RECEIVER, SERVICE, arn)
    if _may_invoke(probe, arn.replace(api.id, "another-api")):
        raise Incorrect(TOO_WIDE, link="permission")
    return stage_url(probe, api.id, STAGE) + PATH


def _may_invoke(probe: Probe, arn: str) -> bool:
    try:
        see_permission(probe, RECEIVER, SERVICE, arn)
    except Incorrect:
        return False
    return True


def _new_push(probe: Probe, codeyard: Codeyard) -> tuple[str, Delivery]:
    commit = probe.unique("check")
    push = codeyard.push(commit)
    aws = probe.client("dynamodb")
    probe.afterwards(aws.delete_item, TableName=RELEASES, Key={"commit": {"S": commit}})
    probe.afterwards(_forget, probe, push.id)
    return commit, push


def _forget(probe: Probe, delivery: str) -> None:
    for each in notes(probe, delivery):
        key = {"delivery": each["delivery"]}
        probe.client("dynamodb").delete_item(TableName=DELIVERIES, Key=key)


def _release(probe: Probe, commit: str) -> object:
    key = {"commit": {"S": commit}}
    return probe.client("dynamodb").get_item(TableName=RELEASES, Key=key).get("Item")


def _see_honest(probe: Probe, codeyard: Codeyard) -> str:
    commit, push = _new_push(probe, codeyard)
    attempt = codeyard.send(push).attempts[-1]
    if attempt.taken:
        return commit
    if not is_refused(attempt):
        raise _crashed(probe, codeyard, push, attempt)
    words = why_refused(codeyard, push) or REFUSED
    raise Incorrect(words, link="code", evidence=str(attempt))


def _crashed(probe: Probe, codeyard: Codeyard, push: Delivery, attempt: Attempt) -> Incorrect:
    headers = codeyard.headers(push, secret=codeyard.secret, moment=0)
    event = {"path": PATH, "headers": headers, "body": push.body.decode()}
    answer = probe.invoke(RECEIVER, event | {"isBase64Encoded": False})
    if not answer.error:
        return Incorrect(BROKEN.format(status=attempt.status), link="event source")
    broken = failure(probe, answer)
    return Incorrect(CRASHED.format(why=broken), link=broken.link, evidence=broken.evidence)


FORGERIES = (
    ("signed with a guessed secret", guessed, EVERYBODY),
    ("without a signature", unsigned, UNSIGNED),
    ("that was changed after it was signed", tampered, TAMPERED),
    ("with the beginning of a signature", shortened, SHORTENED),
)


def _see_refused(
    probe: Probe,
    codeyard: Codeyard,
    forgery: tuple[str, Callable[[Codeyard, Delivery], Attempt], str],
) -> None:
    what, send, words = forgery
    _, push = _new_push(probe, codeyard)
    attempt = send(codeyard, push)
    if attempt.taken:
        raise Incorrect(words, link="code", evidence=f"a push {what}: {attempt}")
    if not is_refused(attempt):
        raise Incorrect(NOT_REFUSED.format(what=what, status=attempt.status), link="code")


def _see_other_cases(probe: Probe, codeyard: Codeyard) -> None:
    _, push = _new_push(probe, codeyard)
    given = codeyard.headers(push, secret=codeyard.secret, moment=0)
    for change in (str.upper, str.lower):
        headers = {change(name): value for name, value in given.items()}
        if not post(codeyard.url, push.body, headers).taken:
            raise Incorrect(IN_CAPITALS, link="code", evidence="\n".join(headers))


def _see_paywell(probe: Probe, url: str) -> None:
    paywell = Paywell(url, secret_of(probe, "paywell"))
    order, payment = new_payment(probe, paywell)
    sent = paywell.send(payment)
    if not sent.taken:
        raise Incorrect(PAYWELL_LOST.format(status=sent.status), link="code")
    probe.wait_for(lambda: parcels(probe, order), timeout=8, what=f"The parcel for {order}")


def undo_wrong_answer(probe: Probe) -> None:
    """The worked answer gives the permission under this id; AWS refuses it a second time."""
    aws = probe.client("lambda")
    try:
        policy = json.loads(aws.get_policy(FunctionName=RECEIVER)["Policy"])
    except aws.exceptions.ResourceNotFoundException:
        return
    if any(each.get("Sid") == "hooks-api" for each in policy["Statement"]):
        aws.remove_permission(FunctionName=RECEIVER, StatementId="hooks-api")
