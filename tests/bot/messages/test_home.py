"""The App Home."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.campaign import earth_hour
from bot.campaign.campaign_moment import Moment
from bot.campaign.model import Campaign, Text
from bot.messages.message import Block
from bot.messages.replies import home, my_status
from bot.messages.replies.my_status import Reader
from rehearsal.slack.block_validation import view_problems

from .reply_samples import (
    HOSTILE,
    LANGUAGES,
    NEXT,
    TODAY,
    busiest,
    english,
    largest,
    me,
    mine,
    named,
    noon,
    ordinary,
    pressable,
    taken,
    texts,
)

EN = english("en")
MONDAY_AFTER = date(2027, 3, 22)


def page(campaign: Campaign, reader: Reader, language: str = "en", **more: Any) -> list[Block]:
    tip = next(post for post in campaign.posts if post.kind == "tip")
    given_values = {"tip": tip, "standings": ordinary(), "at": noon(campaign), "next_at": NEXT}
    view = home.draw(english(language), campaign, reader, **{**given_values, **more})
    assert view_problems(view, "home") == []
    assert view["type"] == "home"
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    taken(blocks)
    return blocks


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_shows_all_sections_in_order(shipped: Campaign, language: str) -> None:
    blocks = page(shipped, me(mine(shipped.pledges[0].id)), language)
    titles = [block["text"]["text"] for block in blocks if block["type"] == "header"]
    assert titles == [
        "Earth Week 2027",
        f"Latest tip · {shipped.text('monday-tip', language).title}",
        "My pledges",
        "Earth Hour",
        "Our goal",
    ]
    assert pressable(page(shipped, me(mine(shipped.pledges[0].id)), language, at=noon(shipped, date(2027, 3, 19)))) == {
        "did_this": "monday-tip",
        "tip": "monday-tip",
        f"done_today:{shipped.pledges[0].id}": shipped.pledges[0].id,
        "pledge": "home",
        "my": "home",
        "earth_hour_join": shipped.id,
        "earth_hour_remind": shipped.id,
        "earth_hour_calendar": shipped.id,
        "standings": "home",
        "figures_about": "home",
        "idea": "home",
        "measures": "home",
        "settings": "home",
        "messages_pause": "home",
        "messages_stop": "home",
        "data": "home",
        "forget": "home",
    }


def test_home_first_invites_people_who_have_not_joined(shipped: Campaign) -> None:
    blocks = page(shipped, me(joined=False, messages=False, country=None))
    assert next(iter(pressable(blocks))) == "join"
    assert not {"settings", "forget", "data", "messages_on"} & set(pressable(blocks))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"messages": False}, {"messages_on"}),
        ({}, {"messages_pause", "messages_stop"}),
        ({"paused_until": date(2027, 4, 6)}, {"messages_on", "messages_stop"}),
    ],
)
def test_home_turns_messages_the_other_way(shipped: Campaign, more: dict[str, Any], expected: set[str]) -> None:
    blocks = page(shipped, me(**more))
    assert {name for name in pressable(blocks) if name.startswith("messages_")} == expected


@pytest.mark.parametrize(
    ("more", "lines"),
    [
        ({"days_done": ()}, ["Plan: On Monday, by train"]),
        ({}, ["Done: Monday 15 March"]),
        (
            {"reminder_days": (date(2027, 3, 18), date(2027, 3, 19)), "remind_at": time(8, 30)},
            ["Done: Monday 15 March", "Reminders: Thursday 18 March at 08:30"],
        ),
        ({"already": True, "days_done": (), "plan": None}, ["You already do this, and it counts as taking part."]),
    ],
)
def test_home_says_of_a_pledge_what_comes_next(shipped: Campaign, more: dict[str, Any], lines: list[str]) -> None:
    pledge = shipped.pledges[0].id
    said = named(page(shipped, me(mine(pledge, **more))))[f"pledge:{pledge}"]["text"]["text"].splitlines()
    assert said == [f"*{shipped.pledge_words[pledge, 'en'].title}*", *lines]


def test_home_has_the_goal_in_two_lines(shipped: Campaign) -> None:
    blocks = page(shipped, me())
    assert named(blocks)["goal"]["text"]["text"].splitlines() == [
        "About 70 of 400 colleagues take part: 18%.",
        "▰▰▰▰▰▰▰▰▰▱ 18%, with 20% as our goal",
    ]
    assert not {"countries_0", "together", "figures"} & set(named(blocks))


def test_home_before_figures_has_nothing_to_explain(shipped: Campaign) -> None:
    assert "figures_about" not in pressable(page(shipped, me(), standings=None))


def test_pledge_already_done_has_no_button_for_today(shipped: Campaign) -> None:
    first, second, third = (each.id for each in shipped.pledges[:3])
    blocks = page(shipped, me(mine(first, days_done=(TODAY,)), mine(second, already=True), mine(third, days_done=())))
    assert [name for name in pressable(blocks) if name.startswith("done_today")] == [f"done_today:{third}"]


def test_tip_is_todays_only_on_its_own_day(shipped: Campaign) -> None:
    title = shipped.text("monday-tip", "en").title
    for day, words in ((date(2027, 3, 15), "Today's tip"), (TODAY, "Latest tip")):
        assert named(page(shipped, me(), at=noon(shipped, day)))["tip_title"]["text"]["text"] == f"{words} · {title}"


def test_a_day_without_a_tip_has_none(shipped: Campaign) -> None:
    assert "tip" not in named(page(shipped, me(), tip=None))


@pytest.mark.parametrize(
    ("at", "more", "expected"),
    [
        ((14, 12), {}, []),
        ((15, 12), {}, ["earth_hour_join", "earth_hour_remind", "earth_hour_calendar"]),
        ((19, 12), {}, ["earth_hour_join", "earth_hour_remind", "earth_hour_calendar"]),
        ((19, 12), {"earth_hour": "intent"}, ["earth_hour_remind", "earth_hour_calendar"]),
        ((19, 12), {"earth_hour_reminder": True}, ["earth_hour_join", "earth_hour_calendar"]),
        ((20, 20), {}, ["earth_hour_join", "earth_hour_remind", "earth_hour_calendar"]),
        ((20, 20.4), {}, ["earth_hour_join", "earth_hour_calendar"]),
        ((20, 21), {}, []),
        ((20, 22), {}, ["earth_hour_did", "earth_hour_forgot", "earth_hour_other"]),
        ((22, 12), {}, ["earth_hour_did", "earth_hour_forgot", "earth_hour_other"]),
        ((22, 12), {"earth_hour": "intent"}, ["earth_hour_did", "earth_hour_forgot", "earth_hour_other"]),
        ((22, 12), {"earth_hour": "did", "minutes": 60}, []),
        ((51, 12), {"earth_hour": "forgot"}, []),
        ((54, 12), {}, []),
    ],
)
def test_earth_hour_offers_what_fits_the_moment(
    shipped: Campaign, at: tuple[int, float], more: dict[str, Any], expected: list[str]
) -> None:
    day, hours = at
    start = noon(shipped, date(2027, 3, 1)).now - timedelta(hours=12)
    # The clocks go forward on 28 March.
    then = Moment(shipped, start + timedelta(days=day - 1, hours=hours), "Europe/Stockholm")
    blocks = page(shipped, me(**more), at=then)
    assert [name for name in pressable(blocks) if name.startswith("earth_hour")] == expected


def test_home_shows_earth_hour_and_doubts_unconfirmed_dates(shipped: Campaign) -> None:
    decided = replace(shipped, earth_hour=earth_hour.settle(2027, shipped.earth_hour.day))
    assert "Saturday, 20 March 2027 at 20:30" in named(page(decided, me()))["earth_hour"]["text"]["text"]
    assert "earth_hour_doubt" not in named(page(decided, me()))
    doubted = replace(shipped, earth_hour=earth_hour.settle(2027))
    assert "earth_hour_doubt" in named(page(doubted, me()))
    assert "earth_hour_doubt" not in named(page(doubted, me(), at=noon(doubted, MONDAY_AFTER)))


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("One **bold** word.\n\nTwo.", "One *bold* word.\n\nTwo."),
        ("One.\n\n" + "long " * 200, "One."),
        ("long " * 200, "The summary &amp; more."),
    ],
)
def test_tip_is_cut_between_paragraphs_or_to_summary(shipped: Campaign, body: str, shown: str) -> None:
    said_today = Text(title="A title", summary="The summary & more.", body=body)
    campaign = replace(shipped, texts={**shipped.texts, ("monday-tip", "en"): said_today})
    assert named(page(campaign, me()))["tip"]["text"]["text"] == shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("joined", [True, False])
def test_home_always_has_under_a_hundred_blocks(shipped: Campaign, language: str, joined: bool) -> None:  # noqa: FBT001
    world = largest(shipped)
    reader = replace(busiest(world.campaign), joined=joined, country="SE", earth_hour=None)
    for day in (TODAY, MONDAY_AFTER):
        blocks = page(
            world.campaign, reader, language, standings=world.standings, at=noon(world.campaign, day), organises=True
        )
        assert len(blocks) < 100
        assert sum(name.startswith("pledge:") for name in named(blocks)) == home.MAX_PLEDGES
        assert "45 more pledges are not shown here." in "\n".join(texts(blocks))


def test_home_works_before_figures_and_before_joining(shipped: Campaign) -> None:
    blocks = page(shipped, me(joined=False, country=None), standings=None, tip=None)
    assert "The first figures come on Thursday, 18 March 2027 at 12:00 (Stockholm time)." in texts(blocks)


@pytest.mark.parametrize("more", [{}, {"country": None}, {"paused_until": date(2027, 4, 6)}, {"messages": False}])
def test_home_shows_settings_like_my_pledges(shipped: Campaign, more: dict[str, Any]) -> None:
    reader = me(**more)
    assert named(page(shipped, reader))["settings"]["text"]["text"] == my_status.settings_line(EN, reader, TODAY)


@pytest.mark.parametrize("plan", HOSTILE)
def test_a_plan_on_home_mentions_nobody(shipped: Campaign, plan: str) -> None:
    blocks = page(shipped, me(mine(shipped.pledges[0].id, plan=plan, days_done=()), country=None))
    assert "<" not in "".join(texts(blocks))
    assert named(blocks)[f"pledge:{shipped.pledges[0].id}"]["text"]["verbatim"] is True
