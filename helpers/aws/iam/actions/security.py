"""IAM, STS, KMS and Secrets Manager:
docs.aws.amazon.com/service-authorization/latest/reference/list_iam.html
docs.aws.amazon.com/service-authorization/latest/reference/list_sts.html
docs.aws.amazon.com/service-authorization/latest/reference/list_kms.html
docs.aws.amazon.com/service-authorization/latest/reference/list_secretsmanager.html

A request names many of these resources by less than their ARN: a role without its path, a secret
without the six characters at its end, a key by an alias. The engine, which knows the resource,
resolves them; here the ARN is made of what the request says.
"""

import re

from helpers.aws.iam.actions.model import EVERYTHING, Access, Call
from helpers.aws.iam.actions.rules import (
    Resource,
    Service,
    each,
    everything,
    first_of,
    given,
    given_arn,
    needs_all,
    on,
    resource,
    with_context,
)


def _iam(kind: str, parameter: str) -> Resource:
    """Return an extractor for "role/<path><name>"; the path is known where a request sets it."""

    def find(call: Call) -> str:
        name = call.text(parameter)
        if not name or name.startswith("arn:"):
            return name or EVERYTHING
        path = (call.text("Path") or "/").lstrip("/")
        return f"arn:aws:iam::{call.account}:{kind}/{path}{name}"

    return find


def _listed(kind: str) -> Resource:
    """Return an extractor for "role/", as AWS names it when it refuses to list."""

    def find(call: Call) -> str:
        prefix = (call.text("PathPrefix") or "/").lstrip("/")
        return f"arn:aws:iam::{call.account}:{kind}/{prefix}"

    return find


def _service_role(call: Call) -> str:
    service = call.text("AWSServiceName")
    path = f"role/aws-service-role/{service}/*"
    return f"arn:aws:iam::{call.account}:{path}" if service else EVERYTHING


def _oidc_provider(call: Call) -> str:
    host = call.text("Url").removeprefix("https://").rstrip("/")
    return f"arn:aws:iam::{call.account}:oidc-provider/{host}" if host else EVERYTHING


IAM = Service(
    prefix="iam",
    default=first_of(
        _iam("instance-profile", "InstanceProfileName"),
        _iam("group", "GroupName"),
        _iam("role", "RoleName"),
        _iam("user", "UserName"),
        _iam("policy", "PolicyArn"),
        _iam("policy", "PolicyName"),
        _iam("server-certificate", "ServerCertificateName"),
        _iam("mfa", "VirtualMFADeviceName"),
        _iam("mfa", "SerialNumber"),
        _iam("oidc-provider", "OpenIDConnectProviderArn"),
        _iam("saml-provider", "SAMLProviderArn"),
        given_arn("PolicySourceArn", "Arn"),
    ),
    resources={
        "CreateOpenIDConnectProvider": _oidc_provider,
        "CreateSAMLProvider": _iam("saml-provider", "Name"),
        "CreateServiceLinkedRole": _service_role,
        "ListGroups": _listed("group"),
        "ListInstanceProfiles": _listed("instance-profile"),
        "ListPolicies": _listed("policy"),
        "ListRoles": _listed("role"),
        "ListUsers": _listed("user"),
    },
    also={
        **given("CreateInstanceProfile", Tags="TagInstanceProfile"),
        **given("CreateOpenIDConnectProvider", Tags="TagOpenIDConnectProvider"),
        **given("CreatePolicy", Tags="TagPolicy"),
        **given("CreateRole", Tags="TagRole"),
        **given("CreateSAMLProvider", Tags="TagSAMLProvider"),
        **given("CreateUser", Tags="TagUser"),
        **given("CreateVirtualMFADevice", Tags="TagMFADevice"),
        **given("UploadServerCertificate", Tags="TagServerCertificate"),
    },
    context={
        "AWSServiceName": "iam:awsservicename",
        "PermissionsBoundary": "iam:permissionsboundary",
        "PolicyArn": "iam:policyarn",
    },
)


def _federated_user(call: Call) -> str:
    name = call.text("Name")
    return f"arn:aws:sts::{call.account}:federated-user/{name}" if name else EVERYTHING


# AssumeRoleWithSAML and AssumeRoleWithWebIdentity come without credentials: only the role's trust
# policy decides on them. GetSessionToken and GetCallerIdentity need no permission.
STS = Service(
    prefix="sts",
    default=everything,
    resources={
        **on(given_arn("RoleArn"), "AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity"),
        "GetFederationToken": _federated_user,
    },
    also={
        **given("AssumeRole", Tags="TagSession", SourceIdentity="SetSourceIdentity"),
        **given("GetFederationToken", Tags="TagSession"),
    },
    context={
        "ExternalId": "sts:externalid",
        "RoleSessionName": "sts:rolesessionname",
        "SourceIdentity": "sts:sourceidentity",
    },
    free=("GetCallerIdentity", "GetSessionToken"),
)

_KEY_ID = re.compile(rb"mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _key(parameter: str) -> Resource:
    """Return an extractor for a key that is given by ID, ARN, alias or the ARN of an alias."""

    def find(call: Call) -> str:
        given = call.text(parameter)
        if not given or given.startswith("arn:"):
            return given or EVERYTHING
        return call.arn("kms", given if given.startswith("alias/") else f"key/{given}")

    return find


def _key_of_ciphertext(call: Call) -> str:
    """Return the key whose ID LocalStack's ciphertexts begin with."""
    blob = call.get("CiphertextBlob")
    found = _KEY_ID.match(blob) if isinstance(blob, bytes) else None
    return call.arn("kms", f"key/{found[0].decode()}") if found else EVERYTHING


_key_id = _key("KeyId")
_target = _key("TargetKeyId")
_alias = resource("kms", "{}", "AliasName")


def _re_encrypt(call: Call) -> list[Access]:
    source = first_of(_key("SourceKeyId"), _key_of_ciphertext)(call)
    destination = _key("DestinationKeyId")(call)
    return [Access("kms:ReEncryptFrom", source), Access("kms:ReEncryptTo", destination)]


class Kms(Service):
    """The service, with the condition key for a key that is named by alias: kms:RequestAlias."""

    def on(self, call: Call, action: str, *resources: str) -> list[Access]:
        name = call.text("KeyId").rpartition(":")[2]
        known = {"kms:requestalias": name} if name.startswith("alias/") else {}
        return with_context(super().on(call, action, *resources), known)


KMS = Kms(
    prefix="kms",
    default=_key_id,
    resources={
        "Decrypt": first_of(_key_id, _key_of_ciphertext),
        **on(
            everything,
            "ConnectCustomKeyStore CreateCustomKeyStore CreateKey DeleteCustomKeyStore"
            " DescribeCustomKeyStores DisconnectCustomKeyStore GenerateRandom ListAliases"
            " ListKeys ListRetirableGrants UpdateCustomKeyStore",
        ),
    },
    rules={
        **{
            operation: needs_all("kms", operation, _alias, _target)
            for operation in ("CreateAlias", "DeleteAlias", "UpdateAlias")
        },
        "ReEncrypt": _re_encrypt,
    },
    also=given("CreateKey ReplicateKey", Tags="TagResource"),
)

secret = resource("secretsmanager", "secret:{}", "SecretId")


def _get_batch(call: Call) -> list[Access]:
    """Return the batch's own action, GetSecretValue on each secret, and ListSecrets for filters."""
    found = [Access("secretsmanager:BatchGetSecretValue", EVERYTHING)]
    for arn in each("secretsmanager", "secret:{}", "SecretIdList")(call):
        found.append(Access("secretsmanager:GetSecretValue", arn))
    if call.get("Filters"):
        found.append(Access("secretsmanager:ListSecrets", EVERYTHING))
    return found


def _validate(call: Call) -> list[Access]:
    actions = ("ValidateResourcePolicy", "PutResourcePolicy")
    return [Access(f"secretsmanager:{action}", secret(call)) for action in actions]


SECRETS_MANAGER = Service(
    prefix="secretsmanager",
    default=secret,
    resources={
        **on(everything, "GetRandomPassword ListSecrets"),
        "CreateSecret": resource("secretsmanager", "secret:{}", "Name"),
    },
    rules={"BatchGetSecretValue": _get_batch, "ValidateResourcePolicy": _validate},
    also=given("CreateSecret", Tags="TagResource", AddReplicaRegions="ReplicateSecretToRegions"),
    context={
        "Description": "secretsmanager:description",
        "ForceDeleteWithoutRecovery": "secretsmanager:forcedeletewithoutrecovery",
        "KmsKeyId": "secretsmanager:kmskeyid",
        "Name": "secretsmanager:name",
        "RecoveryWindowInDays": "secretsmanager:recoverywindowindays",
        "RotationLambdaARN": "secretsmanager:rotationlambdaarn",
        "SecretId": "secretsmanager:secretid",
        "VersionId": "secretsmanager:versionid",
        "VersionStage": "secretsmanager:versionstage",
    },
)
