"""What belongs together is asked or changed in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.campaign.organiser_decisions import ALL_COUNTRIES
from bot.campaign.text_hash import text_hash
from bot.database.database import Database
from bot.store.actions import Action, ActionKind
from bot.store.corrections import CORRECTION
from bot.store.hold_conditions import HELD_FOR, NOT_APPROVED, PAUSED, Leaving
from bot.store.ideas import Idea, IdeaState
from bot.store.organiser_acts import Act, Actor
from bot.store.outbox import Entry, State
from bot.store.people import DirectoryChanges, Person
from bot.store.pledges import Answer, Factor, Outcome, Pledged
from bot.store.snapshots import Snapshot
from bot.store.store import Activity, Knowledge, Member, Overview, Store, decisions

from .decided import FILE, NEW, decide
from .lines import CAMPAIGN, DUE, LEASE, line, planned

ANN = Person("T0TEAM", "U0ANN", "Europe/Stockholm", joined_at=DUE, country="SE", language="sv")
JOINED = Action(CAMPAIGN, "U0ANN", ActionKind.JOINED, "", "SE", DUE)
TIP = Action(CAMPAIGN, "U0ANN", ActionKind.TIP, "tip", "SE", DUE + timedelta(minutes=1))
PLEDGED = Pledged(CAMPAIGN, "U0ANN", "bike", "SE", DUE, Factor(2, 1, 3, "1"))
OUTCOME = Outcome(CAMPAIGN, "U0ANN", "bike", "check", "SE", DUE, Answer.DONE, PLEDGED.factor)
BOSS = Actor(CAMPAIGN, "U0BOSS", DUE)
IDEA = Idea("1dea", CAMPAIGN, "U0ANN", "SE", "sv", "Fler tåg!", named=False, at=DUE, changed_at=DUE)


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database, "me", LEASE)


@pytest.fixture
async def active(store: Store) -> Store:
    """Ann has joined, done the tip, pledged and answered."""
    await store.write(store.people.join, ANN, JOINED)
    await store.write(store.actions.record, TIP)
    await store.write(store.pledges.make, PLEDGED)
    await store.write(store.pledges.answer, [OUTCOME])
    return store


async def claimed(store: Store) -> Entry:
    await planned(store.database, store.outbox, line())
    [entry] = await store.write(store.outbox.claim, DUE, 9)
    return entry


async def row(store: Store, entry: Entry) -> Entry:
    found = await store.read(store.outbox.entry, entry.id)
    assert found
    return found


@pytest.mark.parametrize(
    ("knowledge", "known"),
    [
        (Knowledge.PERSON, Member(ANN)),
        (Knowledge.PLEDGES, Member(ANN, pledges=[PLEDGED])),
        (Knowledge.ACTIVITY, Member(ANN, activity=Activity([JOINED, TIP], [PLEDGED], [OUTCOME]))),
    ],
)
async def test_member_comes_with_what_was_asked_for(active: Store, knowledge: Knowledge, known: Member) -> None:
    assert await active.read(active.member, "U0ANN", CAMPAIGN, knowledge) == known


@pytest.mark.parametrize("knowledge", Knowledge)
@pytest.mark.parametrize(("user", "campaign"), [("U0BO", CAMPAIGN), ("U0ANN", "another")])
async def test_of_anybody_else_nothing_is_known(active: Store, user: str, campaign: str, knowledge: Knowledge) -> None:
    assert await active.read(active.member, user, campaign, knowledge) == Member(None)


async def test_activity_is_ones_own_in_one_campaign(active: Store) -> None:
    await active.write(active.actions.record, replace(TIP, user="U0BO"))
    await active.write(active.pledges.make, replace(PLEDGED, campaign="another"))
    assert await active.read(active.activity, CAMPAIGN, "U0ANN") == Activity([JOINED, TIP], [PLEDGED], [OUTCOME])
    assert await active.read(active.activity, CAMPAIGN, "U0NOBODY") == Activity([], [], [])


async def test_who_has_left_is_known_but_not_present(active: Store) -> None:
    await active.write(active.people.apply, DirectoryChanges({}, ["U0ANN"], []), DUE)
    assert await active.read(active.people.get, "U0ANN")
    assert await active.read(active.present.get, "U0ANN") is None


async def test_organiser_sees_what_is_theirs_to_see(store: Store) -> None:
    assert await store.read(store.overview, CAMPAIGN, ("SE",), 5) == Overview([], {}, [], None, frozenset(), True)
    lines = line(), line(recipient="NO"), line("check", "SE", audience="joined"), line(campaign="another")
    await planned(store.database, store.outbox, *lines)
    await store.write(store.ideas.submit, IDEA)
    for post in ("first", "second"):
        await store.write(store.pauses.leave_out, replace(BOSS, at=DUE + timedelta(post == "second")), post, "SE")
    figures = Snapshot(CAMPAIGN, DUE, "1", "{}")
    await store.write(store.snapshots.keep, figures)
    found = await store.read(store.overview, CAMPAIGN, ("SE", "company"), 1)
    assert [entry.slot.key for entry in found.entries] == [line().key]
    assert found.ideas == {("SE", IdeaState.NEW): 1}
    assert [(each.act, each.subject) for each in found.acts] == [(Act.LEFT_OUT, "second")]
    assert found.figures == figures


async def test_message_that_leaves_keeps_its_words(store: Store) -> None:
    entry = await claimed(store)
    assert await store.write(store.leave, entry, "C0WEEK", Leaving("tip", NEW), DUE + HELD_FOR)
    assert await store.read(store.revisions.sent, CAMPAIGN) == {text_hash(NEW): NEW}
    assert ((await row(store, entry)).channel, (await row(store, entry)).text_hash) == ("C0WEEK", text_hash(NEW))


async def test_message_without_words_of_files_leaves(store: Store) -> None:
    entry = await claimed(store)
    assert await store.write(store.leave, entry, "C0WEEK", None, DUE + HELD_FOR)
    assert await store.read(store.revisions.sent, CAMPAIGN) == {}


@pytest.mark.parametrize("why", [PAUSED, NOT_APPROVED])
async def test_message_that_is_held_is_put_back(store: Store, why: str) -> None:
    entry = await claimed(store)
    if why == PAUSED:
        await store.write(store.pauses.pause, BOSS, ALL_COUNTRIES)
    words = Leaving("tip", NEW, must_be_approved=why == NOT_APPROVED)
    assert not await store.write(store.leave, entry, "C0WEEK", words, DUE + HELD_FOR)
    found = await row(store, entry)
    assert (found.state, found.channel) == (State.DUE, None)
    assert await store.read(store.revisions.sent, CAMPAIGN) == {}, "words that did not leave are not kept"


async def test_lost_lease_lets_nothing_leave(store: Store, database: Database) -> None:
    entry = await claimed(store)
    other = Store(database, "somebody else", LEASE)
    assert not await other.write(other.leave, entry, "C0WEEK", Leaving("tip", NEW), DUE + HELD_FOR)
    assert await row(store, entry) == entry


async def test_arrived_correction_changes_the_message_it_corrects(store: Store) -> None:
    entry = await claimed(store)
    await store.write(store.leave, entry, "C0WEEK", Leaving("tip", FILE), DUE)
    await store.write(store.arrived, entry, "C0WEEK", "1.000100", DUE)
    assert (await row(store, entry)).ts == "1.000100"
    await store.write(store.corrections.correct, BOSS, "tip", {"sv": NEW})
    [correction] = await store.write(store.outbox.claim, DUE, 9)
    assert correction.slot.kind == CORRECTION
    await store.write(store.leave, correction, "C0WEEK", Leaving("tip", NEW), DUE)
    await store.write(store.arrived, correction, "C0WEEK", "1.000100", DUE)
    assert (await row(store, entry)).text_hash == text_hash(NEW)
    assert (await row(store, correction)).state is State.SENT


async def test_decisions_are_all_that_hold_now(store: Store) -> None:
    await decide(store, "U0SEA")
    found = await store.read(store.decisions, CAMPAIGN)
    assert found == await store.read(decisions, CAMPAIGN)
    assert found.revisions["tip-u0sea", "sv"].text == FILE
    assert {(each.post, each.country) for each in found.omissions} == {("notice-u0sea", "SE")}
    assert [each.country for each in found.pauses] == ["EA"]
    assert [(each.user, each.until) for each in found.stand_ins] == [("U0SEA", date(2027, 3, 19))]
    assert len(found.own_posts) == len(found.approvals) == 1
    empty = await store.read(decisions, "another")
    assert not any(vars(empty).values())
