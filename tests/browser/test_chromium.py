from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("chromium.sh")
NEEDED = "The browser tests need Chromium"
WORKS = "exit 0"
BROKEN = "exit 1"


class Machine:
    """A folder of programs, and no others, as the script finds them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("timeout", "mktemp", "tail", "rm", "env", "true", "cp"):
            self.path(name).symlink_to(shutil.which(name) or "")
        self.put("id", "echo 0")

    def path(self, name: str) -> Path:
        return self.folder / name

    def put(self, name: str, does: str) -> None:
        self.path(name).write_text(f"#!/bin/sh\n{does}\n", "utf-8")
        self.path(name).chmod(0o755)

    def run(self, word: str) -> tuple[int, str, str]:
        done = subprocess.run(  # noqa: S603
            ["/bin/sh", SCRIPT, word], capture_output=True, text=True, check=False, env={"PATH": str(self.folder)}
        )
        return done.returncode, done.stdout.strip(), done.stderr.strip()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_first_browser_that_runs_is_found(machine: Machine) -> None:
    machine.put("chromium", BROKEN)
    machine.put("chromium-browser", WORKS)
    machine.put("google-chrome", WORKS)
    assert machine.run("find") == (0, str(machine.path("chromium-browser")), "")


def test_without_a_browser_it_says_what_to_do(machine: Machine) -> None:
    code, out, err = machine.run("find")
    assert (code, out) == (1, "")
    assert err.startswith(NEEDED)
    assert len(err.splitlines()) == 1


def test_what_is_there_is_not_installed_again(machine: Machine) -> None:
    machine.put("chromium", WORKS)
    machine.put("apt-get", "touch touched")
    assert machine.run("install") == (0, "", "")


def test_root_installs_it_with_apt(machine: Machine) -> None:
    machine.put("ready", WORKS)
    machine.put("apt-get", f"echo Reading package lists; cp {machine.path('ready')} {machine.path('chromium')}")
    assert machine.run("install") == (0, "Installing Chromium with apt, for the browser tests.", "")
    assert machine.run("find")[0] == 0


def test_non_root_user_installs_with_sudo_without_password(machine: Machine) -> None:
    machine.put("id", "echo 1000")
    machine.put("sudo", '[ "$1" = -n ] && shift && exec "$@"')
    machine.put("ready", WORKS)
    machine.put("apt-get", f"cp {machine.path('ready')} {machine.path('chromium')}")
    assert machine.run("install")[::2] == (0, "")
    assert machine.run("find")[0] == 0


def test_where_a_password_is_needed_nothing_is_tried(machine: Machine) -> None:
    machine.put("id", "echo 1000")
    machine.put("sudo", "echo a password is required >&2; exit 1")
    machine.put("apt-get", f"echo > {machine.path('called')}")
    code, out, err = machine.run("install")
    assert (code, out) == (0, "")
    assert err.startswith(NEEDED)
    assert not machine.path("called").exists()


def test_failing_apt_is_reported_and_stops_nobody(machine: Machine) -> None:
    machine.put("apt-get", "echo E: no network >&2; exit 100")
    code, _, err = machine.run("install")
    assert code == 0
    assert "E: no network" in err
    assert NEEDED in err.splitlines()[-1]
