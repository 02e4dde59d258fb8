"""A request from outside the engine, and who signed it, if anybody did."""

from datetime import UTC, datetime
from functools import cached_property
from io import BytesIO

from localstack.http import Request

from helpers.aws.iam.authorization import Caller
from helpers.aws.signing.signature import Fault, Message, Refused, Signature, read_signature, verify
from helpers.engine.gateway.credentials import Credentials, find_credentials

ANONYMOUS = Caller(account="")
ENVIRON = "lab.visitor"  # the key of a request's visitor in its WSGI environment


class Visitor:
    """Whoever sent a request. The signature is read and verified at most once."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._presigned: Credentials | None = None

    @cached_property
    def signature(self) -> Signature | None:
        """The signature as the request states it. Raises Refused if it can't be read."""
        return read_signature(self._message)

    @cached_property
    def credentials(self) -> Credentials | None:
        """The verified credentials; None if the request is unsigned. Raises Refused."""
        if self.signature is None:
            return self._presigned
        found = credentials_of(self.signature.access_key, self.signature.token)
        verify(self._message, self.signature, found.secret_access_key, datetime.now(UTC))
        return found

    @property
    def is_presigned(self) -> bool:
        """True if the signature is in the URL or in a form, and not in a header."""
        return self.signature is None or self.signature.is_presigned

    @property
    def signed_for(self) -> str:
        """The service that the signature is for, "" if there is none. Raises Refused."""
        return self.signature.service if self.signature else ""

    @property
    def caller(self) -> Caller:
        """The caller; ANONYMOUS if the request is unsigned. Raises Refused."""
        return self.credentials.caller if self.credentials else ANONYMOUS

    def owned_account(self) -> str:
        """Return the account whose owner calls; "" for any other caller, or a wrong signature."""
        try:
            caller = self.caller
        except Refused:
            return ""
        return caller.account if caller.is_root else ""

    def accept(self, credentials: Credentials) -> None:
        """Set the credentials of a request whose signature only its service can read."""
        self._presigned = credentials
        self.__dict__.pop("credentials", None)

    @cached_property
    def _message(self) -> Message:
        path, _, query = str(self._request.environ["RAW_URI"]).partition("?")
        headers: dict[str, list[str]] = {}
        for name, value in self._request.environ["rolo.headers"]:
            headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        return Message(self._request.method, path, query, headers, lambda: self._body)

    @cached_property
    def _body(self) -> bytes:
        """The whole body; whoever serves the request can read it again."""
        body: bytes = self._request.environ["wsgi.input"].read()
        self._request.environ["wsgi.input"] = BytesIO(body)
        return body


def credentials_of(access_key: str, token: str) -> Credentials:
    """Return the credentials of an access key ID. Raises Refused if they can't be used."""
    found = find_credentials(access_key)
    if found is None:
        raise Refused(Fault.UNKNOWN_KEY)
    if found.token != token:
        raise Refused(Fault.BAD_TOKEN)
    if found.has_expired:
        raise Refused(Fault.EXPIRED_TOKEN)
    return found


def visitor_of(request: Request) -> Visitor | None:
    """Return the visitor who sent a request; None for the engine's own calls."""
    visitor: Visitor | None = request.environ.get(ENVIRON)
    return visitor
