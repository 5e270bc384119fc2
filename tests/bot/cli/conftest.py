from __future__ import annotations

import sys
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import Settings
from tests.campaigns import SHIPPED

from .kept import keep


@dataclass(frozen=True)
class Said:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Said]


@pytest.fixture
def earthweek(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """Types a command, in an empty folder and an environment that says nothing."""
    monkeypatch.chdir(tmp_path)
    # A command that runs for good takes these over; the tests after it want theirs.
    for owner, hook in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(owner, hook, getattr(owner, hook))
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    def typed(*words: str, campaign: Path | None = SHIPPED) -> Said:
        chosen = ["--campaign", str(campaign)] if campaign else []
        monkeypatch.setattr("sys.argv", ["earthweek", *words, *chosen])
        with pytest.raises(SystemExit) as ended:
            main.main()
        said = capsys.readouterr()
        code = ended.value.code
        if isinstance(code, str):
            return Said(1, said.out, f"{said.err}{code}\n")
        return Said(code or 0, said.out, said.err)

    return typed


@pytest.fixture
def kept(earthweek: Command) -> Command:
    """The same, in a folder where somebody took part in this campaign and somebody else in another one."""
    keep()
    return earthweek
