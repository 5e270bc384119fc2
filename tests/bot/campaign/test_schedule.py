from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.campaign.model import Audience, Campaign, Post
from bot.campaign.schedule import Addressee, Misplaced, addressees, groups_of_people, lay_out, misplaced, slot
from tests.campaigns import Folder

ZONES = sorted(available_timezones())


def somebody(name: str, recipient: str = "U1") -> Addressee:
    return Addressee(Audience.JOINED, recipient, name, "en", "SE")


def daily(first: date, days: int, at: time) -> tuple[Post, ...]:
    return tuple(
        Post(post="daily", kind="check_in", audience=Audience.JOINED, day=first + timedelta(days=number), time=at)
        for number in range(days)
    )


def everyone(campaign: Campaign) -> list[Addressee]:
    return [*addressees(campaign), *groups_of_people(campaign)]


def test_post_reaches_exactly_its_audience(folder: Folder) -> None:
    campaign = folder.campaign()
    reached = {(made.post, made.audience, made.recipient) for made in lay_out(campaign, everyone(campaign))}
    assert reached == {
        ("tip", "countries", "SE"),
        ("tip", "countries", "NO"),
        ("notice", "countries", "SE"),
        ("notice", "countries", "NO"),
        ("check", "joined", "SE"),
        ("check", "joined", "NO"),
        ("reminder", "earth_hour_reminder", "SE"),
        ("reminder", "earth_hour_reminder", "NO"),
        ("results", "company", "company"),
    }


def test_a_post_for_some_countries_reaches_only_these(folder: Folder) -> None:
    folder.change("campaign.toml", "sdgs = [7, 13]", 'countries = ["NO"]')
    campaign = folder.campaign()
    assert [made.recipient for made in lay_out(campaign, everyone(campaign)) if made.post == "tip"] == ["NO"]


def test_representatives_get_posts_in_country_zone_and_language(folder: Folder) -> None:
    folder.change("campaign.toml", 'audience = "countries"', 'audience = "representatives"')
    campaign = folder.campaign()
    made = next(made for made in lay_out(campaign, everyone(campaign)) if made.post == "tip")
    assert (made.audience, made.recipient, made.zone, made.language, made.country) == (
        Audience.REPRESENTATIVES,
        "UNORA",
        "Europe/Oslo",
        "en",
        "NO",
    )


def test_slots_are_ordered_by_due_time(folder: Folder) -> None:
    campaign = folder.campaign()
    due = [made.due_at for made in lay_out(campaign, everyone(campaign))]
    assert due == sorted(due)


def test_addressee_named_twice_gets_post_once(folder: Folder) -> None:
    campaign = folder.campaign()
    made = lay_out(campaign, [*everyone(campaign), *everyone(campaign)])
    assert Counter(each.key for each in made).most_common(1)[0][1] == 1
    assert made == lay_out(campaign, everyone(campaign))


def test_slot_keeps_key_when_time_changes(folder: Folder) -> None:
    before = folder.campaign()
    folder.change("campaign.toml", "time = 09:00:00", "time = 16:30:00")
    after = folder.campaign()
    old, new = (lay_out(campaign, everyone(campaign)) for campaign in (before, after))
    assert {made.key for made in old} == {made.key for made in new}
    assert [made.due_at for made in old] != [made.due_at for made in new]


def test_slot_keeps_key_when_words_zone_language_change(folder: Folder) -> None:
    before = folder.campaign()
    folder.change("posts/tip/en.md", "First paragraph.", "Other words.")
    folder.change("campaign.toml", 'theme = "energy"\nsdgs = [7, 13]', 'theme = "energy"\nuntil = 12:00:00')
    folder.change("campaign.toml", "Europe/Oslo", "Europe/Helsinki")
    after = folder.campaign()
    old, new = ({made.key for made in lay_out(campaign, everyone(campaign))} for campaign in (before, after))
    assert old == new


def test_slot_on_another_day_stays_in_series(folder: Folder) -> None:
    before = folder.campaign()
    folder.change("campaign.toml", "day = 2027-03-15\ntime", "day = 2027-03-16\ntime")
    after = folder.campaign()
    to = next(addressees(before))
    old, new = (slot(campaign, campaign.posts[0], to) for campaign in (before, after))
    assert (old.key, new.key) == ("small-week:tip:countries:SE:2027-03-15", "small-week:tip:countries:SE:2027-03-16")
    assert old.series == new.series == "small-week:tip:countries:SE"


def test_follow_up_waits_for_each_countrys_working_day(folder: Folder) -> None:
    folder.change(
        "campaign.toml", "day = 2027-03-19\ntime = 14:00:00", "day = 2027-03-25\ntime = 14:00:00\nworking_day = true"
    )
    campaign = folder.campaign()
    days = {made.recipient: made.local for made in lay_out(campaign, everyone(campaign)) if made.post == "check"}
    assert days == {
        "SE": datetime.fromisoformat("2027-03-25 14:00"),
        "NO": datetime.fromisoformat("2027-03-30 14:00"),
    }


def test_without_working_day_post_stays_on_its_day(folder: Folder) -> None:
    folder.change("campaign.toml", "day = 2027-03-19\ntime = 14:00:00", "day = 2027-03-25\ntime = 14:00:00")
    campaign = folder.campaign()
    days = {made.local.date() for made in lay_out(campaign, everyone(campaign)) if made.post == "check"}
    assert days == {date(2027, 3, 25)}


def test_same_wall_time_differs_between_zones(folder: Folder) -> None:
    campaign = folder.campaign()
    made = lay_out(replace(campaign, posts=daily(date(2027, 3, 16), 1, time(9))), map(somebody, ["Asia/Tokyo"]))
    assert [(each.due_at, each.expires_at) for each in made] == [
        (datetime(2027, 3, 16, 0, 0, tzinfo=UTC), datetime(2027, 3, 16, 15, 0, tzinfo=UTC))
    ]


@pytest.mark.parametrize(
    ("day", "at", "problem"),
    [
        (date(2027, 3, 14), time(9), Misplaced.OUTSIDE),
        (date(2027, 4, 23), time(9), Misplaced.OUTSIDE),
        (date(2027, 3, 16), time(12), Misplaced.PAST),
        (date(2027, 3, 16), time(12, 1), None),
        (date(2027, 3, 19), time(11), Misplaced.MEETS),
        (date(2027, 3, 19), time(14), None),
        (date(2027, 4, 22), time(10), None),
    ],
)
def test_new_post_has_to_fit_into_the_schedule(folder: Folder, day: date, at: time, problem: Misplaced | None) -> None:
    campaign, now = folder.campaign(), datetime(2027, 3, 16, 11, tzinfo=UTC)
    home = campaign.country("NO")
    assert home is not None
    assert misplaced(campaign, home, day, at, now) is problem


def test_new_post_meets_what_shares_its_channel(folder: Folder) -> None:
    folder.change("campaign.toml", 'channel = "all"', 'channel = "week-no"')
    campaign, now = folder.campaign(), datetime(2027, 3, 16, 11, tzinfo=UTC)
    home = campaign.country("NO")
    assert home is not None
    # Eleven in Oslo is ten in London, on whose clock the company's results are due.
    assert misplaced(campaign, home, date(2027, 4, 22), time(11), now) is Misplaced.MEETS


@pytest.mark.thorough
@given(
    name=st.sampled_from(ZONES),
    first=st.dates(date(2024, 1, 1), date(2032, 12, 1)),
    at=st.times().map(lambda moment: moment.replace(microsecond=0)),
)
@settings(max_examples=400, deadline=None)
def test_daily_post_comes_once_per_day_everywhere(shipped: Campaign, name: str, first: date, at: time) -> None:
    slots = lay_out(replace(shipped, posts=daily(first, 10, at)), [somebody(name)])
    assert len({made.key for made in slots}) == len(slots) == 10
    assert [made.local.date() for made in slots] == [first + timedelta(days=number) for number in range(10)]
    gaps = [later.due_at - earlier.due_at for earlier, later in pairwise(slots)]
    assert all(timedelta(hours=22) < gap < timedelta(hours=26) for gap in gaps)
    assert all(made.due_at < made.expires_at for made in slots)
    assert all(earlier.expires_at <= later.due_at for earlier, later in pairwise(slots))


@pytest.mark.thorough
def test_nightly_post_comes_once_daily_over_clock_changes(shipped: Campaign) -> None:
    spring, autumn = date(2027, 3, 10), date(2027, 10, 1)
    campaign = replace(shipped, posts=(*daily(spring, 25, time(2, 30)), *daily(autumn, 40, time(0, 15))))
    slots = lay_out(campaign, [somebody(name, recipient=name) for name in ZONES])
    shown = {(made.zone, made.due_at.astimezone(ZoneInfo(made.zone)).date()) for made in slots}
    assert len(slots) == len(shown) == 65 * len(ZONES)
