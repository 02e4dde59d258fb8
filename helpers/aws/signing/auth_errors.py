"""AWS's errors for requests whose signature is not valid, protocol by protocol.

https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html and
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (2026-11-27)
"""

from dataclasses import dataclass

from helpers.aws.signing.signature import Fault, Refused

NO_MATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS "
    "Secret Access Key and signing method. Consult the service documentation for details."
)
S3_NO_MATCH = (
    "The request signature we calculated does not match the signature you provided. Check your key "
    "and signing method."
)
BAD_TOKEN = "The security token included in the request is invalid."
EXPIRED = "The security token included in the request is expired"


@dataclass(frozen=True)
class AuthError:
    """AWS's error: its code, its message and the HTTP status."""

    code: str
    message: str
    status: int = 403


# The errors of S3, then of services with a JSON protocol, then of older services with XML.
S3 = {
    Fault.MISSING: AuthError("AccessDenied", "Access Denied"),
    Fault.INCOMPLETE: AuthError("AuthorizationHeaderMalformed", "{detail}", 400),
    Fault.INCOMPLETE_QUERY: AuthError("AuthorizationQueryParametersError", "{detail}", 400),
    Fault.UNKNOWN_KEY: AuthError(
        "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."
    ),
    Fault.BAD_TOKEN: AuthError(
        "InvalidToken", "The provided token is malformed or otherwise invalid.", 400
    ),
    Fault.EXPIRED_TOKEN: AuthError("ExpiredToken", "The provided token has expired.", 400),
    Fault.MISMATCH: AuthError("SignatureDoesNotMatch", S3_NO_MATCH),
    Fault.UNSIGNED_HEADERS: AuthError(
        "AccessDenied", "There were headers present in the request which were not signed"
    ),
    Fault.SKEWED: AuthError(
        "RequestTimeTooSkewed",
        "The difference between the request time and the current time is too large.",
    ),
    Fault.EXPIRED_URL: AuthError("AccessDenied", "Request has expired"),
}
JSON = {
    Fault.MISSING: AuthError("MissingAuthenticationTokenException", "Missing Authentication Token"),
    Fault.INCOMPLETE: AuthError("IncompleteSignatureException", "{detail}", 400),
    Fault.INCOMPLETE_QUERY: AuthError("IncompleteSignatureException", "{detail}", 400),
    Fault.UNKNOWN_KEY: AuthError("UnrecognizedClientException", BAD_TOKEN),
    Fault.BAD_TOKEN: AuthError("UnrecognizedClientException", BAD_TOKEN),
    Fault.EXPIRED_TOKEN: AuthError("ExpiredTokenException", EXPIRED),
    Fault.MISMATCH: AuthError("InvalidSignatureException", NO_MATCH),
    Fault.UNSIGNED_HEADERS: AuthError(
        "InvalidSignatureException", "These headers must be signed: {detail}"
    ),
    Fault.SKEWED: AuthError("InvalidSignatureException", "Signature expired: {detail}"),
    Fault.EXPIRED_URL: AuthError("InvalidSignatureException", "Signature expired: {detail}"),
}
XML = {
    Fault.MISSING: AuthError(
        "MissingAuthenticationToken", "Request is missing Authentication Token"
    ),
    Fault.INCOMPLETE: AuthError("IncompleteSignature", "{detail}", 400),
    Fault.INCOMPLETE_QUERY: AuthError("IncompleteSignature", "{detail}", 400),
    Fault.UNKNOWN_KEY: AuthError("InvalidClientTokenId", BAD_TOKEN),
    Fault.BAD_TOKEN: AuthError("InvalidClientTokenId", BAD_TOKEN),
    Fault.EXPIRED_TOKEN: AuthError("ExpiredToken", EXPIRED),
    Fault.MISMATCH: AuthError("SignatureDoesNotMatch", NO_MATCH),
    Fault.UNSIGNED_HEADERS: AuthError(
        "SignatureDoesNotMatch", "These headers must be signed: {detail}"
    ),
    Fault.SKEWED: AuthError("SignatureDoesNotMatch", "Signature expired: {detail}"),
    Fault.EXPIRED_URL: AuthError("SignatureDoesNotMatch", "Signature expired: {detail}"),
}
SPEAK_XML = {"query", "ec2", "rest-xml"}
# These protocols have status 400 where others have 403.
ALWAYS_400 = {"json", "smithy-rpc-v2-cbor"}


def auth_error(refused: Refused, service: str, protocol: str | None) -> AuthError:
    """Return AWS's error for that refusal; `service` and `protocol` are botocore's names."""
    if service == "s3":
        error = S3[refused.fault]
    else:
        error = (XML if protocol in SPEAK_XML else JSON)[refused.fault]
    status = 400 if protocol in ALWAYS_400 else error.status
    detail = "" if refused.fault is Fault.MISMATCH else refused.detail
    return AuthError(error.code, error.message.format(detail=detail), status)
