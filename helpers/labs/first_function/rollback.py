"""Exercise rollback: the alias that callers use, moved back to the version that was good."""

from collections.abc import Mapping
from typing import Any

from helpers.checks.deployed import configuration, result_of
from helpers.checks.inputs import any_name
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from helpers.labs.first_function.create import is_greeting

NAME = "greeter"
ALIAS = "live"
GOOD, BAD, LATEST = "1", "2", "$LATEST"

Alias = Mapping[str, Any]

STILL_BAD = "The alias `live` still points to version 2, and visitors are still told goodbye."
NO_ALIAS = """\
The alias `live` is gone, and everybody who calls the function by it gets an error. Make it again \
with `lambda_.create_alias`, for the version that was good."""
OTHER_ALIAS = """\
You have an alias `{name}` on version 1, but the shop calls `live`, and that still points to \
version 2. Change `live` itself with `update_alias`. (`delete_alias` removes `{name}`.)"""
MENDED_LATEST = """\
You have changed the function, but `live` does not notice: an alias points to a version, and a \
version never changes. `live` still points to version 2. Let it point to version 1."""
PUBLISHED = """\
You have published version {version}, but `live` still points to version 2. Publishing moves no \
alias, and no new version was needed: version 1 is still there."""
ON_LATEST = """\
`live` points to `$LATEST`, which is whatever was uploaded last, so the next slip would be live at \
once. Let it point to version 1, which never changes."""
ON_ANOTHER = """\
`live` points to version {version}. A rollback goes back to what was good before: version 1."""
SHARED = """\
`live` sends only some of the visitors to version 1: its `RoutingConfig` names a second version. \
Let it point to version 1 alone."""
STILL_WRONG = """\
`live` points to version 1, but that version does not greet visitors. A version never changes, so \
it was published from other code: run the notebook again from the top."""
DONE = "`live` is back on version 1, at once and without an upload. {latest}"
AS_IT_WAS = "`$LATEST` is as it was."
CHANGED = "`$LATEST` holds other code now, and nobody who calls `live` will notice."


def check(probe: Probe) -> str:
    aliases = _aliases(probe)
    if ALIAS not in aliases:
        raise Incorrect(NO_ALIAS, link="alias", evidence=_listed(aliases))
    live = aliases[ALIAS]
    if live["FunctionVersion"] == BAD and GOOD not in _weights(live):
        raise _still_bad(probe, aliases)
    _see_target(live)
    name = any_name()
    result = result_of(probe, NAME, {"name": name}, ALIAS)
    if not is_greeting(result, name) or "Goodbye" in str(result):
        raise Incorrect(STILL_WRONG, link="version", evidence=f"returned {result}")
    versions = _versions(probe)
    is_as_it_was = versions[LATEST] == versions.get(BAD)
    return DONE.format(latest=AS_IT_WAS if is_as_it_was else CHANGED)


def _aliases(probe: Probe) -> dict[str, Alias]:
    configuration(probe, NAME)  # says so if there is no function at all
    found = probe.client("lambda").list_aliases(FunctionName=NAME)["Aliases"]
    return {alias["Name"]: alias for alias in found}


def _still_bad(probe: Probe, aliases: Mapping[str, Alias]) -> Exception:
    """`live` has not moved: what was done in its place, if anything?"""
    for name, alias in aliases.items():
        if name != ALIAS and alias["FunctionVersion"] == GOOD:
            return Incorrect(OTHER_ALIAS.format(name=name), link="alias", evidence=_listed(aliases))
    versions = _versions(probe)
    newest = max((version for version in versions if version != LATEST), key=int)
    if int(newest) > int(BAD):
        words = PUBLISHED.format(version=newest)
        return Incorrect(words, link="alias", evidence=_listed(aliases))
    if versions[LATEST] != versions.get(BAD):
        return Incorrect(MENDED_LATEST, link="alias", evidence=_listed(aliases))
    return NotAttempted(STILL_BAD)


def _versions(probe: Probe) -> dict[str, str]:
    """Each version, $LATEST too, and the checksum of its code."""
    pages = probe.client("lambda").get_paginator("list_versions_by_function")
    found = [each for page in pages.paginate(FunctionName=NAME) for each in page["Versions"]]
    return {each["Version"]: each["CodeSha256"] for each in found}


def _see_target(live: Alias) -> None:
    version, evidence = live["FunctionVersion"], _listed({ALIAS: live})
    if version == LATEST:
        raise Incorrect(ON_LATEST, link="alias", evidence=evidence)
    if _weights(live):
        raise Incorrect(SHARED, link="alias", evidence=evidence)
    if version != GOOD:
        raise Incorrect(ON_ANOTHER.format(version=version), link="alias", evidence=evidence)


def _weights(alias: Alias) -> dict[str, float]:
    """The second version beside the alias's own, and its share of the calls."""
    return dict((alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {})


def _listed(aliases: Mapping[str, Alias]) -> str:
    return "\n".join(map(_line, aliases.values())) or "no alias"


def _line(alias: Alias) -> str:
    shares = [f", {share:.0%} to version {version}" for version, share in _weights(alias).items()]
    return f"{alias['Name']} → version {alias['FunctionVersion']}{''.join(shares)}"


def undo_wrong_answer(probe: Probe) -> None:
    """Put the alias where the exercise finds it, if it is gone or shared between two versions."""
    aws, aliases = probe.client("lambda"), _aliases(probe)
    live = aliases.get(ALIAS)
    if live and not _weights(live):
        return
    if live:
        aws.delete_alias(FunctionName=NAME, Name=ALIAS)
    aws.create_alias(FunctionName=NAME, Name=ALIAS, FunctionVersion=BAD)
