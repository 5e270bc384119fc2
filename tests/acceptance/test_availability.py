"""Every button that is shown does something: at no moment of the year does a message offer what is refused."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from bot.delivery.unscheduled_messages import NOTHING_TO_ASK
from bot.store.outbox import State
from rehearsal.slack.acting_user import Pressable
from rehearsal.slack.interactive_elements import controls
from tests.campaigns import Post
from tests.simulation import Simulation
from tests.sources import nodes

from .conftest import RunBot, over_http
from .participants import (
    CLOSES,
    EARTH_HOUR,
    FRIDAY,
    MONDAY,
    MONDAY_AFTER,
    REPRESENTATIVE,
    SV,
    VISITED,
    Participant,
    member,
    moment,
    participant,
)

LISTENERS = Path(__file__).parents[2] / "bot" / "listeners"
OPENS = date(2027, 3, 10)
THANKS = Post("thanks", MONDAY_AFTER, VISITED.posts[0].time)
BRIEF = Post("brief", date(2027, 3, 12), VISITED.posts[0].time, audience="representatives")
INVITATION = Post("invitation", date(2027, 3, 12), VISITED.posts[1].time, kind="invitation")
YEAR = replace(VISITED, opens=OPENS, posts=(BRIEF, INVITATION, *VISITED.posts[:-2], THANKS, *VISITED.posts[-2:]))

MOMENTS = {
    "before it opens": moment(date(2027, 3, 9), 12),
    "before the week": moment(date(2027, 3, 12), 15),
    "Monday": moment(MONDAY, 15),
    "Wednesday": moment(date(2027, 3, 17), 16),
    "Friday": moment(FRIDAY, 15),
    "minutes before Earth Hour": moment(EARTH_HOUR, 20, 20),
    "in Earth Hour": moment(EARTH_HOUR, 21),
    "after Earth Hour": moment(EARTH_HOUR, 22),
    "the Monday after": moment(MONDAY_AFTER, 11),
    "the last check-in": moment(date(2027, 3, 30), 11),
    "the last day": moment(CLOSES, 15),
    "the day after": moment(CLOSES + timedelta(days=1), 12),
    "in autumn": moment(date(2027, 6, 20), 12),
}

LAST = ("pledge_withdraw", "check_in_stop", "messages_stop", "idea_approve", "idea_publish")
"""What changes how the others are answered."""


@cache
def refusals() -> tuple[re.Pattern[str], ...]:
    """Every sentence with which something is refused, in Swedish."""
    always = ("trouble.over", "trouble.closed", "trouble.outdated", "trouble.unexpected")
    return tuple(map(sentence, (*always, *refused_by_name())))


def refused_by_name() -> Iterator[str]:
    for path in LISTENERS.glob("*.py"):
        for node in nodes(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "RequestRefusedError":
                yield from (str(each.value) for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant))


def sentence(name: str) -> re.Pattern[str]:
    parts = re.split(r"\{\w+\}", SV.catalogue.gettext(name))
    return re.compile(".+".join(map(re.escape, parts)), re.DOTALL)


def test_the_refusals_are_found() -> None:
    assert len(refusals()) > 15
    assert any(each.fullmatch(SV("done.no_pledge")) for each in refusals())


async def presses_everything(who: Participant, shown: Pressable) -> list[str]:
    """Press each button of a message; which of them are refused."""
    found = [each.action_id for each in controls(list(shown.blocks)) if each.element["type"] == "button"]
    refused = []
    for action in sorted(found, key=lambda name: name.partition(":")[0] in LAST):
        answer = await who.presses(shown, action)
        if any(pattern.fullmatch(answer.text) for pattern in refusals()):
            refused.append(f"{action}: {answer.text}")
    return refused


async def presses_home(who: Participant) -> list[str]:
    """The same on the App Home, which is drawn anew after each press."""
    await who.looks_home()
    refused: list[str] = []
    done: set[str] = set()
    while True:
        home = who.hand.home() or {"blocks": []}
        found = [each.action_id for each in controls(home["blocks"]) if each.element["type"] == "button"]
        left = sorted(set(found) - done, key=lambda name: name.partition(":")[0] in LAST)
        if not left:
            return refused
        done.add(left[0])
        answer = await who.presses_at_home(left[0])
        if any(pattern.fullmatch(answer.text) for pattern in refusals()):
            refused.append(f"home {left[0]}: {answer.text}")


async def lived(run_bot: RunBot, until: datetime) -> tuple[Simulation, Participant, Participant, Participant]:
    """A week up to a moment: somebody with a pledge, somebody without one, and somebody who has not joined."""
    week = await run_bot(YEAR, start=moment(date(2027, 3, 8), 8))
    ann, bo = await member(week, messages=True), await member(week, "U0BO", messages=True)
    await ann.pledges("bike")
    cy = await participant(week, "U0CY")
    await ann.types("idea")
    await ann.fills(text="Bicycles")
    await week.run_until(until)
    return week, ann, bo, cy


@over_http
@pytest.mark.parametrize("until", MOMENTS.values(), ids=MOMENTS)
async def test_whatever_is_shown_now_does_something(run_bot: RunBot, until: datetime) -> None:
    _, ann, bo, cy = await lived(run_bot, until)
    refused: list[str] = []
    for who in (cy, bo, ann):
        for command in ("help", "earthhour", "tip", *(["my"] if who is not cy else [])):
            answer = await who.types(command)
            refused += await presses_everything(who, answer.shown) if answer.shown else []
        refused += await presses_home(who)
    assert refused == []


@over_http
@pytest.mark.parametrize("post", YEAR.posts, ids=lambda post: post.name)
async def test_every_post_button_works_on_arrival(run_bot: RunBot, post: Post) -> None:
    at = moment(post.day, post.time.hour, post.time.minute) + timedelta(minutes=2)
    week, ann, _, cy = await lived(run_bot, at)
    rep = await participant(week, REPRESENTATIVE)
    refused: list[str] = []
    for where, readers in (("week-se", (cy, ann)), (ann.user, (ann,)), (rep.user, (rep,))):
        new = [each for each in week.messages(where) if at - each.posted_at < timedelta(minutes=5)]
        for message, who in ((message, who) for message in new for who in readers):
            refused += await presses_everything(who, message)
    assert refused == []


@over_http
async def test_old_post_answers_kindly_after_campaign_closed(run_bot: RunBot) -> None:
    week, ann, _, cy = await lived(run_bot, moment(CLOSES + timedelta(days=1), 12))
    [tip, *_] = [message for message in week.messages("week-se") if "tip" in message.text]
    assert (await ann.presses(tip, "did_this")).text == SV("trouble.over", day=SV.day(CLOSES))
    assert (await cy.presses(tip, "join")).text == SV("trouble.closed", day=SV.day(CLOSES))
    assert await cy.person() is None
    results = week.messages("week-se")[-1]
    assert [each.action_id for each in controls(list(results.blocks))] == []


@over_http
async def test_check_in_is_not_sent_without_pledge(run_bot: RunBot) -> None:
    week, ann, bo, _ = await lived(run_bot, moment(FRIDAY, 15))
    assert [message.text for message in week.messages(ann.user)] != []
    assert week.messages(bo.user) == []
    [row] = [row for row in await week.rows() if row.slot.recipient == bo.user and row.slot.post == "how"]
    assert (row.state, row.reason) == (State.CANCELLED, NOTHING_TO_ASK)
    await bo.pledges("dryer")
    await week.run_until(moment(date(2027, 3, 30), 11))
    assert len(week.messages(bo.user)) == 1


@over_http
@pytest.mark.parametrize("withdrawn", [True, False])
async def test_a_check_in_needs_a_pledge_that_stands(run_bot: RunBot, withdrawn: bool) -> None:  # noqa: FBT001
    week, ann, bo, _ = await lived(run_bot, moment(date(2027, 3, 18), 12))
    who = ann if withdrawn else bo
    if withdrawn:
        await who.presses((await who.types("my")).shown, "pledge_withdraw:bike")
    else:
        await who.types("pledge")
        await who.presses_in_form("pledge_choose:bike")
        await who.presses_in_form("pledge_already:bike")
    await week.run_until(moment(FRIDAY, 15))
    assert week.messages(who.user) == []


@over_http
async def test_check_in_needs_a_pledge_of_the_files(run_bot: RunBot) -> None:
    week, ann, *_ = await lived(run_bot, moment(date(2027, 3, 18), 12))
    week.say(replace(week.week, promises=[each for each in week.week.promises if each.name != "bike"]))
    await week.run_until(moment(FRIDAY, 15))
    assert week.messages(ann.user) == []
