from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaigns import also_in

from .conftest import Command


def test_a_page_for_each_reader_and_language(
    earthweek: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody:secret@host/name")
    out = tmp_path / "out"
    said = earthweek("notice", "--out", str(out), campaign=also_in(tmp_path / "week", "fi").root)
    assert said.code == 0, said.err
    assert "Wrote 12 pages" in said.out
    groups = ("employees", "works-council")
    languages = ("da", "de", "en", "fi", "nb", "sv")
    assert {path.name for path in out.iterdir()} == {f"{group}-{each}.html" for group in groups for each in languages}
    finnish = (out / "works-council-fi.html").read_text("utf-8")
    assert "Tämä ei ole oikeudellista neuvontaa." in finnish
    assert "(PostgreSQL)" in finnish
    assert "users:read" in finnish
    assert "secret" not in finnish


def test_folder_that_cannot_be_written_is_named(earthweek: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = earthweek("notice", "--out", str(tmp_path / "file"))
    assert said.code == 1
    assert f"{tmp_path / 'file'} cannot be written: File exists" in said.err
