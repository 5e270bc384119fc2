from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.settings import Settings

from .helm import ROOT

UNIT = ROOT / "deploy" / "systemd" / "earthweek.service"
MOST_EXPOSED = 13
"""Tenths of systemd's own measure, of which 100 is a service that may do everything."""

needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd-analyze is not here (on Debian, it is in the package systemd)"
)


def analyzed(*words: str) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", "--no-pager", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603


def here(folder: Path, **instead: str) -> str:
    """The unit as it is where the bot has been installed, with other values for some names."""
    program = shutil.which("true") or "/bin/true"
    text = UNIT.read_text("utf-8").replace("/opt/earthweek/bin/earthweek", program)
    for name, value in instead.items():
        text = re.sub(rf"^{name}=.*$", f"{name}={value}", text, flags=re.MULTILINE)
    (folder / UNIT.name).write_text(text, "utf-8")
    return str(folder / UNIT.name)


@needs_systemd
def test_systemd_takes_every_line(tmp_path: Path) -> None:
    done = analyzed("verify", here(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Failed to parse" in analyzed("verify", here(tmp_path, PrivateTmp="sometimes")).stderr


@needs_systemd
def test_systemd_calls_it_little_exposed(tmp_path: Path) -> None:
    looks = ("security", "--offline=true", f"--threshold={MOST_EXPOSED}")
    assert analyzed(*looks, here(tmp_path)).returncode == 0
    assert analyzed(*looks, here(tmp_path, CapabilityBoundingSet="CAP_SYS_ADMIN")).returncode != 0


def test_unit_sets_only_what_the_bot_knows() -> None:
    pairs = [
        pair
        for line in re.findall(r"^Environment=(.*)$", UNIT.read_text("utf-8"), re.MULTILINE)
        for pair in line.split()
    ]
    ours = {pair.partition("=")[0] for pair in pairs if not pair.startswith("PYTHON")}
    assert {name.lower() for name in ours} <= set(Settings.model_fields)
    assert not any("TOKEN" in name or "SECRET" in name for name in ours)
