"""Exercise cors: pages of other origins may read every answer, and ask beforehand."""

import random

from helpers.checks import Diagnosis, Link, Probe, first_of, require
from helpers.checks.links.rest_api import Answer
from helpers.labs.web_backend.shelf import fill_shelf, put_faulty
from helpers.labs.web_backend.shop import Shop, work_on

FILES = ("headers.py", "routes.py")
ORIGIN = "Access-Control-Allow-Origin"
METHODS = "Access-Control-Allow-Methods"
HEADERS = "Access-Control-Allow-Headers"

DONE = "Pages of every origin may read what your API answers, and send what it accepts."


class Cors(Diagnosis):
    BROKEN = Link.CODE("`{request}`, which was right before, is now answered with {status}.")
    NO_ORIGIN = Link.RESULT("""
        The answer to `{request}` does not let pages read it: it has no header
        `Access-Control-Allow-Origin`. Put it into `EVERY_ANSWER`, in `headers.py`.""")
    ONLY_GOOD = Link.RESULT("""
        Pages may read good answers, but not the error ({status}) that `{request}` gets: it has no
        header `Access-Control-Allow-Origin`, so a page can't tell its user what was wrong.""")
    OTHER_ORIGIN = Link.RESULT("""
        `Access-Control-Allow-Origin` says `{value}`, so the page that asks, from {origin}, may not
        read the answer. Pages of every origin may: `*`.""")
    NO_PREFLIGHT = Link.CODE("""
        Before a page may send a `PUT`, its browser asks with `OPTIONS`, and gets {status} for
        `{request}`. Add a function for "OPTIONS" to both collections in `routes.py`.""")
    PREFLIGHT_LACKS = Link.RESULT("""
        The answer to `{request}`, the preflight, has no header `{header}`, so the browser will not
        send what the page wants to send.""")
    PREFLIGHT_OTHER = Link.RESULT("""
        The answer to `{request}`, the preflight, says `{header}: {value}`, and that does not allow
        the `{wanted}` that the page wants.""")


def check(probe: Probe) -> str:
    with work_on(probe, *FILES) as shop:
        origin = f"https://{probe.unique('shop')[:13]}.example"
        category, _ = fill_shelf(probe, 1)
        errors = [
            ("GET", f"/carts/{category}", 404),
            ("DELETE", f"/carts/{category}", 405),
            ("GET", f"/products/{put_faulty(probe)}", 500),
        ]
        _require_readable(shop, "GET", f"/products/{category}", 200, origin)
        _require_preflight(shop, f"/carts/{category}", "PUT", origin)
        _require_preflight(shop, f"/products/{category}", "GET", origin)
        for verb, path, status in random.sample(errors, len(errors)):
            _require_readable(shop, verb, path, status, origin)
    return DONE


def _require_readable(shop: Shop, verb: str, path: str, status: int, origin: str) -> None:
    answer = shop.ask(verb, path, headers={"Origin": origin})
    answer.require_status(status, Cors.BROKEN)
    value, evidence = answer.headers.get(ORIGIN), _shown(answer)
    found = first_of(
        (Cors.NO_ORIGIN, value is None and status == 200),
        (Cors.ONLY_GOOD, value is None),
        (Cors.OTHER_ORIGIN, value not in ("*", origin)),
    )
    if found:
        raise found(evidence, request=answer.request, status=status, value=value, origin=origin)


def _require_preflight(shop: Shop, path: str, verb: str, origin: str) -> None:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": verb,
        "Access-Control-Request-Headers": "content-type",
    }
    answer = shop.ask("OPTIONS", path, headers=asked)
    words, evidence = {"request": answer.request, "status": answer.status}, _shown(answer)
    require(200 <= answer.status < 300, Cors.NO_PREFLIGHT, evidence, **words)
    for header, wanted in ((METHODS, verb), (HEADERS, "content-type"), (ORIGIN, origin)):
        value = answer.headers.get(header)
        require(value is not None, Cors.PREFLIGHT_LACKS, evidence, **words, header=header)
        parts = [str(value)] if header == ORIGIN else str(value).split(",")  # it names just one
        listed = {each.strip().lower() for each in parts}
        more = {"header": header, "value": value, "wanted": wanted}
        is_listed = bool(listed & {"*", wanted.lower()})
        require(is_listed, Cors.PREFLIGHT_OTHER, evidence, **words, **more)


def _shown(answer: Answer) -> str:
    """Return the answer, with those of its headers that a browser goes by."""
    names = [name for name in answer.headers if name.lower().startswith("access-control")]
    headers = [f"{name}: {answer.headers[name]}" for name in sorted(names)]
    return "\n".join([str(answer), *(headers or ["(no Access-Control header)"])])
