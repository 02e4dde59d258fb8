"""What signature and second-sender share: honest deliveries are accepted, and forgeries refused."""

import ast
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from helpers.checks import Diagnosis, Link, Probe, require
from helpers.labs.webhooks.scene import require_answered
from helpers.labs.webhooks.senders import Delivery, Sender


class Signing(Diagnosis):
    PARSED = Link.CODE("""
        Honest deliveries are refused, but one that was signed over the body parsed and written
        again was accepted. Sign the body as it came: the bytes in `body`.""")
    GUESSED = Link.CODE("""
        Your receiver answers {status} to a delivery that was signed with a guessed secret. Compare
        what you have calculated with the signature that came.""")
    UNSIGNED = Link.CODE("Your receiver accepts a delivery without any signature.")
    TAMPERED = Link.CODE("""
        Your receiver accepts a delivery whose body was changed after it was signed. The whole body
        has to be part of what you sign.""")
    SHORTENED = Link.CODE("""
        Your receiver accepts a delivery with the first eight digits of its signature. All of them
        have to be there: eight can be guessed.""")
    NOT_REFUSED = Link.CODE("""
        A delivery {what} got the answer {status}, as if something had broken, and a sender would
        try again. `is_genuine` should return False there, not raise.""")
    NOT_CONSTANT = Link.CODE("""
        Your answers are right. But the more of a signature is right, the longer the comparison in
        `{file}` takes, which tells a forger one character after another. Use
        `hmac.compare_digest(one, other)` in place of `==`.""")


@dataclass(frozen=True)
class Forgery:
    """What is sent in the place of an honest delivery, and the diagnosis if it is accepted."""

    what: str
    accepted: Diagnosis
    signature: str | None
    body: bytes


def forgeries(sender: Sender, delivery: Delivery, old: bytes, new: bytes) -> Iterator[Forgery]:
    """Yield the delivery as forgers would send it; one of them changes `old` in its body."""
    body, moment = delivery.body, time.time()
    right = sender.signature(body, secret=sender.secret, moment=moment)
    guess = sender.signature(body, secret="guessed", moment=moment)
    changed, first = body.replace(old, new), right[: 8 - 64]  # it ends in 64 digits
    yield Forgery("signed with a guessed secret", Signing.GUESSED, guess, body)
    yield Forgery("without a signature", Signing.UNSIGNED, None, body)
    yield Forgery("that was changed after it was signed", Signing.TAMPERED, right, changed)
    yield Forgery("with the beginning of a signature", Signing.SHORTENED, first, body)


def require_refused(sender: Sender, delivery: Delivery, forgery: Forgery) -> None:
    """Send the forgery, which the receiver has to refuse."""
    attempt = sender.forge(delivery, forgery.signature, forgery.body)
    evidence, words = f"a delivery {forgery.what}: {attempt}", {"status": attempt.status}
    require(not attempt.accepted, forgery.accepted, evidence, **words)
    require(attempt.refused, Signing.NOT_REFUSED, evidence, **words, what=forgery.what)


def require_accepted(
    probe: Probe,
    sender: Sender,
    delivery: Delivery,
    event: Any,
    mistakes: Iterable[tuple[Diagnosis, str]],
    otherwise: Diagnosis,
) -> None:
    """Send an honest delivery, of which the receiver makes `event`, and has to accept it.

    If it does not, the signatures of known mistakes are tried: one that is accepted names what the
    learner's code signs instead.
    """
    sent = sender.send(delivery)
    require_answered(probe, sent, event)
    if not sent.accepted:
        tried = (each for each, signature in mistakes if sender.forge(delivery, signature).accepted)
        raise next(tried, otherwise)(str(sent.attempts[-1]))


def written_again(body: bytes) -> Iterator[bytes]:
    """Yield what code may make of the body that parses it and writes it again."""
    parsed, no_or_yes = json.loads(body), (False, True)
    for indent, dense, plain, ordered in product((None, 2), no_or_yes, no_or_yes, no_or_yes):
        separators = (",", ":") if dense else None
        style: dict[str, Any] = {"indent": indent, "separators": separators, "sort_keys": ordered}
        yield json.dumps(parsed, ensure_ascii=not plain, **style).encode()
    yield str(parsed).encode()


def require_constant_time(files: Mapping[str, str], file: str) -> None:
    """Require that the file calls `compare_digest`, by whatever name it imports it."""
    nodes = list(ast.walk(ast.parse(files[file])))
    imported = [name for node in nodes if isinstance(node, ast.ImportFrom) for name in node.names]
    own = {each.asname for each in imported if each.name == "compare_digest"} | {"compare_digest"}
    called = [ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)]
    line = next((each.strip() for each in files[file].splitlines() if "==" in each), "")
    is_constant = any(name.rpartition(".")[2] in own for name in called)
    require(is_constant, Signing.NOT_CONSTANT, line, file=file)
