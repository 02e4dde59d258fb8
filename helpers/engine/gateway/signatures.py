"""Requests from outside to AWS's API must be signed: the steps of LocalStack's chain for that."""

import base64
import hashlib
import hmac
from contextlib import suppress

from botocore.auth import SigV4Auth
from botocore.credentials import ReadOnlyCredentials
from localstack.aws import handlers
from localstack.aws.api import CommonServiceException, RequestContext, ServiceException, s3
from localstack.aws.chain import HandlerChain
from localstack.http import Request, Response
from localstack.services.s3 import presigned_url

from helpers.aws.signing.auth_errors import auth_error
from helpers.aws.signing.signature import Fault, Refused
from helpers.engine.gateway.credentials import find_credentials
from helpers.engine.gateway.visitor import Visitor, credentials_of, visitor_of

OTHER_SERVICE = "Credential should be scoped to correct service: '{service}'."
FORM = "multipart/form-data"


def install() -> None:
    presigned_url.get_secret_access_key_from_access_key_id = _find_secret


def require_signature(chain: HandlerChain, context: RequestContext, response: Response) -> None:
    """Raise the service's own error if a request from outside isn't signed, or wrongly.

    Unsigned requests to S3 go on, since objects may be public.
    """
    visitor = visitor_of(context.request)
    if visitor is None:
        return
    try:
        # First, since an unsigned request need not even be well-formed.
        is_signed = visitor.credentials is not None
        handlers.parse_service_name(chain, context, response)
        service = context.service
        if service is not None and service.service_name == "s3" and not is_signed:
            _read_s3_signature(context, visitor)
        elif not is_signed:
            raise Refused(Fault.MISSING)
        elif service is not None and visitor.signed_for != service.signing_name:
            raise Refused(Fault.MISMATCH, OTHER_SERVICE.format(service=service.signing_name))
    except Refused as refused:
        with suppress(Exception):  # a request may be malformed in any way
            handlers.parse_service_name(chain, context, response)
        if context.service is None or context.protocol is None:
            chain.respond(403, {"message": "Missing Authentication Token"})
        else:
            raise _service_error(context, refused) from None


def set_account(chain: HandlerChain, context: RequestContext, response: Response) -> None:
    """Set the caller's account, also for presigned requests; LocalStack reads the header only."""
    visitor = visitor_of(context.request)
    if visitor is not None and visitor.caller.account:
        context.account_id = visitor.caller.account
        context.request.headers["x-moto-account-id"] = visitor.caller.account


def _service_error(context: RequestContext, refused: Refused) -> ServiceException:
    if context.operation is None:  # any will do, their errors have the same format
        context.operation = context.service.operation_model(context.service.operation_names[0])
    service = context.service.service_name
    error = auth_error(refused, service, context.protocol)
    if service != "s3":
        return CommonServiceException(error.code, error.message, error.status, sender_fault=True)
    kind: type[ServiceException] | None = getattr(s3, error.code, None)
    if kind is None:
        return CommonServiceException(error.code, error.message, error.status)
    return kind(error.message, HostId=presigned_url.FAKE_HOST_ID)


# S3's own ways of being signed


def _read_s3_signature(context: RequestContext, visitor: Visitor) -> None:
    """Read what only S3 accepts: URLs presigned with Signature Version 2, and browsers' forms.

    LocalStack verifies the former in a later step.
    """
    request = context.request
    if "AWSAccessKeyId" in request.args:
        token = request.args.get("x-amz-security-token", "")
        visitor.accept(credentials_of(request.args["AWSAccessKeyId"], token))
    elif request.method == "POST" and (request.mimetype or "") == FORM:
        context.operation = context.service.operation_model("PostObject")
        _verify_form(request, visitor)


def _verify_form(request: Request, visitor: Visitor) -> None:
    """Verify the signature of the form's policy; the service applies the policy to the form.

    Raises S3's own errors for missing fields, and for a signature that doesn't match.
    """
    form = {name.lower(): value for name, value in request.form.items()}
    policy = form.get("policy", "")
    credential = form.get("x-amz-credential", "").split("/")
    access_key = form.get("awsaccesskeyid") or credential[0]
    if not (policy or access_key):
        return  # an anonymous form, for buckets to which everybody may write
    for fields in presigned_url.SIGNATURE_V4_POST_FIELDS, presigned_url.SIGNATURE_V2_POST_FIELDS:
        presigned_url._is_match_with_signature_fields(form, fields)
    if not access_key:
        raise Refused(Fault.MISSING)
    credentials = credentials_of(access_key, form.get("x-amz-security-token", ""))
    secret = credentials.secret_access_key
    if "signature" in form:
        digest = hmac.digest(secret.encode(), policy.encode(), hashlib.sha1)
        given, expected = form["signature"], base64.b64encode(digest).decode()
    elif len(credential) == 5:
        given, expected = form.get("x-amz-signature", ""), _signature_v4(secret, credential, policy)
    else:
        raise Refused(Fault.MISSING)
    if not policy or not hmac.compare_digest(given.encode(), expected.encode()):
        raise presigned_url.create_signature_does_not_match_sig_v2(given, policy, access_key)
    visitor.accept(credentials)


def _signature_v4(secret: str, credential: list[str], policy: str) -> str:
    key, date, region, service, _ = credential
    signer = SigV4Auth(ReadOnlyCredentials(key, secret, None), service, region)
    request = Request("POST", "/")
    request.context = {"timestamp": date}
    return str(signer.signature(policy, request))


def _find_secret(access_key_id: str, region: str) -> str | None:
    """Return the secret with which LocalStack verifies presigned URLs, None if there is none."""
    credentials = find_credentials(access_key_id)
    return credentials.secret_access_key if credentials else None
