from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Command

URL = "https://example.com/week"


def test_a_draft_is_written_from_examples_on_request(earthweek: Command, tmp_path: Path) -> None:
    refused = earthweek("kit", "--out", "kit", "--url", URL)
    assert refused.code == 1
    assert "add --allow-examples" in refused.err
    assert not (tmp_path / "kit").exists()
    said = earthweek("kit", "--out", "kit", "--url", URL, "--allow-examples")
    assert (said.code, said.err) == (0, "")
    assert said.out == f"Wrote 32 files into kit; open {Path('kit', 'index.html')}\n"
    assert (tmp_path / "kit" / "earth-hour.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert URL in (tmp_path / "kit" / "sv" / "newsletter.txt").read_text("utf-8")


@pytest.mark.parametrize("url", ["example.com", "http://example.com", "https://x", f"https://a.example/{'x' * 200}"])
def test_an_address_that_leads_nowhere_is_refused(earthweek: Command, url: str) -> None:
    said = earthweek("kit", "--out", "kit", "--url", url, "--allow-examples")
    assert said.code == 2
    assert "such as https://example.com/earth-week" in " ".join(said.err.replace("│", " ").split())


def test_a_folder_that_cannot_be_written_is_said(earthweek: Command, tmp_path: Path) -> None:
    (tmp_path / "kit").write_text("a file")
    said = earthweek("kit", "--out", "kit", "--url", URL, "--allow-examples")
    assert said.code == 1
    assert said.err.startswith("kit cannot be written: ")
