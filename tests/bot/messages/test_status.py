"""The answers to help, my and told, and the App Home."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign import earth_hour
from bot.campaign.campaign_phase import Moment
from bot.campaign.localtime import instant
from bot.campaign.model import Campaign, Text
from bot.messages.message import Block, Message
from bot.messages.replies import help as help_reply
from bot.messages.replies import home, my_status
from bot.messages.replies.my_status import Reader
from rehearsal.slack.block_validation import problems, view_problems

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
    ordinary,
    pressable,
    taken,
    texts,
)

EN = english("en")
MONDAY_AFTER = date(2027, 3, 22)


def noon(campaign: Campaign, day: date = TODAY) -> Moment:
    """Noon of a day in Stockholm."""
    return Moment(campaign, instant(datetime.combine(day, time(12)), "Europe/Stockholm"), "Europe/Stockholm")


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


def answer(campaign: Campaign, reader: Reader, language: str = "en", today: date = TODAY) -> list[Block]:
    message = my_status.draw(english(language), reader, noon(campaign, today))
    assert problems(message.blocks, message.text) == []
    taken(message.blocks)
    return list(message.blocks)


# Help


def helped(campaign: Campaign, language: str = "en", **more: Any) -> Message:
    usual = {"at": noon(campaign), "joined": True, "pledged": True, "organises": False, "nearest": None}
    return help_reply.draw(english(language), **{**usual, "unknown": None, **more})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("joined", [True, False])
def test_help_names_every_command_and_suggests_first_steps(
    shipped: Campaign,
    language: str,
    joined: bool,  # noqa: FBT001
) -> None:
    message = helped(shipped, language, joined=joined, pledged=True)
    assert problems(message.blocks, message.text) == []
    taken(message.blocks)
    told = "\n".join(texts(message.blocks)).split("\n")
    assert [line.split("`")[1] for line in told[1:]] == [f"/earthweek {each}" for each in help_reply.SUBCOMMANDS]
    first = "pledge" if joined else "join"
    assert pressable(message.blocks) == dict.fromkeys([first, "done", "my", "standings", "idea"], "help")


def test_help_offers_reporting_only_with_something_to_report(shipped: Campaign) -> None:
    assert "done" not in pressable(helped(shipped, pledged=False).blocks)


def test_help_after_closing_offers_only_working_commands(shipped: Campaign) -> None:
    after = noon(shipped, shipped.closes + timedelta(days=1))
    assert list(pressable(helped(shipped, at=after).blocks)) == ["my", "standings"]
    assert list(pressable(helped(shipped, at=after, joined=False).blocks)) == ["standings"]


def test_help_begins_with_unknown_command_and_the_nearest(shipped: Campaign) -> None:
    with_nearest = helped(shipped, nearest="pledge", unknown="plegde")
    assert texts(with_nearest.blocks)[0] == "There is no command “plegde”. Did you mean `/earthweek pledge`?"
    without = helped(shipped, unknown="xyz")
    assert texts(without.blocks)[0] == "There is no command “xyz”. These are the ones there are."


@pytest.mark.parametrize("said_word", [word for word in HOSTILE if word])
def test_unknown_command_in_help_mentions_nobody(shipped: Campaign, said_word: str) -> None:
    message = helped(shipped, unknown=said_word)
    assert problems(message.blocks, message.text) == []
    assert "<" not in "".join(texts(message.blocks))
    assert message.text == "Here is what you can do with /earthweek."


# My pledges


@pytest.mark.parametrize("language", LANGUAGES)
def test_my_pledges_show_plan_days_reminders_and_buttons(shipped: Campaign, language: str) -> None:
    pledge = shipped.pledges[0]
    reader = me(
        mine(pledge.id, answer="partly", reminder_days=(date(2027, 3, 16), date(2027, 3, 18)), remind_at=time(8, 30))
    )
    blocks = answer(shipped, reader, language)
    shown = named(blocks)[f"pledge:{pledge.id}"]["text"]["text"].split("\n")
    spoken = english(language)
    assert shown[0] == f"*{shipped.pledge_words[pledge.id, language].title}*"
    assert shown[2:] == [
        "Plan: On Monday, by train",
        f"Done: {spoken.short_day(date(2027, 3, 15))}",
        "Latest answer: partly",
        f"Reminders: {spoken.short_day(date(2027, 3, 18))} at {spoken.time(time(8, 30))}",
    ]
    actions = named(blocks)[f"pledge_actions:{pledge.id}"]
    names = ("done_today", "pledge_choose", "pledge_withdraw")
    assert pressable([actions]) == {f"{name}:{pledge.id}": pledge.id for name in names}


def test_withdrawing_is_asked_about_first(shipped: Campaign) -> None:
    pledge = shipped.pledges[0].id
    withdraw = named(answer(shipped, me(mine(pledge))))[f"pledge_actions:{pledge}"]["elements"][-1]
    assert withdraw["confirm"]["title"]["text"] == "Withdraw this pledge?"
    assert set(withdraw["confirm"]) == {"title", "text", "confirm", "deny"}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"days_done": (TODAY,)}, ["pledge_choose", "pledge_withdraw"]),
        ({"already": True}, ["pledge_withdraw"]),
        ({"pledge": "taken-away"}, ["pledge_withdraw"]),
    ],
)
def test_only_what_makes_sense_can_be_pressed(shipped: Campaign, more: dict[str, Any], expected: list[str]) -> None:
    one = replace(mine(shipped.pledges[0].id), **more)
    actions = named(answer(shipped, me(one)))[f"pledge_actions:{one.pledge}"]
    assert [name.split(":")[0] for name in pressable([actions])] == expected


def test_pledge_removed_from_campaign_is_still_listed(shipped: Campaign) -> None:
    assert "A pledge that is no longer on the list" in "\n".join(texts(answer(shipped, me(mine("taken-away")))))


def test_days_that_are_many_are_counted(shipped: Campaign) -> None:
    days = tuple(date(2027, 3, day) for day in range(1, 13))
    assert "Done on 12 days, last on Friday 12 March" in "\n".join(
        texts(answer(shipped, me(mine(shipped.pledges[0].id, days_done=days))))
    )


def test_somebody_without_a_pledge_is_offered_one(shipped: Campaign) -> None:
    blocks = answer(shipped, me())
    assert texts(blocks)[1].startswith("You have no pledge yet.")
    assert list(pressable(blocks)) == ["pledge", "settings"]
    assert my_status.draw(EN, me(), noon(shipped)).text == texts(blocks)[1]


@pytest.mark.parametrize(
    ("more", "said_of_it"),
    [
        ({"earth_hour": "intent"}, "You said that you would join."),
        ({"earth_hour": "did", "minutes": 60}, "You joined, for about 60 minutes."),
        ({"earth_hour": "did", "minutes": 1}, "You joined, for about 1 minute."),
        ({"earth_hour": "did"}, "You joined."),
        ({"earth_hour": "forgot"}, "You forgot this time."),
        ({"earth_hour": "other"}, "You did something else."),
        ({"earth_hour_reminder": True}, "You get one reminder shortly before it starts."),
    ],
)
def test_earth_hour_stands_as_the_person_said(shipped: Campaign, more: dict[str, Any], said_of_it: str) -> None:
    assert named(answer(shipped, me(**more)))["earth_hour"]["text"]["text"] == f"*Earth Hour*\n{said_of_it}"


def test_unanswered_earth_hour_is_not_mentioned(shipped: Campaign) -> None:
    assert "earth_hour" not in named(answer(shipped, me()))
    assert "earth_hour" not in named(answer(shipped, me(earth_hour_reminder=True), today=MONDAY_AFTER))


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({}, "Country: Norway · Language: Norwegian Bokmål · Direct messages: on"),
        (
            {"country": "ZZ", "messages": False},
            "Country: another country · Language: Norwegian Bokmål · Direct messages: off",
        ),
        ({"country": None, "language": "de"}, "Country: not said · Language: German · Direct messages: on"),
        (
            {"paused_until": date(2027, 4, 6)},
            "Country: Norway · Language: Norwegian Bokmål · Direct messages: paused, back on Tuesday 6 April",
        ),
        ({"paused_until": TODAY}, "Country: Norway · Language: Norwegian Bokmål · Direct messages: on"),
    ],
)
def test_settings_are_one_line(shipped: Campaign, more: dict[str, Any], line: str) -> None:
    assert named(answer(shipped, me(**more)))["settings"]["elements"][0]["text"] == line
    assert named(page(shipped, me(**more)))["settings"]["text"]["text"] == line


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_number_of_pledges_fits_into_a_message(shipped: Campaign, language: str) -> None:
    campaign = largest(shipped).campaign
    blocks = answer(campaign, busiest(campaign), language)
    assert len(blocks) <= 50
    assert "40 more pledges do not fit here." in "\n".join(texts(blocks))


@given(count=st.integers(0, 60))
def test_pledges_are_all_shown_or_counted(shipped: Campaign, count: int) -> None:
    campaign = largest(shipped).campaign
    blocks = answer(campaign, me(*(mine(each.id) for each in campaign.pledges[:count])))
    shown = sum(name.startswith("pledge:") for name in named(blocks))
    assert shown == min(count, my_status.MAX_PLEDGES)
    assert ("more" in named(blocks)) == (count > my_status.MAX_PLEDGES)


@pytest.mark.parametrize("plan", HOSTILE)
def test_a_plan_mentions_nobody(shipped: Campaign, plan: str) -> None:
    reader = me(mine(shipped.pledges[0].id, plan=plan), country=None)
    for blocks in (answer(shipped, reader), page(shipped, reader)):
        assert "<" not in "".join(texts(blocks))
        told = named(blocks)[f"pledge:{shipped.pledges[0].id}"]["text"]
        assert told["verbatim"] is True


# The App Home


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
