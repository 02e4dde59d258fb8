"""The policies that decide on a call, from where LocalStack and moto keep them."""

import json
import logging
from collections.abc import Callable, Iterable
from typing import Any

from localstack.services.events.models import events_stores
from localstack.services.lambda_.invocation.models import lambda_stores
from localstack.services.s3.models import s3_stores
from localstack.services.sqs.models import sqs_stores
from moto.iam.models import IAMBackend, iam_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.sns.models import sns_backends

from helpers.aws.iam.authorization import Caller, Policies
from helpers.aws.iam.policy import Statement, parse
from helpers.aws.iam.public import is_public
from helpers.engine.gateway.acls import acl_statements
from helpers.engine.gateway.credentials import PARTITION

LOG = logging.getLogger(__name__)

Statements = tuple[Statement, ...]
Document = str | dict[str, Any] | None


def policies_for(caller: Caller, session_policy: str | None, resource: str) -> Policies:
    """Return the policies that decide on a call of `caller` to a resource, an ARN."""
    attached = resource_policy(resource)
    if caller.is_anonymous and _blocks_public_access(resource):
        attached = None
    if caller.service or caller.is_root or caller.is_anonymous:
        return Policies(resource=attached)
    holder = _role_or_user(caller)
    if holder is None:  # deleted since: its sessions have no permissions any more
        return Policies(resource=attached)
    backend = iam_backends[caller.account][PARTITION]
    return Policies(
        identity=_identity_policies(backend, holder),
        boundary=_boundary(backend, holder),
        session=_read(session_policy) if session_policy else None,
        resource=attached,
    )


def role_policies(role_arn: str) -> Statements:
    """Return the statements of a role's identity-based policies, none if it doesn't exist."""
    role = find_role(role_arn)
    if role is None:
        return ()
    return _identity_policies(iam_backends[role.account_id][PARTITION], role)


def find_role(arn: str) -> Any:
    """Return moto's role, None if it doesn't exist."""
    account = arn.split(":")[4]
    if account not in iam_backends:
        return None
    roles = list(iam_backends[account][PARTITION].roles.values())
    return next((role for role in roles if role.arn == arn), None)


def resource_policy(arn: str) -> Statements | None:
    """Return the policy of a resource itself, None if it has none, or can't have one."""
    parts = arn.split(":", 5)
    find = RESOURCE_POLICIES.get(parts[2]) if len(parts) == 6 else None
    if find is None:
        return None
    try:
        document = find(*parts[3:])
    except (KeyError, ValueError, IndexError):  # it doesn't exist, as the service will report
        return None
    statements = _read(document)
    if parts[2] == "s3":
        name, _, key = parts[5].partition("/")
        bucket = find_bucket(name)
        statements += acl_statements(bucket, key) if bucket else ()
    return statements or None


def full_arn(resource: str, action: str) -> str:
    """Return the ARN that policies name, where a request may name a resource otherwise.

    A secret's has six more characters at its end, and an alias stands for a key.
    """
    parts = resource.split(":")
    try:
        if len(parts) == 7 and parts[2] == "secretsmanager":
            return str(secretsmanager_backends[parts[4]][parts[3]].secrets[parts[6]].arn)
        if len(parts) == 6 and parts[2] == "kms" and not action.endswith("Alias"):
            alias = _keys(parts[3], parts[4]).aliases[parts[5]]
            return ":".join([*parts[:5], f"key/{alias.metadata['TargetKeyId']}"])
    except (KeyError, ValueError):  # it doesn't exist, as the service will report
        pass
    return resource


def bucket_owner(bucket: str) -> str:
    """Return the account that owns a bucket, "" if the bucket doesn't exist."""
    store = s3_stores["000000000000"]["us-east-1"]  # the map is the same in all of them
    return str(store.global_bucket_map.get(bucket, ""))


def find_bucket(name: str) -> Any:
    """Return LocalStack's bucket, None if it doesn't exist."""
    owner = bucket_owner(name)
    return s3_stores[owner]["us-east-1"].buckets.get(name) if owner else None


def _blocks_public_access(resource: str) -> bool:
    """Return whether a bucket has a public policy, and blocks it, as every new one does.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    bucket = find_bucket(resource.split(":")[-1].partition("/")[0])
    block = (bucket.public_access_block if bucket else None) or {}
    return bool(block.get("RestrictPublicBuckets")) and is_public(_read(bucket.policy))


# Policies of a caller


def _role_or_user(caller: Caller) -> Any:
    if caller.role_arn:
        return find_role(caller.role_arn)
    backend = iam_backends[caller.account][PARTITION]
    return next((user for user in backend.users.values() if user.arn == caller.arn), None)


def _identity_policies(backend: IAMBackend, holder: Any) -> Statements:
    holders = [holder]
    if hasattr(holder, "access_keys"):  # a user
        holders += backend.get_groups_for_user(holder.name)
    documents: list[Document] = []
    for each in holders:
        documents += each.policies.values()
        documents += map(_default_version, list(each.managed_policies.values()))
    return tuple(statement for document in documents for statement in _read(document))


def _default_version(policy: Any) -> Document:
    versions: Iterable[Any] = policy.versions
    return next((version.document for version in versions if version.is_default), None)


def _boundary(backend: IAMBackend, holder: Any) -> Statements | None:
    arn = getattr(holder, "permissions_boundary_arn", None)
    if not arn:
        return None
    policy = backend.managed_policies.get(arn)
    return _read(_default_version(policy)) if policy else ()


# Policies of a resource


def _function(region: str, account: str, resource: str) -> Document:
    kind, name, *qualifier = resource.split(":")
    if kind == "layer":
        layer = lambda_stores[account][region].layers[name]
        return _layer_version(layer.layer_versions[qualifier[0] if qualifier else ""])
    function = lambda_stores[account][region].functions[name]
    permissions = function.permissions.get(qualifier[0] if qualifier else "$LATEST")
    return {"Statement": permissions.policy.Statement} if permissions else None


def _layer_version(version: Any) -> Document:
    statements: list[dict[str, Any]] = []
    for granted in version.policy.statements.values() if version.policy else ():
        principal = {"AWS": granted.principal}
        statement = {"Effect": "Allow", "Principal": principal, "Action": granted.action}
        if organization := granted.organization_id:
            statement["Condition"] = {"StringEquals": {"aws:PrincipalOrgID": organization}}
        statements.append(statement)
    return {"Statement": statements} if statements else None


def _bucket(region: str, account: str, resource: str) -> Document:
    bucket = find_bucket(resource.partition("/")[0])
    document: Document = bucket.policy if bucket else None
    return document


def _queue(region: str, account: str, resource: str) -> Document:
    document: Document = sqs_stores[account][region].queues[resource].attributes.get("Policy")
    return document


def _topic(region: str, account: str, resource: str) -> Document:
    topics = sns_backends[account][region].topics
    name, *_subscription = resource.split(":")
    topic = topics[f"arn:{PARTITION}:sns:{region}:{account}:{name}"]
    document: Document = topic.policy
    return document


def _secret(region: str, account: str, resource: str) -> Document:
    arn = f"arn:{PARTITION}:secretsmanager:{region}:{account}:{resource}"
    document: Document = secretsmanager_backends[account][region].secrets[arn].policy
    return document


def _key(region: str, account: str, resource: str) -> Document:
    """Return a key's policy.

    If the key doesn't exist it is a new key's, by which the policies of the account decide: the
    service will report that there is no such key.
    """
    kind, _, name = resource.partition("/")
    if kind != "key":
        return None
    key = _keys(region, account).keys.get(name)
    if key:
        document: Document = key.policy
        return document
    owner = {"AWS": f"arn:{PARTITION}:iam::{account}:root"}
    return {"Statement": {"Effect": "Allow", "Principal": owner, "Action": "kms:*"}}


def _keys(region: str, account: str) -> Any:
    from localstack.services.kms.models import kms_stores  # loaded only when KMS is used

    return kms_stores[account][region]


def _bus(region: str, account: str, resource: str) -> Document:
    kind, _, name = resource.partition("/")
    policy = (
        events_stores[account][region].event_buses[name].policy if kind == "event-bus" else None
    )
    if not policy:
        return None
    stored = json.loads(json.dumps(policy["Statement"], default=vars))
    statements = stored if isinstance(stored, list) else [stored]
    for statement in statements:  # PutPermission's conditions have a format of their own
        condition = statement.get("Condition") or {}
        if "Type" in condition:
            condition = {condition["Type"]: {condition["Key"]: condition["Value"]}}
        statement["Condition"] = condition
    return {**policy, "Statement": statements}


def _role(region: str, account: str, resource: str) -> Document:
    """Return a role's trust policy: who may assume it."""
    role = find_role(f"arn:{PARTITION}:iam::{account}:{resource}")
    document: Document = role.assume_role_policy_document if role else None
    return document


RESOURCE_POLICIES: dict[str, Callable[[str, str, str], Document]] = {
    "lambda": _function,
    "s3": _bucket,
    "sqs": _queue,
    "sns": _topic,
    "secretsmanager": _secret,
    "kms": _key,
    "events": _bus,
    "iam": _role,
}


def _read(document: Document) -> Statements:
    """Return a policy's statements, none if it can't be read; the service should refuse it."""
    if not document:
        return ()
    try:
        return parse(document)
    except ValueError:
        LOG.warning("A policy could not be read: %.500s", document)
        return ()
