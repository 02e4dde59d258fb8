"""Which functions a lab has, for an error that says what was probably meant."""

from helpers.cloud.clients import Client
from helpers.errors import NoSuchFunction, did_you_mean

NO_FUNCTION = "There is no function {name!r} in this lab.{guess}"
NO_VERSION = "{name} has no version or alias {qualifier!r}.{guess}"


def no_such_function(client: Client, name: str, qualifier: str | None = None) -> NoSuchFunction:
    """The error to raise where AWS knows no such function, or no such version of it."""
    known = function_names(client)
    if qualifier and name in known:
        guess = did_you_mean(qualifier, _qualifiers(client, name))
        return NoSuchFunction(NO_VERSION.format(name=name, qualifier=qualifier, guess=guess))
    return NoSuchFunction(NO_FUNCTION.format(name=name, guess=did_you_mean(name, known)))


def function_names(client: Client) -> list[str]:
    """The names of all functions of this lab."""
    pages = client("lambda").get_paginator("list_functions").paginate()
    return [function["FunctionName"] for page in pages for function in page["Functions"]]


def _qualifiers(client: Client, name: str) -> list[str]:
    aliases = client("lambda").list_aliases(FunctionName=name)["Aliases"]
    versions = client("lambda").list_versions_by_function(FunctionName=name)["Versions"]
    return [alias["Name"] for alias in aliases] + [version["Version"] for version in versions]
