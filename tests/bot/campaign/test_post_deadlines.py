from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.campaign.earth_hour import EarthHour
from bot.campaign.localtime import instant
from bot.campaign.model import Campaign
from bot.campaign.post_deadlines import After, Deadline, EndOfDay, Until, UntilEarthHour, expiry
from bot.campaign.schedule import Slot, addressees, groups_of_people, lay_out
from tests.campaigns import Folder

EARTH_HOUR = EarthHour(date(2027, 3, 20))
OSLO = "Europe/Oslo"


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def late(rule: Deadline, local: str, zone: str = OSLO) -> datetime:
    return expiry(rule, wall(local), instant(wall(local), zone), zone, EARTH_HOUR)


@pytest.mark.parametrize(
    ("rule", "local", "expected"),
    [
        pytest.param(EndOfDay(), "2027-03-15 09:00", "2027-03-15 23:00", id="midnight where the reader is"),
        pytest.param(After(timedelta(hours=4)), "2027-03-15 15:00", "2027-03-15 18:00", id="some hours later"),
        pytest.param(After(timedelta(days=2)), "2027-04-22 10:00", "2027-04-24 08:00", id="two days later"),
        pytest.param(UntilEarthHour(), "2027-03-20 20:15", "2027-03-20 19:30", id="when Earth Hour starts"),
        pytest.param(UntilEarthHour(), "2027-03-19 20:15", "2027-03-19 23:00", id="on another day, midnight"),
        pytest.param(Until(time(12)), "2027-03-15 09:00", "2027-03-15 11:00", id="a time that day"),
        pytest.param(Until(wall("2027-03-17 12:00")), "2027-03-15 09:00", "2027-03-17 11:00", id="a day and a time"),
    ],
)
def test_deadline_follows_its_rule_in_local_time(rule: Deadline, local: str, expected: str) -> None:
    assert late(rule, local) == wall(expected).replace(tzinfo=UTC)


def test_hours_later_counts_elapsed_not_clock_hours() -> None:
    assert late(After(timedelta(hours=4)), "2027-03-28 01:00") == datetime(2027, 3, 28, 4, tzinfo=UTC)


def test_short_and_long_days_end_at_midnight() -> None:
    assert late(EndOfDay(), "2027-03-28 01:00") == datetime(2027, 3, 28, 22, tzinfo=UTC)
    assert late(EndOfDay(), "2027-10-31 01:00") == datetime(2027, 10, 31, 23, tzinfo=UTC)


def slots(campaign: Campaign) -> dict[str, Slot]:
    """One slot of each kind of post, in Oslo time."""
    made = lay_out(campaign, [*addressees(campaign), *groups_of_people(campaign)])
    return {each.kind: each for each in made if each.country in {"NO", None}}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("tip", "2027-03-18 23:00"),
        ("pledge_call", "2027-03-15 23:00"),
        ("measure", "2027-03-16 23:00"),
        ("idea_call", "2027-03-18 23:00"),
        ("note", "2027-03-12 23:00"),
        ("awareness", "2027-03-22 23:00"),
        ("earth_hour_notice", "2027-03-19 23:00"),
        ("earth_hour_reminder", "2027-03-20 19:30"),
        ("earth_hour_check", "2027-03-22 23:00"),
        ("check_in", "2027-04-05 22:00"),
        ("progress", "2027-03-19 18:00"),
        ("results", "2027-04-24 08:15"),
    ],
)
def test_every_kind_has_limit_from_guide(shipped: Campaign, kind: str, expected: str) -> None:
    assert slots(shipped)[kind].expires_at == wall(expected).replace(tzinfo=UTC)


def test_own_limit_overrides_limit_of_kind(folder: Folder) -> None:
    folder.change("campaign.toml", "source_url", "until = 12:00:00\nsource_url")
    assert slots(folder.campaign())["tip"].expires_at == datetime(2027, 3, 15, 11, tzinfo=UTC)


def test_reminder_follows_moved_earth_hour(folder: Folder) -> None:
    folder.change("campaign.toml", "date = 2027-03-20", "date = 2027-03-20\nstarts = 21:00:00")
    assert slots(folder.campaign())["earth_hour_reminder"].expires_at == datetime(2027, 3, 20, 20, tzinfo=UTC)
