"""Campaigns of other countries, years and forms than the shipped one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bot.campaign.campaign_reader import Reading
from bot.campaign.model import Campaign
from bot.campaign.schedule import addressees, lay_out
from tests.campaigns import Folder, Place, Post, Week, write

WEDNESDAY = date(2027, 3, 17)

Write = Callable[..., Reading]


@pytest.fixture
def afternoon(tmp_path: Path) -> Write:
    """Writes a campaign of an afternoon, or of several, and reads it."""

    def written(code: str, zone: str, language: str, *days: date, name: str = "goodbye") -> Reading:
        first, last = (days or (WEDNESDAY,))[0], (days or (WEDNESDAY,))[-1]
        posts = (Post("hello", first, time(13)), Post(name, last, time(16, 30)))
        write(tmp_path, Week(posts, [Place(code, zone, language, "#local")], first, last, company=False))
        return Folder(tmp_path).read()

    return written


def campaign_of(reading: Reading) -> Campaign:
    # The bot speaks none of these languages, which is worth a warning.
    assert [each for each in reading.problems if "words of its own" not in each.what] == []
    assert reading.campaign is not None
    return reading.campaign


@pytest.mark.parametrize(
    ("code", "zone", "language", "due"),
    [
        ("FI", "Europe/Helsinki", "fi", [(11, 0), (14, 30)]),
        ("JP", "Asia/Tokyo", "ja", [(4, 0), (7, 30)]),
        ("NP", "Asia/Kathmandu", "ne", [(7, 15), (10, 45)]),
    ],
)
def test_one_country_can_hold_afternoon_in_own_language(
    afternoon: Write, code: str, zone: str, language: str, due: list[tuple[int, int]]
) -> None:
    campaign = campaign_of(afternoon(code, zone, language))
    made = lay_out(campaign, addressees(campaign))
    assert [each.due_at for each in made] == [datetime(2027, 3, 17, *clock, tzinfo=UTC) for clock in due]
    assert {(each.recipient, each.language) for each in made} == {(code, language)}


def test_company_goal_themes_and_pledges_are_optional(afternoon: Write) -> None:
    campaign = campaign_of(afternoon("FI", "Europe/Helsinki", "fi"))
    assert (campaign.company, campaign.goal, campaign.themes, campaign.pledges) == (None, None, {}, ())


def test_campaign_without_opening_days_runs_for_its_week(afternoon: Write) -> None:
    campaign = campaign_of(afternoon("FI", "Europe/Helsinki", "fi"))
    assert (campaign.opens, campaign.closes) == (campaign.first_day, campaign.last_day)


def test_a_channel_may_be_written_with_its_hash(afternoon: Write) -> None:
    assert campaign_of(afternoon("FI", "Europe/Helsinki", "fi")).countries[0].channel == "local"


def test_past_days_are_read_like_any_other(afternoon: Write) -> None:
    reading = afternoon("FI", "Europe/Helsinki", "fi", date(2019, 3, 28))
    assert reading.campaign is not None
    assert [each.due_at.year for each in lay_out(reading.campaign, addressees(reading.campaign))] == [2019, 2019]


def test_post_on_several_days_has_slot_on_each(afternoon: Write) -> None:
    campaign = afternoon("JP", "Asia/Tokyo", "ja", WEDNESDAY, date(2027, 3, 18), name="hello").campaign
    assert campaign is not None
    assert [each.key for each in lay_out(campaign, addressees(campaign))] == [
        "a-week:hello:countries:JP:2027-03-17",
        "a-week:hello:countries:JP:2027-03-18",
    ]
