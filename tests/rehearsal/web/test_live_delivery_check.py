"""Nothing lost and nothing twice: really posted, posted again, and taken away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.model import Campaign
from bot.campaign.schedule import addressees, lay_out
from bot.delivery.sender import EVENT
from bot.store.outbox import Entry, State
from rehearsal import workspace_builder
from rehearsal.headless import Step, play
from rehearsal.simulation import Rehearsal
from rehearsal.slack.workspace import Workspace
from rehearsal.web.live_delivery_check import DeliveryCheck, DeliveryReport
from tests.campaigns import SHIPPED, shipped_campaign

BEFORE, AFTER = datetime(2027, 3, 11, tzinfo=UTC), datetime(2027, 5, 1, tzinfo=UTC)
GRACE = timedelta(minutes=2)


@dataclass
class Week:
    """The bot's rows of a campaign, and the Slack to which they are posted."""

    campaign: Campaign
    town: Workspace
    rows: list[Entry]

    def post(self, row: Entry, times: int = 1) -> None:
        for _ in range(times):
            metadata = {"event_type": EVENT, "event_payload": {"id": row.id}}
            self.town.post("C0REHEARSE01", self.town.bot.id, row.slot.post, row.slot.due_at, metadata=metadata)

    def becomes(self, row: Entry, state: State, reason: str | None = None) -> None:
        sent_at = row.slot.due_at if state is State.SENT else None
        self.rows[self.rows.index(row)] = replace(row, state=state, reason=reason, sent_at=sent_at)

    def send(self, rows: Iterable[Entry]) -> None:
        for row in rows:
            self.post(row)
            self.becomes(row, State.SENT)

    def kept(self, now: datetime = AFTER) -> DeliveryReport:
        return DeliveryCheck(self.campaign).check(self.rows, self.town, now)


def planned() -> Week:
    campaign = shipped_campaign()
    lines = lay_out(campaign, addressees(campaign))
    rows = [Entry(f"row-{at}", each, State.DUE, each.due_at, BEFORE, *[None] * 4) for at, each in enumerate(lines)]
    return Week(campaign, workspace_builder.build_workspace(campaign, []), rows)


@pytest.fixture
def week() -> Week:
    return planned()


@pytest.fixture
def sent(week: Week) -> Week:
    """The week when all is sent."""
    week.send(list(week.rows))
    return week


def test_before_anything_is_due_nothing_is_missed(week: Week) -> None:
    assert week.kept(BEFORE) == DeliveryReport(0, 0, 0, [], [])


def test_when_every_message_came_once_all_is_well(sent: Week) -> None:
    assert sent.kept() == DeliveryReport(len(sent.rows), 0, 0, [], [])
    assert sent.kept().is_well


def test_message_received_three_times_is_duplicated_twice(sent: Week) -> None:
    sent.post(sent.rows[4], times=2)
    name = f"{sent.rows[4].slot.post} to {sent.rows[4].slot.recipient}"
    assert sent.kept().twice == [name, name]
    assert not sent.kept().is_well


def test_duplicate_is_found_even_when_row_is_gone(sent: Week) -> None:
    stray = replace(sent.rows[0], id="a row of somebody who left")
    sent.post(stray, times=2)
    assert sent.kept().twice == ["a message that is in no plan any more"]


def test_message_slack_never_got_is_lost(sent: Week) -> None:
    del sent.town.log[3]
    assert sent.kept().lost == [f"{sent.rows[3].slot.post} to {sent.rows[3].slot.recipient}"]


def test_message_deleted_in_slack_counts_as_arrived(sent: Week) -> None:
    said = sent.town.log[3]
    sent.town.conversation(said.channel).remove(said)
    assert sent.kept().is_well


def test_messages_of_others_make_up_for_nothing(week: Week) -> None:
    week.becomes(week.rows[0], State.SENT)
    metadata = {"event_type": "another_app", "event_payload": {"id": week.rows[0].id}}
    week.town.post("C0REHEARSE01", week.town.bot.id, "no row", BEFORE)
    week.town.post("C0REHEARSE01", week.town.bot.id, "another", BEFORE, metadata=metadata)
    assert len(week.kept(BEFORE).lost) == 1


def test_the_same_post_on_two_dates_came_twice(sent: Week) -> None:
    [first] = [row for row in sent.rows if row.slot.post == "monday-tip" and row.slot.recipient == "SE"]
    moved = replace(first.slot, local_date=first.slot.local_date + timedelta(days=1))
    sent.rows.append(replace(first, id="moved", slot=moved))
    sent.post(sent.rows[-1])
    assert sent.kept().twice == ["monday-tip to SE"]


@pytest.mark.parametrize("state", [State.SKIPPED, State.CANCELLED, State.FAILED, State.UNCONFIRMED])
def test_unsent_message_is_accounted_for_by_reason_only(sent: Week, state: State) -> None:
    row = sent.rows[7]
    del sent.town.log[7]
    sent.becomes(row, state, "a reason")
    assert (sent.kept().accounted, sent.kept().lost) == (1, [])
    sent.rows[7] = replace(sent.rows[7], reason=None)
    assert (sent.kept().accounted, len(sent.kept().lost)) == (0, 1)


def test_unconfirmed_message_that_came_counts_as_arrived(week: Week) -> None:
    week.post(week.rows[0])
    week.becomes(week.rows[0], State.UNCONFIRMED, "cannot tell")
    kept = week.kept(BEFORE)
    assert (kept.arrived, kept.accounted, kept.is_well) == (1, 0, True)


def test_message_is_under_way_until_limit_then_lost(week: Week) -> None:
    row = next(row for row in week.rows if row.slot.post == "monday-tip")
    week.send([each for each in week.rows if each != row])
    due, late = row.slot.due_at, row.slot.expires_at
    assert week.kept(due - timedelta(seconds=1)).on_the_way == 0
    assert [week.kept(at).on_the_way for at in (due, late, late + GRACE)] == [1, 1, 0]
    assert [len(week.kept(at).lost) for at in (due, late, late + GRACE)] == [0, 0, 1]


def test_message_still_being_confirmed_is_not_lost(week: Week) -> None:
    row = week.rows[0]
    week.send(week.rows[1:])
    week.becomes(row, State.SENDING, "no clear answer (reset)")
    assert (week.kept().on_the_way, week.kept().is_well) == (1, True)
    week.rows[0] = replace(week.rows[0], reason=None)
    assert len(week.kept().lost) == 1


def test_unplanned_post_is_lost_after_its_limit(sent: Week) -> None:
    gone = sent.rows.pop(0)
    assert sent.kept(gone.slot.expires_at).is_well
    assert sent.kept().lost == [f"{gone.slot.post} to {gone.slot.recipient}"]


fates = st.sampled_from(["sent", "sent twice", "dropped", "reason", "unplanned"])


@given(st.lists(fates, min_size=1, max_size=40))
def test_every_row_has_one_fate_and_is_counted(wanted: list[str]) -> None:
    week = planned()
    rows = list(week.rows)
    week.send(rows[len(wanted) :])
    for row, fate in zip(rows, wanted, strict=False):
        if fate.startswith("sent"):
            week.send([row])
            week.post(row, times=int(fate == "sent twice"))
        elif fate == "dropped":
            week.becomes(row, State.SENT)
        elif fate == "reason":
            week.becomes(row, State.SKIPPED, "its late limit passed")
        else:
            week.rows.remove(row)
    kept = week.kept()
    assert len(kept.twice) == wanted.count("sent twice")
    assert len(kept.lost) == wanted.count("dropped") + wanted.count("unplanned")
    assert kept.accounted == wanted.count("reason")
    assert kept.arrived + kept.accounted + len(kept.lost) == len(rows)


async def test_played_week_keeps_its_promises() -> None:
    last: list[Step] = []
    outcome = await play(Rehearsal(SHIPPED), last.append)
    kept = DeliveryCheck(outcome.campaign).check(outcome.entries, last[-1].workspace, AFTER)
    assert kept.is_well
    assert kept.arrived == len(outcome.entries) == len(last[-1].workspace.log)
