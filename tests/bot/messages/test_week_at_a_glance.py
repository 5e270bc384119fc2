"""The week at a glance, as it is at different moments and in different countries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.campaign_moment import Moment
from bot.campaign.localtime import instant
from bot.campaign.model import Campaign, Post, Text
from bot.locales.catalogues import words
from bot.messages import week_at_a_glance
from bot.messages.post_context import PostContext
from rehearsal.slack.block_validation import problems

from .reply_samples import LANGUAGES, named, ordinary, texts

SATURDAY = date(2027, 3, 20)


def glance(
    campaign: Campaign,
    day: date,
    at: time = time(12),
    *,
    country: str = "SE",
    language: str = "en",
) -> PostContext:
    [post] = [each for each in campaign.posts if each.kind == week_at_a_glance.KIND]
    home = campaign.country(country)
    zone = home.zone if home else "UTC"
    moment = Moment(campaign, instant(datetime.combine(day, at), zone), zone)
    return PostContext(campaign, post, words(language), ordinary(), country, at=moment)


def drawn(campaign: Campaign, day: date, at: time = time(12), *, country: str = "SE") -> dict[str, list[str]]:
    """The lines of each part, by its name."""
    blocks = week_at_a_glance.blocks(glance(campaign, day, at, country=country))
    assert problems(blocks, "A week") == []
    return {name: block["text"]["text"].split("\n") for name, block in named(blocks).items() if "text" in block}


def with_posts(campaign: Campaign, *posts: Post) -> Campaign:
    glances = [each for each in campaign.posts if each.kind == week_at_a_glance.KIND]
    return replace(campaign, posts=(*glances, *posts))


def title(campaign: Campaign, post: str) -> str:
    return campaign.text(post, "en").title


def test_today_ticks_what_is_there_already(shipped: Campaign) -> None:
    said = [drawn(shipped, date(2027, 3, 15), at)["glance_today"] for at in (time(8, 59), time(9), time(13))]
    assert [[line.split(":")[1] for line in lines[1:]] for lines in said] == [
        ["small_blue_diamond", "small_blue_diamond"],
        ["white_check_mark", "small_blue_diamond"],
        ["white_check_mark", "white_check_mark"],
    ]
    assert said[0][0] == "*Today*"
    assert said[0][1] == f":small_blue_diamond: 09:00  {title(shipped, 'monday-tip')}"


def test_coming_days_begin_with_their_first_post(shipped: Campaign) -> None:
    said = drawn(shipped, date(2027, 3, 17))["glance_coming"]
    assert said[:5] == [
        "*Coming up*",
        f"*Thursday 18 March*: {title(shipped, 'thursday-tip')}",
        f"*Friday 19 March*: {title(shipped, 'friday-guess')}",
        "*Saturday 20 March*: Earth Hour at 20:30",
        f"*Monday 22 March*: {title(shipped, 'thanks')}",
    ]


def test_company_posts_are_listed_and_direct_ones_not(shipped: Campaign) -> None:
    said = "\n".join(drawn(shipped, date(2027, 3, 19))["glance_today"])
    assert f"15:00  {title(shipped, 'friday-progress')}" in said
    assert title(shipped, "friday-check-in") not in said
    alone = "\n".join(drawn(replace(shipped, company=None), date(2027, 3, 19))["glance_today"])
    assert title(shipped, "friday-progress") not in alone


def test_without_a_country_only_company_posts_remain(shipped: Campaign) -> None:
    said = drawn(shipped, date(2027, 3, 19), country="ZZ")
    assert len(said["glance_today"]) == 2
    assert said["glance_coming"][1:] == [
        "*Saturday 20 March*: Earth Hour at 20:30",
        f"*Thursday 22 April*: {title(shipped, 'company-results')}",
    ]


def test_posts_of_other_countries_are_left_out(shipped: Campaign) -> None:
    tip = next(each for each in shipped.posts if each.post == "monday-tip")
    campaign = with_posts(shipped, tip.model_copy(update={"countries": ("NO",)}))
    assert "glance_today" not in drawn(campaign, tip.day)
    assert "glance_today" in drawn(campaign, tip.day, country="NO")


def test_post_moves_to_the_countrys_working_day(shipped: Campaign) -> None:
    tip = next(each for each in shipped.posts if each.post == "monday-tip")
    # Easter Monday is a holiday in Sweden.
    moved = tip.model_copy(update={"day": date(2027, 3, 29), "working_day": True})
    said = drawn(with_posts(shipped, moved), date(2027, 3, 22))["glance_coming"]
    assert said[1:] == [f"*Tuesday 30 March*: {title(shipped, 'monday-tip')}"]


def test_earth_hour_stands_on_its_own_day(shipped: Campaign) -> None:
    assert drawn(shipped, SATURDAY)["glance_today"] == ["*Today*", ":candle: Earth Hour at 20:30"]
    after = drawn(shipped, SATURDAY + timedelta(days=1))
    assert "glance_today" not in after
    assert "Earth Hour" not in "\n".join(after["glance_coming"][:1])


def test_after_the_last_post_nothing_comes(shipped: Campaign) -> None:
    assert not {"glance_coming", "glance_today"} & set(drawn(shipped, shipped.closes + timedelta(days=1)))


def test_company_keeps_its_own_clock(shipped: Campaign) -> None:
    assert shipped.company
    abroad = replace(shipped, company=shipped.company.model_copy(update={"zone": "America/New_York"}))
    lines = drawn(abroad, date(2027, 3, 19), time(15, 30))["glance_today"]
    # At half past three in Stockholm it is half past ten in New York.
    assert lines[-1] == f":small_blue_diamond: 15:00  {title(shipped, 'friday-progress')}"


def test_goal_stands_only_where_there_is_one(shipped: Campaign) -> None:
    assert "goal" in drawn(shipped, date(2027, 3, 18))
    assert "goal" not in drawn(replace(shipped, goal=None), date(2027, 3, 18))


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_mention_nobody_in_any_language(shipped: Campaign, language: str) -> None:
    text = Text(title="<!channel> & co", summary="A sentence.", body="Words.")
    campaign = replace(shipped, texts=dict.fromkeys(shipped.texts, text))
    blocks = week_at_a_glance.blocks(glance(campaign, date(2027, 3, 15), language=language))
    assert "<" not in "".join(texts(blocks))
    assert "glance." not in "".join(texts(blocks))


@given(st.dates(date(2027, 3, 1), date(2027, 5, 1)), st.sampled_from(["SE", "NO", "DK", "DE"]))
def test_coming_days_are_few_and_in_order(shipped: Campaign, today: date, country: str) -> None:
    blocks = week_at_a_glance.blocks(glance(shipped, today, country=country, language="sv"))
    coming = named(blocks).get("glance_coming")
    lines = coming["text"]["text"].split("\n")[1:] if coming else []
    assert len(lines) <= 8
    days = [today + timedelta(days=after) for after in range(1, 90)]
    names = [words("sv").short_day(day).capitalize() for day in days]
    found = [names.index(line.split("*")[1]) for line in lines]
    assert found == sorted(set(found))
