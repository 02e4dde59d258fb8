"""Bodies sent to S3 in chunks, each signed together with the previous one.

    400;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\\r\\n
    <1,024 bytes>\\r\\n
    0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\\r\\n
    x-amz-checksum-crc32c:sOO8/Q==\\n\\r\\n
    x-amz-trailer-signature:63bddb248ad2590c92712055f51b8e78ab024eead08276b24f010b0efd74843f\\r\\n

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html (2026-11-27)
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

SIGNED = {"STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"}
UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
HEAD = re.compile(rb"([0-9a-fA-F]{1,8});chunk-signature=([0-9a-f]{64})\r\n")
TRAILER = re.compile(rb"(.*?)x-amz-trailer-signature:([0-9a-f]{64})\s*\Z", re.DOTALL)
NOTHING = hashlib.sha256(b"").hexdigest()


@dataclass
class Chain:
    """Signs one chunk after another; `signature` is the latest, at first the request's own.

    `time` and `scope` are the request's; `sign` signs a string with the request's key.
    """

    time: str
    scope: str
    signature: str
    sign: Callable[[str], str]

    def fits(self, given: bytes, kind: str, *hashes: str) -> bool:
        """Return whether the next chunk has this signature."""
        algorithm = f"AWS4-HMAC-SHA256-{kind}"
        text = "\n".join((algorithm, self.time, self.scope, self.signature, *hashes))
        self.signature = self.sign(text)
        return hmac.compare_digest(self.signature.encode(), given)


def verify(body: bytes, headers: Mapping[str, Sequence[str]], chain: Chain) -> bool:
    """Return whether the body is complete and the signatures of its chunks form one chain."""
    position, size = 0, -1
    while size != 0:
        head = HEAD.match(body, position)
        if not head:
            return False
        size = int(head[1], 16)
        data = body[head.end() : head.end() + size]
        if len(data) != size:
            return False
        if not chain.fits(head[2], "PAYLOAD", NOTHING, hashlib.sha256(data).hexdigest()):
            return False
        position = head.end() + size + (2 if size else 0)  # a line break, but not after the last
    return _verify_trailer(body[position:], "x-amz-trailer" in headers, chain)


def _verify_trailer(rest: bytes, is_expected: bool, chain: Chain) -> bool:
    if not is_expected:
        return not rest.strip()
    trailer = TRAILER.fullmatch(rest)
    if not trailer:
        return False
    lines = sorted(line.strip() for line in trailer[1].splitlines() if line.strip())
    canonical = b"".join(line + b"\n" for line in lines)
    return chain.fits(trailer[2], "TRAILER", hashlib.sha256(canonical).hexdigest())
