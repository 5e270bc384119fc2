from __future__ import annotations

from datetime import timedelta

from bot.campaign.campaign_moment import Moment
from tests.campaigns import campaign

WEEK = campaign()
HOUR = timedelta(hours=1)


def test_actions_count_from_opening_until_closing_day() -> None:
    begins = WEEK.earth_hour.begins("Asia/Tokyo")
    days = {
        day: Moment(WEEK, begins + timedelta(days=(day - WEEK.earth_hour.day).days), "Asia/Tokyo").is_counting
        for day in (WEEK.opens - timedelta(days=1), WEEK.opens, WEEK.closes, WEEK.closes + timedelta(days=1))
    }
    assert [*days.values()] == [False, True, True, False]


def test_earth_hour_begins_and_ends_on_local_clocks() -> None:
    begins = WEEK.earth_hour.begins("Europe/Oslo")
    before, during, after = (Moment(WEEK, begins + hours * HOUR, "Europe/Oslo") for hours in (-1, 0, 1))
    assert [each.hour_has_begun for each in (before, during, after)] == [False, True, True]
    assert [each.hour_is_over for each in (before, during, after)] == [False, False, True]
    assert not Moment(WEEK, begins, "Europe/London").hour_has_begun
