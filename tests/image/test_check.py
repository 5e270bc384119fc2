"""What the check of the image does before it can build; building takes minutes and is `make image-check`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .build import pip_conf
from .contents import check_against_lock, locked
from .dockerfile import ROOT
from .engine import Unfit, run
from .tools import TOOLS

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="who is not root gets another sentence")


def checked(folder: Path, *words: str, **env: str) -> tuple[int, str, str]:
    """Run the check on a machine that has no programs but those in a folder."""
    command = [sys.executable, "-m", "tests.image", *words]
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=False, cwd=ROOT, env={"PATH": str(folder), **env}
    )
    return done.returncode, done.stdout.strip(), done.stderr.strip()


def put(folder: Path, name: str, does: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{does}\n", "utf-8")
    (folder / name).chmod(0o755)


@root_only
def test_missing_build_tools_are_reported_in_words(tmp_path: Path) -> None:
    assert checked(tmp_path, "--install") == (
        0,
        f"The image was not built: {', '.join(TOOLS)} cannot be installed here (with apt, on Debian).",
        "",
    )


@root_only
def test_nothing_is_installed_without_being_asked(tmp_path: Path) -> None:
    put(tmp_path, "apt-get", f"{shutil.which('touch')} {tmp_path / 'installed'}")
    code, said, _ = checked(tmp_path)
    assert code == 0
    assert said.startswith(f"The image was not built: {', '.join(TOOLS)} are not here, and nothing was installed.")
    assert "make image-check INSTALL=yes" in said
    assert not (tmp_path / "installed").exists()


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
        checked(tmp_path, "--install")[1]
        == f"The image was not built: {TOOLS[-1]} cannot be installed here (with apt, on Debian)."
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


def component(name: str, version: str, place: str = "/opt/earthweek/lib/x/METADATA") -> dict[str, object]:
    return {
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
        "properties": [{"name": "syft:location:0:path", "value": place}],
    }


def test_an_image_with_other_packages_is_found_out() -> None:
    whole = [component(name, version) for name, version in locked().items()]
    base: list[dict[str, object]] = [
        component("pip", "24.0", "/usr/local/lib/x/METADATA"),
        {"purl": "pkg:deb/debian/bash@5", "name": "bash"},
    ]
    assert check_against_lock([*whole, component("earthweek", "0.1.0"), *base]) == (len(whole), 1)
    for wrong in (whole[1:], [*whole, component("setuptools", "84.2.1")], [component("yarl", "0.1"), *whole[:-1]]):
        with pytest.raises(Unfit, match="installed and locked differ"):
            check_against_lock(wrong)
