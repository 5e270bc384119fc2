from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.campaign.localtime import end_of_day, instant, local, zone

pytestmark = pytest.mark.thorough

ZONES = sorted(available_timezones())
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2033, 1, 1, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

zones = st.sampled_from(ZONES)
wall_times = st.datetimes(datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2032-12-31")).map(
    lambda t: t.replace(microsecond=0)
)


def reading(moment: datetime, name: str) -> datetime:
    """What a clock on the wall shows, asked of the standard library and not of the bot."""
    return moment.astimezone(ZoneInfo(name)).replace(tzinfo=None)


@cache
def changes(name: str) -> tuple[datetime, ...]:
    """The minutes (UTC) at which the clocks of a zone change, found by looking at every day."""
    tz = ZoneInfo(name)
    found = []
    for day in range((LAST - FIRST).days):
        start, end = FIRST + day * DAY, FIRST + (day + 1) * DAY
        if start.astimezone(tz).utcoffset() != end.astimezone(tz).utcoffset():
            while end - start > MINUTE:
                middle = start + ((end - start) // MINUTE // 2) * MINUTE
                same = middle.astimezone(tz).utcoffset() == start.astimezone(tz).utcoffset()
                start, end = (middle, end) if same else (start, middle)
            found.append(end)
    return tuple(found)


def around(change: datetime) -> Iterator[datetime]:
    """The minutes before and after a change."""
    return (change + minutes * MINUTE for minutes in range(-150, 151))


@given(name=zones, wanted=wall_times)
@settings(max_examples=1000, deadline=None)
def test_wall_time_is_first_instant_clock_reaches_it(name: str, wanted: datetime) -> None:
    found = instant(wanted, name)
    assert found.tzinfo is UTC
    assert reading(found, name) >= wanted
    earlier = [SECOND, MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, DAY]
    assert all(reading(found - step, name) < wanted for step in earlier)


@pytest.mark.parametrize("third", range(3))
def test_wall_time_is_right_around_every_clock_change(third: int) -> None:
    seen = 0
    for name in ZONES[third::3]:
        for change in changes(name):
            wall = [(moment, reading(moment, name)) for moment in around(change)]
            wanted = reading(change - 2 * HOUR, name)
            while wanted < wall[-1][1] - HOUR:
                first = next(moment for moment, shown in wall if shown >= wanted)
                assert instant(wanted, name) == first, (name, wanted)
                wanted += 10 * MINUTE
                seen += 1
    assert seen > 10_000


def test_tested_years_contain_clock_changes_of_every_sort() -> None:
    steps = {
        reading(change, name) - reading(change - MINUTE, name) - MINUTE for name in ZONES for change in changes(name)
    }
    assert {HOUR, -HOUR, 30 * MINUTE, -30 * MINUTE} <= steps


@given(name=zones, one=wall_times, other=wall_times)
@settings(max_examples=500, deadline=None)
def test_later_wall_time_is_never_earlier_instant(name: str, one: datetime, other: datetime) -> None:
    earlier, later = sorted([one, other])
    assert instant(earlier, name) <= instant(later, name)


@given(name=zones, moment=wall_times)
@settings(max_examples=500, deadline=None)
def test_round_trip_keeps_wall_time_unless_skipped(name: str, moment: datetime) -> None:
    shown = local(instant(moment, name), name)
    skipped = any(abs(instant(moment, name) - change) < MINUTE for change in changes(name))
    assert shown == moment or skipped


@given(name=zones, day=st.dates(date(2024, 1, 1), date(2032, 12, 30)))
@settings(max_examples=500, deadline=None)
def test_a_day_ends_when_the_next_one_begins(name: str, day: date) -> None:
    end = end_of_day(day, name)
    assert reading(end, name).date() == day + DAY
    assert reading(end - SECOND, name).date() == day


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "wanted", "expected"),
    [
        pytest.param("Europe/Stockholm", "2027-03-15 09:00", "2027-03-15 08:00", id="an ordinary morning"),
        pytest.param("Europe/Stockholm", "2027-03-28 02:30", "2027-03-28 01:00", id="skipped in spring"),
        pytest.param("Europe/Stockholm", "2027-10-31 02:30", "2027-10-31 00:30", id="twice in autumn"),
        pytest.param("Asia/Kathmandu", "2027-03-15 09:00", "2027-03-15 03:15", id="a quarter of an hour off"),
        pytest.param("America/Havana", "2027-03-14 00:00", "2027-03-14 05:00", id="midnight skipped"),
        pytest.param("America/Havana", "2027-03-14 00:30", "2027-03-14 05:00", id="half past midnight skipped"),
        pytest.param("Africa/Cairo", "2027-04-30 00:30", "2027-04-29 22:00", id="midnight skipped in Egypt"),
        pytest.param("Africa/Cairo", "2027-10-28 23:30", "2027-10-28 20:30", id="the last hour of a day twice"),
        pytest.param("Australia/Lord_Howe", "2027-10-03 02:15", "2027-10-02 15:30", id="half an hour skipped"),
        pytest.param("Australia/Lord_Howe", "2027-04-04 01:45", "2027-04-03 14:45", id="half an hour twice"),
        pytest.param("Pacific/Apia", "2027-03-15 09:00", "2027-03-14 20:00", id="the first to see the day"),
        pytest.param("Pacific/Apia", "2011-12-30 09:00", "2011-12-30 10:00", id="a whole day skipped"),
        pytest.param("Pacific/Kiritimati", "2027-03-20 20:30", "2027-03-20 06:30", id="fourteen hours ahead"),
        pytest.param("Pacific/Pago_Pago", "2027-03-20 20:30", "2027-03-21 07:30", id="eleven hours behind"),
    ],
)
def test_known_wall_times_are_known_instants(name: str, wanted: str, expected: str) -> None:
    assert instant(datetime.fromisoformat(wanted), name) == utc(expected)


def test_day_with_skipped_midnight_ends_at_next_start() -> None:
    assert end_of_day(date(2027, 3, 13), "America/Havana") == utc("2027-03-14 05:00")


def test_day_with_repeated_last_hour_ends_after_second() -> None:
    assert end_of_day(date(2027, 10, 28), "Africa/Cairo") == utc("2027-10-28 22:00")


def test_earth_hour_2027_is_at_known_instants() -> None:
    evening = datetime.fromisoformat("2027-03-20 20:30")
    starts = {name: instant(evening, f"Europe/{name}") for name in ("Stockholm", "Oslo", "Copenhagen", "Berlin")}
    assert set(starts.values()) == {utc("2027-03-20 19:30")}
    assert instant(evening, "Europe/Helsinki") == utc("2027-03-20 18:30")
    assert instant(evening, "Europe/London") == utc("2027-03-20 20:30")


@pytest.mark.parametrize("name", ["", "Europe/Olso", "Europe", "../etc/passwd", "/etc/passwd", "a\0b", "x" * 5000, "."])
def test_what_is_no_zone_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match="there is no time zone"):
        zone(name)
