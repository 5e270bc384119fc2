"""Explains one setting, for `earthweek doctor --explain`."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import typer
from pydantic import SecretStr

from bot.cli.console import fail
from bot.cli.setting_explanations import EXPLANATIONS, NOT_READ, default_of, written
from bot.database.urls import shown
from bot.settings import SettingsError, origin_of, read_settings


def explain_setting(name: str) -> None:
    """Print what a setting is, which values it takes, and what it is now; no secret is shown."""
    name = name.strip().upper()
    explained = EXPLANATIONS.get(name) or fail(_unknown(name))
    typer.echo(f"{name}: {' '.join(filter(None, (explained.what, explained.more)))}")
    typer.echo(f"Takes: {explained.takes}")
    typer.echo(f"Otherwise: {explained.otherwise}")
    if name not in NOT_READ:
        typer.echo(f"Now: {_now(name)}")


def _unknown(name: str) -> str:
    near = get_close_matches(name, EXPLANATIONS, n=1)
    meant = f"perhaps {near[0]} is meant" if near else f"there are {', '.join(EXPLANATIONS)}"
    return f"--explain: there is no setting {name}; {meant}"


def _now(name: str) -> str:
    """Say what a setting is and where it comes from, or what is wrong with it."""
    origin = origin_of(name)
    if origin is None:
        default = default_of(name)
        return f"not set, so it is {default}" if default else "not set"
    try:
        value = _shown(name, getattr(read_settings(), name.lower()))
    except SettingsError as error:
        wrong = [line for line in str(error).splitlines() if line.startswith(f"{name}: ")]
        # Another setting may be the one that is wrong.
        value = f"it cannot be used: {wrong[0].partition(': ')[2]}" if wrong else "set"
    return f"{value} (from {origin})"


def _shown(name: str, value: Any) -> str:
    if isinstance(value, SecretStr):
        return "set, and not shown here"
    return shown(value) if name == "DATABASE_URL" else written(value)
