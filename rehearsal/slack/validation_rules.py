"""The small rules that Block Kit is made of: each looks at one value and says what is wrong, and where.

The wording is Slack's own where public bug reports show it ("must be less than 3001 characters
[json-pointer:/blocks/0/text/text]"), so that what is read in a rehearsal can be searched for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

Rule = Callable[[object, str], Iterable[str]]

PLAIN: Collection[str] = ("plain_text",)
ANY_TEXT: Collection[str] = ("plain_text", "mrkdwn")


def problem(what: str, where: str) -> str:
    """Return an error message of Slack's with its JSON pointer."""
    return f"{what} [json-pointer:{where}]"


def anything(_value: object, _where: str) -> Iterable[str]:
    """Accept any value; the rehearsal does not validate it."""
    return ()


def flag(value: object, where: str) -> Iterator[str]:
    """Require a JSON boolean."""
    if not isinstance(value, bool):
        yield problem("must provide a boolean", where)


def string(most: int, least: int = 1) -> Rule:
    """Require a string between two lengths, in characters."""

    def check(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem("must provide a string", where)
        elif len(value) > most:
            yield problem(f"must be less than {most + 1} characters", where)
        elif len(value) < least:
            yield problem(f"must be more than {least - 1} characters", where)

    return check


def matching(pattern: str) -> Rule:
    """Require a string that matches a pattern as a whole."""
    whole = re.compile(pattern)

    def check(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem("must provide a string", where)
        elif not whole.fullmatch(value):
            yield problem(f"input must match regex pattern: {pattern}", where)

    return check


def one_of(*values: str) -> Rule:
    """Require one of a few values."""

    def check(value: object, where: str) -> Iterator[str]:
        if value not in values:
            yield problem("must be one of " + ", ".join(values), where)

    return check


def items(rule: Rule, most: int, least: int = 1) -> Rule:
    """Require a list between two lengths, with the same rule for every item."""

    def check(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield problem("must provide an array", where)
            return
        if len(value) > most:
            yield problem(f"no more than {most} items allowed", where)
        if len(value) < least:
            yield problem(f"no fewer than {least} items allowed", where)
        for place, item in enumerate(value):
            yield from rule(item, f"{where}/{place}")

    return check


def shape(
    required: Mapping[str, Rule],
    optional: Mapping[str, Rule] | None = None,
    either: Collection[str] = (),
) -> Rule:
    """Require an object with required and optional fields, and at least one of `either`."""
    known = {**required, **(optional or {})}

    def check(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must provide an object", where)
            return
        yield from (problem(f"missing required field: {name}", where) for name in required if name not in value)
        if either and not any(name in value for name in either):
            yield problem("must define either " + " or ".join(f"`{name}`" for name in either), where)
        for name, part in value.items():
            if name in known:
                yield from known[name](part, f"{where}/{name}")
            # `kind` has looked at the type already.
            elif name != "type":
                yield problem(f"invalid additional property: {name}", where)

    return check


def kind(shapes: Mapping[str, Rule], allowed: Collection[str] | None = None) -> Rule:
    """Require an object whose `type` selects its rule."""
    names = frozenset(shapes if allowed is None else allowed)

    def check(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must provide an object", where)
        elif "type" not in value:
            yield problem("missing required field: type", where)
        elif not isinstance(value["type"], str) or value["type"] not in names:
            yield problem(f"unsupported type: {value['type']}", f"{where}/type")
        else:
            yield from shapes[value["type"]](value, where)

    return check


def text(most: int, kinds: Collection[str] = ANY_TEXT) -> Rule:
    """Require a text object, `plain_text` or `mrkdwn`."""
    body = string(most)
    return kind(
        {
            "plain_text": shape({"text": body}, {"emoji": flag}),
            "mrkdwn": shape({"text": body}, {"verbatim": flag}),
        },
        kinds,
    )
