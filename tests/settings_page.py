"""Writes the page of settings and `.env.example` anew: `make settings`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from bot.cli.dotenv_template import dotenv
from bot.cli.setting_explanations import Explanation, in_parts

TOP = Path(__file__).parents[1]
WIDE = 100
INTRODUCTION = """
# Settings

They come from the environment and, below it, from a file `.env` in the folder in which the bot is started. `earthweek
init` writes one, and `.env.example` has them all. They are read when the bot starts: a change counts after a restart.

Spaces, line ends and quotes that were pasted around a value are taken off, and an empty value is the same as none. A
value that cannot be right (two tokens in each other's place, a signing secret that was cut) is named before anything
else is done. `earthweek doctor --explain NAME` says of one setting what this page says, what it is now and where that
comes from.

This page is made by `make settings` from `bot/settings.py` and `bot/cli/setting_explanations.py`.
"""


def page() -> str:
    """The page of settings."""
    return "\n".join([*(_wrapped(each) for each in INTRODUCTION.strip().split("\n\n")), *_parts()])


def _parts() -> Iterator[str]:
    for part, explained in in_parts().items():
        yield f"## {part}\n"
        for name, each in explained.items():
            yield "\n".join(_setting(name, each))


def _setting(name: str, each: Explanation) -> Iterator[str]:
    yield f"### {name}\n"
    yield _wrapped(" ".join(filter(None, (each.what, each.more))))
    yield _wrapped(f"- Takes: {each.takes}.", "  ").rstrip("\n")
    yield _wrapped(f"- Otherwise: {each.otherwise}.", "  ")


def _wrapped(paragraph: str, indent: str = "") -> str:
    wrapped = textwrap.fill(
        " ".join(paragraph.split()), WIDE, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return f"{wrapped}\n"


FILES = {TOP / "docs" / "settings.md": page, TOP / ".env.example": dotenv}
"""What is made of the settings."""


def main() -> None:
    """Write the files."""
    for file, content in FILES.items():
        file.write_text(content(), "utf-8")


if __name__ == "__main__":
    main()
