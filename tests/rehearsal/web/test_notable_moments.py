"""The moments that one can jump to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.model import Campaign, Figures
from bot.campaign.schedule import everyone, lay_out
from rehearsal.web.notable_moments import bookmarks, next_post_after
from rehearsal.web.view_models import Bookmark
from tests.campaigns import country, shipped_campaign

START, END = datetime(2027, 3, 11, tzinfo=UTC), datetime(2027, 4, 23, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def abroad(campaign: Campaign) -> Campaign:
    return replace(campaign, countries=(*campaign.countries, country("FI", zone="Europe/Helsinki")))


def jumps(of: Campaign, label: str, start: datetime = START, end: datetime = END) -> list[Bookmark]:
    return [jump for group in bookmarks(of, start, end) if group.label == label for jump in group.bookmarks]


def told(of: Campaign, label: str) -> list[tuple[str, str]]:
    return [(jump.label, jump.when) for jump in jumps(of, label)]


def clock(at: datetime, zone: str) -> timedelta | None:
    return at.astimezone(ZoneInfo(zone)).utcoffset()


def test_neighbouring_countries_share_local_earth_hour_jumps(abroad: Campaign) -> None:
    shared = "Sweden, Norway, Denmark and Germany"
    assert told(abroad, "Earth Hour") == [
        ("Before the Earth Hour reminder in Finland", "Sat 20 Mar 20:10"),
        ("Earth Hour in Finland", "Sat 20 Mar 20:30"),
        (f"Before the Earth Hour reminder in {shared}", "Sat 20 Mar 20:10"),
        (f"Earth Hour in {shared}", "Sat 20 Mar 20:30"),
    ]
    assert [jump.at.hour for jump in jumps(abroad, "Earth Hour")] == [18, 18, 19, 19]


def test_a_long_list_of_countries_is_cut_short(campaign: Campaign) -> None:
    many = [country(code, zone="Europe/Paris") for code in ("SE", "NO", "DK", "DE", "FR", "ES", "IT")]
    of = replace(campaign, countries=tuple(many))
    assert told(of, "Earth Hour")[-1][0] == "Earth Hour in Sweden, Norway, Denmark and 4 more"


def test_simultaneous_clock_changes_name_whose_time_is_meant(campaign: Campaign, abroad: Campaign) -> None:
    [home] = told(campaign, "Summer time")
    assert home == ("Clocks go forward an hour in Sweden, Norway, Denmark and Germany", "Sun 28 Mar 01:59")
    [both] = told(abroad, "Summer time")
    assert both == ("Clocks go forward an hour in Sweden, Norway, Denmark and 2 more", "Sun 28 Mar 01:59 in Stockholm")


@pytest.mark.parametrize(
    ("zone", "start", "label"),
    [
        ("Europe/Berlin", datetime(2027, 10, 1, tzinfo=UTC), "Clocks go back an hour in Germany"),
        ("Australia/Lord_Howe", datetime(2027, 10, 1, tzinfo=UTC), "Clocks go forward 30 minutes in Germany"),
        ("Antarctica/Troll", datetime(2027, 3, 1, tzinfo=UTC), "Clocks go forward 2 hours in Germany"),
    ],
)
def test_clock_change_label_tells_amount_and_direction(
    campaign: Campaign, zone: str, start: datetime, label: str
) -> None:
    of = replace(campaign, countries=(country("DE", zone=zone),))
    assert [jump.label for jump in jumps(of, "Summer time", start, start + 35 * DAY)] == [label]


@given(st.sampled_from(sorted(available_timezones())), st.integers(2015, 2035))
def test_jumps_are_one_minute_before_each_clock_change(zone: str, year: int) -> None:
    of = replace(shipped_campaign(), countries=(country("SE", zone=zone),))
    start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    found = [jump.at for jump in jumps(of, "Summer time", start, end)]
    assert all(clock(at, zone) != clock(at + MINUTE, zone) for at in found)
    assert all(clock(at, zone) == clock(at + MINUTE - timedelta(seconds=1), zone) for at in found)
    hours = [start + hour * HOUR for hour in range((end - start) // HOUR + 1)]
    assert len(found) == sum(clock(one, zone) != clock(other, zone) for one, other in pairwise(hours))


def test_holidays_begin_before_work_would_and_are_named(campaign: Campaign) -> None:
    everywhere = "Sweden, Norway, Denmark and Germany"
    assert told(campaign, "Holidays") == [
        ("Maundy Thursday in Norway and Denmark", "Thu 25 Mar 08:55"),
        (f"Good Friday in {everywhere}", "Fri 26 Mar 08:55"),
        (f"Easter Monday in {everywhere}", "Mon 29 Mar 08:55"),
    ]


def test_holidays_appear_only_within_campaign_and_known_countries(campaign: Campaign) -> None:
    before_easter = replace(campaign, closes=date(2027, 3, 22))
    unknown = replace(campaign, countries=(country("ZZ", zone="UTC"),))
    assert jumps(before_easter, "Holidays") == jumps(unknown, "Holidays") == []


def test_days_begin_five_minutes_before_first_post(campaign: Campaign, abroad: Campaign) -> None:
    firsts: dict[date, datetime] = {}
    for slot in lay_out(campaign, everyone(campaign)):
        firsts[slot.local.date()] = min(slot.due_at, firsts.get(slot.local.date(), slot.due_at))
    assert [jump.at for jump in jumps(campaign, "Days")] == sorted(at - 5 * MINUTE for at in firsts.values())
    assert told(campaign, "Days")[2] == ("Monday 15 March", "Mon 15 Mar 08:55")
    assert told(abroad, "Days")[2] == ("Monday 15 March", "Mon 15 Mar 08:55 in Helsinki")


def test_figures_jumps_are_first_last_and_posted_ones(campaign: Campaign) -> None:
    assert told(campaign, "Figures") == [
        ("Figures for midweek-progress", "Wed 17 Mar 12:00"),
        ("Figures for friday-answer and friday-progress", "Fri 19 Mar 12:00"),
        ("Figures for results and company-results", "Thu 22 Apr 09:00"),
    ]
    quiet = replace(campaign, posts=())
    assert told(quiet, "Figures") == [
        ("The first figures", "Wed 17 Mar 12:00"),
        ("The last figures", "Thu 22 Apr 12:00"),
    ]
    assert told(replace(quiet, figures=Figures(days=("sunday",))), "Figures") == []


def test_campaign_without_posts_still_has_earth_hour(campaign: Campaign) -> None:
    labels = [group.label for group in bookmarks(replace(campaign, posts=()), START, END)]
    assert labels == ["Earth Hour", "Summer time", "Holidays", "Figures"]


@given(
    st.lists(
        st.sampled_from(["Europe/Oslo", "Asia/Tokyo", "America/St_Johns", "Pacific/Apia"]), min_size=1, max_size=4
    ),
    st.integers(-100, 1500),
    st.integers(0, 1500),
)
def test_moments_are_ordered_within_bounds_and_unique(zones: list[str], after: int, length: int) -> None:
    codes = ("SE", "JP", "CA", "WS")
    of = replace(
        shipped_campaign(), countries=tuple(country(code, zone=zone) for code, zone in zip(codes, zones, strict=False))
    )
    start = START + after * HOUR
    found = bookmarks(of, start, start + length * HOUR)
    assert len({group.label for group in found}) == len(found)
    for group in found:
        times = [jump.at for jump in group.bookmarks]
        assert group.bookmarks
        assert times == sorted(times)
        assert len({(jump.label, jump.at) for jump in group.bookmarks}) == len(group.bookmarks)
        assert all(start <= at <= start + length * HOUR and at.utcoffset() == timedelta() for at in times)


def test_next_post_is_after_now_until_none_left(campaign: Campaign) -> None:
    due = sorted({slot.due_at for slot in lay_out(campaign, everyone(campaign))})
    seen, now = [], START
    while following := next_post_after(campaign, now):
        seen.append(following)
        now = following
    assert seen == due
    assert next_post_after(campaign, due[0] - timedelta(microseconds=1)) == due[0]


def test_people_not_yet_known_are_in_calendar(campaign: Campaign) -> None:
    before = datetime.combine(date(2027, 3, 20), time(12), UTC)
    assert next_post_after(campaign, before) == datetime(2027, 3, 20, 19, 15, tzinfo=UTC)
