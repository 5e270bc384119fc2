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

from bot.campaign.model import Audience
from bot.campaign.schedule import Slot
from bot.database.database import Database
from bot.delivery.organiser_message_times import OrganiserMessage
from bot.delivery.unscheduled_messages import NotificationKind
from bot.store.outbox import WITHDRAWN, Attention, Changes, Outbox, State
from bot.store.tables import outbox as table

from .conftest import Opening
from .lines import CAMPAIGN, DUE, LEASE, line, only, planned
from .together import together

LATER = DUE + timedelta(minutes=1)
SILENT = LEASE + LEASE / 3
"""When others take over what somebody claimed."""

EVERY = timedelta(minutes=1)
Deed = Callable[[Database, Outbox, str], Awaitable[None]]


async def test_a_line_is_kept_as_it_was_planned(database: Database, outbox: Outbox) -> None:
    wanted = line(recipient="U0ANN", audience="joined", country=None)
    [row] = await planned(database, outbox, wanted)
    assert (row.slot, row.state, row.next_attempt_at) == (wanted, State.DUE, DUE)
    assert (row.reason, row.channel, row.ts, row.sent_at) == (None, None, None, None)


async def test_line_added_repeatedly_is_kept_once(database: Database, outbox: Outbox, other: Outbox) -> None:
    before = await planned(database, outbox, line())
    await planned(database, outbox, line(), line(language="de"))
    await planned(database, other, line())
    assert await database.read(outbox.entries, CAMPAIGN) == before


async def test_many_lines_are_added_at_once(database: Database, outbox: Outbox) -> None:
    assert len(await planned(database, outbox, *(line(recipient=f"U{number}") for number in range(1201)))) == 1201


async def test_database_refuses_a_second_row_with_same_key(outbox: Outbox, database: Database) -> None:
    await planned(database, outbox, line())
    with database.transaction() as connection:
        found = dict((connection.execute(table.select())).mappings().one())
        with pytest.raises(IntegrityError):
            connection.execute(table.insert(), {**found, "id": "another"})
        connection.rollback()


@pytest.mark.parametrize("field", ["campaign", "post", "audience", "recipient"])
async def test_lines_that_differ_in_their_key_are_two(database: Database, outbox: Outbox, field: str) -> None:
    different: dict[str, Any] = {field: "another"}
    await planned(database, outbox, line(), line(**different))
    assert sum((await database.read(outbox.count_by_state)).values()) == 2


async def test_same_post_on_another_day_is_another_line(database: Database, outbox: Outbox) -> None:
    assert len(await planned(database, outbox, line(), line(due=DUE + timedelta(days=1)))) == 2


async def test_claim_takes_due_rows_oldest_first_within_limit(database: Database, outbox: Outbox) -> None:
    early, late, future = line("b", due=DUE - timedelta(minutes=2)), line("a"), line("c", due=LATER)
    await planned(database, outbox, late, future, early)
    assert [row.slot for row in await database.write(outbox.claim, DUE, 1)] == [early]
    assert [row.slot for row in await database.write(outbox.claim, DUE, 5)] == [late]
    assert await database.write(outbox.claim, DUE, 5) == []


async def test_a_claim_leaves_out_recipients_that_are_busy(database: Database, outbox: Outbox) -> None:
    await planned(database, outbox, line(recipient="SE"), line(recipient="NO"))
    assert [row.slot.recipient for row in await database.write(outbox.claim, DUE, 5, {"SE"})] == ["NO"]


async def test_claim_leaves_out_expired_rows(database: Database, outbox: Outbox) -> None:
    await planned(database, outbox, line())
    assert await database.write(outbox.claim, DUE + timedelta(hours=2), 5) == []
    assert len(await database.write(outbox.claim, DUE + timedelta(hours=2, microseconds=-1), 5)) == 1


async def test_claims_that_race_in_one_process_are_disjoint(database: Database, outbox: Outbox, other: Outbox) -> None:
    rows = await planned(database, outbox, *(line(recipient=f"U{number:03d}") for number in range(60)))
    claims = await asyncio.gather(*(database.write(each.claim, DUE, 4) for _ in range(10) for each in (outbox, other)))
    taken = [row.id for claim in claims for row in claim]
    assert sorted(taken) == sorted(row.id for row in rows)


async def test_claims_racing_in_processes_are_disjoint_and_ordered(
    database: Database, outbox: Outbox, url: str
) -> None:
    seconds = (DUE - timedelta(seconds=300 - number) for number in range(300))
    rows = await planned(
        database, outbox, *(line(recipient=f"U{number:03d}", due=due) for number, due in enumerate(seconds))
    )
    order = {row.id: place for place, row in enumerate(rows)}
    said = together("claimer.py", (url, "one"), (url, "two"), (url, "three"))
    taken = [[order[each] for each in json.loads(one)] for one in said]
    assert sorted(place for one in taken for place in one) == list(range(300)), "each once"
    assert all(one == sorted(one) for one in taken), "oldest first"
    assert await database.read(outbox.count_by_state) == {state: 300 if state is State.SENT else 0 for state in State}


async def test_claimed_row_is_exclusive_until_its_lease_ends(database: Database, outbox: Outbox, other: Outbox) -> None:
    await planned(database, outbox, line())
    [claimed] = await database.write(outbox.claim, DUE, 5)
    assert (claimed.state, claimed.next_attempt_at) == (State.SENDING, DUE + LEASE)
    just_before = DUE + LEASE - timedelta(microseconds=1)
    for each in (outbox, other):
        assert await database.write(each.reclaim_expired, DUE + SILENT - timedelta(microseconds=1)) == 0
        assert await database.write(each.claim, just_before, 5) == []
        assert await database.write(each.claim_unclear, just_before, 5) == []


async def test_expired_lease_leads_to_a_check_before_resending(
    database: Database, outbox: Outbox, other: Outbox
) -> None:
    await planned(database, outbox, line())
    [claimed] = await database.write(outbox.claim, DUE, 5)
    end = DUE + LEASE
    assert await database.write(outbox.claim, end, 5) == []
    assert await database.write(other.claim_unclear, end, 5) == [], "it is still the other's"
    [unclear] = await database.write(outbox.claim_unclear, end, 5)
    assert (unclear.id, unclear.next_attempt_at) == (claimed.id, end + LEASE)


async def test_taken_over_row_is_checked_one_lease_later(database: Database, outbox: Outbox, other: Outbox) -> None:
    await planned(database, outbox, line())
    [claimed] = await database.write(outbox.claim, DUE, 5)
    await database.write(outbox.mark_posting, claimed.id, "C0WEEK")
    ahead = DUE + timedelta(hours=1)
    assert await database.write(other.reclaim_expired, ahead) == 1
    for each in (outbox, other):
        assert await database.write(each.reclaim_expired, ahead + LEASE - EVERY / 60) == 0
        assert await database.write(each.claim_unclear, ahead + LEASE - EVERY / 60, 5) == []
    assert await database.write(outbox.reclaim_expired, ahead + LEASE) == 0, "nor do two take it from each other"
    assert [row.id for row in await database.write(other.claim_unclear, ahead + LEASE, 5)] == [claimed.id]
    assert await database.write(outbox.claim_unclear, ahead + LEASE, 5) == [], "it is somebody else's question now"


async def test_what_has_certainly_not_left_is_due_again(database: Database, outbox: Outbox, other: Outbox) -> None:
    await planned(database, outbox, line())
    [claimed] = await database.write(outbox.claim, DUE, 5)
    assert await database.write(other.reclaim_expired, DUE + SILENT) == 1
    assert not await database.write(outbox.mark_posting, claimed.id, "C0WEEK")
    assert [row.id for row in await database.write(other.claim, DUE + SILENT, 5)] == [claimed.id]


async def test_sole_process_takes_over_immediately_and_checks_later(outbox: Outbox, database: Database) -> None:
    await planned(database, outbox, line())
    [claimed] = await database.write(outbox.claim, DUE, 5)
    await database.write(outbox.mark_posting, claimed.id, "C0WEEK")
    heir = Outbox("heir", LEASE, exclusive=True)
    assert [await database.write(heir.reclaim_expired, DUE) for _ in range(2)] == [1, 0]
    assert await database.write(heir.claim_unclear, DUE + LEASE - EVERY / 60, 5) == []
    assert [row.id for row in await database.write(heir.claim_unclear, DUE + LEASE, 5)] == [claimed.id]


async def test_several_taking_over_get_each_row_once(database: Database, outbox: Outbox, opened: Opening) -> None:
    await planned(database, outbox, *(line(post) for post in "abcdefgh"))
    for row in await database.write(outbox.claim, DUE, 8):
        await database.write(outbox.mark_posting, row.id, "C0WEEK")
    heirs = [opened(f"heir {number}") for number in range(4)]
    taken = await asyncio.gather(*(database.write(heir.reclaim_expired, DUE + SILENT) for heir in heirs))
    claimed = [await database.write(heir.claim_unclear, DUE + SILENT + LEASE, 8) for heir in heirs]
    assert [len(rows) for rows in claimed] == taken
    assert sum(taken) == 8


async def test_a_question_has_no_late_limit(database: Database, outbox: Outbox, other: Outbox) -> None:
    await planned(database, outbox, line())
    await database.write(outbox.claim, DUE, 5)
    assert await database.write(outbox.skip_expired, DUE + timedelta(days=9)) == 0
    assert await database.write(other.reclaim_expired, DUE + timedelta(days=9)) == 1


async def test_sent_is_recorded_whoever_holds_the_lease(database: Database, outbox: Outbox, other: Outbox) -> None:
    await planned(database, outbox, line())
    [claimed] = await database.write(outbox.claim, DUE, 5)
    await database.write(other.reclaim_expired, DUE + SILENT)
    await database.write(outbox.mark_sent, claimed.id, "C0WEEK", "1805097600.000100", LATER)
    await database.write(other.release, claimed.id, LATER, "it had not arrived")
    row = await only(database, outbox)
    assert (row.state, row.channel, row.ts) == (State.SENT, "C0WEEK", "1805097600.000100")
    assert (row.sent_at, row.reason) == (LATER, None)


async def test_second_record_of_sending_changes_nothing(database: Database, outbox: Outbox, other: Outbox) -> None:
    await planned(database, outbox, line())
    [claimed] = await database.write(outbox.claim, DUE, 5)
    await database.write(outbox.mark_sent, claimed.id, "C0WEEK", "1.000100", DUE)
    before = await only(database, outbox)
    await database.write(other.mark_sent, claimed.id, "C0OTHER", "2.000200", LATER)
    assert await only(database, outbox) == before


DEEDS: dict[str, Deed] = {
    "put back": lambda database, outbox, row: database.write(outbox.release, row, LATER, "why"),
    "fail": lambda database, outbox, row: database.write(outbox.mark_failed, row, "why"),
    "cancel": lambda database, outbox, row: database.write(outbox.mark_cancelled, row, "why"),
    "doubt": lambda database, outbox, row: database.write(outbox.mark_unknown, row, LATER, "why"),
    "unconfirmed": lambda database, outbox, row: database.write(outbox.mark_unconfirmed, row, LATER, "why"),
}
BECOMES = {
    "put back": State.DUE,
    "fail": State.FAILED,
    "cancel": State.CANCELLED,
    "doubt": State.SENDING,
    "unconfirmed": State.UNCONFIRMED,
}


@pytest.mark.parametrize("deed", DEEDS)
async def test_only_who_holds_a_row_may(database: Database, outbox: Outbox, other: Outbox, deed: str) -> None:
    await planned(database, outbox, line())
    [claimed] = await database.write(outbox.claim, DUE, 5)
    before = await only(database, outbox)
    await DEEDS[deed](database, other, claimed.id)
    assert await only(database, outbox) == before
    await DEEDS[deed](database, outbox, claimed.id)
    row = await only(database, outbox)
    assert (row.state, row.reason) == (BECOMES[deed], "why")


@pytest.mark.parametrize("deed", DEEDS)
async def test_sent_row_cannot_be_changed(database: Database, outbox: Outbox, deed: str) -> None:
    await planned(database, outbox, line())
    [claimed] = await database.write(outbox.claim, DUE, 5)
    await database.write(outbox.mark_sent, claimed.id, "C0WEEK", "1.000100", DUE)
    before = await only(database, outbox)
    await DEEDS[deed](database, outbox, claimed.id)
    assert await only(database, outbox) == before


@pytest.mark.parametrize("deed", DEEDS)
async def test_unclaimed_row_cannot_be_changed(database: Database, outbox: Outbox, deed: str) -> None:
    [before] = await planned(database, outbox, line())
    await DEEDS[deed](database, outbox, before.id)
    assert await only(database, outbox) == before


async def test_released_row_is_claimed_again_at_its_time(database: Database, outbox: Outbox, other: Outbox) -> None:
    await planned(database, outbox, line())
    [claimed] = await database.write(outbox.claim, DUE, 5)
    await database.write(outbox.release, claimed.id, LATER, "Slack asked to wait")
    assert await database.write(other.claim, DUE, 5) == []
    assert await database.write(other.claim_unclear, LATER, 5) == []
    [again] = await database.write(other.claim, LATER, 5)
    assert (again.id, again.reason) == (claimed.id, "Slack asked to wait")


async def test_unconfirmed_row_is_checked_and_never_claimed(database: Database, outbox: Outbox, other: Outbox) -> None:
    await planned(database, outbox, line())
    [claimed] = await database.write(outbox.claim, DUE, 5)
    await database.write(outbox.mark_unconfirmed, claimed.id, LATER, "missing_scope")
    assert await database.write(other.claim, LATER, 5) == []
    assert await database.write(other.claim_unclear, LATER - timedelta(seconds=1), 5) == []
    assert len(await database.write(other.claim_unclear, LATER, 5)) == 1


async def test_expired_row_is_skipped_with_its_last_reason(database: Database, outbox: Outbox) -> None:
    await planned(database, outbox, line("waited"), line("ready"), line("later", due=LATER))
    [ready, waited] = await database.write(outbox.claim, DUE, 5)
    await database.write(outbox.release, ready.id, DUE, "")
    await database.write(outbox.release, waited.id, LATER, "the channel is missing")
    assert await database.write(outbox.skip_expired, DUE + timedelta(hours=2)) == 2
    assert await database.write(outbox.skip_expired, DUE + timedelta(hours=2)) == 0
    found = {row.slot.post: (row.state, row.reason) for row in await database.read(outbox.entries, CAMPAIGN)}
    reasons = {reason for state, reason in found.values() if state is State.SKIPPED}
    assert "its late limit passed; before that: the channel is missing" in reasons
    assert found["later"] == (State.DUE, None)


async def test_failed_row_is_revived_while_time_remains(database: Database, outbox: Outbox) -> None:
    await planned(database, outbox, line())
    [claimed] = await database.write(outbox.claim, DUE, 5)
    await database.write(outbox.mark_failed, claimed.id, "restricted_action: …")
    assert await database.write(outbox.claim, LATER, 5) == []
    assert await database.write(outbox.revive_failed, DUE + timedelta(hours=2)) == 0
    assert await database.write(outbox.revive_failed, LATER) == 1
    assert [row.id for row in await database.write(outbox.claim, LATER, 5)] == [claimed.id]


async def test_plan_moves_withdraws_and_refuses_together(database: Database, outbox: Outbox) -> None:
    rows = {row.slot.post: row for row in await planned(database, outbox, line("moved"), line("gone"), line("same"))}
    moved = line("moved", due=LATER)
    changes = Changes(
        move=[(rows["moved"].id, moved)], withdraw=[rows["gone"].id], refuse=[(line("late"), "it was moved")]
    )
    await database.write(outbox.apply, changes, DUE)
    found = {row.slot.post: row for row in await database.read(outbox.entries, CAMPAIGN)}
    assert (found["moved"].slot, found["moved"].next_attempt_at) == (moved, LATER)
    assert (found["gone"].state, found["gone"].reason) == (State.CANCELLED, WITHDRAWN)
    assert (found["late"].state, found["late"].reason) == (State.CANCELLED, "it was moved")
    assert found["same"] == rows["same"]


async def test_late_plan_does_not_touch_rows_being_sent(database: Database, outbox: Outbox, other: Outbox) -> None:
    rows = await planned(database, outbox, line("a"), line("b"), line("c"))
    claimed = await database.write(other.claim, DUE, 5)
    await database.write(other.mark_sent, claimed[0].id, "C0WEEK", "1.000100", DUE)
    await database.write(other.mark_unconfirmed, claimed[1].id, LATER, "why")
    before = await database.read(outbox.entries, CAMPAIGN)
    moves = [(row.id, line(row.slot.post, due=LATER)) for row in rows]
    await database.write(outbox.apply, Changes(move=moves, withdraw=[row.id for row in rows]), DUE)
    assert await database.read(outbox.entries, CAMPAIGN) == before


async def test_a_plan_that_breaks_off_changes_nothing(database: Database, outbox: Outbox) -> None:
    [row] = await planned(database, outbox, line())
    broken = line("broken", expires_at=datetime(2027, 3, 15))  # noqa: DTZ001 - that is the mistake
    with pytest.raises(Exception, match="an instant needs a zone"):
        await database.write(outbox.apply, Changes(add=[line("new")], withdraw=[row.id], refuse=[(broken, "why")]), DUE)
    assert await database.read(outbox.entries, CAMPAIGN) == [row]


async def test_counts_name_every_state(database: Database, outbox: Outbox) -> None:
    assert await database.read(outbox.count_by_state) == dict.fromkeys(State, 0)
    await planned(database, outbox, line("a"), line("b"))
    await database.write(outbox.claim, DUE, 1)
    assert await database.read(outbox.count_by_state) == dict.fromkeys(State, 0) | {State.DUE: 1, State.SENDING: 1}


async def test_overdue_counts_unsent_rows_and_names_the_oldest(database: Database, outbox: Outbox) -> None:
    assert await database.read(outbox.overdue, DUE) == (0, None)
    await planned(database, outbox, line("a"), line("b", due=LATER), line("c", due=DUE - timedelta(hours=1)))
    assert await database.read(outbox.overdue, DUE - timedelta(days=1)) == (0, None)
    [oldest] = await database.write(outbox.claim, DUE, 1)
    assert await database.read(outbox.overdue, DUE) == (2, DUE - timedelta(hours=1))
    await database.write(outbox.mark_sent, oldest.id, "C0WEEK", "1.000100", DUE)
    assert await database.read(outbox.overdue, DUE) == (1, DUE)


async def test_next_attempt_is_the_earliest_waiting_row(database: Database, outbox: Outbox, other: Outbox) -> None:
    assert await database.read(outbox.next_attempts) == Attention(None, None)
    await planned(database, outbox, line("a"), line("b", due=LATER))
    assert await database.read(outbox.next_attempts) == Attention(DUE, None)
    [claimed] = await database.write(outbox.claim, DUE, 1)
    assert await database.read(outbox.next_attempts) == Attention(LATER, DUE + LEASE)
    assert await database.read(other.next_attempts) == Attention(LATER, DUE + SILENT), "whoever holds it goes first"
    assert await database.read(other.next_attempts, {"me"}) == Attention(LATER, None), "as long as they live"
    await database.write(outbox.mark_failed, claimed.id, "why")
    assert await database.read(outbox.next_attempts) == Attention(LATER, None)


async def test_what_the_living_are_unsure_of_stays_theirs(database: Database, outbox: Outbox, other: Outbox) -> None:
    await planned(database, outbox, line("a"), line("b"))
    for row in await database.write(outbox.claim, DUE, 2):
        await database.write(outbox.mark_posting, row.id, "C0WEEK")
        await database.write(outbox.mark_unknown, row.id, DUE + EVERY, "no clear answer")
    much_later = DUE + timedelta(hours=1)
    assert await database.write(other.reclaim_expired, much_later, {"me", "a third one"}) == 0
    assert await database.write(other.claim_unclear, much_later, 5) == []
    assert await database.write(other.reclaim_expired, much_later, {"a third one"}) == 2


async def test_reasons_are_named_once_each(database: Database, outbox: Outbox) -> None:
    await planned(database, outbox, *(line(post) for post in "abcd"))
    for row, why in zip(await database.write(outbox.claim, DUE, 4), ["x", "y", "x", "z"], strict=True):
        await database.write(outbox.mark_unconfirmed, row.id, LATER, why)
    assert await database.read(outbox.reasons, State.UNCONFIRMED) == ["x", "y", "z"]
    assert await database.read(outbox.reasons, State.UNCONFIRMED, most=2) == ["x", "y"]
    assert await database.read(outbox.reasons, State.DUE) == []


async def test_entries_leave_out_other_campaigns(database: Database, outbox: Outbox) -> None:
    await planned(database, outbox, line(), line(campaign="another"))
    assert [row.slot.campaign for row in await database.read(outbox.entries, CAMPAIGN)] == [CAMPAIGN]


async def test_instants_are_stored_in_utc_from_any_zone(database: Database, outbox: Outbox) -> None:
    there = DUE.astimezone(ZoneInfo("Asia/Kathmandu"))
    [row] = await planned(database, outbox, line(due=there))
    assert (row.slot.due_at, row.slot.due_at.tzinfo) == (DUE, UTC)
    assert len(await database.write(outbox.claim, there, 5)) == 1


async def sent(database: Database, outbox: Outbox, *lines: Slot) -> None:
    await planned(database, outbox, *lines)
    for row in await database.write(outbox.claim, max(each.due_at for each in lines), len(lines)):
        await database.write(outbox.mark_sent, row.id, "C0WEEK", "1.000100", row.slot.due_at)


async def test_sent_rows_are_found_by_kind_and_instant(database: Database, outbox: Outbox) -> None:
    old, new = line("b", due=DUE), line("a", due=LATER)
    await sent(database, outbox, new, old, line("note", kind="note"), line("c", campaign="another"))
    await planned(database, outbox, line("waiting"))
    assert [row.slot for row in await database.read(outbox.changeable, CAMPAIGN, "tip", DUE)] == [old, new]
    assert [
        row.slot for row in await database.read(outbox.changeable, CAMPAIGN, "tip", DUE + timedelta(seconds=1))
    ] == [new]


async def test_shown_count_is_empty_until_recorded(database: Database, outbox: Outbox) -> None:
    await sent(database, outbox, line())
    before = await only(database, outbox)
    assert before.shown is None
    await database.write(outbox.record_shown, before.id, 15)
    assert await only(database, outbox) == replace(before, shown=15)
    assert [row.shown for row in await database.read(outbox.changeable, CAMPAIGN, "tip", DUE)] == [15]


async def test_message_update_is_claimed_once_a_minute(database: Database, outbox: Outbox, other: Outbox) -> None:
    await sent(database, outbox, line("a"), line("b"))
    one, two = await database.read(outbox.entries, CAMPAIGN)
    turns = await asyncio.gather(
        *(database.write(each.claim_update, one.id, DUE, EVERY) for each in (outbox, other) * 5)
    )
    assert sum(turns) == 1
    assert await database.write(outbox.claim_update, two.id, DUE, EVERY)
    assert not await database.write(other.claim_update, one.id, DUE + EVERY - timedelta(microseconds=1), EVERY)
    assert await database.write(other.claim_update, one.id, DUE + EVERY, EVERY)
    assert not await database.write(outbox.claim_update, "another", DUE, EVERY)


async def test_only_channel_rows_keep_ids_across_databases(opened: Callable[[str], Outbox], database: Database) -> None:
    audiences = [*Audience, *NotificationKind, *OrganiserMessage]

    def lines() -> list[Slot]:
        return [line(post, audience, audience=audience) for post in ("a", "b") for audience in audiences]

    first = {row.slot.key: row.id for row in await planned(database, opened("me"), *lines())}
    with database.transaction() as connection:
        connection.execute(table.delete())
    second = {row.slot.key: row.id for row in await planned(database, opened("me"), *lines())}
    same = {key.split(":")[2] for key in first if first[key] == second[key]}
    assert same == {"countries", "company", "idea_post", "share", "share_news"}
    assert len({*first.values(), *second.values()}) == 2 * len(first) - 2 * len(same)
