from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.settings import LogFormat, Settings, read_settings

from .dockerfile import DOCKERFILE, ROOT, bases, instructions, last_stage

HADOLINT = Path(sys.executable).with_name("hadolint")


def linted(text: str) -> subprocess.CompletedProcess[str]:
    words = [str(HADOLINT), "--no-color", "--failure-threshold", "style", "-"]
    return subprocess.run(words, input=text, capture_output=True, text=True, check=False)  # noqa: S603


def words_of(name: str) -> list[str]:
    return [rest for word, rest in last_stage() if word == name]


def environment() -> dict[str, str]:
    pairs = [pair.partition("=") for rest in words_of("ENV") for pair in rest.split()]
    return {name: value for name, _, value in pairs}


def test_the_linter_finds_nothing() -> None:
    done = linted(DOCKERFILE.read_text("utf-8"))
    assert (done.returncode, done.stdout) == (0, "")


def test_the_linter_would_find_something() -> None:
    assert linted("FROM python\nRUN cd /tmp\n").returncode != 0


def test_both_stages_use_same_tag_and_tested_python() -> None:
    first, last = bases()
    assert first == last
    assert (
        tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"] == f">={first.python}"
    )


def test_installed_packages_are_locked_and_hashed_or_ours() -> None:
    lines = [part for word, rest in instructions() if word == "RUN" for part in rest.split("&&")]
    installs = [line for line in lines if "pip" in line and " install " in line]
    assert len(installs) == 3
    for line in installs:
        assert ("--require-hashes" in line and ".lock" in line) or "--no-deps --no-index dist/" in line


def test_image_runs_as_numbered_user_after_its_build() -> None:
    words = [word for word, _ in last_stage()]
    assert words_of("USER") == ["10001:10001"]
    assert not {"RUN", "COPY"} & set(words[words.index("USER") :])


def test_every_program_is_started_without_a_shell_between() -> None:
    started = (
        words_of("ENTRYPOINT") + words_of("CMD") + [rest.partition(" CMD ")[2] for rest in words_of("HEALTHCHECK")]
    )
    assert started == ['["earthweek"]', '["run"]', '["earthweek", "doctor", "--ready"]']
    assert words_of("STOPSIGNAL") == ["SIGTERM"]


def test_image_copies_only_needed_repository_files() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    copied = {
        source
        for word, rest in instructions()
        if word == "COPY"
        for source in rest.split()[:-1]
        if "--from" not in rest
    }
    assert ignored[0] == "*"
    assert {line.removeprefix("!") for line in ignored if line.startswith("!")} == copied


def test_default_settings_are_usable_and_hold_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    brought = {name: value for name, value in environment().items() if name.lower() in Settings.model_fields}
    for name, value in brought.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert (settings.host, settings.port, str(settings.earthweek_campaign.parent)) == ("0.0.0.0", 3000, "/campaigns")  # noqa: S104
    assert (ROOT / str(settings.earthweek_campaign).lstrip("/")).is_dir()
    assert not any(name.startswith(("SLACK", "PIP")) for name in environment())


def as_docker_reads(file: Path) -> dict[str, str]:
    """`--env-file`: a value is everything behind the first `=`, quotes and notes included."""
    lines = (line.lstrip() for line in file.read_text("utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def test_the_example_changes_nothing_that_the_image_decides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = as_docker_reads(ROOT / ".env.example")
    assert given
    assert not set(given) & set(environment())
    assert not any(re.search(r"[\"'#\s]", value) for value in given.values())
    monkeypatch.chdir(tmp_path)
    for name, value in {**environment(), **given}.items():
        if name.lower() in Settings.model_fields:
            monkeypatch.setenv(name, value)
    settings = read_settings()
    assert (settings.host, settings.log_format) == ("0.0.0.0", LogFormat.JSON)  # noqa: S104
    assert settings.database_url == "sqlite:////data/earthweek.db"
    assert settings.earthweek_campaign == Path("/campaigns/earth-week-2027")


def test_the_example_is_right_without_a_container(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    without = read_settings()
    example = (ROOT / ".env.example").read_text("utf-8")
    (tmp_path / ".env").write_text(example, "utf-8")
    assert read_settings() == without
    (tmp_path / ".env").write_text(re.sub(r"^#(?=[A-Z_]+=)", "", example, flags=re.MULTILINE), "utf-8")
    assert read_settings() == without, "what stands in a note is what is taken otherwise"


def test_the_labels_say_the_version_and_no_place() -> None:
    (label,) = words_of("LABEL")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert f'org.opencontainers.image.version="{version}"' in label
    assert "://" not in DOCKERFILE.read_text("utf-8").replace("sqlite:////data", "")
