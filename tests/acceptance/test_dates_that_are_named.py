"""Whatever somebody asks for, and whenever: a day that is to come lies ahead of them, and one that was lies behind."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.campaign.earth_hour import LASTS
from bot.locales.catalogues import words
from tests.campaigns import Post

from .conftest import RunBot, over_http
from .participants import EARTH_HOUR, EN, FRIDAY, MONDAY, MONDAY_AFTER, SV, VISITED, Participant, member, moment

LATE_TIPS = replace(
    VISITED,
    posts=(
        *(post for post in VISITED.posts if post.kind != "tip"),
        Post("tip", MONDAY + timedelta(days=2), VISITED.posts[0].time, kind="tip"),
    ),
)
"""The first tip comes on Wednesday."""

TO_COME = ("next tip comes on", "Earth Hour is on", "You can say so from", "first figures come on", "figures come on")
GONE = ("Earth Hour was on", "Counted on", "closed on")
DAY = r"(?:\w+), (\d+) (\w+) (\d{4})"
MONTHS = {words("en").locale.months["format"]["wide"][month]: month for month in range(1, 13)}
HOURS = (1, 8, 12, 21)


def days(text: str, phrase: str) -> list[date]:
    found = re.findall(rf"{re.escape(phrase)} {DAY}", text)
    return [date(int(year), MONTHS[month], int(day)) for day, month, year in found]


async def everything(who: Participant) -> str:
    """All that somebody can ask for which may name a day."""
    typed = [(await who.types(text)).text for text in ("tip", "earthhour", "standings", "help", "my")]
    return "\n".join([*typed, await who.looks_home()])


@over_http
@pytest.mark.parametrize("zone", ["Europe/Stockholm", "Asia/Tokyo", "America/Los_Angeles"])
async def test_named_days_are_on_right_side_of_today(run_bot: RunBot, zone: str) -> None:
    week = await run_bot(LATE_TIPS, start=moment(MONDAY - timedelta(days=4), 9))
    ann = await member(week, "U0ANN", zone=zone, language="en", messages=True)
    await ann.types("earthhour")
    for back in range(-3, 12, 2):
        for hour in HOURS:
            week.clock.turn_to(moment(MONDAY + timedelta(days=back), hour))
            today = week.clock.now().astimezone(ZoneInfo(zone)).date()
            shown = await everything(ann)
            for phrase in TO_COME:
                assert all(day >= today for day in days(shown, phrase)), (today, shown)
            for phrase in GONE:
                assert all(day <= today for day in days(shown, phrase)), (today, shown)


@over_http
async def test_next_tip_is_named_before_any_tip_came(run_bot: RunBot) -> None:
    week = await run_bot(LATE_TIPS, start=moment(MONDAY + timedelta(days=1), 9))
    ann = await member(week)
    assert (await ann.types("tip")).text == SV("tip.none_yet", day=SV.day(MONDAY + timedelta(days=2)))


@over_http
async def test_past_reminder_is_no_longer_named(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(FRIDAY, 9))
    ann = await member(week, messages=True)
    await ann.pledges("bike", days=["2027-03-22", "2027-03-23"], at="22:00")
    # It comes within working hours, whatever hour was chosen.
    line = SV("my.reminders", days=SV.short_day(date(2027, 3, 23)), time="17:00")
    week.clock.turn_to(moment(MONDAY_AFTER, 16))
    assert SV.short_day(MONDAY_AFTER) in (await ann.types("my")).text
    week.clock.turn_to(moment(MONDAY_AFTER, 18))
    assert line in (await ann.types("my")).text


@over_http
async def test_earth_hour_is_over_once_it_is(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(FRIDAY, 12))
    ann = await member(week, language="en")
    notice = (await ann.types("earthhour")).shown
    await ann.presses(notice, "earth_hour_remind")
    assert EN("my.earth_hour_reminder") in await ann.looks_home()
    starts = datetime.combine(EARTH_HOUR, week.campaign.earth_hour.starts, ZoneInfo("Europe/Stockholm"))
    week.clock.turn_to(starts)
    assert EN("my.earth_hour_reminder") not in await ann.looks_home()
    assert (await ann.types("earthhour")).buttons == []
    assert (await ann.presses(notice, "earth_hour_join")).text == EN("earth_hour.begun")
    week.clock.turn_to(starts + LASTS)
    after = EN("earth_hour.after", day=EN.day(EARTH_HOUR))
    assert (await ann.presses(notice, "earth_hour_join")).text == after
    assert EN("home.earth_hour_over") in await ann.looks_home()
