"""One file of a campaign's folder: its text, or one problem that says what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.campaign.folder import Folder
from bot.campaign.problems import Problems

FILE = "posts/tip/sv.md"
TODO = "write this post in this language too"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "week" / "posts" / "tip").mkdir(parents=True)
    return Folder(tmp_path / "week")


def read(folder: Folder, raw: bytes | None = None, file: str = FILE) -> tuple[str | None, list[str]]:
    """The text of a file, and what is wrong with it, without the folder."""
    if raw is not None:
        (folder.root / file).write_bytes(raw)
    problems = Problems()
    found = folder.read(file, problems, TODO)
    return found, [str(each).removeprefix(f"{folder.root.as_posix()}/") for each in problems]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("På tisdag\n".encode(), "På tisdag\n"),
        (b"\xef\xbb\xbftitle = 1\r\n\r\nText\r\n", "title = 1\n\nText\n"),
        (b"no end", "no end"),
        (b"a\tb\rc\xc2\x85d", "a\tb\nc\x85d"),
        ("a\u2028b\ufeffc".encode(), "a\u2028b\ufeffc"),
        ("\n\n  words 🌍 \n".encode(), "\n\n  words 🌍 \n"),
    ],
)
def test_text_is_read_as_it_was_meant(folder: Folder, raw: bytes, text: str) -> None:
    assert read(folder, raw) == (text, [])


@pytest.mark.parametrize("raw", [b"", b" \t\r\n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n", "\u00a0\u2003".encode()])
def test_file_without_a_word_is_empty(folder: Folder, raw: bytes) -> None:
    assert read(folder, raw) == (None, [f"{FILE}:1: the file is empty; write the text, or take the file away"])


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"\xff", 1),
        (b"\xef\xbb\xbf#\n\xff", 2),
        ("å\r\nå\r\n".encode() + b"\xe5", 3),
        (b"a\n\xed\xa0\x80", 2),
        (b"a\nb\n\xc3", 3),
        ("å\n".encode("utf-16"), 1),
    ],
)
def test_other_encoding_is_told_at_its_line(folder: Folder, raw: bytes, line: int) -> None:
    says = "the file is not UTF-8; save it again with the encoding UTF-8"
    assert read(folder, raw) == (None, [f"{FILE}:{line}: {says}"])


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x0b", "\x0c", "\x1b", "\x7f", "\x92", "\x9f"])
def test_control_character_is_told_at_its_line(folder: Folder, sign: str) -> None:
    says = "there is a character that cannot be shown; write the line anew"
    assert read(folder, f"a\r\nb\r\nc{sign}\r\n".encode()) == (None, [f"{FILE}:3: {says}"])


def test_missing_file_has_the_advice_of_its_reader(folder: Folder) -> None:
    assert read(folder) == (None, [f"{FILE}:1: the file is missing; {TODO}"])
    (folder.root / FILE).mkdir()
    assert read(folder) == (None, [f"{FILE}:1: the file is missing; {TODO}"])


def test_file_above_a_megabyte_is_not_read(folder: Folder) -> None:
    assert read(folder, b"x" * 1_000_000) == ("x" * 1_000_000, [])
    says = "the file is larger than 1 MB; keep it short, it is read in Slack"
    assert read(folder, b"x" * 1_000_001) == (None, [f"{FILE}:1: {says}"])


def test_picture_is_read_as_it_is(folder: Folder) -> None:
    raw = b"\x89PNG\r\n\x1a\n\x00\xff"
    (folder.root / "line.png").write_bytes(raw)
    problems = Problems()
    assert folder.read_bytes("line.png", problems, TODO) == raw
    assert folder.read_bytes("posts", problems, TODO) is None
    assert [each.file for each in problems] == [f"{folder.root.as_posix()}/posts"]


@pytest.mark.parametrize("path", ["../outside.md", "posts/../../outside.md", "link.md", "linked/outside.md"])
def test_nothing_outside_is_read(folder: Folder, tmp_path: Path, path: str) -> None:
    (tmp_path / "outside.md").write_text("secret", "utf-8")
    (folder.root / "link.md").symlink_to(tmp_path / "outside.md")
    (folder.root / "linked").symlink_to(tmp_path)
    says = "the path leaves the campaign's folder; put the file itself here"
    assert read(folder, file=path) == (None, [f"{path}:1: {says}"])


def test_neighbour_of_a_longer_name_is_outside(tmp_path: Path) -> None:
    (tmp_path / "week").mkdir()
    (tmp_path / "week-old").mkdir()
    (tmp_path / "week-old" / "a.md").write_text("old", "utf-8")
    text, says = read(Folder(tmp_path / "week"), file="../week-old/a.md")
    assert (text, len(says)) == (None, 1)


def test_links_within_and_to_the_folder_are_followed(folder: Folder, tmp_path: Path) -> None:
    (folder.root / "posts/tip/en.md").write_text("A tip", "utf-8")
    (folder.root / FILE).symlink_to("en.md")
    (tmp_path / "this-year").symlink_to(folder.root)
    assert read(folder) == read(Folder(tmp_path / "this-year")) == ("A tip", [])


def test_overlong_name_is_told(folder: Folder) -> None:
    name = f"{'x' * 300}.md"
    says = "the file cannot be read (File name too long); look at name and rights"
    assert read(folder, file=name) == (None, [f"{name}:1: {says}"])


def test_link_to_itself_is_no_file(folder: Folder) -> None:
    (folder.root / FILE).symlink_to("sv.md")
    assert read(folder) == (None, [f"{FILE}:1: the file is missing; {TODO}"])


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file_is_told(folder: Folder) -> None:
    (folder.root / FILE).write_text("A tip", "utf-8")
    (folder.root / FILE).chmod(0)
    says = "the file cannot be read (Permission denied); look at name and rights"
    assert read(folder) == (None, [f"{FILE}:1: {says}"])


def test_broken_link_is_there_and_missing(folder: Folder) -> None:
    (folder.root / "pledges.toml").symlink_to("nowhere")
    assert folder.exists("pledges.toml")
    assert not folder.exists("nowhere")
    assert read(folder, file="pledges.toml")[1] == [f"pledges.toml:1: the file is missing; {TODO}"]


def test_listing_has_names_in_order_without_hidden_ones(folder: Folder) -> None:
    for name in ("sv.md", "en.md", ".DS_Store", ".sv.md.swp", "Ä.md", "de"):
        (folder.root / "posts/tip" / name).write_text("x", "utf-8")
    assert [item.name for item in folder.listing("posts/tip")] == ["de", "en.md", "sv.md", "Ä.md"]
    assert [*folder.listing("nowhere")] == [*folder.listing("posts/tip/sv.md")] == []


def test_problems_name_files_as_the_folder_was_named(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.root.parent)
    assert Folder(Path("week")).name(FILE) == f"week/{FILE}"
    assert Folder(Path()).name(FILE) == FILE
    assert Folder(Path("../x")).name("campaign.toml") == "../x/campaign.toml"
