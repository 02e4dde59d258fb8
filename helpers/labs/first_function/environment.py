"""Exercise environment: a variable that the code reads, set from outside, beside another one."""

import os
from difflib import get_close_matches
from typing import Any

from helpers.checks.deployed import ask, configuration, other_function, result_of, variables
from helpers.checks.inputs import any_name
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted

NAME = "greeter"
VARIABLE, VALUE = "GREETING", "Bonjour"
OTHER, OTHER_VALUE = "SHOP", "Corner shop"

NOT_SET = "The function `greeter` has no environment variable `GREETING` yet."
MISNAMED = """\
There is an environment variable `{name}`, but the code asks for `GREETING`. {slip}"""
CAPITALS = "Small letters and capitals are different here: set `GREETING`, and leave `{name}` out."
SPELLING = "Check the spelling: set `GREETING`, and leave `{name}` out."
WRONG_FUNCTION = """\
You have set `GREETING` on the function `{name}`, but the one that reads it is `greeter`."""
IN_THE_NOTEBOOK = """\
You have set `GREETING` in this notebook, but the function runs elsewhere and does not see what is \
set here. Give the variable to the function, with `update_function_configuration`."""
IN_THE_CODE = """\
The function says "Bonjour" because that is in its code now, and every other greeting would need a \
new upload. Let the code read `GREETING` again, and set the variable with \
`update_function_configuration`."""
WRONG_VALUE = """\
`GREETING` is set, but not to `Bonjour`, letter by letter. Mind capitals and spaces, and leave out \
the comma: the code adds it."""
REPLACED = """\
`SHOP` is gone. `update_function_configuration` does not add variables: it replaces all of them \
with those that you give. Give both, `GREETING` and `SHOP`; `SHOP` was "Corner shop"."""
SHOP_CHANGED = '`SHOP` has changed, but it has to stay "Corner shop". Set both variables again.'
NOT_READ = """\
The variables are right, but the function does not say what they tell it to: its code has changed. \
Go back to the cells that write `greeter.py` and upload it, and run them again."""
DONE = "`greeter` now greets in French, with the same code, and `SHOP` has stayed."


def check(probe: Probe) -> str:
    found = variables(configuration(probe, NAME))
    if VARIABLE not in found:
        raise _not_set(probe, found)
    if found[VARIABLE] != VALUE:
        evidence = f"GREETING = {found[VARIABLE]!r}"
        raise Incorrect(WRONG_VALUE, link="configuration", evidence=evidence)
    _see_shop(found)
    _see_answer(probe)
    return DONE


def _not_set(probe: Probe, found: dict[str, str]) -> Exception:
    """Why there is no GREETING: it may have landed in many other places."""
    near = _nearest(found)
    if near:
        return Incorrect(_misnamed(near), link="configuration", evidence=_shown(found))
    other = other_function(probe, NAME, lambda each: VARIABLE in variables(each))
    if other:
        return Incorrect(WRONG_FUNCTION.format(name=other), link="function")
    _see_shop(found)
    if VARIABLE in os.environ or VARIABLE in probe.namespace:
        return Incorrect(IN_THE_NOTEBOOK, link="configuration")
    if _says_it_anyway(probe):
        return Incorrect(IN_THE_CODE, link="code")
    return NotAttempted(NOT_SET)


def _nearest(found: dict[str, str]) -> str | None:
    """A variable that was probably meant to be GREETING: the sheet itself sets none but SHOP."""
    own = {name.upper(): name for name in found if name.upper() != OTHER}
    close = get_close_matches(VARIABLE, own, n=1) or sorted(own)
    return own[close[0]] if close else None


def _misnamed(name: str) -> str:
    slip = CAPITALS if name.upper() == VARIABLE else SPELLING
    return MISNAMED.format(name=name, slip=slip.format(name=name))


def _see_shop(found: dict[str, str]) -> None:
    if OTHER not in found:
        raise Incorrect(REPLACED, link="configuration", evidence=_shown(found))
    if found[OTHER] != OTHER_VALUE:
        raise Incorrect(SHOP_CHANGED, link="configuration", evidence=_shown(found))


def _says_it_anyway(probe: Probe) -> bool:
    answer = ask(probe, NAME, {"name": any_name()})
    return VALUE in str(answer.result)


def _see_answer(probe: Probe) -> None:
    name = any_name()
    result = result_of(probe, NAME, {"name": name})
    wanted = {"message": f"{VALUE}, {name}! Welcome to {OTHER_VALUE}."}
    if result != wanted:
        raise Incorrect(NOT_READ, link="code", evidence=_compared(result, wanted))


def _shown(found: dict[str, str]) -> str:
    return "\n".join(f"{name} = {value!r}" for name, value in sorted(found.items())) or "none"


def _compared(result: Any, wanted: Any) -> str:
    return f"returned  {result}\nshould be {wanted}"
