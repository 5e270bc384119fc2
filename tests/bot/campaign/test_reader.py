from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.campaign.reader import read
from bot.messages.post_kinds import KINDS

from .small import CAMPAIGN, Small

LEAVES = "the path leaves the campaign's folder; put the file itself here"
ALL_FILES = ["campaign.toml", "pledges.toml", "pledges/en.toml", "posts/tip/sv.md"]


def test_a_folder_that_does_not_exist_is_reported(tmp_path: Path) -> None:
    reading = read(tmp_path / "nowhere", KINDS)
    assert [str(problem) for problem in reading.problems] == [
        f"{tmp_path}/nowhere/campaign.toml:1: the file is missing; name a folder that holds a campaign.toml"
    ]
    assert reading.campaign is None


def test_a_folder_without_a_plan_is_reported(folder: Small) -> None:
    (folder.root / "campaign.toml").unlink()
    assert folder.errors() == ["campaign.toml:1: the file is missing; name a folder that holds a campaign.toml"]


def test_files_are_named_as_the_person_named_the_folder(folder: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.root.parent)
    folder.write("posts/tip/sv.md", "")
    reading = read(Path("small"), KINDS)
    assert [problem.file for problem in reading.problems] == ["small/posts/tip/sv.md"]


def test_a_text_that_a_promised_language_lacks_is_reported(folder: Small) -> None:
    (folder.root / "posts/tip/sv.md").unlink()
    assert folder.errors() == ["posts/tip/sv.md:1: the file is missing; write this post in this language too"]


@pytest.mark.parametrize("content", ["", "\n \n", "\ufeff"])
@pytest.mark.parametrize("file", ALL_FILES)
def test_an_empty_file_is_reported(folder: Small, file: str, content: str) -> None:
    folder.write(file, content)
    assert f"{file}:1: the file is empty; write the text, or take the file away" in folder.errors()


@pytest.mark.parametrize("file", ALL_FILES)
def test_a_file_that_is_not_utf8_is_reported_on_the_line_where_it_stops_being_it(folder: Small, file: str) -> None:
    folder.write(file, "ö\nö\n".encode() + "ö\n".encode("latin-1"))
    assert f"{file}:3: the file is not UTF-8; save it again with the encoding UTF-8" in folder.errors()


def test_a_byte_order_mark_does_not_shift_that_line(folder: Small) -> None:
    folder.write("campaign.toml", b"\xef\xbb\xbf#\n\xff")
    assert folder.errors() == ["campaign.toml:2: the file is not UTF-8; save it again with the encoding UTF-8"]


def test_files_with_windows_line_ends_and_a_byte_order_mark_read_the_same(folder: Small) -> None:
    before = folder.campaign()
    for file in folder.files:
        folder.write(file, b"\xef\xbb\xbf" + folder.text(file).replace("\n", "\r\n").encode())
    assert folder.campaign() == before


def test_windows_line_ends_do_not_shift_lines(folder: Small) -> None:
    folder.write("campaign.toml", CAMPAIGN.replace("Europe/Oslo", "Europe/Olso").replace("\n", "\r\n"))
    assert [error.split(": ")[0] for error in folder.errors()] == [folder.at("campaign.toml", "Europe/Olso")]


def test_a_separator_that_word_processors_put_in_is_text_and_not_a_line(folder: Small) -> None:
    folder.change("campaign.toml", "Liten vecka", "Liten\u2028vecka\x85")
    assert folder.campaign().title["sv"] == "Liten\u2028vecka\x85"


def test_a_last_line_without_an_end_is_read(folder: Small) -> None:
    folder.write("campaign.toml", CAMPAIGN.rstrip())
    assert folder.errors() == []


@pytest.mark.parametrize("file", ALL_FILES)
def test_a_link_that_leaves_the_campaign_is_not_followed(folder: Small, tmp_path: Path, file: str) -> None:
    outside = tmp_path / "outside"
    outside.write_text(folder.text(file))
    (folder.root / file).unlink()
    (folder.root / file).symlink_to(outside)
    assert f"{file}:1: {LEAVES}" in folder.errors()
    assert folder.read().campaign is None


def test_a_folder_of_posts_that_is_a_link_to_elsewhere_is_not_followed(folder: Small, tmp_path: Path) -> None:
    (folder.root / "posts").rename(tmp_path / "posts")
    (folder.root / "posts").symlink_to(tmp_path / "posts")
    assert f"posts/tip/en.md:1: {LEAVES}" in folder.errors()


def test_a_link_within_the_campaign_is_fine(folder: Small) -> None:
    (folder.root / "posts/tip/sv.md").unlink()
    (folder.root / "posts/tip/sv.md").symlink_to("en.md")
    assert folder.errors() == []


def test_a_campaign_that_is_itself_a_link_is_fine(folder: Small, tmp_path: Path) -> None:
    (tmp_path / "this-year").symlink_to(folder.root)
    assert read(tmp_path / "this-year", KINDS).campaign is not None


def test_pledges_that_are_a_link_to_nowhere_are_reported_and_not_left_out(folder: Small) -> None:
    (folder.root / "pledges.toml").unlink()
    (folder.root / "pledges.toml").symlink_to("nowhere")
    assert folder.errors() == [
        "pledges.toml:1: the file is missing; put the file itself here, or take the link away",
    ]


def test_a_language_that_would_lead_out_of_the_folder_is_not_read(folder: Small, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(folder.text("posts/tip/en.md"))
    folder.change("campaign.toml", '["en", "sv"]', '["en", "sv", "../../../secret"]')
    assert f"posts/tip/../../../secret.md:1: {LEAVES}" in folder.errors()


def test_a_name_too_long_for_the_disk_is_reported(folder: Small) -> None:
    folder.change("campaign.toml", '["en", "sv"]', f'["en", "sv", "{"x" * 300}"]')
    says = f"{'x' * 300}.md:1: the file cannot be read (File name too long); look at name and rights"
    assert f"posts/tip/{says}" in folder.errors()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_reported(folder: Small) -> None:
    (folder.root / "campaign.toml").chmod(0)
    says = "the file cannot be read (Permission denied); look at name and rights"
    assert folder.errors() == [f"campaign.toml:1: {says}"]


def test_a_folder_where_a_file_should_be_is_reported(folder: Small) -> None:
    (folder.root / "posts/tip/sv.md").unlink()
    (folder.root / "posts/tip/sv.md").mkdir()
    assert folder.errors() == ["posts/tip/sv.md:1: the file is missing; write this post in this language too"]


def test_a_file_far_too_large_is_not_read(folder: Small) -> None:
    folder.write("posts/tip/sv.md", "x" * 1_000_001)
    assert folder.errors() == ["posts/tip/sv.md:1: the file is larger than 1 MB; keep it short, it is read in Slack"]


def test_files_that_the_operating_system_puts_there_are_no_texts(folder: Small) -> None:
    folder.write("posts/.DS_Store", b"\x00\xff")
    folder.write("posts/tip/.en.md.swp", b"\x00\xff")
    assert list(folder.read().problems) == []
