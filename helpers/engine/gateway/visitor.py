"""One request from outside the engine: who signed it, if anybody did."""

from datetime import UTC, datetime
from functools import cached_property
from io import BytesIO

from localstack.http import Request

from helpers.aws.iam.authorization import Caller
from helpers.aws.signing.signature import Fault, Message, Refused, Signature, read_signature, verify
from helpers.engine.gateway.credentials import Credentials, find_credentials

ANONYMOUS = Caller(account="")
ENVIRON = "lab.visitor"  # where a request bears its visitor


class Visitor:
    """Reads the signature when somebody asks for it, and once only."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._presigned: Credentials | None = None

    @cached_property
    def signature(self) -> Signature | None:
        """What the request claims. Raises Refused where that can't be read."""
        return read_signature(self._message)

    @cached_property
    def credentials(self) -> Credentials | None:
        """Whose signature the request bears, verified; None if it is unsigned. Raises Refused."""
        if self.signature is None:
            return self._presigned
        found = credentials_of(self.signature.access_key, self.signature.token)
        verify(self._message, self.signature, found.secret_access_key, datetime.now(UTC))
        return found

    @property
    def is_presigned(self) -> bool:
        """Whether the signature stands in the URL or in a form, and not in a header."""
        return self.signature is None or self.signature.is_presigned

    @property
    def signed_for(self) -> str:
        """The service that the signature is good for, "" if there is none. Raises Refused."""
        return self.signature.service if self.signature else ""

    @property
    def caller(self) -> Caller:
        """Who calls; ANONYMOUS where nobody has signed. Raises Refused."""
        return self.credentials.caller if self.credentials else ANONYMOUS

    def owned_account(self) -> str:
        """The account whose owner calls, "" if it is anybody else, or the signature is wrong."""
        try:
            caller = self.caller
        except Refused:
            return ""
        return caller.account if caller.is_root else ""

    def accept(self, credentials: Credentials) -> None:
        """Use these credentials: the request is signed in a way that only its service can read."""
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
        """The whole body, which whoever serves the request finds unread."""
        body: bytes = self._request.environ["wsgi.input"].read()
        self._request.environ["wsgi.input"] = BytesIO(body)
        return body


def credentials_of(access_key: str, token: str) -> Credentials:
    """Return the credentials of that access key. Raises Refused if they can't be used."""
    found = find_credentials(access_key)
    if found is None:
        raise Refused(Fault.UNKNOWN_KEY)
    if found.token != token:
        raise Refused(Fault.BAD_TOKEN)
    if found.has_expired:
        raise Refused(Fault.EXPIRED_TOKEN)
    return found


def visitor_of(request: Request) -> Visitor | None:
    """The visitor that a request from outside bears; None for the engine's own calls."""
    visitor: Visitor | None = request.environ.get(ENVIRON)
    return visitor
