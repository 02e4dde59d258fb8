"""Exercise cors: pages of other origins may read every answer, and ask beforehand."""

import random
from typing import Any

from helpers.checks.links.rest_api import Answer
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.web_backend.shelf import fill_shelf, put_faulty
from helpers.labs.web_backend.shop import Shop, see_work

FILES = ("headers.py", "routes.py")
ORIGIN = "Access-Control-Allow-Origin"
METHODS = "Access-Control-Allow-Methods"
HEADERS = "Access-Control-Allow-Headers"

NO_ORIGIN = """\
The answer to `{request}` does not let pages read it: it has no header \
`Access-Control-Allow-Origin`. Put it into `EVERY_ANSWER`, in `headers.py`."""
ONLY_GOOD = """\
Good answers let pages read them, but the answer to `{request}` is an error ({status}), and has no \
header `Access-Control-Allow-Origin`: a page could not even tell its user what was wrong."""
OTHER_ORIGIN = """\
`Access-Control-Allow-Origin` says `{value}`, so the page that asks, of {origin}, may not read the \
answer. Pages of every origin may: `*`."""
NO_PREFLIGHT = """\
Before a page may send a `PUT`, its browser asks with `OPTIONS`, and gets {status} for \
`{request}`. Add a function for "OPTIONS" to both collections in `routes.py`."""
PREFLIGHT_LACKS = """\
The answer to `{request}`, the preflight, has no header `{header}`, so the browser will not send \
what the page wants to send."""
PREFLIGHT_OTHER = """\
The answer to `{request}`, the preflight, says `{header}: {value}`. What the page wants is \
`{wanted}`, and that is not among it."""
BROKEN = "`{request}`, which was right before, is now answered with {status}."
DONE = "Pages of every origin may read what your API answers, and send what it takes."


def check(probe: Probe) -> str:
    see_work(probe, FILES, _see)
    return DONE


def _see(shop: Shop) -> None:
    origin = f"https://{shop.probe.unique('shop')[:13]}.example"
    page = {"Origin": origin}
    category, _ = fill_shelf(shop.probe, 1)
    _see_answer(shop.ask("GET", f"/products/{category}", headers=page), 200, origin)
    _see_preflight(shop, f"/carts/{category}", "PUT", origin)
    _see_preflight(shop, f"/products/{category}", "GET", origin)
    errors = [
        ("GET", f"/carts/{category}", 404),
        ("DELETE", f"/carts/{category}", 405),
        ("GET", f"/products/{put_faulty(shop.probe)}", 500),
    ]
    for verb, path, status in random.sample(errors, len(errors)):
        _see_answer(shop.ask(verb, path, headers=page), status, origin)


def _see_answer(answer: Answer, status: int, origin: str) -> None:
    if answer.status != status:
        words = BROKEN.format(request=answer.request, status=answer.status)
        raise Incorrect(words, link="code", evidence=_shown(answer))
    value = answer.headers.get(ORIGIN)
    if value is None:
        words = NO_ORIGIN if status == 200 else ONLY_GOOD
        said = words.format(request=answer.request, status=answer.status)
        raise Incorrect(said, link="result", evidence=_shown(answer))
    if value not in ("*", origin):
        said = OTHER_ORIGIN.format(value=value, origin=origin)
        raise Incorrect(said, link="result", evidence=_shown(answer))


def _see_preflight(shop: Shop, path: str, verb: str, origin: str) -> None:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": verb,
        "Access-Control-Request-Headers": "content-type",
    }
    answer = shop.ask("OPTIONS", path, headers=asked)
    if not 200 <= answer.status < 300:
        words = NO_PREFLIGHT.format(request=answer.request, status=answer.status)
        raise Incorrect(words, link="code", evidence=_shown(answer))
    _see_listed(answer, METHODS, verb)
    _see_listed(answer, HEADERS, "content-type")
    if answer.headers.get(ORIGIN) not in ("*", origin):
        words = PREFLIGHT_LACKS.format(request=answer.request, header=ORIGIN)
        raise Incorrect(words, link="result", evidence=_shown(answer))


def _see_listed(answer: Answer, header: str, wanted: str) -> None:
    value = answer.headers.get(header)
    words: dict[str, Any] = {"request": answer.request, "header": header, "wanted": wanted}
    if value is None:
        raise Incorrect(PREFLIGHT_LACKS.format(**words), link="result", evidence=_shown(answer))
    listed = {each.strip().lower() for each in value.split(",")}
    if not listed & {"*", wanted.lower()}:
        said = PREFLIGHT_OTHER.format(**words, value=value)
        raise Incorrect(said, link="result", evidence=_shown(answer))


def _shown(answer: Answer) -> str:
    """The answer, with those of its headers that a browser goes by."""
    names = [name for name in answer.headers if name.lower().startswith("access-control")]
    headers = [f"{name}: {answer.headers[name]}" for name in sorted(names)]
    return "\n".join([str(answer), *(headers or ["(no Access-Control header)"])])
