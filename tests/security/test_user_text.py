"""What people write is shown as they wrote it: it mentions nobody, links nowhere and runs nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from bot.messages.blocks import escape
from bot.messages.unscheduled_messages import mention
from bot.reports.html_report import page
from bot.reports.published_participation import Report, as_json
from tests.acceptance.conftest import RunBot
from tests.acceptance.participants import (
    FRIDAY,
    MONDAY,
    REPRESENTATIVE,
    VISITED,
    Participant,
    member,
    moment,
    participant,
    said,
)
from tests.simulation import Simulation

MARK = "evil.test"
TEXT = f"<!channel> <@U0BO> <#C0WEEKSE> <https://{MARK}|here> @here https://{MARK}/ <b onclick=x> =1+1 &lt;!here&gt;"
"""Everything that has power somewhere: in Slack's markup, in HTML, in a spreadsheet."""

POWERS = ("<!channel", "<@U0BO", "<#C0WEEKSE", f"<https://{MARK}", "<b ", " &lt;!here&gt;")

TUESDAY = date(2027, 3, 16)


def objects(part: Any) -> Iterator[Mapping[str, Any]]:
    """Every object within blocks, however deep."""
    if isinstance(part, Mapping):
        yield part
        yield from (each for inner in part.values() for each in objects(inner))
    elif isinstance(part, list | tuple):
        yield from (each for inner in part for each in objects(inner))


def powers(part: Any) -> list[Mapping[str, Any]]:
    """Texts of people in which something could happen."""
    return [each for each in objects(part) if MARK in str(each.get("text", "")) and _has_power(each)]


def _has_power(text: Mapping[str, Any]) -> bool:
    if not isinstance(text["text"], str) or text.get("type") == "plain_text":
        return False
    # In code nothing is marked up, but Slack looks for mentions there as well, so it is escaped too.
    literal = text.get("verbatim") is True or text["text"].startswith("```")
    return text.get("type") != "mrkdwn" or not literal or any(power in text["text"] for power in POWERS)


def shown(week: Simulation, *people: Participant) -> list[Any]:
    """Everything that anybody has been shown, wherever it stands."""
    town = week.slack.workspace
    places = [*town.channels, *(town.im(user) for user in town.users)]
    messages = [message.blocks for place in places for message in town.messages(place)]
    whispers = [whisper.blocks for who in people for whisper in who.hand.ephemerals()]
    views = [view for who in people for view in (who.hand.modal(), who.hand.home()) if view]
    return [*messages, *whispers, *views]


def seen(part: Any) -> bool:
    return MARK in json.dumps(part, default=list)


async def everything(run_bot: RunBot) -> tuple[Simulation, list[Any]]:
    """A week in which a colleague writes this into everything, and all that was ever shown of it."""
    week = await run_bot(VISITED, start=moment(MONDAY, 8))
    ann = await participant(week)
    found: list[Any] = []
    await ann.joins(messages=True)
    await ann.pledges("bike", own=TEXT, days=["2027-03-16"])
    await ann.types("idea")
    await ann.fills(text=TEXT, named=True)
    for command in ("my", "data", f"country {TEXT}", f"pause {TEXT}", f"language {TEXT}", TEXT, "pledge"):
        await ann.types(command)
        found += shown(week, ann)
    await ann.presses_in_form("pledge_choose:bike")
    found += shown(week, ann)
    await ann.looks_home()
    await week.run_until(moment(TUESDAY, 12))
    rep = await participant(week, REPRESENTATIVE)
    await rep.presses(week.messages(REPRESENTATIVE)[0], "idea_ask")
    found += shown(week, ann, rep)
    await rep.fills(text=TEXT)
    await week.run_until(moment(TUESDAY, 13))
    await ann.presses(week.messages(ann.user)[-1], "idea_answer")
    found += shown(week, ann, rep)
    await ann.fills(text=TEXT)
    await week.run_until(moment(TUESDAY, 14))
    await rep.presses(week.messages(REPRESENTATIVE)[-1], "idea_publish")
    await week.run_until(moment(FRIDAY, 15))
    await ann.presses(said(week, ann.user, "how"), "check_in_not")
    await ann.fills(obstacle="time", line=TEXT)
    await week.run_until(moment(FRIDAY, 16))
    return week, [*found, *shown(week, ann, rep)]


async def test_typed_text_has_no_power_anywhere_in_slack(run_bot: RunBot) -> None:
    week, found = await everything(run_bot)
    assert [power for part in found for power in powers(part)] == []
    places = {
        name: sum(seen(message.blocks) for message in week.messages(name))
        for name in ("week-se", REPRESENTATIVE, "U0ANN")
    }
    assert all(places.values()), f"a text that is shown nowhere proves nothing: {places}"
    assert not any(seen(message.blocks) for message in week.messages("week-de"))


async def test_typed_text_is_not_in_notifications_or_metadata(run_bot: RunBot) -> None:
    week, _ = await everything(run_bot)
    town = week.slack.workspace
    for place in (*town.channels, *(town.im(user) for user in town.users)):
        for message in town.messages(place):
            assert MARK not in message.text
            assert MARK not in str(message.metadata)


async def test_reason_for_decline_has_no_power_in_slack(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(MONDAY, 8))
    ann = await member(week, messages=True)
    await ann.types("idea")
    await ann.fills(text="A shed")
    await week.run_until(moment(MONDAY, 12))
    rep = await participant(week, REPRESENTATIVE)
    await rep.presses(week.messages(REPRESENTATIVE)[0], "idea_decline")
    await rep.fills(text=TEXT)
    await week.run_until(moment(MONDAY, 13))
    assert seen(week.messages(ann.user)[-1].blocks)
    assert powers([message.blocks for message in week.messages(ann.user)]) == []


async def test_nothing_that_people_write_is_in_the_figures(run_bot: RunBot) -> None:
    """Files and pages for people outside Slack are made of figures and of the campaign's own words."""
    week, _ = await everything(run_bot)
    await week.run_until(moment(FRIDAY, 13) + timedelta(days=1))
    report = Report.of(week.campaign, await week.bot.publisher.all(week.campaign))
    assert MARK not in page(report)
    assert not seen(as_json(report))


def test_only_an_id_becomes_a_mention() -> None:
    assert mention("U0ANN") == "<@U0ANN>"
    for other in (None, "", "!channel", "U0ANN> <!channel", "u0ann", "subteam^S1", "U0ANN\n", "U0ANN|name"):
        assert mention(other) is None


def test_what_is_escaped_stays_what_it_was() -> None:
    assert escape("&lt;!here&gt;") == "&amp;lt;!here&amp;gt;"
