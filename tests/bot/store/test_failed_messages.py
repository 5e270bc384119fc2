"""Messages that Slack has rejected for good: reported, given up, tried again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.campaign.schedule import Slot
from bot.database.database import Database
from bot.store.failed_messages import TOLD_FOR, Failed
from bot.store.organiser_acts import Act, Actor
from bot.store.outbox import State
from bot.store.store import Store

from .lines import CAMPAIGN, DUE, LEASE, line, planned

BOSS = Actor(CAMPAIGN, "U0BOSS", DUE)
SWEDEN, NORWAY = line(), line(recipient="NO", country="NO")
ALL = line(recipient="company", audience="company", country=None)
LATE_LIMIT = SWEDEN.expires_at
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database, "me", LEASE)


async def fail(store: Store, *lines: Slot, why: str = "no_text") -> None:
    """Let Slack reject messages once they are due."""
    await planned(store.database, store.outbox, *lines)
    for entry in await store.write(store.outbox.claim, max(each.due_at for each in lines), 99):
        await store.write(store.outbox.mark_failed, entry.id, why)


async def lately(store: Store, after: timedelta = timedelta(0)) -> Failed:
    return await store.read(store.failed_messages.lately, DUE + after)


async def found(store: Store) -> dict[str, tuple[State, str | None]]:
    return {row.slot.key: (row.state, row.reason) for row in await store.read(store.outbox.entries, CAMPAIGN)}


async def test_without_failures_nothing_is_told(store: Store) -> None:
    await planned(store.database, store.outbox, SWEDEN)
    assert await lately(store) == Failed(0, (), is_anything_sent=True)


async def test_distinct_reasons_are_told_in_order(store: Store) -> None:
    await fail(store, SWEDEN, NORWAY, why="restricted_action")
    await fail(store, ALL, why="no_text")
    assert await lately(store) == Failed(3, ("no_text", "restricted_action"), is_anything_sent=False)


async def test_twenty_reasons_are_told_at_most(store: Store) -> None:
    for number in range(21):
        await fail(store, line(f"tip-{number:02}"), why=f"reason {number:02}")
    told = await lately(store)
    assert (told.count, told.reasons) == (21, tuple(f"reason {number:02}" for number in range(20)))


async def test_failure_is_told_for_a_day(store: Store) -> None:
    await fail(store, SWEDEN)
    assert (await lately(store, TOLD_FOR - INSTANT)).count == 1
    assert (await lately(store, TOLD_FOR)).count == 0


async def test_what_can_still_be_sent_is_told_longer(store: Store) -> None:
    open_end = line(expires_at=DUE + timedelta(days=3))
    await fail(store, open_end)
    assert (await lately(store, timedelta(days=3) - INSTANT)).count == 1
    assert (await lately(store, timedelta(days=3))).count == 0


@pytest.mark.parametrize(("minutes", "is_sent"), [(-1, False), (0, True), (1, True)])
async def test_only_what_was_due_since_counts_as_sent(store: Store, minutes: int, *, is_sent: bool) -> None:
    other = line("other", due=DUE + timedelta(minutes=minutes))
    [row] = await planned(store.database, store.outbox, other)
    await store.write(store.outbox.mark_sent, row.id, "C0WEEK", "1.000100", DUE)
    await fail(store, SWEDEN)
    assert (await lately(store)).is_anything_sent == is_sent


async def test_giving_up_keeps_what_is_in_time(store: Store) -> None:
    later = line("later", expires_at=LATE_LIMIT + INSTANT)
    await fail(store, SWEDEN, later)
    await planned(store.database, store.outbox, NORWAY)
    assert await store.write(store.failed_messages.give_up, LATE_LIMIT) == 1
    assert await store.write(store.failed_messages.give_up, LATE_LIMIT) == 0
    assert await found(store) == {
        SWEDEN.key: (State.SKIPPED, "its late limit passed; before that: no_text"),
        later.key: (State.FAILED, "no_text"),
        NORWAY.key: (State.DUE, None),
    }


async def test_failed_messages_are_tried_again_until_their_deadline(store: Store) -> None:
    await fail(store, SWEDEN, NORWAY)
    late = replace(BOSS, at=LATE_LIMIT)
    assert await store.write(store.failed_messages.try_again, late, "tip", None) == 0
    assert await store.write(store.failed_messages.try_again, BOSS, "tip", "NO") == 1
    assert {key: state for key, (state, _) in (await found(store)).items()} == {
        NORWAY.key: State.DUE,
        SWEDEN.key: State.FAILED,
    }
    assert await store.write(store.failed_messages.try_again, BOSS, "tip", None) == 1
    acts = await store.read(store.organisers.acts, CAMPAIGN, 9)
    assert {(each.act, each.subject, each.country) for each in acts} == {
        (Act.TRIED_AGAIN, "tip", "NO"),
        (Act.TRIED_AGAIN, "tip", None),
    }
    assert len(acts) == 2


async def test_message_tried_again_forgets_what_was(store: Store) -> None:
    await planned(store.database, store.outbox, SWEDEN)
    [row] = await store.write(store.outbox.claim, DUE, 1)
    assert await store.write(store.leave, row, "C0OLD", None, DUE)
    await store.write(store.outbox.mark_failed, row.id, "channel_not_found")
    actor = replace(BOSS, at=DUE + timedelta(minutes=1))
    assert await store.write(store.failed_messages.try_again, actor, "tip", None) == 1
    [row] = await store.read(store.outbox.entries, CAMPAIGN)
    assert (row.state, row.reason, row.channel, row.next_attempt_at) == (State.DUE, None, None, actor.at)


async def test_only_one_post_of_one_campaign_is_tried(store: Store) -> None:
    await fail(store, SWEDEN, ALL, line("another"), line(campaign="another"))
    assert await store.write(store.failed_messages.try_again, BOSS, "tip", "SE") == 1
    assert await store.write(store.failed_messages.try_again, BOSS, "tip", None) == 1
    assert (await found(store))[ALL.key] == (State.DUE, None)
    assert (await lately(store)).count == 2


async def test_nothing_to_try_is_no_act(store: Store) -> None:
    await planned(store.database, store.outbox, SWEDEN)
    assert await store.write(store.failed_messages.try_again, BOSS, "tip", None) == 0
    assert await store.read(store.organisers.acts, CAMPAIGN, 9) == []
