"""Whose access keys there are: accounts' own, users' and those of assumed roles.

An account's access key is its number, twelve digits. Its secret is derived from the engine's own
secret, so every account works without a list, and whoever has one account's key opens no other.
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
OF_A_USER = ("AKIA", "LKIA")  # how a user's access key begins, on AWS and in LocalStack
ONE_SESSION_ONLY = "Cannot call GetSessionToken with session credentials"
SECRET_BYTES = 30  # 40 characters, as AWS's have
MOST_SESSIONS = 20_000  # an engine that has assumed more roles forgets the oldest


@dataclass(frozen=True)
class Credentials:
    """An access key: whose it is, and what verifies its signatures."""

    caller: Caller
    secret_access_key: str
    token: str = ""
    expires: datetime | None = None
    session_policy: str | None = None

    @property
    def has_expired(self) -> bool:
        return self.expires is not None and datetime.now(UTC) > self.expires


class Sessions:
    """The sessions of assumed roles and of users, by access key."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[str, Credentials] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, role: AssumedRole) -> None:
        session = Credentials(
            caller=Caller(account=role.account_id, arn=role.arn, role_arn=role.role_arn),
            secret_access_key=role.secret_access_key,
            token=role.session_token,
            expires=role.expiration.replace(tzinfo=UTC),
            session_policy=role.policy or None,
        )
        self.keep(role.access_key_id, session)

    def keep(self, access_key: str, session: Credentials) -> None:
        with self._lock:
            self._sessions[access_key] = session
            if len(self._sessions) > MOST_SESSIONS:
                self._sessions.popitem(last=False)

    def get(self, access_key: str) -> Credentials | None:
        return self._sessions.get(access_key)


SESSIONS = Sessions()


def install() -> None:
    patch(STSBackend.assume_role)(_remember)
    patch(TokenResponse.get_session_token)(_of_the_caller)
    patch(STSBackend.get_caller_identity)(_identify)
    patch(InternalClientFactory.get_client)(_with_secret)
    SECRET.read()
    # with it Lambda presigns the URLs from which a function's code can be fetched
    lambda_models.INTERNAL_AWS_SECRET_ACCESS_KEY = SECRET.of(config.INTERNAL_RESOURCE_ACCOUNT)


def find_credentials(access_key: str) -> Credentials | None:
    """Return what is known of that access key, None if it is nobody's."""
    if ACCOUNT.fullmatch(access_key):
        return account_credentials(access_key)
    return find_temporary_or_user_credentials(access_key)


def find_temporary_or_user_credentials(access_key: str) -> Credentials | None:
    """Return what is known of an access key that is no account's own, None if it is nobody's."""
    return SESSIONS.get(access_key) or _user_credentials(access_key)


def account_credentials(account: str) -> Credentials:
    """The account's own, with which its owner may do everything in it, as a root user may."""
    root = Caller(account=account, arn=f"arn:{PARTITION}:iam::{account}:root")
    return Credentials(root, SECRET.of(account))


class _EngineSecret:
    """The secret that lies in the engine's home, read once."""

    def read(self) -> None:
        self._secret = engine_secret(Path(os.environ[RECORD]).parent)

    def of(self, access_key: str) -> str:
        return secret_access_key(self._secret, access_key)


SECRET = _EngineSecret()


def _user_credentials(access_key: str) -> Credentials | None:
    """The credentials of an IAM user; none if the key is inactive."""
    if not access_key.startswith(OF_A_USER):
        return None
    account = get_account_id_from_access_key_id(access_key)
    if account not in iam_backends:  # to ask for it would make it
        return None
    backend = iam_backends[account][PARTITION]
    key = backend.access_keys.get(access_key)
    if key is None or key.status != "Active" or key.user_name is None:
        return None
    user = backend.users.get(key.user_name)
    if user is None:
        return None
    return Credentials(Caller(account=account, arn=user.arn), key.secret_access_key)


def _with_secret(
    get: Any, factory: InternalClientFactory, service_name: str, *more: Any, **named: Any
) -> Any:
    """For the URLs that services presign; what they call themselves is not verified."""
    access_key = named.get("aws_access_key_id") or ""
    if ACCOUNT.fullmatch(access_key) and not named.get("aws_secret_access_key"):
        named["aws_secret_access_key"] = SECRET.of(access_key)
    return get(factory, service_name, *more, **named)


def _of_the_caller(get: Any, request: TokenResponse) -> Any:
    """Give temporary credentials of whoever asks; moto gives all the same, which are nobody's."""
    asker = find_credentials(extract_access_key_id_from_auth_header(request.headers) or "")
    if asker is not None and asker.token:
        raise CommonServiceException("AccessDenied", ONE_SESSION_ONLY, 403, sender_fault=True)
    answer = get(request)
    given = answer.result["Credentials"]
    if asker is not None:
        account = asker.caller.account
        given["AccessKeyId"] = generate_access_key_id_from_account_id(account, "LSIA")
        given["SecretAccessKey"] = secrets.token_urlsafe(SECRET_BYTES)
        given["SessionToken"] = random_session_token()
        session = Credentials(
            caller=asker.caller,
            secret_access_key=given["SecretAccessKey"],
            token=given["SessionToken"],
            expires=given["Expiration"].replace(tzinfo=UTC),
        )
        SESSIONS.keep(given["AccessKeyId"], session)
    return answer


def _identify(identify: Any, backend: STSBackend, access_key: str, region: str) -> Any:
    """GetCallerIdentity: who is behind a session is for the user's own key to say."""
    found = SESSIONS.get(access_key)
    if found is not None and not found.caller.role_arn:
        users = iam_backends[found.caller.account][PARTITION].users.values()
        user = next((user for user in users if user.arn == found.caller.arn), None)
        if user is not None:
            return user.id, user.arn, found.caller.account
    return identify(backend, access_key, region)


def _remember(assume: Any, backend: STSBackend, *arguments: Any, **named: Any) -> AssumedRole:
    role: AssumedRole = assume(backend, *arguments, **named)
    SESSIONS.add(role)
    return role
