"""The rehearsal of the shipped campaign, with colleagues who live their week in it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import pytest

from bot.campaign.model import Campaign
from bot.standings.displayed_figures import number
from bot.store.store import Store
from rehearsal.headless import RehearsalResult, Step, play
from rehearsal.people.journal import (
    AskedReminder,
    FetchedCalendar,
    Joined,
    Journal,
    MadePledge,
    SentIdea,
    StoppedMessages,
    WantedMessages,
)
from rehearsal.simulation import Rehearsal
from rehearsal.slack.workspace import Workspace
from rehearsal.verify import report
from rehearsal.verify.stored_totals import stored_totals
from tests.campaigns import GERMANY, SHIPPED, SWEDEN, Folder, Place, Post, Week, write

EVERYTHING = {
    "approve a post", "bring back a post", "edit a post", "leave out a post", "pause a country", "resume a country",
    "answer", "answer a question", "answer at once", "approve an idea", "ask an idea", "ask for Earth Hour's reminder",
    "ask for messages", "back-date", "come back", "decline an idea", "do it already", "fetch the calendar file",
    "forget", "guess", "join", "join Earth Hour", "look", "look at the home", "move", "pause", "pledge",
    "pledge with reminders", "press done", "press twice", "publish an idea", "say done", "send an idea", "send nothing",
    "stop", "stop questions", "tell minutes", "tell of Earth Hour", "too far back", "try a tip", "withdraw",
    "write a line",
}  # fmt: skip
"""What colleagues can do."""


@dataclass(frozen=True)
class Played:
    """A rehearsal that is over, and the Slack it was in."""

    outcome: RehearsalResult
    town: Workspace


def rehearsed(people: int, seed: int, folder: Path) -> Played:
    towns: list[Workspace] = []

    def watch(moment: Step) -> None:
        towns[:] = [moment.workspace]

    outcome = asyncio.run(play(Rehearsal(folder, people, seed), watch))
    return Played(outcome, towns[0])


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The shipped campaign, whose organisers have a channel of their own."""
    folder = tmp_path_factory.mktemp("campaign")
    shutil.copytree(SHIPPED, folder, dirs_exist_ok=True)
    Folder(folder).change("campaign.toml", "# organisers_channel", "organisers_channel")
    return rehearsed(40, 346, folder)


def test_store_counts_what_forty_colleagues_reported(played: Played) -> None:
    assert list(report.differences(played.outcome)) == []
    for place, figures in played.outcome.totals.items():
        assert figures == {name: played.outcome.stored.get(place, {}).get(name, 0) for name in figures}


def test_every_message_that_was_due_came_once(played: Played) -> None:
    assert (played.outcome.audit.duplicates, played.outcome.audit.lost) == (0, 0)
    assert played.outcome.errors.total() == 0


def test_forty_colleagues_do_everything_that_colleagues_do(played: Played) -> None:
    assert EVERYTHING - set(played.outcome.activities) == set()


def test_there_are_people_in_every_place(played: Played) -> None:
    assert {"SE", "NO", "DK", "DE", "ZZ", None} <= set(played.outcome.totals)


def test_who_has_stopped_hears_nothing_more(played: Played) -> None:
    stopped = [(journal, at) for journal in played.outcome.journals for at in last_words(journal)]
    assert stopped
    for journal, at in stopped:
        heard = played.town.messages(played.town.im(journal.user))
        assert [message.text for message in heard if message.posted_at > at] == []


def last_words(journal: Journal) -> Iterator[datetime]:
    """When somebody stopped all messages for good."""
    asking = Joined | WantedMessages | AskedReminder | FetchedCalendar | MadePledge | SentIdea
    for place, entry in enumerate(journal.entries):
        more = [each for each in journal.entries[place + 1 :] if isinstance(each.note, asking)]
        if isinstance(entry.note, StoppedMessages) and entry.note.everything and not more:
            yield entry.at


def test_published_figures_match_last_day(played: Played) -> None:
    published = played.outcome.published
    assert published
    people = sum(
        figures["participants"]
        for place, figures in played.outcome.totals.items()
        if played.outcome.campaign.country(place)
    )
    shown = number(published.whole.participants, published.smallest_group, published.whole.headcount or 0)
    # The noise is at most 28, and what is shown is rounded to fives.
    assert abs(shown - people) <= 31


def test_an_idea_is_shared_where_organisers_talk(played: Played) -> None:
    assert "shared_idea" in {act for _, act in played.outcome.organised}


HELLO = Post("hello", date(2027, 3, 15), time(9))
TIP = Post("a-tip", date(2027, 3, 16), time(9), kind="tip")
ASKED = Post("how-was-it", date(2027, 3, 19), time(14), kind="check_in", audience="joined")
SPARSE = Week((HELLO, TIP, ASKED), (SWEDEN, GERMANY))


def test_colleagues_cope_with_sparse_campaign(tmp_path: Path) -> None:
    write(tmp_path, SPARSE)
    outcome = rehearsed(12, 4, tmp_path).outcome
    assert report.is_well(outcome)
    assert sum(figures["participants"] for figures in outcome.totals.values()) > 0


def test_colleagues_guess_and_are_answered(tmp_path: Path) -> None:
    guess = Post("beef", date(2027, 3, 17), time(9), kind="guess")
    answer = Post("told", date(2027, 3, 17), time(14), kind="guess_answer", guess="beef")
    # The sun rises earlier there, so whoever only says to be there guesses too late.
    east = Place("IN", "Asia/Kolkata", "en", "week-in")
    write(tmp_path, Week((guess, answer), (SWEDEN, east)))
    outcome = rehearsed(12, 4, tmp_path).outcome
    assert report.is_well(outcome)
    assert sum(figures["guesses"] for figures in outcome.totals.values()) > 0


def test_lost_row_in_store_is_detected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, SPARSE)

    async def short(store: Store, campaign: Campaign) -> dict[str | None, dict[str, int]]:
        found = await stored_totals(store, campaign)
        place = next(place for place, figures in found.items() if figures["participants"])
        return {**found, place: {**found[place], "participants": found[place]["participants"] - 1}}

    monkeypatch.setattr("rehearsal.headless.stored_totals", short)
    outcome = rehearsed(12, 4, tmp_path).outcome
    assert not report.is_well(outcome)
    [difference] = report.differences(outcome)
    assert "for participants" in difference
