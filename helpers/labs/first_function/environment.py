"""Exercise environment: a variable that the code reads, set from outside, beside another one."""

import os
from difflib import get_close_matches

from helpers.checks import Diagnosis, Link, NotAttempted, Probe, compare, require
from helpers.checks.function import ask, configuration, other_function, result_of, variables
from helpers.checks.random_inputs import any_name

NAME = "greeter"
SHOP = "Corner shop"

NOT_SET = "The function `greeter` has no environment variable `GREETING` yet."
DONE = "`greeter` now greets in French, with the same code, and `SHOP` has stayed."


class Environment(Diagnosis):
    CAPITALS = Link.CONFIGURATION("""
        There is an environment variable `{name}`, but the code asks for `GREETING`. Small letters
        and capitals are different here: set `GREETING`, and leave `{name}` out.""")
    SPELLING = Link.CONFIGURATION("""
        There is an environment variable `{name}`, but the code asks for `GREETING`. Check the
        spelling: set `GREETING`, and leave `{name}` out.""")
    OTHER_FUNCTION = Link.FUNCTION("""
        You have set `GREETING` on the function `{name}`, but the one that reads it is
        `greeter`.""")
    IN_THE_NOTEBOOK = Link.CONFIGURATION("""
        You have set `GREETING` in this notebook, but the function runs elsewhere and does not see
        what is set here. Give the variable to the function, with
        `update_function_configuration`.""")
    IN_THE_CODE = Link.CODE("""
        The function says "Bonjour" because that is in its code now, and every other greeting would
        need a new upload. Let the code read `GREETING` again, and set the variable with
        `update_function_configuration`.""")
    OTHER_VALUE = Link.CONFIGURATION("""
        `GREETING` is set, but not to `Bonjour`, letter by letter. Mind capitals and spaces, and
        leave out the comma: the code adds it.""")
    REPLACED = Link.CONFIGURATION("""
        `SHOP` is gone. `update_function_configuration` does not add variables: it replaces all of
        them with those that you give. Give both, `GREETING` and `SHOP`; `SHOP` was
        "Corner shop".""")
    OTHER_SHOP = Link.CONFIGURATION("""
        `SHOP` has changed, but it has to stay "Corner shop". Set both variables again.""")
    NOT_READ = Link.CODE("""
        The variables are right, but the function does not say what they tell it to: its code has
        changed. Go back to the cells that write `greeter.py` and upload it, and run them
        again.""")


def check(probe: Probe) -> str:
    found = variables(configuration(probe, NAME))
    if "GREETING" not in found:
        raise _not_set(probe, found)
    evidence = compare(GREETING=found["GREETING"])
    require(found["GREETING"] == "Bonjour", Environment.OTHER_VALUE, evidence)
    _require_shop(found)
    name = any_name()
    result = result_of(probe, NAME, {"name": name})
    wanted = {"message": f"Bonjour, {name}! Welcome to {SHOP}."}
    evidence = compare(returned=result, should_be=wanted)
    require(result == wanted, Environment.NOT_READ, evidence)
    return DONE


def _not_set(probe: Probe, found: dict[str, str]) -> Exception:
    """Look where GREETING may have landed instead."""
    own = {name.upper(): name for name in found if name != "SHOP"}  # the sheet sets no other
    if near := get_close_matches("GREETING", own, n=1) or sorted(own):
        slip = Environment.CAPITALS if near[0] == "GREETING" else Environment.SPELLING
        return slip(compare(**found), name=own[near[0]])
    other = other_function(probe, NAME, lambda each: "GREETING" in variables(each))
    require(other is None, Environment.OTHER_FUNCTION, name=other)
    _require_shop(found)
    is_in_notebook = "GREETING" in os.environ or "GREETING" in probe.namespace
    require(not is_in_notebook, Environment.IN_THE_NOTEBOOK)
    answer = ask(probe, NAME, {"name": any_name()})
    require("Bonjour" not in str(answer.result), Environment.IN_THE_CODE)
    return NotAttempted(NOT_SET)


def _require_shop(found: dict[str, str]) -> None:
    evidence = compare(**found) if found else "no variables"
    require("SHOP" in found, Environment.REPLACED, evidence)
    require(found["SHOP"] == SHOP, Environment.OTHER_SHOP, evidence)
