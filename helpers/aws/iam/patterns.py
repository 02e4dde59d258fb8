"""The strings in a policy: wildcards, ARNs and policy variables.

    *  any characters        ${aws:username}                  a key of the request context
    ?  one character         ${aws:PrincipalTag/team, 'all'}  the same, with a default value
                             ${*} ${?} ${$}                   the character itself

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

# The request context: condition keys in lower case, each with one value or several.
Context = Mapping[str, str | Sequence[str]]

VARIABLE = re.compile(r"\$\{\s*([^,}]+?)\s*(?:,\s*'([^']*)'\s*)?\}")
SPECIAL_CHARACTERS = ("*", "?", "$")
# A `*` or `?` in a variable's value is not a wildcard; in a pattern, these characters stand for it.
PROTECTED = str.maketrans("*?", "\ue000\ue001")
RESTORED = str.maketrans("\ue000\ue001", "*?")

ANY_CHARACTER, WITHIN_A_SEGMENT = ".", "[^:]"
MATCHES_NOTHING = re.compile(r"(?!)")
ARN_SEGMENTS = 6


def is_like(pattern: str, value: str) -> bool:
    """Return whether the pattern with its wildcards matches the whole value."""
    return _string(pattern).fullmatch(value) is not None


def is_action_like(pattern: str, action: str) -> bool:
    """Return whether the pattern matches the action, ignoring case."""
    return _action(pattern).fullmatch(action) is not None


def is_arn_like(pattern: str, arn: str) -> bool:
    """Return whether each of the six segments of the ARN matches, as in ArnLike."""
    return _arn(pattern).fullmatch(arn) is not None


def is_resource_like(pattern: str, resource: str) -> bool:
    """Return whether the pattern matches the resource, as in the Resource element."""
    return _resource(pattern).fullmatch(resource) is not None


def resolve(text: str, context: Context, *, literally: bool = False) -> str | None:
    """Return the text with its policy variables replaced, or None if one has no value.

    The result is a pattern in which only the wildcards of the text are wildcards, not those of a
    value; with `literally`, it is a plain string.
    """
    if "${" not in text:
        return text
    first, *rest = VARIABLE.split(text)
    resolved = [first]
    for key, default, following in zip(rest[0::3], rest[1::3], rest[2::3], strict=True):
        value = _variable(key, default, context)
        if value is None:
            return None
        resolved += [value if literally else value.translate(PROTECTED), following]
    return "".join(resolved)


def resolve_resource(text: str, context: Context) -> str | None:
    """Return a Resource element with its variables replaced, or None if one has no value.

    Variables work only in the resource part, after the fifth colon.
    """
    if "${" not in text:
        return text
    *head, resource = text.split(":", ARN_SEGMENTS - 1)
    resolved = resolve(resource, context) if len(head) == ARN_SEGMENTS - 1 else resource
    return None if resolved is None else ":".join([*head, resolved])


def _variable(key: str, default: str | None, context: Context) -> str | None:
    if key in SPECIAL_CHARACTERS:
        return key
    value = context.get(key.lower())
    # a key with several values can't be a variable, and an empty value counts as none
    return value if value and isinstance(value, str) else default


@lru_cache(maxsize=4096)
def _string(pattern: str) -> re.Pattern[str]:
    return re.compile(_expression(pattern, ANY_CHARACTER), re.DOTALL)


@lru_cache(maxsize=4096)
def _action(pattern: str) -> re.Pattern[str]:
    return re.compile(_expression(pattern, ANY_CHARACTER), re.IGNORECASE | re.ASCII)


@lru_cache(maxsize=4096)
def _arn(pattern: str) -> re.Pattern[str]:
    *head, resource = pattern.split(":", ARN_SEGMENTS - 1)
    if len(head) < ARN_SEGMENTS - 1:
        return MATCHES_NOTHING
    segments = [_expression(segment, WITHIN_A_SEGMENT) for segment in head]
    return re.compile(":".join([*segments, _expression(resource, ANY_CHARACTER)]), re.DOTALL)


@lru_cache(maxsize=4096)
def _resource(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in which a `*` may match colons, and missing segments are `*`."""
    segments = pattern.split(":", ARN_SEGMENTS - 1)
    completed = segments + ["*"] * (ARN_SEGMENTS - len(segments))
    alternatives = dict.fromkeys((_segments(segments), _segments(completed)))
    return re.compile("|".join(alternatives), re.DOTALL)


def _segments(segments: list[str]) -> str:
    *head, last = segments
    expressions = [
        _expression(segment.rstrip("*"), WITHIN_A_SEGMENT) + (".*" if segment[-1:] == "*" else "")
        for segment in head
    ]
    return ":".join([*expressions, _expression(last, ANY_CHARACTER)])


def _expression(pattern: str, character: str) -> str:
    """Return the regular expression for a pattern whose wildcards match that kind of character.

    What follows a `*` is matched at its first occurrence and never again (an atomic group):
    otherwise a pattern with many of them could take forever to fail.
    """
    first, *rest = (_literal(piece, character) for piece in re.split(r"\*+", pattern))
    if not rest:
        return first
    *middle, last = rest
    between = "".join(f"(?>{character}*?{piece})" for piece in middle)
    return f"{first}{between}{character}*{last}"


def _literal(piece: str, character: str) -> str:
    return "".join(
        character if char == "?" else re.escape(char.translate(RESTORED)) for char in piece
    )
