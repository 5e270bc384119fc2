"""Prometheus's own tool for its rules, which `make test` brings."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

_SCRIPT = Path(__file__).with_name("promtool.sh")


def promtool(*arguments: str | Path, given: str = "") -> str:
    """Run it, and return what it says; a test where it complains fails. Without it the test is left out, not in CI."""
    found = subprocess.run(  # noqa: S603 - our own script
        ["/bin/sh", str(_SCRIPT), "find"], capture_output=True, text=True, check=False
    )
    if found.returncode:
        leave = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        leave(found.stderr.strip())
    run = subprocess.run(  # noqa: S603 - the tool that was found
        [found.stdout.strip(), *arguments], input=given, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout + run.stderr
