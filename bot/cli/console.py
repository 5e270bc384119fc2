"""Print JSON, tables and the sentence with which a command gives up."""

from __future__ import annotations

import json
import sys
from typing import Any, NoReturn

import typer
from rich.console import Console

from bot.cli import standard_output

_WIDE = 140
"""Columns when the output goes to a file or a pipe: a plan that is cut to 80 says little."""


def fail(sentence: str) -> NoReturn:
    """Say on standard error why the command did not work, and end it with status 1."""
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def console() -> Console:
    """Return a console as wide as the terminal, or wide enough for a table where there is none."""
    found = Console()
    return found if found.is_terminal else Console(width=_WIDE)


def print_json(value: Any) -> None:
    """Print a value as JSON, escaped where the terminal has no Unicode."""
    json.dump(value, sys.stdout, ensure_ascii=not standard_output.takes_unicode(), indent=2)
    sys.stdout.write("\n")
