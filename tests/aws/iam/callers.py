"""Callers, policies and decisions for these tests."""

from helpers.aws.iam.authorization import Caller, Request, decide
from helpers.aws.iam.policy import parse

OWNER, OTHER = "111122223333", "444455556666"
OBJECT = "arn:aws:s3:::photos/cat.jpg"
OWNERS_ROOT = {"AWS": f"arn:aws:iam::{OWNER}:root"}

IDENTITY, RESOURCE, TRUST = "identity-based", "resource-based", "trust"
BOUNDARY, SESSION_POLICY = "permissions boundary", "session"

ROOT = Caller(OWNER, f"arn:aws:iam::{OWNER}:root")
USER = Caller(OWNER, f"arn:aws:iam::{OWNER}:user/ada")
ROLE = f"arn:aws:iam::{OWNER}:role/service-role/thumbnailer-role"
SESSION = Caller(
    OWNER, f"arn:aws:sts::{OWNER}:assumed-role/thumbnailer-role/thumbnailer", role_arn=ROLE
)
FEDERATED = Caller(OWNER, f"arn:aws:sts::{OWNER}:federated-user/ada", role_arn=USER.arn)
STRANGER = Caller(OTHER, f"arn:aws:iam::{OTHER}:user/bob")
STRANGERS_ROOT = Caller(OTHER, f"arn:aws:iam::{OTHER}:root")
STRANGERS_SESSION = Caller(
    OTHER, f"arn:aws:sts::{OTHER}:assumed-role/reader/app", f"arn:aws:iam::{OTHER}:role/reader"
)
ANONYMOUS = Caller("")


def service(name):
    return Caller("", service=f"{name}.amazonaws.com")


def statements(*given, version="2012-10-17"):
    return parse({"Version": version, "Statement": list(given)})


def allow(action="*", resource="*", principal=None, **elements):
    return _statement("Allow", action, resource, principal, elements)


def deny(action="*", resource="*", principal=None, **elements):
    return _statement("Deny", action, resource, principal, elements)


def _statement(effect, action, resource, principal, elements):
    statement = {"Effect": effect} | elements
    if "NotAction" not in elements:
        statement["Action"] = action
    if "NotResource" not in elements and resource is not None:
        statement["Resource"] = resource
    if principal is not None:
        statement["Principal"] = principal
    return statement


def aws(*arns):
    return {"AWS": list(arns)}


NOTHING = statements(allow("cloudwatch:*"))  # an implicit deny of the requests of these tests


def outcome(
    caller,
    policies,
    action="s3:GetObject",
    resource=OBJECT,
    account=OWNER,
    **context,
):
    """Return "allowed", or which type of policy refused; with a "!" if explicitly."""
    keys = {f"aws:{key}": value for key, value in context.items()}
    decision = decide(Request(caller, action, resource, account, keys), policies)
    if decision.allowed:
        assert decision.reason == ""
        return "allowed"
    return decision.policy + ("!" if decision.explicit else "")
