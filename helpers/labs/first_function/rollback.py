"""Exercise rollback: the alias that callers use, moved back to the version that was good."""

from collections.abc import Mapping
from typing import Any

from helpers.checks import Diagnosis, Link, NotAttempted, Probe, require
from helpers.checks.function import configuration, result_of
from helpers.checks.random_inputs import any_name
from helpers.labs.first_function.create import is_greeting

NAME, ALIAS = "greeter", "live"
GOOD, BAD, LATEST = "1", "2", "$LATEST"

Alias = Mapping[str, Any]

STILL_BAD = "The alias `live` still points to version 2, and visitors are still told goodbye."
DONE = "`live` is back on version 1, at once and without an upload. {latest}"
AS_IT_WAS = "`$LATEST` is as it was."
CHANGED = "`$LATEST` holds other code now, and nobody who calls `live` will notice."


class Rollback(Diagnosis):
    NO_ALIAS = Link.FUNCTION("""
        The alias `live` is gone, and everybody who calls the function by it gets an error. Make it
        again with `lambda_.create_alias`, for the version that was good.""")
    OTHER_ALIAS = Link.FUNCTION("""
        You have an alias `{name}` on version 1, but the shop calls `live`, and that still points to
        version 2. Change `live` itself with `update_alias`. (`delete_alias` removes `{name}`.)""")
    LATEST_CHANGED = Link.FUNCTION("""
        You have changed the function, but `live` does not notice: an alias points to a version, and
        a version never changes. `live` still points to version 2. Let it point to version 1.""")
    PUBLISHED = Link.FUNCTION("""
        You have published version {version}, but `live` still points to version 2. Publishing moves
        no alias, and no new version was needed: version 1 is still there.""")
    ON_LATEST = Link.FUNCTION("""
        `live` points to `$LATEST`, which is whatever was uploaded last, so the next slip would be
        live at once. Let it point to version 1, which never changes.""")
    ON_ANOTHER = Link.FUNCTION("""
        `live` points to version {version}. A rollback goes back to what was good before: version
        1.""")
    SHARED = Link.FUNCTION("""
        `live` sends only some of the visitors to version 1: its `RoutingConfig` names a second
        version. Let it point to version 1 alone.""")
    STILL_WRONG = Link.FUNCTION("""
        `live` points to version 1, but that version does not greet visitors. A version never
        changes, so it was published from other code: run the notebook again from the top.""")


def check(probe: Probe) -> str:
    aliases = _aliases(probe)
    require(ALIAS in aliases, Rollback.NO_ALIAS, _listed(aliases))
    live, versions = aliases[ALIAS], _versions(probe)
    target, shares = live["FunctionVersion"], _shares(live)
    if target == BAD and GOOD not in shares:
        raise _still_bad(versions, aliases)
    evidence = _listed({ALIAS: live})
    require(target != LATEST, Rollback.ON_LATEST, evidence)
    require(not shares, Rollback.SHARED, evidence)
    require(target == GOOD, Rollback.ON_ANOTHER, evidence, version=target)
    name = any_name()
    result = result_of(probe, NAME, {"name": name}, ALIAS)
    is_good = is_greeting(result, name) and "Goodbye" not in str(result)
    require(is_good, Rollback.STILL_WRONG, f"returned {result}")
    is_as_it_was = versions[LATEST] == versions.get(BAD)
    return DONE.format(latest=AS_IT_WAS if is_as_it_was else CHANGED)


def _still_bad(versions: Mapping[str, str], aliases: Mapping[str, Alias]) -> Exception:
    """Say what was done instead of moving `live`, if anything."""
    evidence = _listed(aliases)
    for name, alias in aliases.items():
        is_good = name != ALIAS and alias["FunctionVersion"] == GOOD
        require(not is_good, Rollback.OTHER_ALIAS, evidence, name=name)
    newest = max((version for version in versions if version != LATEST), key=int)
    require(int(newest) <= int(BAD), Rollback.PUBLISHED, evidence, version=newest)
    require(versions[LATEST] == versions.get(BAD), Rollback.LATEST_CHANGED, evidence)
    return NotAttempted(STILL_BAD)


def _aliases(probe: Probe) -> dict[str, Alias]:
    configuration(probe, NAME)  # says so if there is no function at all
    found = probe.client("lambda").list_aliases(FunctionName=NAME)["Aliases"]
    return {alias["Name"]: alias for alias in found}


def _versions(probe: Probe) -> dict[str, str]:
    """Return each version, $LATEST too, and the checksum of its code."""
    pages = probe.client("lambda").get_paginator("list_versions_by_function")
    found = [each for page in pages.paginate(FunctionName=NAME) for each in page["Versions"]]
    return {each["Version"]: each["CodeSha256"] for each in found}


def _shares(alias: Alias) -> dict[str, float]:
    """Return the second version beside the alias's own, and its share of the calls."""
    return dict((alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {})


def _listed(aliases: Mapping[str, Alias]) -> str:
    lines = [
        ", ".join([f"{name} → version {alias['FunctionVersion']}", *_shared(alias)])
        for name, alias in aliases.items()
    ]
    return "\n".join(lines) or "no alias"


def _shared(alias: Alias) -> list[str]:
    return [f"{share:.0%} to version {version}" for version, share in _shares(alias).items()]


def undo_wrong_answer(probe: Probe) -> None:
    """Put the alias where the exercise finds it, if it is gone or shared between two versions."""
    aws, live = probe.client("lambda"), _aliases(probe).get(ALIAS)
    if live and not _shares(live):
        return
    if live:
        aws.delete_alias(FunctionName=NAME, Name=ALIAS)
    aws.create_alias(FunctionName=NAME, Name=ALIAS, FunctionVersion=BAD)
