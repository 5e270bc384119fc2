"""The answer to my: the reader's pledges and settings, and their parts, which the App Home shows too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.model import Campaign
from bot.messages.message import Block
from bot.messages.replies import my_status
from bot.messages.replies.my_status import OwnPledge, Reader
from rehearsal.slack.block_validation import problems

from .reply_samples import (
    HOSTILE,
    LANGUAGES,
    TODAY,
    busiest,
    english,
    largest,
    me,
    mine,
    named,
    noon,
    pressable,
    taken,
    texts,
)

EN = english("en")
MONDAY_AFTER = date(2027, 3, 22)


def answer(campaign: Campaign, reader: Reader, language: str = "en", today: date = TODAY) -> list[Block]:
    message = my_status.draw(english(language), reader, noon(campaign, today))
    assert problems(message.blocks, message.text) == []
    taken(message.blocks)
    return list(message.blocks)


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
    blocks = answer(shipped, me(mine(shipped.pledges[0].id, plan=plan), country=None))
    assert "<" not in "".join(texts(blocks))
    told = named(blocks)[f"pledge:{shipped.pledges[0].id}"]["text"]
    assert told["verbatim"] is True


def lines_of(campaign: Campaign, own: OwnPledge, language: str = "en", **more: Any) -> list[str]:
    return my_status.status_lines(english(language), campaign, me(own, **more), own, TODAY)


@pytest.mark.parametrize(
    ("more", "lines"),
    [
        ({"days_done": ()}, ["Plan: On Monday, by train"]),
        ({"days_done": (), "plan": None}, []),
        ({"days_done": (date(2027, 3, 14), date(2027, 3, 15))}, ["Done: Monday 15 March"]),
        ({"already": True, "days_done": (), "plan": None}, ["You already do this, and it counts as taking part."]),
        (
            {"days_done": (), "remind_at": time(8), "reminder_days": (date(2027, 3, 19), TODAY, date(2027, 3, 16))},
            ["Reminders: Wednesday 17 March at 08:00"],
        ),
        ({"days_done": (), "remind_at": None, "reminder_days": (TODAY,)}, ["Plan: On Monday, by train"]),
    ],
)
def test_short_lines_say_what_comes_next(shipped: Campaign, more: dict[str, Any], lines: list[str]) -> None:
    pledge = shipped.pledges[0].id
    said = lines_of(shipped, mine(pledge, **more))
    assert said == [f"*{shipped.pledge_words[pledge, 'en'].title}*", *lines]


def test_lasting_pledge_says_when_it_was_decided(shipped: Campaign) -> None:
    lasting = next(each.id for each in shipped.pledges if each.lasting)
    own = mine(lasting, days_done=(date(2027, 3, 15), date(2027, 3, 16)), answer="decided")
    assert "Decided: Monday 15 March" in lines_of(shipped, replace(own, days_done=own.days_done[:1]))
    assert "Decided: Monday 15 March" in my_status.pledge_lines(EN, shipped, me(own), own, TODAY)
    assert my_status.done_today_button(EN, own, noon(shipped)) is None, "it is decided once"
    undecided = my_status.done_today_button(EN, replace(own, days_done=()), noon(shipped))
    assert undecided
    assert undecided["text"]["text"] == EN("button.check_in_decided")


@pytest.mark.parametrize("answered", ["of a newer version", "", "continues"])
def test_answer_that_has_no_words_is_left_out(shipped: Campaign, answered: str) -> None:
    own = mine(shipped.pledges[0].id, answer=answered)
    assert "Latest answer" not in "".join(my_status.pledge_lines(EN, shipped, me(own), own, TODAY))
    assert "earth_hour" not in named(answer(shipped, me(earth_hour=answered)))


def test_after_closing_nothing_can_be_changed(shipped: Campaign) -> None:
    last, after = shipped.closes, shipped.closes + timedelta(days=1)
    reader = me(mine(shipped.pledges[0].id))
    assert any(name.startswith("pledge_withdraw") for name in pressable(answer(shipped, reader, today=last)))
    assert list(pressable(answer(shipped, reader, today=after))) == ["settings"]


@given(st.dates(date(2027, 3, 1), date(2027, 4, 30)), st.booleans())
def test_pause_ends_on_its_day(today: date, messages: bool) -> None:  # noqa: FBT001
    paused = me(messages=messages, paused_until=date(2027, 4, 6))
    assert my_status.is_paused(paused, today) == (messages and today < date(2027, 4, 6))
