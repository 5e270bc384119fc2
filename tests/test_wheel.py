"""What goes into the wheel, and what somebody has who installs nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
NEEDED = ("pyproject.toml", "setup.py", "README.md", "LICENSE")
PACKAGES = ("bot", "rehearsal")
CAMPAIGN = Path("campaigns", "earth-week-2027")


def built(folder: Path, *packages: str, campaign: bool = True) -> Path:
    """Build a wheel of a copy of the sources, in which an earlier build has left something."""
    source, out = folder / "source", folder / "out"
    for package in packages:
        shutil.copytree(TOP / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    if campaign:
        shutil.copytree(TOP / CAMPAIGN, source / CAMPAIGN)
    for name in NEEDED:
        shutil.copy(TOP / name, source)
    left = source / "build" / "lib" / "bot" / "removed"
    left.mkdir(parents=True)
    (left / "__init__.py").write_text('"""It was here once."""\n', encoding="utf-8")
    offline = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", *offline, "--wheel-dir", str(out), str(source)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own words
    [wheel] = out.glob("*.whl")
    return wheel


def installed(wheel: Path, folder: Path) -> Path:
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder)
    return folder


def said(site: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Type a command where the wheel alone is installed beside the libraries."""
    nowhere = site.parent / "nowhere"
    nowhere.mkdir(exist_ok=True)
    # Without `site`, the checkout that is installed here for development is not found.
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    return subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-S", "-m", "bot", *words],
        env={**os.environ, "PYTHONPATH": f"{site}{os.pathsep}{libraries}"},
        cwd=nowhere,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel of everything is installed."""
    folder = tmp_path_factory.mktemp("whole")
    return installed(built(folder, *PACKAGES), folder / "site")


@pytest.fixture(scope="module")
def of_the_image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel is installed that the image is made of."""
    folder = tmp_path_factory.mktemp("image")
    return installed(built(folder, "bot", campaign=False), folder / "site")


def test_the_wheel_has_both_packages_and_nothing_older(whole: Path) -> None:
    for package in PACKAGES:
        there = files(TOP / package, ignored="__pycache__")
        assert files(whole / package, ignored="starter_campaign") == there


def test_the_wheel_is_typed_and_licensed(whole: Path) -> None:
    assert all((whole / package / "py.typed").exists() for package in PACKAGES)
    assert [*whole.glob("*.dist-info/licenses/LICENSE")]


def test_the_wheel_has_the_starter_campaign(whole: Path) -> None:
    assert files(whole / "bot" / "starter_campaign") == files(TOP / CAMPAIGN)


def test_a_wheel_without_the_rehearsal_can_be_built(of_the_image: Path) -> None:
    assert {path.name for path in of_the_image.iterdir() if not path.name.endswith(".dist-info")} == {"bot"}


def test_without_a_campaign_the_starter_is_checked(whole: Path) -> None:
    checked = said(whole, "check")
    assert checked.returncode == 0
    assert f"this is the starter campaign, {whole / 'bot' / 'starter_campaign'}" in checked.stderr


def test_the_wheel_alone_makes_a_beginning(whole: Path) -> None:
    assert said(whole, "--version").stdout == "earthweek 0.1.0\n"
    begun = said(whole, "init", "ours")
    assert (begun.returncode, begun.stderr) == (0, "")
    assert begun.stdout.startswith("Made ours/.env and ours/campaigns/earth-week-")


def test_a_starter_is_never_sent(whole: Path) -> None:
    asked = said(whole, "doctor", "--allow-examples")
    assert asked.returncode == 1
    assert "✗ campaign: " in asked.stdout


def test_the_command_lists_what_the_rehearsal_brings(whole: Path) -> None:
    listed = said(whole, "--help").stdout
    assert {"check", "doctor", "run", "move", "people", "rehearse", "preview"} <= set(listed.split())


@pytest.mark.parametrize("words", [("rehearse", "--headless", "--people", "3"), ("preview", "--out", "there")])
def test_what_is_not_installed_says_so(of_the_image: Path, words: tuple[str, ...]) -> None:
    asked = said(of_the_image, *words)
    assert (asked.returncode, asked.stdout) == (1, "")
    assert asked.stderr.startswith(f"{words[0]} is not part of this installation")
    assert len(asked.stderr.splitlines()) == 1


def test_help_works_without_the_rehearsal(of_the_image: Path) -> None:
    asked = said(of_the_image, "--help")
    assert asked.returncode == 0
    assert "Not part of this installation." in asked.stdout


def files(folder: Path, ignored: str = "") -> set[str]:
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in found if not ignored or ignored not in path.parts}
