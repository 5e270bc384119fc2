"""What the check of the image does before it can build; building takes minutes and is `make image-check`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .build import pip_conf
from .dockerfile import ROOT
from .engine import Unfit, run
from .tools import TOOLS

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="who is not root gets another sentence")


def checked(folder: Path, **env: str) -> tuple[int, str, str]:
    """Run the check on a machine that has no programs but those in a folder."""
    command = [sys.executable, "-m", "tests.image"]
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=False, cwd=ROOT, env={"PATH": str(folder), **env}
    )
    return done.returncode, done.stdout.strip(), done.stderr.strip()


def put(folder: Path, name: str, does: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{does}\n", "utf-8")
    (folder / name).chmod(0o755)


@root_only
def test_missing_build_tools_are_reported_in_words(tmp_path: Path) -> None:
    assert checked(tmp_path) == (
        0,
        f"The image was not built: {', '.join(TOOLS)} cannot be installed here (with apt, on Debian).",
        "",
    )


@root_only
def test_on_ci_that_is_a_failure(tmp_path: Path) -> None:
    assert checked(tmp_path, CI="true")[0] == 1


@root_only
def test_what_apt_cannot_bring_is_named(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    put(tmp_path, "ready", "exit 0")
    brings = "".join(f"{shutil.which('cp')} {ready} {tmp_path / name}\n" for name in TOOLS[:-1])
    put(tmp_path, "apt-get", f"{brings}echo E: Unable to locate package >&2; exit 100")
    assert (
        checked(tmp_path)[1] == f"The image was not built: {TOOLS[-1]} cannot be installed here (with apt, on Debian)."
    )


@root_only
def test_failing_program_is_reported_and_leaves_nothing(tmp_path: Path) -> None:
    for name in TOOLS:
        put(tmp_path, name, "echo no mirror answers >&2; exit 7")
    before = set(Path("/var/tmp").glob("earthweek-image-*"))  # noqa: S108
    assert checked(tmp_path) == (1, "", "✗ mmdebstrap ended with 7: no mirror answers")
    assert set(Path("/var/tmp").glob("earthweek-image-*")) == before  # noqa: S108


def test_a_program_that_hangs_is_given_up() -> None:
    with pytest.raises(Unfit, match="took longer than 0 s"):
        run("sleep", "60", within=0.2)


def test_build_uses_index_of_machine_but_no_folder() -> None:
    listed = (
        "global.index-url='https://packages.example.com/simple'\n"
        "global.extra-index-url='file:///opt/simple https://more.example.com/simple'\n"
        ":env:.find-links='/opt/wheels'\n"
        ":env:.cert='/home/somebody/ca.pem'\n"
    )
    assert pip_conf(listed) == (
        "[global]\n"
        "index-url = https://packages.example.com/simple\n"
        "extra-index-url = https://more.example.com/simple\n"
        "cert = /etc/ssl/certs/ca-certificates.crt\n"
    )
