from __future__ import annotations

from pathlib import Path

from .conftest import Command


def test_the_page_is_written_and_named(earthweek: Command, tmp_path: Path) -> None:
    said = earthweek("preview", "--out", str(tmp_path / "page"))
    assert said.code == 0
    assert str(tmp_path / "page" / "index.html") in said.out
    page = (tmp_path / "page" / "index.html").read_text(encoding="utf-8")
    assert "Dagens utfordring: én vask uten tørketrommel" in page


def test_a_place_that_cannot_be_written_is_said(earthweek: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = earthweek("preview", "--out", str(tmp_path / "file"))
    assert said.code == 1
    assert "cannot be written" in said.err
