"""What is left to do, of campaigns with one thing to do each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from bot.campaign.earth_hour import EarthHour, Origin
from bot.campaign.model import Campaign, Company, ParticipationGoal
from bot.campaign.new_campaign import NewCampaign
from bot.campaign.problems import Problems
from bot.reports.left_to_do import left_to_do
from tests.campaigns import campaign, country, tip

WEEK = Path("my-week")
COMPANY = Company(channel="all", language="en", zone="Europe/Oslo", examples=("channel", "managers"))


def left(found: Campaign | None, problems: Problems | None = None, made: NewCampaign | None = None) -> Sequence[str]:
    return left_to_do(WEEK, found, problems or Problems(), made or NewCampaign({}, {}, ()))


RESULTS = tip("results").model_copy(update={"day": date(2028, 4, 21)})
HOUR = (
    "Earth Hour: look the day up at earthhour.org. Saturday 25 March 2028 is by the usual rule; "
    "correct `date` if need be."
)


def marked(*keys: str) -> Campaign:
    """A week in which these keys of two countries are examples."""
    places = [country(code).model_copy(update={"examples": keys}) for code in ("FI", "BR")]
    return campaign(*places, country("SE"))


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (marked("channel"), "Channels: write the names that they have in Slack, for FI, BR."),
        (campaign(company=COMPANY), "Channels: write the names that they have in Slack, for the company."),
        (campaign(company=COMPANY), 'Managers: write their IDs, in Slack under "Copy member ID" of the profile.'),
        (marked("zone"), "Clocks: look at the zone of FI, BR, where another may be right."),
        (
            marked("representatives"),
            'Representatives: write their IDs, in Slack under "Copy member ID" of the profile, for FI, BR.',
        ),
        (
            marked("headcount", "headcount_date"),
            (
                "Headcounts: count people in FI, BR. `earthweek headcounts FILE.csv --campaign my-week` writes a table "
                "of them into the campaign."
            ),
        ),
        (
            campaign(goal=ParticipationGoal(participation_percent=20, examples=("participation_percent",))),
            "Goal: 20 % of colleagues is an example; write your own.",
        ),
        (
            campaign(earth_hour=EarthHour(date(2028, 3, 25), origin=Origin.EXAMPLE)),
            (HOUR),
        ),
        (
            campaign(posts=(tip("our-measure").model_copy(update={"examples": ("text",)}),)),
            "Texts: write what your company has done, in each language, in our-measure.",
        ),
        (
            campaign(country("DE").model_copy(update={"works_council_informed": False})),
            "Works council: inform it in DE, then write `works_council_informed = true`.",
        ),
        (
            campaign(first_day=date(2028, 3, 20), posts=(RESULTS,)),
            "Earth Day: Saturday 22 April 2028 is no day for posts. Look at the words for Friday 21 April: results.",
        ),
    ],
)
def test_each_thing_is_said_in_a_line(found: Campaign, says: str) -> None:
    assert says in left(found)


def test_nothing_is_said_where_nothing_is_left() -> None:
    assert left(campaign()) == []


def test_pledges_and_posts_that_are_left_out_are_named() -> None:
    made = NewCampaign({}, {"heating": ["FI", "BR"], "dryer": ["BR"]}, ["for-sweden"], {"tip": ["FI"]})
    assert left(campaign(), made=made) == [
        (
            "Pledges: there is no figure for BR, FI in dryer, heating, so they are not offered there. Add one under "
            "[pledges.kg_by_country] and take the country out of `left_out`, or leave it so."
        ),
        "Lines a country: write one under [local] for FI where you have figures, in tip.",
        "Left out: for-sweden, which would reach nobody or have figures of no country here.",
    ]


def test_what_check_finds_is_said_too_and_examples_once() -> None:
    problems = Problems()
    problems.warn("my-week/campaign.toml", 3, "fi: 20 texts are the same as in en", "translate them")
    problems.example("my-week/campaign.toml", 4, "FI: channel is still an example", "put in your own")
    problems.error("my-week/campaign.toml", 5, "the key `x` is not known here", "take it away")
    assert left(None, problems) == [
        "Whatever of this is right by now: take its name out of the `examples` beside it.",
        "my-week/campaign.toml:5: the key `x` is not known here; take it away",
        "fi: 20 texts are the same as in en; translate them (my-week/campaign.toml:3)",
    ]
