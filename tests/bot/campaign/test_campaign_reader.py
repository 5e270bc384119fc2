"""A campaign is read from its folder, whatever is in the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.campaign.campaign_reader import read
from bot.locales.catalogues import vocabulary
from bot.messages.post_kinds import KINDS
from tests.campaigns import SMALL, Folder

LEAVES = "the path leaves the campaign's folder; put the file itself here"
ALL_FILES = ["campaign.toml", "pledges.toml", "pledges/en.toml", "posts/tip/sv.md"]


def test_a_folder_that_does_not_exist_is_reported(tmp_path: Path) -> None:
    reading = read(tmp_path / "nowhere", KINDS, vocabulary())
    assert [str(problem) for problem in reading.problems] == [
        f"{tmp_path}/nowhere/campaign.toml:1: the file is missing; name a folder that holds a campaign.toml"
    ]
    assert reading.campaign is None


def test_a_folder_without_a_plan_is_reported(folder: Folder) -> None:
    (folder.root / "campaign.toml").unlink()
    assert folder.errors() == ["campaign.toml:1: the file is missing; name a folder that holds a campaign.toml"]


def test_problem_files_are_named_relative_to_given_folder(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.root.parent)
    folder.write("posts/tip/sv.md", "")
    reading = read(Path("small"), KINDS, vocabulary())
    assert [problem.file for problem in reading.problems] == ["small/posts/tip/sv.md"]


def test_text_missing_in_promised_language_is_reported(folder: Folder) -> None:
    (folder.root / "posts/tip/sv.md").unlink()
    assert folder.errors() == ["posts/tip/sv.md:1: the file is missing; write this post in this language too"]


@pytest.mark.parametrize("content", ["", "\n \n", "\ufeff"])
@pytest.mark.parametrize("file", ALL_FILES)
def test_an_empty_file_is_reported(folder: Folder, file: str, content: str) -> None:
    folder.write(file, content)
    assert f"{file}:1: the file is empty; write the text, or take the file away" in folder.errors()


@pytest.mark.parametrize("file", ALL_FILES)
def test_non_utf8_file_is_reported_on_offending_line(folder: Folder, file: str) -> None:
    folder.write(file, "ö\nö\n".encode() + "ö\n".encode("latin-1"))
    assert f"{file}:3: the file is not UTF-8; save it again with the encoding UTF-8" in folder.errors()


def test_escaped_control_character_is_reported(folder: Folder) -> None:
    text = folder.text("campaign.toml")
    folder.write("campaign.toml", text.replace('en = "', 'en = "\\u0007', 1))
    assert any("there is a character that cannot be shown; write the text anew" in each for each in folder.errors())


def test_windows_line_ends_and_byte_order_mark_work(folder: Folder) -> None:
    before = folder.campaign()
    for file in folder.files:
        folder.write(file, b"\xef\xbb\xbf" + folder.text(file).replace("\n", "\r\n").encode())
    assert vars(folder.campaign()) == vars(before)


def test_windows_line_ends_do_not_shift_lines(folder: Folder) -> None:
    folder.write("campaign.toml", SMALL.replace("Europe/Oslo", "Europe/Olso").replace("\n", "\r\n"))
    assert [error.split(": ")[0] for error in folder.errors()] == [folder.at("campaign.toml", "Europe/Olso")]


def test_unicode_line_separator_does_not_end_line(folder: Folder) -> None:
    folder.change("campaign.toml", "Liten vecka", "Liten\u2028vecka\x85")
    assert folder.campaign().title["sv"] == "Liten\u2028vecka\x85"


def test_a_last_line_without_an_end_is_read(folder: Folder) -> None:
    folder.write("campaign.toml", SMALL.rstrip())
    assert folder.errors() == []


@pytest.mark.parametrize("file", ALL_FILES)
def test_link_out_of_campaign_is_not_followed(folder: Folder, tmp_path: Path, file: str) -> None:
    outside = tmp_path / "outside"
    outside.write_text(folder.text(file))
    (folder.root / file).unlink()
    (folder.root / file).symlink_to(outside)
    assert f"{file}:1: {LEAVES}" in folder.errors()
    assert folder.read().campaign is None


def test_posts_folder_linked_elsewhere_is_not_followed(folder: Folder, tmp_path: Path) -> None:
    (folder.root / "posts").rename(tmp_path / "posts")
    (folder.root / "posts").symlink_to(tmp_path / "posts")
    assert f"posts/tip/en.md:1: {LEAVES}" in folder.errors()


def test_dangling_pledges_link_is_reported(folder: Folder) -> None:
    (folder.root / "pledges.toml").unlink()
    (folder.root / "pledges.toml").symlink_to("nowhere")
    assert folder.errors() == [
        "pledges.toml:1: the file is missing; put the file itself here, or take the link away",
    ]


def test_language_leading_out_of_folder_is_not_read(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(folder.text("posts/tip/en.md"))
    folder.change("campaign.toml", '["en", "sv"]', '["en", "sv", "../../../secret"]')
    assert f"posts/tip/../../../secret.md:1: {LEAVES}" in folder.errors()


def test_operating_system_files_are_no_texts(folder: Folder) -> None:
    folder.write("posts/.DS_Store", b"\x00\xff")
    folder.write("posts/tip/.en.md.swp", b"\x00\xff")
    assert list(folder.read().problems) == []
