"""Exact totals of the bot's store, which the journals of simulated colleagues are held against."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.database.urls import open_database
from bot.store.actions import Action, ActionKind
from bot.store.awareness import GivenAnswer
from bot.store.ideas import Idea
from bot.store.organiser_acts import Actor
from bot.store.pledges import Answer, Factor, Outcome, Pledged
from bot.store.store import Store
from rehearsal.people.journal import Journal, TriedTip
from rehearsal.verify.journal_totals import FIGURES, journal_totals
from rehearsal.verify.stored_totals import measures, stored_acts, stored_totals
from tests.bot.store.databases import file_up_to_date
from tests.bot.store.lines import LEASE
from tests.campaigns import NAME, campaign

NOON = datetime(2027, 3, 17, 11, tzinfo=UTC)
FACTOR = Factor(2.0, 1.0, 3.0, "1")
WEEK = campaign()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    file = tmp_path / "bot.db"
    file.write_bytes(file_up_to_date())
    database = open_database(f"sqlite:///{file}")
    yield Store(database, "me", LEASE)
    await database.close()


async def act(store: Store, kind: ActionKind, subject: str = "", country: str | None = "SE", user: str = "U1") -> None:
    answer, minutes = {ActionKind.GUESS: ("2", None), ActionKind.EARTH_HOUR: ("did", 45)}.get(kind, (None, None))
    await store.write(store.actions.record, Action(NAME, user, kind, subject, country, NOON, answer, minutes))


async def everything(store: Store) -> None:
    """One colleague does each thing once, and has two tips."""
    for kind, subject in (
        (ActionKind.JOINED, ""),
        (ActionKind.TIP, "monday"),
        (ActionKind.TIP, "tuesday"),
        (ActionKind.GUESS, "beef"),
        (ActionKind.EARTH_HOUR, "hour"),
        (ActionKind.OPTED_OUT, ""),
    ):
        await act(store, kind, subject)
    await store.write(store.pledges.make, Pledged(NAME, "U1", "bike", "SE", NOON, FACTOR))
    done = Outcome(NAME, "U1", "bike", "2027-03-16", "SE", NOON, Answer.DONE, FACTOR)
    partly = replace(done, occasion="check-in", answer=Answer.PARTLY, obstacle="time", continues=True)
    await store.write(store.pledges.answer, [done, partly])
    await store.write(store.awareness.answer, GivenAnswer(NAME, "U1", "before", "work", "yes", "SE"))
    await store.write(store.ideas.submit, Idea("1dea", NAME, "U1", "SE", "sv", "A shelf", False, NOON, NOON))


async def test_empty_store_has_no_totals(store: Store) -> None:
    assert (await stored_totals(store, WEEK), await measures(store, WEEK)) == ({}, {})


async def test_everything_is_counted_by_its_journal_name(store: Store) -> None:
    await everything(store)
    [(place, figures)] = (await stored_totals(store, WEEK)).items()
    assert (place, set(figures)) == ("SE", set(FIGURES))
    assert figures == {**dict.fromkeys(FIGURES, 1), "tips": 2, "earth_hour_minutes": 45}


async def test_each_place_counts_only_what_was_done_there(store: Store) -> None:
    await act(store, ActionKind.JOINED)
    await act(store, ActionKind.TIP, "monday", "NO")
    await act(store, ActionKind.JOINED, country=None, user="U2")
    found = await stored_totals(store, WEEK)
    counted = {place: {name: times for name, times in figures.items() if times} for place, figures in found.items()}
    assert counted == {"SE": {"participants": 1}, "NO": {"tips": 1}, None: {"participants": 1}}


async def test_an_idea_alone_makes_a_place(store: Store) -> None:
    idea = Idea("1dea", NAME, "U1", None, "sv", "A shelf", False, NOON, NOON)
    await store.write(store.ideas.submit, idea)
    await store.write(store.ideas.submit, replace(idea, id="2dea", campaign="another-week"))
    [(place, figures)] = (await stored_totals(store, WEEK)).items()
    assert (place, figures["ideas"], sum(figures.values())) == (None, 1, 1)


async def test_another_campaign_is_left_out(store: Store) -> None:
    await everything(store)
    assert await stored_totals(store, replace(WEEK, id="another-week")) == {}


async def test_totals_have_the_names_of_the_journals(store: Store) -> None:
    await act(store, ActionKind.TIP, "monday", None)
    journal = Journal("U1", "UTC", [])
    journal.write(NOON, TriedTip("monday"))
    assert await stored_totals(store, WEEK) == journal_totals([journal])


async def test_acts_are_counted_by_organiser_and_name(store: Store) -> None:
    for number, user in enumerate(("U0ANN", "U0ANN", "U0BO")):
        actor = Actor(NAME, user, NOON + timedelta(minutes=number))
        await store.write(store.approvals.approve, actor, f"post-{number}", "sv", "0")
    await store.write(store.pauses.pause, Actor(NAME, "U0BO", NOON), "SE")
    assert await stored_acts(store, WEEK) == {
        ("U0ANN", "approved"): 2,
        ("U0BO", "approved"): 1,
        ("U0BO", "paused"): 1,
    }
    assert await stored_acts(store, replace(WEEK, id="another-week")) == {}
