from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.database.urls import open_database, sole_process
from bot.standings.published_figures import WHOLE, Standing, Standings
from bot.store.schema import upgrade
from bot.store.snapshots import Snapshot, Snapshots

from .conftest import Command
from .kept import make_version

URL = "sqlite:///earthweek.db"
FILES = {
    "report-earth-week-2027.json",
    "report-earth-week-2027-results.json",
    "report-earth-week-2027.csv",
    "report-earth-week-2027-notes.csv",
    "report-earth-week-2027.html",
}


def week() -> list[Standings]:
    """Three days, of which the first had nothing to show."""
    return [
        Standings(
            campaign="earth-week-2027",
            taken_at=datetime(2027, 3, 15, 11, tzinfo=UTC) + timedelta(days=after),
            definition="1",
            factors="2027.1",
            smallest_group=5,
            goal_percent=20,
            whole=Standing(place=WHOLE, headcount=400, participants=people),
            places=(Standing(place="SE", headcount=100),),
        )
        for after, people in enumerate((None, 51, 67))
    ]


async def keep(days: Iterable[Standings]) -> None:
    """What a bot leaves behind in the folder it runs in."""
    database = open_database(URL)
    await upgrade(database)
    for day in days:
        await database.write(Snapshots().keep, Snapshot(day.campaign, day.taken_at, "1", day.model_dump_json()))
    await database.close()


def published(*days: Standings) -> None:
    asyncio.run(keep(days))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_all_formats_are_written_and_named(earthweek: Command, tmp_path: Path) -> None:
    published(*week())
    said = earthweek("report", "--out", "figures")
    assert (said.code, said.err) == (0, "")
    assert names(tmp_path / "figures") == FILES
    assert all(f"Wrote figures/{name}" in said.out.splitlines() for name in FILES)


def test_it_writes_what_was_published_oldest_day_first(earthweek: Command, tmp_path: Path) -> None:
    published(*reversed(week()))
    earthweek("report", "--out", "figures", "--format", "json")
    written = json.loads((tmp_path / "figures" / "report-earth-week-2027.json").read_text(encoding="utf-8"))
    assert [day["whole"]["participants"] for day in written["days"]] == [None, 51, 67]


def test_formats_can_be_chosen(earthweek: Command, tmp_path: Path) -> None:
    published(*week())
    earthweek("report", "--format", "html", "--format", "json", "--out", "two")
    assert names(tmp_path / "two") == FILES - {"report-earth-week-2027.csv", "report-earth-week-2027-notes.csv"}
    refused = earthweek("report", "--format", "pdf", "--out", "two")
    assert refused.code == 2
    assert "json" in refused.err


def a_year_before(**changed: object) -> Standings:
    """What was published at the end of the campaign before."""
    whole = Standing(place=WHOLE, headcount=400, participants=30)
    last = week()[-1].model_copy(update={"campaign": "earth-week-2026", "whole": whole, **changed})
    return last.model_copy(update={"taken_at": last.taken_at - timedelta(days=364)})


def first_page(folder: Path) -> str:
    return (folder / "report-earth-week-2027.html").read_text(encoding="utf-8").partition("</section>")[0]


def test_campaign_before_stands_beside_this_one(earthweek: Command, tmp_path: Path) -> None:
    published(*week(), a_year_before())
    assert earthweek("report", "--out", "figures").code == 0
    shown = first_page(tmp_path / "figures")
    assert "Last time (18 Mar 2026)" in shown
    assert "<td>about 67</td><td>about 30</td><td>up</td>" in shown
    published(a_year_before(definition="0").model_copy(update={"taken_at": week()[0].taken_at - timedelta(days=30)}))
    assert earthweek("report", "--out", "figures").code == 0
    assert "<td>about 67</td><td>about 30</td><td>not comparable</td>" in first_page(tmp_path / "figures")


def test_last_year_is_read_from_its_results(earthweek: Command, tmp_path: Path) -> None:
    published(*week())
    assert earthweek("report", "--out", "then", "--format", "json").code == 0
    before = "then/report-earth-week-2027-results.json"
    assert earthweek("report", "--out", "figures", "--last-year", before).code == 0
    assert "<td>about 67</td><td>about 67</td><td>no clear change</td>" in first_page(tmp_path / "figures")
    said = earthweek("report", "--out", "figures", "--last-year", "then/report-earth-week-2027.json")
    assert said.code == 1
    assert "results.json" in said.err


def test_report_is_written_in_a_language_of_choice(earthweek: Command, tmp_path: Path) -> None:
    published(*week())
    assert earthweek("report", "--out", "figures", "--language", "sv").code == 0
    assert '<html lang="sv">' in first_page(tmp_path / "figures")
    said = earthweek("report", "--out", "figures", "--language", "fr")
    assert (said.code, "the campaign is not in fr" in said.err) == (1, True)


def test_report_changes_nothing_while_the_bot_runs(earthweek: Command, tmp_path: Path) -> None:
    published(*week())
    lock = sole_process(URL)
    assert lock
    before = (tmp_path / "earthweek.db").read_bytes()
    try:
        assert earthweek("report", "--out", "figures").code == 0
    finally:
        lock.release()
    assert (tmp_path / "earthweek.db").read_bytes() == before


def test_missing_figures_are_answered_with_their_dates(earthweek: Command, tmp_path: Path) -> None:
    published()
    said = earthweek("report", "--out", "figures")
    assert said.code == 1
    assert said.err == (
        "there are no figures of earth-week-2027 yet; the bot publishes them "
        "on 17 March 2027, 19 March 2027, 22 April 2027\n"
    )
    assert not (tmp_path / "figures").exists()


@pytest.mark.parametrize("url", [URL, "sqlite:///no/such/folder/bot.db", "sqlite://"])
def test_where_there_is_no_database_none_is_made(
    earthweek: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    said = earthweek("report", "--out", "figures")
    assert said.code == 1
    assert "there is no database at " in said.err
    assert "Traceback" not in said.err
    assert names(tmp_path) == set()


def test_database_without_tables_is_not_migrated(earthweek: Command, tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "earthweek.db").execute("CREATE TABLE mine (id)").connection.close()
    said = earthweek("report", "--out", "figures")
    assert said.code == 1
    assert "it has no tables yet; earthweek run makes them" in said.err
    tables = sqlite3.connect(tmp_path / "earthweek.db")
    assert tables.execute("SELECT name FROM sqlite_master").fetchall() == [("mine",)]
    tables.close()


@pytest.mark.parametrize("revision", ["0001", "9999"])
def test_database_of_another_version_is_not_read(kept: Command, revision: str) -> None:
    make_version(revision)
    before = Path("earthweek.db").read_bytes()
    said = kept("report", "--out", "figures")
    assert said.code == 1
    assert f"schema {revision}" in said.err
    assert Path("earthweek.db").read_bytes() == before


def test_a_file_that_is_no_database_is_said(earthweek: Command, tmp_path: Path) -> None:
    (tmp_path / "earthweek.db").write_text("not a database, but long enough to be looked at" * 20)
    said = earthweek("report", "--out", "figures")
    assert said.code == 1
    assert "file is not a database" in said.err


def test_a_place_that_cannot_be_written_is_said(earthweek: Command, tmp_path: Path) -> None:
    published(*week())
    (tmp_path / "file").write_text("")
    said = earthweek("report", "--out", "file")
    assert said.code == 1
    assert said.err == "file cannot be written: File exists\n"


def test_a_campaign_with_errors_has_no_report(earthweek: Command, tmp_path: Path) -> None:
    said = earthweek("report", "--out", "figures", campaign=tmp_path)
    assert said.code == 1
    assert "campaign.toml:1: the file is missing" in said.err
