"""Writes `.env`: every setting with a note of what it is."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from bot.cli.setting_explanations import EXPLANATIONS, default_of, in_parts

_WIDE = 118
_INTRODUCTION = """
The settings of the bot. The same file is right for `earthweek run`, for `docker run --env-file .env` and for
compose.yaml; it is read when the bot starts.

Docker takes every value as it stands: no quotes around it, nothing behind it, no spaces beside the =. Lines that start
with # are notes. What stands in a note below is what holds without it; take the # away only to change it.
`earthweek doctor --explain NAME` says the same of one setting, and what it is now.
"""


def dotenv(given: Mapping[str, str] | None = None) -> str:
    """Return the text of `.env`: with the values that are given, and empty what somebody has to fill in."""
    return "\n".join(_lines(given or {}))


def _lines(given: Mapping[str, str]) -> Iterator[str]:
    yield from (f"# {line}".rstrip() for line in _INTRODUCTION.strip().splitlines())
    for explained in in_parts().values():
        for name, each in explained.items():
            what = " ".join(filter(None, (each.what, each.more)))
            said = (what, f"Takes: {each.takes}", f"Otherwise: {each.otherwise}")
            yield from ("", *(line for paragraph in said for line in _note(paragraph)), _assignment(name, given))
    yield ""


def _assignment(name: str, given: Mapping[str, str]) -> str:
    if name in given or EXPLANATIONS[name].is_asked:
        return f"{name}={given.get(name, '')}"
    return f"#{name}={default_of(name)}"


def _note(paragraph: str) -> list[str]:
    wrapped = textwrap.wrap(paragraph, _WIDE, break_long_words=False, break_on_hyphens=False)
    return [f"# {line}" for line in wrapped]
