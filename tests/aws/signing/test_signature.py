"""Signatures of AWS's documentation and of botocore are accepted, and no others."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSPreparedRequest, AWSRequest
from botocore.credentials import ReadOnlyCredentials

from helpers.aws.signing.auth_errors import auth_error
from helpers.aws.signing.signature import Fault, Message, Refused, read_signature, verify

KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
DOCUMENTED = datetime(2013, 5, 24, tzinfo=UTC)
NOTHING = hashlib.sha256(b"").hexdigest()


def message(
    method: str, path: str, headers: dict[str, str], body: bytes = b"", query: str = ""
) -> Message:
    listed = {name.lower(): [value] for name, value in headers.items()}
    return Message(method, path, query, listed, lambda: body)


def fault(sent: Message, *, now: datetime | None = None, secret: str = SECRET) -> Fault | None:
    """Return the fault of the signature; None if it is valid."""
    try:
        signature = read_signature(sent)
        if signature is None:
            return Fault.MISSING
        verify(sent, signature, secret, now or signature.signed_at)
    except Refused as refused:
        return refused.fault
    return None


# Of AWS's documentation


def test_the_first_request_of_aws_s_test_suite_is_accepted() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-test-suite.html"""
    signature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
    vanilla = message(
        "GET",
        "/",
        {
            "Host": "example.amazonaws.com",
            "X-Amz-Date": "20150830T123600Z",
            "Authorization": "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/"
            f"aws4_request, SignedHeaders=host;x-amz-date, Signature={signature}",
        },
    )
    assert fault(vanilla, secret="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY") is None


def s3_header(signed: str, signature: str) -> str:
    scope = f"{KEY}/20130524/us-east-1/s3/aws4_request"
    return f"AWS4-HMAC-SHA256 Credential={scope},SignedHeaders={signed},Signature={signature}"


def test_s3s_own_example_of_a_download_is_accepted() -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html"""
    headers = {
        "Host": "examplebucket.s3.amazonaws.com",
        "Range": "bytes=0-9",
        "x-amz-content-sha256": NOTHING,
        "x-amz-date": "20130524T000000Z",
        "Authorization": s3_header(
            "host;range;x-amz-content-sha256;x-amz-date",
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
    }
    assert fault(message("GET", "/test.txt", headers)) is None


PRESIGNED = (
    "X-Amz-Algorithm=AWS4-HMAC-SHA256"
    "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
    "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
    "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
)


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (timedelta(0), None),
        (timedelta(hours=24), None),
        (timedelta(hours=24, seconds=1), Fault.EXPIRED_URL),
        (timedelta(minutes=-16), Fault.SKEWED),
    ],
)
def test_s3s_own_example_of_a_presigned_url_is_valid_for_a_day(
    later: timedelta, expected: Fault | None
) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html"""
    url = message("GET", "/test.txt", {"Host": "examplebucket.s3.amazonaws.com"}, query=PRESIGNED)
    assert fault(url, now=DOCUMENTED + later) is expected


CHUNKS = (
    (65536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"),
    (1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"),
    (0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"),
)


def chunked_upload(body: bytes) -> Message:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html"""
    headers = {
        "Host": "s3.amazonaws.com",
        "x-amz-date": "20130524T000000Z",
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
        "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "Content-Encoding": "aws-chunked",
        "x-amz-decoded-content-length": "66560",
        "Content-Length": "66824",
        "Authorization": s3_header(
            "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;"
            "x-amz-decoded-content-length;x-amz-storage-class",
            "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
        ),
    }
    return message("PUT", "/examplebucket/chunkObject.txt", headers, body)


def in_chunks(letter: bytes = b"a", chunks: Any = CHUNKS) -> bytes:
    return b"".join(
        f"{size:x};chunk-signature={signature}\r\n".encode() + letter * size + b"\r\n"
        for size, signature in chunks
    )


def test_s3s_own_example_of_an_upload_in_signed_chunks_is_accepted() -> None:
    assert fault(chunked_upload(in_chunks())) is None


@pytest.mark.parametrize(
    "body",
    [
        in_chunks(b"b"),
        in_chunks(chunks=CHUNKS[:-1]),
        in_chunks(chunks=(CHUNKS[1], CHUNKS[0], CHUNKS[2])),
        in_chunks()[:-100],
        in_chunks() + b"more",
        b"a" * 66560,
        b"",
    ],
    ids=["other bytes", "no last chunk", "swapped", "cut off", "more behind", "no chunks", "empty"],
)
def test_a_chunk_that_was_changed_dropped_or_added_is_refused(body: bytes) -> None:
    assert fault(chunked_upload(body)) is Fault.MISMATCH


# Of botocore


def signed(service: str, call: Callable[[Any], object], **keys: str) -> Message:
    """Return the request that boto3 would send, without sending it."""
    client = boto3.client(
        service,
        endpoint_url="http://127.0.0.1:4566",
        region_name="us-east-1",
        **{"aws_access_key_id": KEY, "aws_secret_access_key": SECRET} | keys,
    )
    sent: list[AWSPreparedRequest] = []

    def keep(request: AWSPreparedRequest, **_: Any) -> None:
        sent.append(request)
        raise KeyboardInterrupt

    client.meta.events.register("before-send", keep)
    with pytest.raises(KeyboardInterrupt):
        call(client)
    return as_received(sent[0])


def as_received(request: AWSPreparedRequest) -> Message:
    url = urlsplit(request.url)
    body = request.body or b""
    data: bytes = body.read() if hasattr(body, "read") else body
    headers = {"host": [url.netloc]}
    for name, value in request.headers.items():
        headers[name.lower()] = [value.decode() if isinstance(value, bytes) else str(value)]
    data = data.encode() if isinstance(data, str) else data
    return Message(request.method, url.path, url.query, headers, lambda: data)


ODD_KEY = "a folder/ü+%&?#'()*~ .txt"
CALLS: dict[str, tuple[str, Callable[[Any], object]]] = {
    "json": ("dynamodb", lambda aws: aws.list_tables()),
    "query": ("sns", lambda aws: aws.create_topic(Name="topic")),
    "rest-json": ("lambda", lambda aws: aws.invoke(FunctionName="a:b", Payload=b"{}")),
    "an ARN in the path": (
        "lambda",
        lambda aws: aws.list_tags(Resource="arn:aws:lambda:us-east-1:123456789012:function:f"),
    ),
    "an upload": ("s3", lambda aws: aws.put_object(Bucket="b", Key=ODD_KEY, Body=b"bytes")),
    "a download": ("s3", lambda aws: aws.get_object(Bucket="b", Key=ODD_KEY)),
    "a listing": ("s3", lambda aws: aws.list_objects_v2(Bucket="b", Prefix="ü +/")),
    "a sub-resource": ("s3", lambda aws: aws.get_bucket_cors(Bucket="b")),
}


@pytest.mark.parametrize(("service", "call"), CALLS.values(), ids=CALLS)
def test_a_boto3_signature_is_accepted_only_with_the_right_secret(
    service: str, call: Callable[[Any], object]
) -> None:
    sent = signed(service, call)
    assert fault(sent) is None
    assert fault(sent, secret=SECRET + "x") is Fault.MISMATCH


@pytest.mark.parametrize("sent_as", ["a+b%3Dc~", "a%20b%3dc%7E", "a+b=c~"])
def test_a_query_is_verified_by_its_meaning_however_it_is_encoded(sent_as: str) -> None:
    request = AWSRequest("GET", "http://127.0.0.1:4566/", params={"Message": "a b=c~"})
    SigV4Auth(ReadOnlyCredentials(KEY, SECRET, None), "sns", "us-east-1").add_auth(request)
    sent = as_received(request.prepare())
    assert fault(replace(sent, query=f"Message={sent_as}")) is None
    assert fault(replace(sent, query=f"Message={sent_as}%2B")) is Fault.MISMATCH


@pytest.mark.parametrize(("service", "call"), CALLS.values(), ids=CALLS)
def test_no_part_of_a_signed_request_can_be_changed(
    service: str, call: Callable[[Any], object]
) -> None:
    sent = signed(service, call)
    changed = [
        replace(sent, method="DELETE" if sent.method != "DELETE" else "GET"),
        replace(sent, path=sent.path + "x"),
        replace(sent, query=sent.query + "&x=y"),
        replace(sent, body=lambda: b"something else"),
        replace(sent, headers=dict(sent.headers) | {"host": ["evil.example"]}),
        replace(sent, headers=dict(sent.headers) | {"x-amz-date": ["20130524T000000Z"]}),
        replace(sent, headers=dict(sent.headers) | {"x-amz-acl": ["public-read"]}),
        replace(sent, headers=dict(sent.headers) | {"x-amz-security-token": ["stolen"]}),
    ]
    assert all(fault(each, now=datetime.now(UTC)) for each in changed)


@pytest.mark.parametrize(
    ("service", "skew"), [("s3", timedelta(minutes=15)), ("sns", timedelta(minutes=5))]
)
def test_a_signature_is_valid_for_some_minutes(service: str, skew: timedelta) -> None:
    calls: dict[str, Callable[[Any], object]] = {
        "s3": lambda aws: aws.list_buckets(),
        "sns": lambda aws: aws.list_topics(),
    }
    sent = signed(service, calls[service])
    made = read_signature(sent)
    assert made
    for sign in (1, -1):
        assert fault(sent, now=made.signed_at + sign * skew) is None
        late = made.signed_at + sign * (skew + timedelta(seconds=1))
        assert fault(sent, now=late) is Fault.SKEWED


def test_only_s3_accepts_an_unsigned_body() -> None:
    unsigned = {"x-amz-content-sha256": ["UNSIGNED-PAYLOAD"]}
    sent = signed("sns", lambda aws: aws.list_topics())
    assert fault(replace(sent, headers=dict(sent.headers) | unsigned)) is not None


GARBLED = [
    "",
    "AWS4-HMAC-SHA256",
    "AWS AKIAIOSFODNN7EXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=",
    "Bearer token",
    s3_header("host", "x" * 64),
    s3_header("host", "a" * 63),
    s3_header("host", "a" * 64).replace("aws4_request", "aws5_request"),
    s3_header("host", "a" * 64).replace("/us-east-1", ""),
    s3_header("host", "a" * 64) + ", Signature=" + "b" * 64,
]


@pytest.mark.parametrize("header", GARBLED)
def test_a_garbled_header_is_refused_without_a_crash(header: str) -> None:
    sent = message("GET", "/", {"Host": "h", "Authorization": header, "Date": "yesterday"})
    assert fault(sent) is Fault.INCOMPLETE


@pytest.mark.parametrize(
    "change",
    ["X-Amz-Expires=604801", "X-Amz-Expires=-1", "X-Amz-Expires=long", "X-Amz-Date=today"],
)
def test_a_garbled_query_is_refused_without_a_crash(change: str) -> None:
    name = change.partition("=")[0]
    pairs = [pair for pair in PRESIGNED.split("&") if not pair.startswith(name)]
    for query in ("&".join(pairs), "&".join([*pairs, change])):
        assert fault(message("GET", "/", {"Host": "h"}, query=query)) is Fault.INCOMPLETE_QUERY


def test_two_authorization_headers_are_refused() -> None:
    sent = signed("sns", lambda aws: aws.list_topics())
    twice = dict(sent.headers) | {"authorization": list(sent.headers["authorization"]) * 2}
    assert fault(replace(sent, headers=twice)) is Fault.INCOMPLETE


def test_a_path_that_can_be_read_in_two_ways_is_refused() -> None:
    sent = signed("s3", lambda aws: aws.get_object(Bucket="b", Key="k"))
    for path in ("/b/k#x", "/b/k\t", "/b/\xfc"):
        assert fault(replace(sent, path=path)) is Fault.INCOMPLETE


# AWS's errors


@pytest.mark.parametrize(
    ("service", "protocol", "missing", "unknown", "mismatch", "status"),
    [
        ("s3", "rest-xml", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", 403),
        (
            "sns",
            "query",
            "MissingAuthenticationToken",
            "InvalidClientTokenId",
            "SignatureDoesNotMatch",
            403,
        ),
        (
            "lambda",
            "rest-json",
            "MissingAuthenticationTokenException",
            "UnrecognizedClientException",
            "InvalidSignatureException",
            403,
        ),
        (
            "dynamodb",
            "json",
            "MissingAuthenticationTokenException",
            "UnrecognizedClientException",
            "InvalidSignatureException",
            400,
        ),
    ],
)
def test_each_protocol_has_its_own_error_messages(
    service: str, protocol: str, missing: str, unknown: str, mismatch: str, status: int
) -> None:
    faults = {Fault.MISSING: missing, Fault.UNKNOWN_KEY: unknown, Fault.MISMATCH: mismatch}
    for each, code in faults.items():
        error = auth_error(Refused(each), service, protocol)
        assert (error.code, error.status) == (code, status)


def test_a_skewed_clock_is_named() -> None:
    assert auth_error(Refused(Fault.SKEWED), "s3", "rest-xml").code == "RequestTimeTooSkewed"
    words = auth_error(Refused(Fault.SKEWED, "A is earlier than B"), "sns", "query").message
    assert words == "Signature expired: A is earlier than B"
