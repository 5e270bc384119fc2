"""Commands as processes, on terminals, files and pipes of every kind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.cli import standard_output
from tests.campaigns import SHIPPED

ROOT = SHIPPED.parents[1]


def run(shell: str, folder: Path, env: Mapping[str, str] | None = None) -> tuple[int, bytes]:
    """Type a line; `$earthweek` is the command. How it ended, and everything that was said."""
    given = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "earthweek": f"{sys.executable} -m bot",
        **(env or {}),
    }
    given["EARTHWEEK_CAMPAIGN"] = given.get("EARTHWEEK_CAMPAIGN", str(SHIPPED))
    done = subprocess.run(["/bin/bash", "-c", shell], cwd=folder, env=given, capture_output=True, check=False)  # noqa: S603
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "cp437"])
def test_terminal_without_tick_signs_shows_words(encoding: str, tmp_path: Path) -> None:
    code, said = run("$earthweek doctor > f; cat f", tmp_path, {"PYTHONIOENCODING": encoding})
    lines = said.decode(encoding).splitlines()
    assert all(line.startswith(("ok ", "x ")) for line in lines), lines
    assert (code, len(lines) > 4) == (0, True)


@pytest.mark.parametrize(
    "line",
    [
        "set -o pipefail; $earthweek plan | true",
        "$earthweek plan >&-",
        "$earthweek check 2>&- >&-",
        "$earthweek plan > /dev/full",
        "$earthweek plan --json > /dev/full",
        "$earthweek doctor > /dev/full",
        "PYTHONIOENCODING=cp1252 $earthweek plan --ics",
        "$earthweek check --campaign $'/nowhere/\\xff\\xe9'",
        "DATABASE_URL=$'sqlite:////nowhere/\\xff.db' $earthweek doctor",
        "HOST=$'\\xff' $earthweek doctor --ready",
        "printf 'PORT=1\\n# St\\xf6rst' > .env; $earthweek doctor",
        "DATABASE_URL=sqlite://earthweek.db $earthweek run",
    ],
)
def test_odd_bytes_and_closed_pipes_show_no_traceback(line: str, tmp_path: Path) -> None:
    _code, said = run(line, tmp_path)
    assert b"Traceback" not in said, said.decode(errors="replace")
    assert b"Exception ignored" not in said, said.decode(errors="replace")


@pytest.mark.parametrize(
    ("sign", "plain"),
    [("✓", "ok"), ("✗", "x"), ("å", "a"), ("Ø", "O"), ("…", "..."), ("\udce9", "?"), ("日", "?"), ("ﬁ", "fi")],
)
def test_a_sign_has_another_in_ascii(sign: str, plain: str) -> None:
    assert standard_output._plain(sign) == plain
