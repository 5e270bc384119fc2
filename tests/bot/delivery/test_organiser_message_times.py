"""When organisers are written to: by the calendar, and by what has happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.campaign.model import Campaign, Text
from bot.campaign.organiser_decisions import Revision, StandIn
from bot.campaign.schedule import Slot
from bot.delivery.organiser_message_times import (
    ORGANISER_MESSAGES,
    about_approvals,
    about_stand_ins,
    about_words,
    countdown,
    digest_days,
    digests,
    reach,
)
from bot.store.hold_conditions import TO_ORGANISERS
from bot.store.organiser_acts import StandInChange
from bot.store.text_revisions import Superseded

NOON = datetime(2027, 3, 16, 11, tzinfo=UTC)
"""Tuesday, 12:00 in Stockholm."""

SATURDAY = datetime(2027, 3, 20, 9, tzinfo=UTC)
TEXT = Text(title="Nytt", summary="Nya ord.", body="Så.")


def times(slots: Iterable[Slot], user: str) -> dict[str, str]:
    """When somebody is written to on their own clock, by the name of the message."""
    return {each.post: f"{each.local:%d %b %H:%M}" for each in slots if each.recipient == user}


def revision(by: str | None) -> Revision:
    return Revision("1", "monday-tip", "sv", TEXT, "f00d", by, NOON)


def test_no_decision_of_organisers_holds_messages_to_them() -> None:
    assert ORGANISER_MESSAGES < TO_ORGANISERS


def test_days_before_the_week_are_counted_in_working_days(campaign: Campaign) -> None:
    found = list(countdown(campaign))
    assert {each.recipient for each in found} == {"U0SEA", "U0SEB", "U0DEA", "U0BOSS"}
    before = {"countdown-7": "04 Mar 09:00", "countdown-3": "10 Mar 09:00", "countdown-1": "12 Mar 09:00"}
    assert times(found, "U0SEA") == before
    after_easter = replace(campaign, first_day=date(2027, 3, 30))
    assert times(countdown(after_easter), "U0SEA")["countdown-1"] == "25 Mar 09:00"
    assert all(each.expires_at - each.due_at == timedelta(hours=8) for each in found)


def test_digest_comes_at_four_on_working_days(campaign: Campaign) -> None:
    found = times(digests(campaign, off=()), "U0SEA")
    assert [*found.values()] == [f"{day} Mar 16:00" for day in (15, 16, 17, 18, 19)]
    easter = replace(campaign, first_day=date(2027, 3, 24), last_day=date(2027, 3, 30))
    assert digest_days(easter, "SE") == [date(2027, 3, day) for day in (24, 25, 30)]
    assert digest_days(easter, "NO") == [date(2027, 3, day) for day in (24, 30)]


def test_who_has_switched_it_off_gets_no_digest(campaign: Campaign) -> None:
    assert {each.recipient for each in digests(campaign, off={"U0SEA", "U0BOSS"})} == {"U0SEB", "U0DEA"}


def test_what_arrived_is_told_when_people_work_again(campaign: Campaign) -> None:
    assert times(reach(campaign), "U0SEA") == {"reach": "22 Mar 09:00"}
    assert times(reach(replace(campaign, last_day=date(2027, 3, 18))), "U0BOSS") == {"reach": "19 Mar 09:00"}


def test_editor_is_told_in_working_hours(campaign: Campaign) -> None:
    [told] = about_words(campaign, [Superseded(revision("U0SEA"), NOON)])
    assert (told.recipient, told.due_at, told.expires_at) == ("U0SEA", NOON, NOON + timedelta(days=7))
    [later] = about_words(campaign, [Superseded(revision("U0SEA"), SATURDAY)])
    assert f"{later.local:%d %b %H:%M}" == "22 Mar 08:00"


def test_editor_who_was_forgotten_is_not_told(campaign: Campaign) -> None:
    assert list(about_words(campaign, [Superseded(revision(None), NOON)])) == []
    [former] = about_words(campaign, [Superseded(revision("U0LEFT"), NOON)])
    assert (former.recipient, former.zone, former.country) == ("U0LEFT", campaign.zone, None)


def changed(until: date, at: datetime = NOON, ended_at: datetime | None = None, country: str = "SE") -> StandInChange:
    return StandInChange("c4a", StandIn(country, "U0CAI", until, "U0BOSS", at), ended_at)


def test_stand_in_and_representatives_are_told(campaign: Campaign) -> None:
    found = list(about_stand_ins(campaign, [changed(date(2027, 4, 30))]))
    assert [each.recipient for each in found] == ["U0CAI", "U0SEA", "U0SEB"]
    assert {(each.due_at, each.expires_at) for each in found} == {(NOON, NOON + timedelta(days=7))}
    assert list(about_stand_ins(campaign, [changed(date(2027, 4, 30), country="FI")])) == []


def test_naming_is_told_before_its_last_day_is_over(campaign: Campaign) -> None:
    [told, *_] = about_stand_ins(campaign, [changed(date(2027, 3, 20), SATURDAY)])
    assert told.due_at == SATURDAY
    assert told.expires_at == datetime(2027, 3, 20, 23, tzinfo=UTC)
    [early, *_] = about_stand_ins(campaign, [changed(date(2027, 3, 17))])
    assert early.expires_at == datetime(2027, 3, 17, 23, tzinfo=UTC)


def test_an_end_is_told_when_people_work(campaign: Campaign) -> None:
    [told, *_] = about_stand_ins(campaign, [changed(date(2027, 4, 30), NOON, SATURDAY)])
    assert f"{told.local:%d %b %H:%M}" == "22 Mar 08:00"
    assert told.expires_at - told.due_at == timedelta(days=7)


def test_approvers_hear_a_day_and_two_hours_before(campaign: Campaign) -> None:
    [post] = [each for each in campaign.posts if each.post == "tuesday-tip"]
    at = f"{post.time:%H%M}"
    found = list(about_approvals(campaign, {("tuesday-tip", "sv")}))
    assert {each.slot.recipient for each in found} == {"U0SEA", "U0SEB"}
    assert {(each.post, each.language) for each in found} == {("tuesday-tip", "sv")}
    due = found[0].due_at
    mine = {each.slot.post: each.slot for each in found if each.slot.recipient == "U0SEA"}
    assert {name: (slot.due_at, slot.expires_at) for name, slot in mine.items()} == {
        f"day-2027-03-16-{at}": (due - timedelta(days=1), due - timedelta(hours=2)),
        f"hours-2027-03-16-{at}": (due - timedelta(hours=2), due),
    }
    assert list(about_approvals(campaign, frozenset())) == []


@pytest.mark.parametrize("language", ["nb", "da"])
def test_managers_hear_of_languages_without_representatives(campaign: Campaign, language: str) -> None:
    found = about_approvals(campaign, {("tuesday-tip", language)})
    assert {each.slot.recipient for each in found} == {"U0BOSS"}


def test_posts_of_one_moment_share_a_message(campaign: Campaign) -> None:
    found = list(about_approvals(campaign, {("tuesday-tip", each) for each in ("nb", "da")}))
    assert len({each.slot.key for each in found}) == 2
    assert {each.language for each in found} == {"nb", "da"}
