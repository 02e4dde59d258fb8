"""Evidence, as a verdict shows it: what was sent, seen and wanted, one under the other."""

import json
from typing import Any


def compare(**seen: Any) -> str:
    """Return a line for each, its values in JSON; a string stands as it is.

    >>> print(compare(event={"n": 1}, returned=None, should_be="2"))
    event      {"n": 1}
    returned   null
    should be  2
    """
    names = {name: name.replace("_", " ") for name in seen}
    width = max(map(len, names.values()))
    return "\n".join(f"{names[name]:<{width}}  {_text(value)}" for name, value in seen.items())


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
