from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from deploy import image
from deploy.image import ImageError, base_of, build
from tests.image.dockerfile import DOCKERFILE, bases

DIGEST = f"sha256:{'b' * 64}"


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(image, "RECORD", tmp_path / "build" / "image.json")
    return tmp_path / "build" / "image.json"


def engine(folder: Path, *, pulls: bool = True, builds: bool = True) -> tuple[str, Path]:
    """A program that notes what it is told, and answers as docker does."""
    program, told = folder / "engine", folder / "told"
    program.write_text(
        f"""#!/bin/sh
echo "$@" >> {shlex.quote(str(told))}
case "$1 $4" in
    pull*) exit {0 if pulls else 1};;
    build*) echo no space left >&2; exit {0 if builds else 1};;
    *RepoDigests*) echo '["docker.io/library/python@{DIGEST}"]';;
    *) echo sha256:cafe;;
esac
""",
        "utf-8",
    )
    program.chmod(0o755)
    return str(program), told


def test_the_dockerfile_has_one_base() -> None:
    assert base_of(DOCKERFILE.read_text("utf-8")) == bases()[0].image


def test_digest_of_the_base_is_recorded(tmp_path: Path, record: Path) -> None:
    program, told = engine(tmp_path)
    assert build(program, "earthweek:1")["base_digest"] == DIGEST
    assert json.loads(record.read_text("utf-8"))["base_digest"] == DIGEST
    assert f"--label org.opencontainers.image.base.digest={DIGEST}" in told.read_text("utf-8")


def test_without_a_registry_no_digest_is_claimed(tmp_path: Path, record: Path) -> None:
    program, told = engine(tmp_path, pulls=False)
    assert build(program, "earthweek:1")["base_digest"] is None
    assert json.loads(record.read_text("utf-8"))["id"] == "sha256:cafe"
    assert "base.digest" not in told.read_text("utf-8")


def test_an_engine_that_fails_is_quoted(tmp_path: Path, record: Path) -> None:
    program, _ = engine(tmp_path, builds=False)
    with pytest.raises(ImageError, match="ended with 1: no space left"):
        build(program, "earthweek:1")
    assert not record.exists()
