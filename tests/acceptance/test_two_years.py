"""Two campaigns that are played one after the other in one database, and everything that is made of them for others.

`EARTHWEEK_COLLEAGUES=200` plays them with as many colleagues.
"""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest

from bot.campaign.localtime import local
from bot.campaign.model import Campaign
from bot.locales.catalogues import campaign_words
from bot.messages.replies.phrases import capitalized, medium_date, people_phrase
from bot.reports.results import for_customers, read_results_json, results
from bot.standings.published_figures import Standings
from rehearsal.headless import RehearsalResult, play
from rehearsal.simulation import Rehearsal, database_url
from rehearsal.verify import report
from tests.campaigns import Folder, shipped

PEOPLE = int(os.environ.get("EARTHWEEK_COLLEAGUES", "12"))

LANGUAGES = ("sv", "nb", "da", "de", "en")


@dataclass(frozen=True)
class Year:
    """A campaign that was played, and the folder that everything was made into."""

    campaign: Campaign
    outcome: RehearsalResult
    made: Path

    @property
    def published(self) -> Standings:
        """What was published last."""
        assert self.outcome.published
        return self.outcome.published


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> tuple[Year, Year]:
    folder = tmp_path_factory.mktemp("years")
    shipped(folder / "first")
    outcome = played(folder, "first", 1)
    earthweek(folder, "new", "second", "--from", "first")
    return outcome, played(folder, "second", 2)


def played(folder: Path, name: str, seed: int) -> Year:
    outcome = asyncio.run(play(Rehearsal(folder / name, PEOPLE, seed, keep=folder / "kept")))
    out = folder / "made" / name
    for language in LANGUAGES:
        earthweek(folder, "report", "--out", f"{out}/report/{language}", "--language", language, campaign=name)
    earthweek(folder, "site", "--out", f"{out}/site", "--allow-examples", campaign=name)
    kit = ("kit", "--out", f"{out}/kit", "--url", "https://example.com/earth-week", "--allow-examples")
    earthweek(folder, *kit, campaign=name)
    earthweek(folder, "notice", "--out", f"{out}/notice", campaign=name)
    return Year(Folder(folder / name).campaign(), outcome, out)


def earthweek(folder: Path, *words: str, campaign: str | None = None) -> None:
    """Type a command, as the manager does."""
    chosen = ("--campaign", campaign) if campaign else ()
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": database_url(folder / "kept")}
    command = [sys.executable, "-m", "bot", *words, *chosen]
    done = subprocess.run(  # noqa: S603 - our own words
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr


def texts(year: Year, *suffixes: str) -> Iterator[tuple[Path, str]]:
    """Every file that was made, with what is in it."""
    for file in sorted(year.made.rglob("*")):
        if file.is_file() and (not suffixes or file.suffix in suffixes):
            yield file, file.read_bytes().decode("utf-8", "replace")


def test_both_weeks_are_well(years: tuple[Year, Year]) -> None:
    for year in years:
        assert list(report.differences(year.outcome)) == []
        assert report.is_well(year.outcome)


def test_everything_is_made_in_each_language(years: tuple[Year, Year]) -> None:
    for year in years:
        pages = [file for file, text in texts(year, ".html") if "<html" in text]
        spoken = Counter(re.search(r'<html[^>]* lang="([a-z]+)', file.read_text("utf-8"))[1] for file in pages)  # type: ignore[index]
        assert set(spoken) >= set(LANGUAGES)
        assert min(spoken[language] for language in LANGUAGES) >= 5, "site, kit, report, and two notices"


def test_each_result_is_the_published_one(years: tuple[Year, Year]) -> None:
    for year in years:
        expected = results(year.campaign, year.published)
        found = {file: read_results_json(text) for file, text in texts(year, ".json") if "results" in file.name}
        assert len(found) == len(LANGUAGES) + 1
        for file, each in found.items():
            assert each == (for_customers(expected) if file.parent.name == "site" else expected)


def test_participants_are_shown_alike_everywhere(years: tuple[Year, Year]) -> None:
    for year in years:
        for language in LANGUAGES:
            whole, smallest = year.published.whole, year.published.smallest_group
            assert whole.participants is not None
            words = campaign_words(year.campaign, language)
            phrase = capitalized(people_phrase(words, whole.participants, smallest, whole.headcount))
            shown = [file.parent.name for file, text in texts(year, ".html") if phrase in unescape(text)]
            assert {"site", language} <= set(shown), phrase


def test_former_figures_stand_beside_those_of_today(years: tuple[Year, Year]) -> None:
    first, second = years
    for language in LANGUAGES:
        words = campaign_words(second.campaign, language)
        day = medium_date(words, local(first.published.taken_at, first.campaign.zone).date())
        head = words("review.before", day=day)
        [page] = (second.made / "report" / language).glob("*.html")
        assert head in unescape(page.read_text("utf-8"))
        [page] = (first.made / "report" / language).glob("*.html")
        assert head not in unescape(page.read_text("utf-8"))


def test_nothing_that_leaves_names_anybody(years: tuple[Year, Year]) -> None:
    for year in years:
        users = {journal.user for journal in year.outcome.journals}
        assert users
        for file, text in texts(year):
            assert not [user for user in users if user in text], file


def test_first_week_has_left_no_person_behind(years: tuple[Year, Year]) -> None:
    first, second = years
    with sqlite3.connect(second.made.parents[1] / "kept" / "rehearsal.db") as connection:
        for table in ("actions", "pledges", "outcomes", "remarks", "awareness_answered"):
            query = f"SELECT count(*) FROM {table} WHERE campaign = ?"  # noqa: S608 - our own table
            assert connection.execute(query, [first.campaign.id]).fetchone() == (0,), table
