from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.campaign.model import Text
from bot.campaign.text_hash import text_hash
from bot.database.urls import open_database
from bot.database.worker_threads import Kind
from bot.store.approvals import Approvals
from bot.store.ideas import Idea, Ideas
from bot.store.organiser_acts import Actor
from bot.store.pauses import Pauses
from bot.store.schema import migrate
from bot.store.text_revisions import Edit, Revisions
from tests.campaigns import SHIPPED, Folder, shipped

from .conftest import Command

URL = "sqlite:///earthweek.db"
SIGRID = Actor("earth-week-2027", "U0SIGRID", datetime(2027, 3, 1, 8, tzinfo=UTC))
NEW = Text(title="Én klesvask til", summary="Heng den opp.", body="Slik gjør vi det.")
WEDNESDAY = date(2027, 3, 17)


def decide(*changes: Callable[[Connection], object]) -> None:
    """Have organisers decide something, in the database that the commands read."""
    database = open_database(URL)
    with database.transaction(Kind.ALONE) as connection:
        migrate(connection)
    with database.transaction() as connection:
        for change in changes:
            change(connection)
    database.engine.dispose()


def edited(folder: Folder, post: str = "monday-tip") -> Callable[[Connection], object]:
    base = text_hash(folder.campaign().text(post, "nb"))
    return lambda connection: Revisions().revise(connection, SIGRID, Edit(post, "nb", NEW, base))


def added(at: time = time(10)) -> Callable[[Connection], object]:
    return lambda connection: Revisions().add_post(connection, SIGRID, "NO", WEDNESDAY, at, {"nb": NEW})


def left_out(post: str = "thanks") -> Callable[[Connection], object]:
    return lambda connection: Pauses().leave_out(connection, SIGRID, post, "DK")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return shipped(tmp_path / "week")


def test_list_says_what_differs_by_whom_and_since(earthweek: Command, folder: Folder) -> None:
    decide(edited(folder), added(), left_out())
    lines = earthweek("texts", "list", campaign=folder.root).out.splitlines()
    since = "by U0SIGRID since Mon 01 Mar 08:00 UTC"
    assert lines[0] == f'monday-tip (nb): "{NEW.title}", {since}'
    assert lines[1].startswith("own-")
    assert lines[1].endswith(f": a post of their own in NO, Wed 17 Mar 10:00, {since}")
    assert lines[2] == f"thanks: left out in DK, {since}"
    assert "invitation (sv): not approved, and sent all the same" in lines


def test_list_says_what_waits_for_approval(earthweek: Command, folder: Folder) -> None:
    folder.write("campaign.toml", f"approval = {{ required = true }}\n{folder.text('campaign.toml')}")
    seen = text_hash(folder.campaign().text("invitation", "sv"))
    decide(lambda connection: Approvals().approve(connection, SIGRID, "invitation", "sv", seen))
    lines = earthweek("texts", "list", campaign=folder.root).out.splitlines()
    assert lines[0] == "Nothing differs from the files."
    assert "invitation (nb): waits to be approved" in lines
    assert "invitation (sv): waits to be approved" not in lines


def test_file_that_is_newer_is_told(earthweek: Command, folder: Folder) -> None:
    decide(edited(folder))
    folder.change("posts/monday-tip/nb.md", 'title = "', 'title = "Ny: ')
    lines = earthweek("texts", "list", campaign=folder.root).out.splitlines()
    assert lines[0] == "monday-tip (nb): U0SIGRID wrote other words, and the file is newer"


def test_export_says_what_was_decided(earthweek: Command, folder: Folder, tmp_path: Path) -> None:
    decide(edited(folder), added(), left_out())
    said = earthweek("texts", "export", "--out", "next", campaign=folder.root)
    assert (said.code, said.out, said.err) == (0, "Wrote next: 7 files changed.\n", "")
    made = Folder(tmp_path / "next")
    assert earthweek("check", campaign=made.root).code == 0
    assert made.campaign().text("monday-tip", "nb") == NEW
    own = made.campaign().posts[-1]
    assert (own.countries, own.day, own.time) == (("NO",), WEDNESDAY, time(10))
    [thanks] = [post for post in made.campaign().posts if post.post == "thanks"]
    assert thanks.left_out == ("DK",)
    changed = {file for file in folder.files if folder.raw(file) != made.raw(file)}
    assert changed == {"campaign.toml", "posts/monday-tip/nb.md"}
    assert not [each.name for each in tmp_path.iterdir() if each.name.startswith(".")]


def test_exported_folder_has_nothing_left_to_export(earthweek: Command, folder: Folder, tmp_path: Path) -> None:
    decide(edited(folder), added(), left_out())
    earthweek("texts", "export", "--out", "next", campaign=folder.root)
    again = earthweek("texts", "export", "--out", "after", campaign=tmp_path / "next")
    assert again.out == "Wrote after: nothing differs from the files.\n"


def test_export_overwrites_nothing(earthweek: Command, folder: Folder, tmp_path: Path) -> None:
    decide(edited(folder))
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "notes.txt").write_text("mine", "utf-8")
    said = earthweek("texts", "export", "--out", "there", campaign=folder.root)
    assert (said.code, said.err) == (1, "there is there already, and nothing in it is overwritten; name a new folder\n")
    for within in (str(folder.root), str(folder.root / "next")):
        said = earthweek("texts", "export", "--out", within, campaign=folder.root)
        assert "would be within the campaign's own folder" in said.err
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {"there", "week"}
    assert folder.files == Folder(SHIPPED).files


def test_export_that_check_would_refuse_is_not_written(earthweek: Command, folder: Folder, tmp_path: Path) -> None:
    decide(added())
    folder.change("campaign.toml", "day = 2027-03-17\ntime = 09:00:00", "day = 2027-03-17\ntime = 10:00:00")
    said = earthweek("texts", "export", "--out", "next", campaign=folder.root)
    assert said.code == 1
    assert "are posted at the same time in earth-week-no; move one of them by a few minutes" in said.err
    assert "next/campaign.toml:" in said.err
    assert "next was not written, because of what is listed above" in said.err
    assert not (tmp_path / "next").exists()


def test_without_a_database_it_is_told(earthweek: Command, folder: Folder) -> None:
    for words in (("list",), ("export", "--out", "next")):
        said = earthweek("texts", *words, campaign=folder.root)
        assert said.code == 1
        assert "earthweek.db" in said.err


def test_ideas_are_exported_only_with_consent(earthweek: Command, folder: Folder, tmp_path: Path) -> None:
    def idea(text: str, *, kept: bool = False, told: bool = False) -> Callable[[Connection], object]:
        at, campaign = SIGRID.at, SIGRID.campaign
        sent = Idea(text, campaign, f"U0{text}", "SE", "sv", text, named=True, at=at, changed_at=at)
        return lambda connection: Ideas().submit(connection, replace(sent, kept=kept, told=told))

    decide(idea("RACKS", kept=True), idea("BINS", told=True), idea("TRAINS"))
    assert earthweek("texts", "export", "--out", "out", campaign=folder.root).code == 0
    written = Folder(tmp_path / "out").text("ideas.toml")
    assert [each.text for each in Folder(tmp_path / "out").campaign().kept_ideas] == ["BINS", "RACKS"]
    assert "TRAINS" not in written
    assert "U0" not in written
    assert earthweek("new", "next", "--from", "out", campaign=None).code == 0
    [kept] = Folder(tmp_path / "next").campaign().kept_ideas
    assert (kept.text, kept.country, kept.stage) == ("RACKS", "SE", "new")
