"""When figures are taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.figure_publication_times import due_at, has_kilograms, next_at, set_times
from bot.campaign.model import Audience, Campaign, Company, Figures, Post
from bot.campaign.post_deadlines import After
from tests.campaigns import campaign, country

WEEK = campaign(country("SE"), country("NO"))
WEDNESDAY = datetime(2027, 3, 17, 11, tzinfo=UTC)
FRIDAY = WEDNESDAY + timedelta(days=2)
CLOSES = datetime(2027, 3, 25, 11, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def on(*days: str) -> Campaign:
    return replace(WEEK, figures=Figures.model_validate({"days": days}))


def with_results(day: date, at: time, of: Campaign = WEEK) -> Campaign:
    posts = [
        Post(post=f"results-{audience}", kind="results", audience=audience, day=day, time=at)
        for audience in (Audience.COUNTRIES, Audience.COMPANY)
    ]
    return replace(of, posts=tuple(posts), deadlines={"results": After(DAY)})


def test_figures_come_wednesday_friday_and_at_end() -> None:
    assert set_times(WEEK) == [WEDNESDAY, FRIDAY, CLOSES]


def test_results_are_taken_an_hour_before_first_post() -> None:
    of = with_results(date(2027, 3, 24), time(10))
    assert set_times(of)[-1] == datetime(2027, 3, 24, 8, tzinfo=UTC)
    earlier = country("FI").model_copy(update={"zone": "Europe/Helsinki"})
    assert set_times(replace(of, countries=(*of.countries, earlier)))[-1] == datetime(2027, 3, 24, 7, tzinfo=UTC)


def test_days_can_be_chosen() -> None:
    assert [each.day for each in set_times(on("monday", "thursday"))] == [15, 18]
    assert [each.day for each in set_times(on("results", "sunday"))] == [25]


def test_noon_is_the_companys_noon() -> None:
    of = replace(WEEK, company=Company(channel="all", language="en", zone="Europe/London"))
    assert set_times(of)[0] == WEDNESDAY + HOUR


def test_later_of_two_close_publications_is_taken() -> None:
    of = with_results(date(2027, 3, 19), time(18))
    assert set_times(of) == [WEDNESDAY, datetime(2027, 3, 19, 16, tzinfo=UTC)]


def test_the_next_set_time_comes_strictly_after() -> None:
    assert next_at(WEEK, WEDNESDAY - DAY) == WEDNESDAY
    assert next_at(WEEK, WEDNESDAY) == FRIDAY
    assert next_at(WEEK, CLOSES) is None


def test_kilograms_come_with_last_figures_and_results() -> None:
    assert [has_kilograms(WEEK, each) for each in set_times(WEEK)] == [False, True, True]
    assert [has_kilograms(on("results"), each) for each in set_times(on("results"))] == [True]


@pytest.mark.parametrize(
    ("now", "last", "due"),
    [
        (WEDNESDAY - HOUR, None, None),
        (WEDNESDAY, None, WEDNESDAY),
        (WEDNESDAY + 35 * HOUR, None, WEDNESDAY),
        (WEDNESDAY + 37 * HOUR, None, None),
        (FRIDAY, WEDNESDAY + 35 * HOUR, FRIDAY),
        (FRIDAY, FRIDAY - 11 * HOUR, None),
        (FRIDAY + HOUR, FRIDAY - 11 * HOUR, FRIDAY),
        (FRIDAY + 49 * HOUR, WEDNESDAY, None),
    ],
)
def test_late_figures_keep_half_a_day_from_others(now: datetime, last: datetime | None, due: datetime | None) -> None:
    assert due_at(WEEK, now, last) == due


@given(
    st.lists(st.integers(0, 15 * 24), max_size=80),
    st.sets(
        st.sampled_from(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "results"]), min_size=1
    ),
    st.integers(1, 23),
)
def test_outage_never_brings_publications_within_half_a_day(hours: list[int], days: set[str], at: int) -> None:
    of = with_results(date(2027, 3, 22), time(at), on(*sorted(days)))
    taken: list[datetime] = []
    done: set[datetime] = set()
    for now in sorted(datetime(2027, 3, 14, tzinfo=UTC) + each * HOUR for each in hours):
        due = due_at(of, now, taken[-1] if taken else None)
        if due and due not in done:
            taken.append(now)
            done.add(due)
    assert all(after - before >= 12 * HOUR for before, after in pairwise(taken))
    assert len(taken) <= len(set_times(of))
