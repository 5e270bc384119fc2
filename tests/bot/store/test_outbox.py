"""The outbox on a real database: who may do what to a row, and when."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.campaign.model import Audience
from bot.campaign.schedule import Slot
from bot.delivery.notifications import NotificationKind
from bot.store.outbox import WITHDRAWN, Attention, Changes, Outbox, State
from bot.store.tables import outbox as table

from .conftest import Opening
from .lines import CAMPAIGN, DUE, LEASE, line, only, planned
from .together import together

LATER = DUE + timedelta(minutes=1)
SILENT = LEASE + LEASE / 3
"""When others take over what somebody claimed."""

EVERY = timedelta(minutes=1)
Deed = Callable[[Outbox, str], Awaitable[None]]


async def test_a_line_is_kept_as_it_was_planned(outbox: Outbox) -> None:
    wanted = line(recipient="U0ANN", audience="joined", country=None)
    [row] = await planned(outbox, wanted)
    assert (row.slot, row.state, row.next_attempt_at) == (wanted, State.DUE, DUE)
    assert (row.reason, row.channel, row.ts, row.sent_at) == (None, None, None, None)


async def test_line_added_repeatedly_is_kept_once(outbox: Outbox, other: Outbox) -> None:
    before = await planned(outbox, line())
    await planned(outbox, line(), line(language="de"))
    await planned(other, line())
    assert await outbox.entries(CAMPAIGN) == before


async def test_many_lines_are_added_at_once(outbox: Outbox) -> None:
    assert len(await planned(outbox, *(line(recipient=f"U{number}") for number in range(1201)))) == 1201


async def test_database_refuses_a_second_row_with_same_key(outbox: Outbox, engine: AsyncEngine) -> None:
    await planned(outbox, line())
    async with engine.connect() as connection:
        found = dict((await connection.execute(table.select())).mappings().one())
        with pytest.raises(IntegrityError):
            await connection.execute(table.insert(), {**found, "id": "another"})
        await connection.rollback()


@pytest.mark.parametrize("field", ["campaign", "post", "audience", "recipient"])
async def test_lines_that_differ_in_their_key_are_two(outbox: Outbox, field: str) -> None:
    different: dict[str, Any] = {field: "another"}
    await planned(outbox, line(), line(**different))
    assert sum((await outbox.count_by_state()).values()) == 2


async def test_same_post_on_another_day_is_another_line(outbox: Outbox) -> None:
    assert len(await planned(outbox, line(), line(due=DUE + timedelta(days=1)))) == 2


async def test_claim_takes_due_rows_oldest_first_within_limit(outbox: Outbox) -> None:
    early, late, future = line("b", due=DUE - timedelta(minutes=2)), line("a"), line("c", due=LATER)
    await planned(outbox, late, future, early)
    assert [row.slot for row in await outbox.claim(DUE, 1)] == [early]
    assert [row.slot for row in await outbox.claim(DUE, 5)] == [late]
    assert await outbox.claim(DUE, 5) == []


async def test_a_claim_leaves_out_recipients_that_are_busy(outbox: Outbox) -> None:
    await planned(outbox, line(recipient="SE"), line(recipient="NO"))
    assert [row.slot.recipient for row in await outbox.claim(DUE, 5, {"SE"})] == ["NO"]


async def test_claim_leaves_out_expired_rows(outbox: Outbox) -> None:
    await planned(outbox, line())
    assert await outbox.claim(DUE + timedelta(hours=2), 5) == []
    assert len(await outbox.claim(DUE + timedelta(hours=2, microseconds=-1), 5)) == 1


async def test_claims_that_race_in_one_process_are_disjoint(outbox: Outbox, other: Outbox) -> None:
    rows = await planned(outbox, *(line(recipient=f"U{number:03d}") for number in range(60)))
    claims = await asyncio.gather(*(each.claim(DUE, 4) for _ in range(10) for each in (outbox, other)))
    taken = [row.id for claim in claims for row in claim]
    assert sorted(taken) == sorted(row.id for row in rows)


async def test_claims_racing_in_processes_are_disjoint_and_ordered(outbox: Outbox, url: str) -> None:
    seconds = (DUE - timedelta(seconds=300 - number) for number in range(300))
    rows = await planned(outbox, *(line(recipient=f"U{number:03d}", due=due) for number, due in enumerate(seconds)))
    order = {row.id: place for place, row in enumerate(rows)}
    said = together("claimer.py", (url, "one"), (url, "two"), (url, "three"))
    taken = [[order[each] for each in json.loads(one)] for one in said]
    assert sorted(place for one in taken for place in one) == list(range(300)), "each once"
    assert all(one == sorted(one) for one in taken), "oldest first"
    assert await outbox.count_by_state() == {state: 300 if state is State.SENT else 0 for state in State}


async def test_claimed_row_is_exclusive_until_its_lease_ends(outbox: Outbox, other: Outbox) -> None:
    await planned(outbox, line())
    [claimed] = await outbox.claim(DUE, 5)
    assert (claimed.state, claimed.next_attempt_at) == (State.SENDING, DUE + LEASE)
    just_before = DUE + LEASE - timedelta(microseconds=1)
    for each in (outbox, other):
        assert await each.reclaim_expired(DUE + SILENT - timedelta(microseconds=1)) == 0
        assert await each.claim(just_before, 5) == []
        assert await each.claim_unclear(just_before, 5) == []


async def test_expired_lease_leads_to_a_check_before_resending(outbox: Outbox, other: Outbox) -> None:
    await planned(outbox, line())
    [claimed] = await outbox.claim(DUE, 5)
    end = DUE + LEASE
    assert await outbox.claim(end, 5) == []
    assert await other.claim_unclear(end, 5) == [], "it is still the other's"
    [unclear] = await outbox.claim_unclear(end, 5)
    assert (unclear.id, unclear.next_attempt_at) == (claimed.id, end + LEASE)


async def test_taken_over_row_is_checked_one_lease_later(outbox: Outbox, other: Outbox) -> None:
    await planned(outbox, line())
    [claimed] = await outbox.claim(DUE, 5)
    await outbox.mark_posting(claimed.id, "C0WEEK")
    ahead = DUE + timedelta(hours=1)
    assert await other.reclaim_expired(ahead) == 1
    for each in (outbox, other):
        assert await each.reclaim_expired(ahead + LEASE - EVERY / 60) == 0
        assert await each.claim_unclear(ahead + LEASE - EVERY / 60, 5) == []
    assert await outbox.reclaim_expired(ahead + LEASE) == 0, "nor do two take it from each other"
    assert [row.id for row in await other.claim_unclear(ahead + LEASE, 5)] == [claimed.id]
    assert await outbox.claim_unclear(ahead + LEASE, 5) == [], "it is somebody else's question now"


async def test_what_has_certainly_not_left_is_due_again(outbox: Outbox, other: Outbox) -> None:
    await planned(outbox, line())
    [claimed] = await outbox.claim(DUE, 5)
    assert await other.reclaim_expired(DUE + SILENT) == 1
    assert not await outbox.mark_posting(claimed.id, "C0WEEK")
    assert [row.id for row in await other.claim(DUE + SILENT, 5)] == [claimed.id]


async def test_sole_process_takes_over_immediately_and_checks_later(outbox: Outbox, engine: AsyncEngine) -> None:
    await planned(outbox, line())
    [claimed] = await outbox.claim(DUE, 5)
    await outbox.mark_posting(claimed.id, "C0WEEK")
    heir = Outbox(engine, "heir", LEASE, exclusive=True)
    assert [await heir.reclaim_expired(DUE) for _ in range(2)] == [1, 0]
    assert await heir.claim_unclear(DUE + LEASE - EVERY / 60, 5) == []
    assert [row.id for row in await heir.claim_unclear(DUE + LEASE, 5)] == [claimed.id]


async def test_several_taking_over_get_each_row_once(outbox: Outbox, opened: Opening) -> None:
    await planned(outbox, *(line(post) for post in "abcdefgh"))
    for row in await outbox.claim(DUE, 8):
        await outbox.mark_posting(row.id, "C0WEEK")
    heirs = [opened(f"heir {number}") for number in range(4)]
    taken = await asyncio.gather(*(heir.reclaim_expired(DUE + SILENT) for heir in heirs))
    claimed = [await heir.claim_unclear(DUE + SILENT + LEASE, 8) for heir in heirs]
    assert [len(rows) for rows in claimed] == taken
    assert sum(taken) == 8


async def test_a_question_has_no_late_limit(outbox: Outbox, other: Outbox) -> None:
    await planned(outbox, line())
    await outbox.claim(DUE, 5)
    assert await outbox.skip_expired(DUE + timedelta(days=9)) == 0
    assert await other.reclaim_expired(DUE + timedelta(days=9)) == 1


async def test_sent_is_recorded_whoever_holds_the_lease(outbox: Outbox, other: Outbox) -> None:
    await planned(outbox, line())
    [claimed] = await outbox.claim(DUE, 5)
    await other.reclaim_expired(DUE + SILENT)
    await outbox.mark_sent(claimed.id, "C0WEEK", "1805097600.000100", LATER)
    await other.release(claimed.id, LATER, "it had not arrived")
    row = await only(outbox)
    assert (row.state, row.channel, row.ts) == (State.SENT, "C0WEEK", "1805097600.000100")
    assert (row.sent_at, row.reason) == (LATER, None)


async def test_second_record_of_sending_changes_nothing(outbox: Outbox, other: Outbox) -> None:
    await planned(outbox, line())
    [claimed] = await outbox.claim(DUE, 5)
    await outbox.mark_sent(claimed.id, "C0WEEK", "1.000100", DUE)
    before = await only(outbox)
    await other.mark_sent(claimed.id, "C0OTHER", "2.000200", LATER)
    assert await only(outbox) == before


DEEDS: dict[str, Deed] = {
    "put back": lambda outbox, row: outbox.release(row, LATER, "why"),
    "fail": lambda outbox, row: outbox.mark_failed(row, "why"),
    "cancel": lambda outbox, row: outbox.mark_cancelled(row, "why"),
    "doubt": lambda outbox, row: outbox.mark_unknown(row, LATER, "why"),
    "unconfirmed": lambda outbox, row: outbox.mark_unconfirmed(row, LATER, "why"),
}
BECOMES = {
    "put back": State.DUE,
    "fail": State.FAILED,
    "cancel": State.CANCELLED,
    "doubt": State.SENDING,
    "unconfirmed": State.UNCONFIRMED,
}


@pytest.mark.parametrize("deed", DEEDS)
async def test_only_who_holds_a_row_may(outbox: Outbox, other: Outbox, deed: str) -> None:
    await planned(outbox, line())
    [claimed] = await outbox.claim(DUE, 5)
    before = await only(outbox)
    await DEEDS[deed](other, claimed.id)
    assert await only(outbox) == before
    await DEEDS[deed](outbox, claimed.id)
    row = await only(outbox)
    assert (row.state, row.reason) == (BECOMES[deed], "why")


@pytest.mark.parametrize("deed", DEEDS)
async def test_sent_row_cannot_be_changed(outbox: Outbox, deed: str) -> None:
    await planned(outbox, line())
    [claimed] = await outbox.claim(DUE, 5)
    await outbox.mark_sent(claimed.id, "C0WEEK", "1.000100", DUE)
    before = await only(outbox)
    await DEEDS[deed](outbox, claimed.id)
    assert await only(outbox) == before


@pytest.mark.parametrize("deed", DEEDS)
async def test_unclaimed_row_cannot_be_changed(outbox: Outbox, deed: str) -> None:
    [before] = await planned(outbox, line())
    await DEEDS[deed](outbox, before.id)
    assert await only(outbox) == before


async def test_released_row_is_claimed_again_at_its_time(outbox: Outbox, other: Outbox) -> None:
    await planned(outbox, line())
    [claimed] = await outbox.claim(DUE, 5)
    await outbox.release(claimed.id, LATER, "Slack asked to wait")
    assert await other.claim(DUE, 5) == []
    assert await other.claim_unclear(LATER, 5) == []
    [again] = await other.claim(LATER, 5)
    assert (again.id, again.reason) == (claimed.id, "Slack asked to wait")


async def test_unconfirmed_row_is_checked_and_never_claimed(outbox: Outbox, other: Outbox) -> None:
    await planned(outbox, line())
    [claimed] = await outbox.claim(DUE, 5)
    await outbox.mark_unconfirmed(claimed.id, LATER, "missing_scope")
    assert await other.claim(LATER, 5) == []
    assert await other.claim_unclear(LATER - timedelta(seconds=1), 5) == []
    assert len(await other.claim_unclear(LATER, 5)) == 1


async def test_expired_row_is_skipped_with_its_last_reason(outbox: Outbox) -> None:
    await planned(outbox, line("waited"), line("ready"), line("later", due=LATER))
    [ready, waited] = await outbox.claim(DUE, 5)
    await outbox.release(ready.id, DUE, "")
    await outbox.release(waited.id, LATER, "the channel is missing")
    assert await outbox.skip_expired(DUE + timedelta(hours=2)) == 2
    assert await outbox.skip_expired(DUE + timedelta(hours=2)) == 0
    found = {row.slot.post: (row.state, row.reason) for row in await outbox.entries(CAMPAIGN)}
    reasons = {reason for state, reason in found.values() if state is State.SKIPPED}
    assert "its late limit passed; before that: the channel is missing" in reasons
    assert found["later"] == (State.DUE, None)


async def test_failed_row_is_revived_while_time_remains(outbox: Outbox) -> None:
    await planned(outbox, line())
    [claimed] = await outbox.claim(DUE, 5)
    await outbox.mark_failed(claimed.id, "restricted_action: …")
    assert await outbox.claim(LATER, 5) == []
    assert await outbox.revive_failed(DUE + timedelta(hours=2)) == 0
    assert await outbox.revive_failed(LATER) == 1
    assert [row.id for row in await outbox.claim(LATER, 5)] == [claimed.id]


async def test_plan_moves_withdraws_and_refuses_together(outbox: Outbox) -> None:
    rows = {row.slot.post: row for row in await planned(outbox, line("moved"), line("gone"), line("same"))}
    moved = line("moved", due=LATER)
    changes = Changes(
        move=[(rows["moved"].id, moved)], withdraw=[rows["gone"].id], refuse=[(line("late"), "it was moved")]
    )
    await outbox.apply(changes, DUE)
    found = {row.slot.post: row for row in await outbox.entries(CAMPAIGN)}
    assert (found["moved"].slot, found["moved"].next_attempt_at) == (moved, LATER)
    assert (found["gone"].state, found["gone"].reason) == (State.CANCELLED, WITHDRAWN)
    assert (found["late"].state, found["late"].reason) == (State.CANCELLED, "it was moved")
    assert found["same"] == rows["same"]


async def test_late_plan_does_not_touch_rows_being_sent(outbox: Outbox, other: Outbox) -> None:
    rows = await planned(outbox, line("a"), line("b"), line("c"))
    claimed = await other.claim(DUE, 5)
    await other.mark_sent(claimed[0].id, "C0WEEK", "1.000100", DUE)
    await other.mark_unconfirmed(claimed[1].id, LATER, "why")
    before = await outbox.entries(CAMPAIGN)
    moves = [(row.id, line(row.slot.post, due=LATER)) for row in rows]
    await outbox.apply(Changes(move=moves, withdraw=[row.id for row in rows]), DUE)
    assert await outbox.entries(CAMPAIGN) == before


async def test_a_plan_that_breaks_off_changes_nothing(outbox: Outbox) -> None:
    [row] = await planned(outbox, line())
    broken = line("broken", expires_at=datetime(2027, 3, 15))  # noqa: DTZ001 - that is the mistake
    with pytest.raises(Exception, match="an instant needs a zone"):
        await outbox.apply(Changes(add=[line("new")], withdraw=[row.id], refuse=[(broken, "why")]), DUE)
    assert await outbox.entries(CAMPAIGN) == [row]


async def test_counts_name_every_state(outbox: Outbox) -> None:
    assert await outbox.count_by_state() == dict.fromkeys(State, 0)
    await planned(outbox, line("a"), line("b"))
    await outbox.claim(DUE, 1)
    assert await outbox.count_by_state() == dict.fromkeys(State, 0) | {State.DUE: 1, State.SENDING: 1}


async def test_overdue_counts_unsent_rows_and_names_the_oldest(outbox: Outbox) -> None:
    assert await outbox.overdue(DUE) == (0, None)
    await planned(outbox, line("a"), line("b", due=LATER), line("c", due=DUE - timedelta(hours=1)))
    assert await outbox.overdue(DUE - timedelta(days=1)) == (0, None)
    [oldest] = await outbox.claim(DUE, 1)
    assert await outbox.overdue(DUE) == (2, DUE - timedelta(hours=1))
    await outbox.mark_sent(oldest.id, "C0WEEK", "1.000100", DUE)
    assert await outbox.overdue(DUE) == (1, DUE)


async def test_next_attempt_is_the_earliest_waiting_row(outbox: Outbox, other: Outbox) -> None:
    assert await outbox.next_attempts() == Attention(None, None)
    await planned(outbox, line("a"), line("b", due=LATER))
    assert await outbox.next_attempts() == Attention(DUE, None)
    [claimed] = await outbox.claim(DUE, 1)
    assert await outbox.next_attempts() == Attention(LATER, DUE + LEASE)
    assert await other.next_attempts() == Attention(LATER, DUE + SILENT), "whoever holds it goes first"
    assert await other.next_attempts({"me"}) == Attention(LATER, None), "as long as they live"
    await outbox.mark_failed(claimed.id, "why")
    assert await outbox.next_attempts() == Attention(LATER, None)


async def test_what_the_living_are_unsure_of_stays_theirs(outbox: Outbox, other: Outbox) -> None:
    await planned(outbox, line("a"), line("b"))
    for row in await outbox.claim(DUE, 2):
        await outbox.mark_posting(row.id, "C0WEEK")
        await outbox.mark_unknown(row.id, DUE + EVERY, "no clear answer")
    much_later = DUE + timedelta(hours=1)
    assert await other.reclaim_expired(much_later, {"me", "a third one"}) == 0
    assert await other.claim_unclear(much_later, 5) == []
    assert await other.reclaim_expired(much_later, {"a third one"}) == 2


async def test_reasons_are_named_once_each(outbox: Outbox) -> None:
    await planned(outbox, *(line(post) for post in "abcd"))
    for row, why in zip(await outbox.claim(DUE, 4), ["x", "y", "x", "z"], strict=True):
        await outbox.mark_unconfirmed(row.id, LATER, why)
    assert await outbox.reasons(State.UNCONFIRMED) == ["x", "y", "z"]
    assert await outbox.reasons(State.UNCONFIRMED, most=2) == ["x", "y"]
    assert await outbox.reasons(State.DUE) == []


async def test_entries_leave_out_other_campaigns(outbox: Outbox) -> None:
    await planned(outbox, line(), line(campaign="another"))
    assert [row.slot.campaign for row in await outbox.entries(CAMPAIGN)] == [CAMPAIGN]


async def test_instants_are_stored_in_utc_from_any_zone(outbox: Outbox) -> None:
    there = DUE.astimezone(ZoneInfo("Asia/Kathmandu"))
    [row] = await planned(outbox, line(due=there))
    assert (row.slot.due_at, row.slot.due_at.tzinfo) == (DUE, UTC)
    assert len(await outbox.claim(there, 5)) == 1


async def sent(outbox: Outbox, *lines: Slot) -> None:
    await planned(outbox, *lines)
    for row in await outbox.claim(max(each.due_at for each in lines), len(lines)):
        await outbox.mark_sent(row.id, "C0WEEK", "1.000100", row.slot.due_at)


async def test_sent_rows_are_found_by_kind_and_instant(outbox: Outbox) -> None:
    old, new = line("b", due=DUE), line("a", due=LATER)
    await sent(outbox, new, old, line("note", kind="note"), line("c", campaign="another"))
    await planned(outbox, line("waiting"))
    assert [row.slot for row in await outbox.changeable(CAMPAIGN, "tip", DUE)] == [old, new]
    assert [row.slot for row in await outbox.changeable(CAMPAIGN, "tip", DUE + timedelta(seconds=1))] == [new]


async def test_shown_count_is_empty_until_recorded(outbox: Outbox) -> None:
    await sent(outbox, line())
    before = await only(outbox)
    assert before.shown is None
    await outbox.record_shown(before.id, 15)
    assert await only(outbox) == replace(before, shown=15)
    assert [row.shown for row in await outbox.changeable(CAMPAIGN, "tip", DUE)] == [15]


async def test_message_update_is_claimed_once_a_minute(outbox: Outbox, other: Outbox) -> None:
    await sent(outbox, line("a"), line("b"))
    one, two = await outbox.entries(CAMPAIGN)
    turns = await asyncio.gather(*(each.claim_update(one.id, DUE, EVERY) for each in (outbox, other) * 5))
    assert sum(turns) == 1
    assert await outbox.claim_update(two.id, DUE, EVERY)
    assert not await other.claim_update(one.id, DUE + EVERY - timedelta(microseconds=1), EVERY)
    assert await other.claim_update(one.id, DUE + EVERY, EVERY)
    assert not await outbox.claim_update("another", DUE, EVERY)


async def test_only_channel_rows_keep_ids_across_databases(
    opened: Callable[[str], Outbox], engine: AsyncEngine
) -> None:
    audiences = [*Audience, *NotificationKind]

    def lines() -> list[Slot]:
        return [line(post, audience, audience=audience) for post in ("a", "b") for audience in audiences]

    first = {row.slot.key: row.id for row in await planned(opened("me"), *lines())}
    async with engine.begin() as connection:
        await connection.execute(table.delete())
    second = {row.slot.key: row.id for row in await planned(opened("me"), *lines())}
    same = {key.split(":")[2] for key in first if first[key] == second[key]}
    assert same == {"countries", "company", "idea_post"}
    assert len({*first.values(), *second.values()}) == 2 * len(first) - 2 * len(same)
