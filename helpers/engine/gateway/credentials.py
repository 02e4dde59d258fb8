"""The access keys of accounts, of IAM users and of assumed roles.

An account's access key ID is its number, twelve digits. Its secret access key is derived from the
engine's own secret, so every account exists without being listed, and the key of one account is of
no use in another.
"""

import os
import re
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from localstack import config
from localstack.aws.accounts import get_account_id_from_access_key_id
from localstack.aws.api import CommonServiceException
from localstack.aws.connect import InternalClientFactory
from localstack.services.lambda_.invocation import lambda_models
from localstack.utils.aws.request_context import extract_access_key_id_from_auth_header
from localstack.utils.patch import patch
from moto.iam.models import iam_backends
from moto.iam.utils import generate_access_key_id_from_account_id
from moto.sts.models import AssumedRole, STSBackend
from moto.sts.responses import TokenResponse
from moto.sts.utils import random_session_token

from helpers.aws.iam.authorization import Caller
from helpers.engine.lifetime.secret import engine_secret, secret_access_key
from helpers.engine.settings import RECORD

ACCOUNT = re.compile(r"\d{12}")
PARTITION = "aws"
USER_PREFIXES = ("AKIA", "LKIA")  # of access key IDs, on AWS and in LocalStack
NO_NESTED_SESSIONS = "Cannot call GetSessionToken with session credentials"
SECRET_BYTES = 30  # 40 characters, as AWS's have
MAX_SESSIONS = 20_000  # after which the oldest are forgotten


@dataclass(frozen=True)
class Credentials:
    """An access key: whose it is, and the secret that verifies its signatures."""

    caller: Caller
    secret_access_key: str
    token: str = ""
    expires: datetime | None = None
    session_policy: str | None = None

    @property
    def has_expired(self) -> bool:
        return self.expires is not None and datetime.now(UTC) > self.expires


class Sessions:
    """The sessions of assumed roles and of users, by access key ID."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[str, Credentials] = OrderedDict()
        self._lock = threading.Lock()

    def add_role(self, role: AssumedRole) -> None:
        session = Credentials(
            caller=Caller(account=role.account_id, arn=role.arn, role_arn=role.role_arn),
            secret_access_key=role.secret_access_key,
            token=role.session_token,
            expires=role.expiration.replace(tzinfo=UTC),
            session_policy=role.policy or None,
        )
        self.add(role.access_key_id, session)

    def add(self, access_key: str, session: Credentials) -> None:
        with self._lock:
            self._sessions[access_key] = session
            if len(self._sessions) > MAX_SESSIONS:
                self._sessions.popitem(last=False)

    def get(self, access_key: str) -> Credentials | None:
        return self._sessions.get(access_key)


SESSIONS = Sessions()


def install() -> None:
    patch(STSBackend.assume_role)(_assume_role)
    patch(TokenResponse.get_session_token)(_get_session_token)
    patch(STSBackend.get_caller_identity)(_get_caller_identity)
    patch(InternalClientFactory.get_client)(_get_client_with_secret)
    SECRET.read()
    # Lambda presigns the URLs of functions' code with it.
    lambda_models.INTERNAL_AWS_SECRET_ACCESS_KEY = SECRET.of(config.INTERNAL_RESOURCE_ACCOUNT)


def find_credentials(access_key: str) -> Credentials | None:
    """Return the credentials of an access key ID, None if it doesn't exist."""
    if ACCOUNT.fullmatch(access_key):
        return account_credentials(access_key)
    return find_temporary_or_user_credentials(access_key)


def find_temporary_or_user_credentials(access_key: str) -> Credentials | None:
    """Return the credentials of a role's session or an IAM user, None if they don't exist."""
    return SESSIONS.get(access_key) or _user_credentials(access_key)


def account_credentials(account: str) -> Credentials:
    """Return those of the account's owner, who may do everything in it, like a root user."""
    root = Caller(account=account, arn=f"arn:{PARTITION}:iam::{account}:root")
    return Credentials(root, SECRET.of(account))


class _EngineSecret:
    """The secret in the engine's home, read once."""

    def read(self) -> None:
        self._secret = engine_secret(Path(os.environ[RECORD]).parent)

    def of(self, access_key: str) -> str:
        """Return the secret access key that belongs to an access key ID."""
        return secret_access_key(self._secret, access_key)


SECRET = _EngineSecret()


def _user_credentials(access_key: str) -> Credentials | None:
    """Return the credentials of an IAM user, None if the key is inactive."""
    if not access_key.startswith(USER_PREFIXES):
        return None
    account = get_account_id_from_access_key_id(access_key)
    if account not in iam_backends:  # looking it up would create it
        return None
    backend = iam_backends[account][PARTITION]
    key = backend.access_keys.get(access_key)
    if key is None or key.status != "Active" or key.user_name is None:
        return None
    user = backend.users.get(key.user_name)
    if user is None:
        return None
    return Credentials(Caller(account=account, arn=user.arn), key.secret_access_key)


def _get_client_with_secret(
    get: Any, factory: InternalClientFactory, service_name: str, *more: Any, **named: Any
) -> Any:
    """Return a client whose presigned URLs are valid; calls between services are not verified."""
    access_key = named.get("aws_access_key_id") or ""
    if ACCOUNT.fullmatch(access_key) and not named.get("aws_secret_access_key"):
        named["aws_secret_access_key"] = SECRET.of(access_key)
    return get(factory, service_name, *more, **named)


def _get_session_token(get: Any, request: TokenResponse) -> Any:
    """Return temporary credentials of the caller; moto's are the same for all, and nobody's."""
    caller = find_credentials(extract_access_key_id_from_auth_header(request.headers) or "")
    if caller is not None and caller.token:
        raise CommonServiceException("AccessDenied", NO_NESTED_SESSIONS, 403, sender_fault=True)
    response = get(request)
    given = response.result["Credentials"]
    if caller is not None:
        account = caller.caller.account
        given["AccessKeyId"] = generate_access_key_id_from_account_id(account, "LSIA")
        given["SecretAccessKey"] = secrets.token_urlsafe(SECRET_BYTES)
        given["SessionToken"] = random_session_token()
        session = Credentials(
            caller=caller.caller,
            secret_access_key=given["SecretAccessKey"],
            token=given["SessionToken"],
            expires=given["Expiration"].replace(tzinfo=UTC),
        )
        SESSIONS.add(given["AccessKeyId"], session)
    return response


def _get_caller_identity(identify: Any, backend: STSBackend, access_key: str, region: str) -> Any:
    """Return the user behind a session; moto knows users by their own keys only."""
    found = SESSIONS.get(access_key)
    if found is not None and not found.caller.role_arn:
        users = iam_backends[found.caller.account][PARTITION].users.values()
        user = next((user for user in users if user.arn == found.caller.arn), None)
        if user is not None:
            return user.id, user.arn, found.caller.account
    return identify(backend, access_key, region)


def _assume_role(assume: Any, backend: STSBackend, *arguments: Any, **named: Any) -> AssumedRole:
    role: AssumedRole = assume(backend, *arguments, **named)
    SESSIONS.add_role(role)
    return role
