"""What became of the messages, country by country."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.model import ANOTHER_COUNTRY, Audience, Campaign
from bot.campaign.schedule import Addressee, addressees, lay_out
from bot.store.outbox import Entry, State
from rehearsal.web.delivery_progress import COMPANY, Broadcast, CountryProgress, Progress, Reason, progress
from tests.campaigns import shipped_campaign

BEFORE, AFTER = datetime(2027, 3, 11, tzinfo=UTC), datetime(2027, 5, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def rows(campaign: Campaign) -> list[Entry]:
    lines = lay_out(campaign, addressees(campaign))
    return [Entry(each.key, each, State.DUE, each.due_at, BEFORE, *[None] * 4) for each in lines]


def sent(row: Entry, late: timedelta = SECOND) -> Entry:
    return replace(row, state=State.SENT, sent_at=row.slot.due_at + late)


def not_sent(row: Entry, state: State, reason: str | None) -> Entry:
    return replace(row, state=state, reason=reason)


def part(found: Progress, code: str) -> CountryProgress:
    return next(each for each in found.parts if each.code == code)


def test_countries_come_in_campaign_order_then_company(campaign: Campaign, rows: list[Entry]) -> None:
    names = [each.name for each in progress(campaign, rows, BEFORE).parts]
    assert names == ["Sweden", "Norway", "Denmark", "Germany", "Company, or not said"]


def test_another_country_comes_last_only_when_used(campaign: Campaign, rows: list[Entry]) -> None:
    gone = replace(rows[0], slot=replace(rows[0].slot, country="FI"))
    unknown = replace(rows[1], slot=replace(rows[1].slot, country=ANOTHER_COUNTRY))
    found = progress(campaign, [gone, unknown], BEFORE)
    assert [(each.code, each.planned) for each in found.parts] == [
        *((c.code, 0) for c in campaign.countries),
        ("ZZ", 2),
    ]
    assert found.parts[-1].name == "Another country"


def test_message_is_under_way_from_its_due_time(campaign: Campaign, rows: list[Entry]) -> None:
    first = next(row for row in rows if row.slot.country == "SE")
    before, at = (part(progress(campaign, rows, first.slot.due_at - wait), "SE") for wait in (SECOND, 0 * SECOND))
    assert (before.to_come, before.under_way) == (before.planned, 0)
    assert (at.to_come, at.under_way) == (at.planned - 1, 1)
    claimed = [replace(row, state=State.SENDING) if row is first else row for row in rows]
    assert part(progress(campaign, claimed, first.slot.due_at), "SE") == at


def test_the_latest_message_says_how_late_messages_were(campaign: Campaign, rows: list[Entry]) -> None:
    swedish = [row for row in rows if row.slot.country == "SE"]
    late = [sent(swedish[0]), sent(swedish[1], 90 * SECOND), *swedish[2:]]
    found = progress(campaign, late, AFTER)
    assert part(found, "SE").latest_seconds == found.together.latest_seconds == 90
    assert part(found, "NO").latest_seconds is None


def test_reasons_are_grouped_with_most_frequent_first(campaign: Campaign, rows: list[Entry]) -> None:
    tips = [row for row in rows if row.slot.post == "monday-tip"]
    calls = [row for row in rows if row.slot.post == "pledge-call" and row.slot.country == "NO"]
    late = [not_sent(row, State.SKIPPED, "its late limit passed") for row in [*tips, *calls]]
    company = next(row for row in rows if row.slot.country is None)
    found = progress(campaign, [not_sent(company, State.FAILED, "is_archived: open it"), *late], AFTER)
    assert found.reasons == [
        Reason("its late limit passed", State.SKIPPED, 5, ("SE", "NO", "DK", "DE"), ("monday-tip", "pledge-call")),
        Reason("is_archived: open it", State.FAILED, 1, (COMPANY,), (company.slot.post,)),
    ]


def test_message_put_back_for_retry_has_no_reason(campaign: Campaign, rows: list[Entry]) -> None:
    assert progress(campaign, [replace(rows[0], reason="Slack asked to wait")], AFTER).reasons == []


def test_row_without_reason_is_reported_too(campaign: Campaign, rows: list[Entry]) -> None:
    [reason] = progress(campaign, [not_sent(rows[0], State.CANCELLED, None)], AFTER).reasons
    assert (reason.why, reason.count) == ("no reason was given", 1)


def test_broadcasts_are_grouped_with_all_their_recipients(campaign: Campaign, rows: list[Entry]) -> None:
    now = datetime(2027, 3, 15, 9, tzinfo=UTC)
    week = [sent(row) if row.slot.due_at <= now else row for row in rows]
    found = progress(campaign, week, now)
    assert found.sent == [
        Broadcast("monday-tip", "Mon 15 Mar 09:00", 4),
        Broadcast("week-at-a-glance", "Fri 12 Mar 10:05", 4),
        Broadcast("invitation", "Fri 12 Mar 10:00", 4),
        Broadcast("representatives-brief", "Fri 12 Mar 08:30", 4),
        Broadcast("what-we-know", "Thu 11 Mar 10:00", 4),
    ]
    assert found.coming[:2] == [
        Broadcast("pledge-call", "Mon 15 Mar 13:00", 4),
        Broadcast("tuesday-tip", "Tue 16 Mar 09:00", 4),
    ]
    assert len(found.coming) == 5


def test_broadcast_is_at_one_local_time_everywhere(campaign: Campaign) -> None:
    zones = {"SE": "Europe/Stockholm", "FI": "Europe/Helsinki"}
    people = [Addressee(Audience.JOINED, f"U{code}", zone, "en", code) for code, zone in zones.items()]
    lines = lay_out(campaign, people)
    rows = [Entry(each.key, each, State.DUE, each.due_at, BEFORE, *[None] * 4) for each in lines]
    assert progress(campaign, rows, BEFORE).coming[0] == Broadcast("friday-check-in", "Fri 19 Mar 14:00", 2)


def test_letters_are_grouped_by_kind_not_by_id(campaign: Campaign, rows: list[Entry]) -> None:
    letters = [
        replace(rows[0], slot=replace(rows[0].slot, kind="idea_review", audience="idea_review", post=f"{name}-0"))
        for name in ("5f0c", "77aa")
    ]
    found = progress(campaign, letters, BEFORE)
    assert [(each.post, each.recipients) for each in found.coming] == [("idea review", 2)]


@given(st.lists(st.sampled_from(State), min_size=60, max_size=60), st.integers(0, 45))
def test_every_row_counts_in_one_column_and_country(states: list[State], days: int) -> None:
    campaign = shipped_campaign()
    lines = lay_out(campaign, addressees(campaign))
    rows = [
        Entry(
            each.key, each, state, each.due_at, BEFORE, None, None, None, each.due_at if state is State.SENT else None
        )
        for each, state in zip(lines, states, strict=False)
    ]
    found = progress(campaign, rows, BEFORE + timedelta(days=days))
    for each in (*found.parts, found.together):
        settled = each.sent + each.skipped + each.cancelled + each.failed + each.unconfirmed
        assert each.planned == each.to_come + each.under_way + settled
    assert found.together.planned == sum(each.planned for each in found.parts) == len(rows)
    unsent = found.together.skipped + found.together.cancelled + found.together.failed + found.together.unconfirmed
    assert sum(each.count for each in found.reasons) == unsent
