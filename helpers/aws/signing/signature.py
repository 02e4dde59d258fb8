"""Verify a request's Signature Version 4, as AWS does on its side.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html and
https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html (2026-11-27).
botocore, which signs on the client's side, computes the signature that the request should have.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, quote, unquote_to_bytes

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.compat import HTTPHeaders
from botocore.credentials import ReadOnlyCredentials

from helpers.aws.signing import chunks

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"
TIME = "%Y%m%dT%H%M%SZ"
SKEW = {"s3": timedelta(minutes=15)}
OTHER_SKEW = timedelta(minutes=5)
LONGEST = 7 * 24 * 3600  # seconds for which a URL can be presigned
HASH = re.compile(r"[0-9a-f]{64}")
# The characters allowed in a request line; any other could be read in two ways.
PLAIN = re.compile(r"[!\"$-~]*")
AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256\s+Credential=(?P<credential>[^,\s]+),\s*"
    r"SignedHeaders=(?P<headers>[^,\s]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)
QUERY = (
    *("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature"),
    *("X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Expires"),
)
QUERY_NEEDS_ALL = (
    "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential,"
    " X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
)
BAD_CREDENTIAL = (
    "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting"
    ' "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'
)
# A presigned request may have this header unsigned, since its payload is unsigned anyway.
NEED_NO_SIGNATURE = {"x-amz-content-sha256"}


class Fault(Enum):
    """The reasons to refuse a request's signature."""

    MISSING = "the request is not signed"
    INCOMPLETE = "the signature can't be read"
    INCOMPLETE_QUERY = "the signature in the URL can't be read"
    UNKNOWN_KEY = "the access key does not exist"
    BAD_TOKEN = "the session token is missing or belongs to other credentials"
    EXPIRED_TOKEN = "the temporary credentials have expired"
    MISMATCH = "the request was changed after it was signed, or signed with another secret"
    UNSIGNED_HEADERS = "headers that must be signed are not"
    SKEWED = "the request was signed too long ago, or in the future"
    EXPIRED_URL = "the presigned URL has expired"


class Refused(Exception):
    """The signature is not valid. `detail` is what AWS's message adds, for debugging."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(detail or fault.value)
        self.fault = fault
        self.detail = detail


@dataclass(frozen=True)
class Message:
    """A request as it was received.

    `path` and `query` are percent-encoded, as they were sent; `headers` holds all values of each
    header by its lower-case name; `body` reads the whole body.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, Sequence[str]]
    body: Callable[[], bytes]

    def header(self, name: str) -> str:
        """Return the header's only value; "" if it has none or several."""
        values = self.headers.get(name, ())
        return values[0] if len(values) == 1 else ""


@dataclass(frozen=True)
class Signature:
    """The signature of a request, not yet verified."""

    access_key: str
    scope_date: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    value: str
    signed_at: datetime
    token: str
    lifetime: timedelta | None  # of a presigned URL; None for a signed header

    @property
    def is_presigned(self) -> bool:
        return self.lifetime is not None


def read_signature(message: Message) -> Signature | None:
    """Return the request's signature; None if it is unsigned. Raises Refused if it is garbled."""
    if "authorization" in message.headers:
        return _from_header(message)
    query = dict(parse_qsl(message.query, keep_blank_values=True))
    return _from_query(query) if any(name.startswith("X-Amz-Sig") for name in query) else None


def verify(message: Message, signature: Signature, secret_access_key: str, now: datetime) -> None:
    """Raise Refused unless the secret signed this very request, and not long ago."""
    if not PLAIN.fullmatch(message.path + message.query):
        raise Refused(Fault.INCOMPLETE, "The path is not percent-encoded.")
    _verify_time(signature, now)
    _verify_headers(message, signature)
    declared = _declared_payload(message, signature)
    auth = _signer(signature, secret_access_key)
    request = _request(message, signature, declared)
    canonical = auth.canonical_request(request)
    to_sign = auth.string_to_sign(request, canonical)
    if not hmac.compare_digest(auth.signature(to_sign, request), signature.value):
        raise Refused(Fault.MISMATCH, canonical)
    _verify_payload(message, signature, declared, lambda text: auth.signature(text, request))


# Reading the signature


def _from_header(message: Message) -> Signature:
    found = AUTHORIZATION.fullmatch(message.header("authorization").strip())
    if not found:
        raise Refused(Fault.INCOMPLETE, "The Authorization header is not of Signature Version 4.")
    key, date, region, service = _read_scope(found["credential"])
    return Signature(
        access_key=key,
        scope_date=date,
        region=region,
        service=service,
        signed_headers=tuple(found["headers"].split(";")),
        value=found["signature"],
        signed_at=_time_of(message),
        token=message.header("x-amz-security-token"),
        lifetime=None,
    )


def _from_query(query: Mapping[str, str]) -> Signature:
    if any(name not in query for name in QUERY):
        raise Refused(Fault.INCOMPLETE_QUERY, QUERY_NEEDS_ALL)
    try:
        key, date, region, service = _read_scope(query["X-Amz-Credential"])
    except Refused:
        raise Refused(Fault.INCOMPLETE_QUERY, BAD_CREDENTIAL) from None
    try:
        lifetime = int(query["X-Amz-Expires"])
        if query["X-Amz-Algorithm"] != ALGORITHM or not 0 <= lifetime <= LONGEST:
            raise ValueError("X-Amz-Algorithm or X-Amz-Expires is out of range")
        return Signature(
            access_key=key,
            scope_date=date,
            region=region,
            service=service,
            signed_headers=tuple(query["X-Amz-SignedHeaders"].split(";")),
            value=query["X-Amz-Signature"],
            signed_at=datetime.strptime(query["X-Amz-Date"], TIME).replace(tzinfo=UTC),
            token=query.get("X-Amz-Security-Token", ""),
            lifetime=timedelta(seconds=lifetime),
        )
    except ValueError as error:
        detail = f"Query-string authentication: {error}"
        raise Refused(Fault.INCOMPLETE_QUERY, detail) from None


def _read_scope(credential: str) -> tuple[str, str, str, str]:
    key, *scope = credential.split("/")
    if len(scope) != 4 or scope[3] != "aws4_request" or not all((key, *scope)):
        raise Refused(Fault.INCOMPLETE, "Credential must have five slash-delimited elements.")
    return key, scope[0], scope[1], scope[2]


def _time_of(message: Message) -> datetime:
    try:
        if stamp := message.header("x-amz-date"):
            return datetime.strptime(stamp, TIME).replace(tzinfo=UTC)
        return parsedate_to_datetime(message.header("date")).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        detail = (
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
        )
        raise Refused(Fault.INCOMPLETE, detail) from None


# Verifying it


def _verify_time(signature: Signature, now: datetime) -> None:
    skew = SKEW.get(signature.service, OTHER_SKEW)
    if f"{signature.signed_at:%Y%m%d}" != signature.scope_date:
        raise Refused(Fault.MISMATCH, "Date in Credential scope does not match the request's date.")
    if signature.signed_at - now > skew:
        raise Refused(Fault.SKEWED, f"{signature.signed_at:{TIME}} is later than {now:{TIME}}")
    if signature.lifetime is not None:
        if now > signature.signed_at + signature.lifetime:
            raise Refused(Fault.EXPIRED_URL)
    elif now - signature.signed_at > skew:
        raise Refused(Fault.SKEWED, f"{signature.signed_at:{TIME}} is earlier than {now:{TIME}}")


def _verify_headers(message: Message, signature: Signature) -> None:
    """Raise Refused unless the host and every `x-amz-` header is signed."""
    signed = set(signature.signed_headers)
    needed = {"host", *(name for name in message.headers if name.startswith("x-amz-"))}
    if signature.is_presigned:
        needed -= NEED_NO_SIGNATURE
    if missing := sorted(needed - signed):
        raise Refused(Fault.UNSIGNED_HEADERS, ", ".join(missing))


def _declared_payload(message: Message, signature: Signature) -> str:
    """Return the hash of the body, or the constant in its place, as it was signed."""
    declared = message.header("x-amz-content-sha256")
    if declared and (not signature.is_presigned or HASH.fullmatch(declared)):
        return declared
    if signature.is_presigned and signature.service == "s3":
        return UNSIGNED
    return hashlib.sha256(message.body()).hexdigest()


def _verify_payload(
    message: Message, signature: Signature, declared: str, sign: Callable[[str], str]
) -> None:
    if HASH.fullmatch(declared):
        if not hmac.compare_digest(hashlib.sha256(message.body()).hexdigest(), declared):
            raise Refused(Fault.MISMATCH, "The provided 'x-amz-content-sha256' is not the body's.")
    elif signature.service != "s3":  # only S3 accepts unsigned bodies
        raise Refused(Fault.MISMATCH, f"{declared} is not supported by this service.")
    elif declared in chunks.SIGNED:
        scope = f"{signature.scope_date}/{signature.region}/s3/aws4_request"
        chain = chunks.Chain(f"{signature.signed_at:{TIME}}", scope, signature.value, sign)
        if not chunks.verify(message.body(), message.headers, chain):
            raise Refused(Fault.MISMATCH, "The signature of a chunk does not match.")
    elif declared not in (UNSIGNED, chunks.UNSIGNED_TRAILER):
        raise Refused(Fault.MISMATCH, f"x-amz-content-sha256 can't be {declared}.")


# Computing the signature that it should have


class _AsSigned:
    """Makes botocore's signer follow the choices of the client."""

    def headers_to_sign(self, request: Any) -> Any:
        return request.headers

    def payload(self, request: Any) -> str:
        return str(request.declared)


class _Signer(_AsSigned, SigV4Auth):  # type: ignore[misc]
    pass


class _S3Signer(_AsSigned, S3SigV4Auth):  # type: ignore[misc]
    pass


def _signer(signature: Signature, secret_access_key: str) -> Any:
    credentials = ReadOnlyCredentials(signature.access_key, secret_access_key, None)
    make = _S3Signer if signature.service == "s3" else _Signer
    return make(credentials, signature.service, signature.region)


def _request(message: Message, signature: Signature, declared: str) -> Any:
    """Return the request as botocore's signer takes it, with only the signed headers."""
    headers = HTTPHeaders()
    for name in signature.signed_headers:
        for value in message.headers.get(name, ()):
            headers[name] = value
    query = [_encoded(pair) for pair in message.query.split("&")]
    if signature.is_presigned:
        query = [pair for pair in query if not pair.startswith("X-Amz-Signature=")]
    return SimpleNamespace(
        method=message.method,
        url=f"http://host{message.path}?{'&'.join(query)}",
        params=None,
        headers=headers,
        declared=declared,
        context={"timestamp": f"{signature.signed_at:{TIME}}"},
    )


def _encoded(pair: str) -> str:
    """Return "name=value" as it is signed, however it was sent: a space may come as "+"."""
    parts = pair.split("=", 1)
    return "=".join(quote(unquote_to_bytes(part.replace("+", " ")), "-_.~") for part in parts)
