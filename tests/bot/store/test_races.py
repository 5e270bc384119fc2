"""Those who want the same at the same moment: neither does half of it, and none waits forever."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.campaign.schedule import Slot
from bot.database.database import Database
from bot.database.urls import open_database
from bot.store.actions import Action, ActionKind
from bot.store.ideas import Idea, IdeaLimit, IdeaState, TooManyIdeasError
from bot.store.outbox import Changes, State
from bot.store.participation import KilogramRules, contributions
from bot.store.people import Person
from bot.store.pledges import Answer, Factor, Outcome, Pledged
from bot.store.store import Store
from bot.store.tables import actions
from tests.patience import PATIENCE

from .lines import CAMPAIGN, DUE, LEASE, line, planned

NOW = datetime(2027, 3, 15, 8, 30, tzinfo=UTC)
FACTOR = Factor(2.1, 0.1, 3.4, "1")
DAYS = (date(2027, 3, 16), date(2027, 3, 17))
BIKE = Pledged(CAMPAIGN, "U0ANN", "bike", "SE", NOW, FACTOR, remind_at=time(9), remind_on=DAYS)
ROUNDS = 12


@pytest.fixture
async def stores(database: Database, url: str) -> AsyncIterator[list[Store]]:
    """The store as two processes have it; SQLite has one process."""
    both = [database] if url.startswith("sqlite") else [database, open_database(url)]
    yield [Store(each, f"process {number}", LEASE) for number, each in enumerate(both)]
    for each in both[1:]:
        await each.close()


@pytest.fixture
def one(stores: list[Store]) -> Store:
    return stores[0]


@pytest.fixture
def other(stores: list[Store]) -> Store:
    return stores[-1]


async def at_once(*doings: Awaitable[Any]) -> list[Any]:
    async with asyncio.timeout(PATIENCE):
        return await asyncio.gather(*doings)


async def test_of_four_pledges_at_once_one_remains(one: Store, other: Store) -> None:
    for number in range(ROUNDS):
        again = Pledged(**{**vars(BIKE), "user": f"U{number}"})
        await at_once(*(each.write(each.pledges.make, again) for each in (one, other) * 2))
        assert await one.read(one.pledges.of, CAMPAIGN, again.user) == [again]


async def test_pledging_during_withdrawal_leaves_whole_pledge_or_none(one: Store, other: Store) -> None:
    for number in range(ROUNDS):
        again = Pledged(**{**vars(BIKE), "user": f"U{number}"})
        await one.write(one.pledges.make, again)
        await at_once(
            other.write(other.pledges.withdraw, CAMPAIGN, again.user, "bike", NOW), one.write(one.pledges.make, again)
        )
        kept = await one.privacy.everything(again.user)
        assert len(kept.get("reminders", [])) == (2 if await one.read(one.pledges.of, CAMPAIGN, again.user) else 0)


async def test_pledging_while_being_forgotten_leaves_all_or_nothing(one: Store, other: Store) -> None:
    for number in range(ROUNDS):
        again = Pledged(**{**vars(BIKE), "user": f"U{number}"})
        await one.write(one.pledges.make, again)
        await at_once(other.privacy.forget(again.user), one.write(one.pledges.make, again))
        kept = await one.privacy.everything(again.user)
        assert set(kept) in (set(), {"pledges", "reminders"})


async def test_joining_while_being_forgotten_leaves_all_or_nothing(one: Store, other: Store) -> None:
    for number in range(ROUNDS):
        person = Person("T0TEAM", f"U{number}", "UTC", NOW)
        joined = Action(CAMPAIGN, person.user, ActionKind.JOINED, "", "SE", NOW)
        await at_once(
            one.write(one.people.join, person, joined),
            other.privacy.forget(person.user),
            other.write(other.people.join, person, joined),
        )
        assert set(await one.privacy.everything(person.user)) in (set(), {"people", "actions"})


async def test_ideas_sent_at_once_stay_within_limit(one: Store, other: Store) -> None:
    allowance = IdeaLimit(NOW, 5)

    async def send(store: Store, number: int, form: str) -> bool | None:
        sent = Idea(f"{number}", CAMPAIGN, "U0ANN", "SE", "sv", "Trains!", named=True, at=NOW, changed_at=NOW)
        try:
            return await store.write(store.ideas.submit, sent, form, allowance)
        except TooManyIdeasError:
            return None

    first = await at_once(*(send(each, n, "first") for n, each in enumerate((one, other) * 2)))
    assert sorted(map(str, first)) == ["False"] * 3 + ["True"], "one form is one idea"
    more = await at_once(*(send((one, other)[n % 2], n, f"form {n}") for n in range(10, 22)))
    assert sorted(map(str, more)) == ["None"] * 8 + ["True"] * 4
    assert len(await one.read(one.ideas.of_campaign, CAMPAIGN)) == 5
    assert await send(one, 99, "form 10") in (False, None), "what was sent is known"


async def test_of_many_decisions_on_an_idea_one_falls(one: Store, other: Store) -> None:
    await one.write(
        one.ideas.submit, Idea("1", CAMPAIGN, "U0ANN", "SE", "sv", "Trains!", named=True, at=NOW, changed_at=NOW)
    )
    stages = (IdeaState.APPROVED, IdeaState.DECLINED) * 3
    decided = await at_once(
        *(each.write(each.ideas.decide, "1", stage, NOW) for stage in stages for each in (one, other))
    )
    assert sum(decided) == 1


async def test_simultaneous_purges_remove_campaign_once(one: Store, other: Store) -> None:
    for number in range(4):
        campaign = f"week-{number}"
        await one.write(one.actions.record, Action(campaign, "U0ANN", ActionKind.JOINED, "", "SE", NOW))
        await one.privacy.keep_until(campaign, DAYS[0])
        removed = await at_once(*(each.privacy.purge(DAYS[1]) for each in (one, other) * 2))
        assert sorted(removed) == [[], [], [], [campaign]]


def week(random: Random) -> list[Slot]:
    lines = [line(f"post-{number % 5}", f"U{number}", audience="joined") for number in range(100)]
    random.shuffle(lines)
    return lines


async def test_simultaneous_plans_wait_and_add_each_line_once(one: Store, other: Store) -> None:
    random = Random(2027)  # noqa: S311 - an order, not a secret
    for _ in range(ROUNDS):
        await at_once(*(each.write(each.outbox.apply, Changes(add=week(random)), NOW) for each in (one, other) * 2))
    assert (await one.read(one.outbox.count_by_state))[State.DUE] == 100


async def test_simultaneous_changes_of_many_messages_never_deadlock(one: Store, other: Store) -> None:
    random = Random(2027)  # noqa: S311 - an order, not a secret
    rows = await planned(one.database, one.outbox, *week(random))
    for number in range(ROUNDS):
        later = DUE + timedelta(minutes=number + 1)
        moved = [(row.id, line(row.slot.post, row.slot.recipient, later, audience="joined")) for row in rows]
        random.shuffle(moved)
        await at_once(
            one.write(one.outbox.apply, Changes(move=moved), NOW),
            other.write(other.outbox.apply, Changes(withdraw=[row_id for row_id, _ in reversed(moved)]), NOW),
            one.write(one.people.stop, Action(CAMPAIGN, f"U{number}", ActionKind.OPTED_OUT, "", "SE", NOW)),
            other.write(other.outbox.skip_expired, later + timedelta(hours=1, minutes=59)),
            other.write(other.outbox.claim, later, 3),
            one.write(one.outbox.claim, later, 3),
        )
    assert sum((await one.read(one.outbox.count_by_state)).values()) == 100


def counted(connection: Connection) -> Counter[str]:
    found: Counter[str] = Counter()
    for _, adds in contributions(connection, CAMPAIGN, KilogramRules()):
        found.update(measure for measure, _ in adds)
    return found


async def test_figures_counted_during_presses_are_of_one_moment(one: Store, other: Store) -> None:
    """Each joins, pledges and does it, in this order: nobody has done anything who does not take part."""

    async def press() -> None:
        for number in range(60):
            user = f"U{number}"
            await one.write(one.actions.record, Action(CAMPAIGN, user, ActionKind.JOINED, "", "SE", NOW))
            await one.write(one.pledges.make, Pledged(**{**vars(BIKE), "user": user}))
            await one.write(
                one.pledges.mark, Outcome(CAMPAIGN, user, "bike", "2027-03-15", "SE", NOW, Answer.DONE, FACTOR)
            )

    pressing = asyncio.create_task(press())
    while not pressing.done():
        found = await other.count(counted)
        assert 1 >= found["participants"] - found["pledgers"] >= 0
        assert 1 >= found["pledgers"] - found["confirmed_pledges"] >= 0
        assert found["participants"] - found["confirmed_pledges"] <= 1
    await pressing


async def test_whoever_counts_keeps_nobody_waiting_who_presses(one: Store) -> None:
    counts, done = threading.Event(), threading.Event()

    def count(connection: Connection) -> None:
        connection.execute(select(actions))
        counts.set()
        done.wait(PATIENCE)

    counting = asyncio.create_task(one.count(count))
    await asyncio.to_thread(counts.wait, PATIENCE)
    async with asyncio.timeout(PATIENCE):
        await one.write(one.people.keep, [Person("T0TEAM", "U0ANN", "UTC", NOW)])
        assert await one.read(one.people.get, "U0ANN")
    done.set()
    await counting
