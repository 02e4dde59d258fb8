"""The functions of a lab, for errors that suggest the right name."""

from helpers.cloud.clients import Client
from helpers.errors import NoSuchFunction, did_you_mean

NO_FUNCTION = "There is no function {name!r} in this lab.{guess}"
NO_VERSION = "{name} has no version or alias {qualifier!r}.{guess}"


def no_such_function(client: Client, name: str, qualifier: str | None = None) -> NoSuchFunction:
    """Return the error to raise if there is no such function, or no such version of it."""
    known = function_names(client)
    if not qualifier or name not in known:
        return NoSuchFunction(NO_FUNCTION.format(name=name, guess=did_you_mean(name, known)))
    aliases = client("lambda").list_aliases(FunctionName=name)["Aliases"]
    versions = client("lambda").list_versions_by_function(FunctionName=name)["Versions"]
    qualifiers = [each["Name"] for each in aliases] + [each["Version"] for each in versions]
    guess = did_you_mean(qualifier, qualifiers)
    return NoSuchFunction(NO_VERSION.format(name=name, qualifier=qualifier, guess=guess))


def function_names(client: Client) -> list[str]:
    """Return the names of all functions of this lab."""
    pages = client("lambda").get_paginator("list_functions").paginate()
    return [function["FunctionName"] for page in pages for function in page["Functions"]]
