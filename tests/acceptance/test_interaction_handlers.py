"""What nobody's hand could send, and what breaks: a clear answer, and nothing changes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
import threading
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.listeners import interaction_handlers
from bot.listeners.routes import ACTIONS, SUBMISSIONS
from rehearsal.slack.workspace import PostedMessage
from tests.patience import PATIENCE
from tests.simulation import Simulation

from .conftest import RunBot, over_http
from .participants import CLOSES, FRIDAY, MONDAY, SV, VISITED, Participant, member, moment, participant, said

pytestmark = pytest.mark.both_ways

FORGED = {
    "did_this": ("call", "", "tip ", "TIP", "' OR 1=1 --", "x" * 2000, "tip\u0000"),
    "pledge_choose": ("nothing", "", "bike ", "../bike", "🚲"),
    "pledge_already": ("nothing", ""),
    "pledge_withdraw": ("nothing", ""),
    "pledge_why": ("nothing", ""),
    "reminders_stop": ("nothing", ""),
    "check_in_done": ("tip", "", "nothing"),
    "check_in_partly": ("tip",),
    "check_in_not": ("tip",),
    "check_in_stop": ("tip",),
    "idea_approve": ("nothing", "", "x" * 2000),
    "idea_publish": ("nothing",),
    "idea_decline": ("nothing",),
    "idea_ask": ("nothing",),
    "idea_answer": ("nothing",),
}
"""Values that never stood on a button with that name."""


async def tip(run_bot: RunBot) -> tuple[Simulation, Participant, PostedMessage]:
    """A tip in the channel, and somebody with a pledge."""
    week = await run_bot(VISITED, start=moment(MONDAY, 8))
    ann = await member(week)
    await ann.pledges("bike")
    await week.run_until(moment(MONDAY, 10))
    return week, ann, said(week, "week-se", "tip")


async def test_forged_and_stale_values_change_nothing(run_bot: RunBot) -> None:
    _, ann, post = await tip(run_bot)
    before = await ann.stored()
    for action, values in FORGED.items():
        for value in values:
            assert (await ann.forges(action, value, post)).text == SV("trouble.stale"), (action, value)
    assert (await ann.forges("done_today", "nothing", post)).text == SV("done.no_such_pledge")
    assert await ann.stored() == before


async def test_actions_that_nobody_knows_are_told(run_bot: RunBot) -> None:
    _, ann, post = await tip(run_bot)
    before = await ann.stored()
    for action in ("button_of_last_year", "", ":", "join2", "__class__", "x" * 255):
        assert (await ann.forges(action, "tip", post)).text == SV("trouble.stale"), action
    assert await ann.stored() == before


async def test_menu_entries_that_nobody_knows_are_told(run_bot: RunBot) -> None:
    _, ann, post = await tip(run_bot)
    before = await ann.stored()
    for value in ("button_of_last_year:tip", "", ":", "check_in_stop:tip", "messages_menu"):
        assert (await ann.forges_entry(value, post)).text == SV("trouble.stale"), value
    assert await ann.stored() == before


async def test_button_of_removed_post_is_stale(run_bot: RunBot) -> None:
    week, ann, post = await tip(run_bot)
    week.say(week.week.saying(*(each for each in week.week.posts if each.name != "tip")))
    await week.bot.delivery.plan()
    assert (await ann.presses(post, "did_this")).text == SV("trouble.stale")


async def test_invalid_pledge_page_shows_valid_page(run_bot: RunBot) -> None:
    _, ann, post = await tip(run_bot)
    for page in ("-1", "999999999999", "٣", "one", "", "1.5", "²"):
        assert (await ann.forges("pledges_page", page, post)).form == "pledges", page


async def test_every_button_takes_any_value_without_breaking(run_bot: RunBot) -> None:
    _, ann, post = await tip(run_bot)
    with capture_logs() as logs:
        for action in ACTIONS:
            for value in ("", "\u0000<!channel>" * 100):
                await ann.forges(action, value, post)
    assert [line for line in logs if line["log_level"] in {"error", "critical"}] == []


MEMOS = ("", "{}", "null", "[]", '{"version":"0"}', '{"version":1}', "x" * 3000)


async def test_outdated_and_unknown_forms_are_told(run_bot: RunBot) -> None:
    _, ann, _ = await tip(run_bot)
    before = await ann.stored()
    await ann.types("idea")
    for callback in (*SUBMISSIONS, "idea_of_last_year", ""):
        if callback == "forget":
            continue
        for memo in MEMOS:
            sent = ann.submission({}, {})
            sent["view"] |= {"callback_id": callback, "private_metadata": memo}
            reply = await ann.hand.send(sent)
            assert reply.body["response_action"] == "update", (callback, memo)
            assert SV("trouble.outdated") in json.dumps(reply.body, ensure_ascii=False), (callback, memo)
    assert await ann.stored() == before


STATES: tuple[Mapping[str, Any], ...] = (
    {},
    {"values": None},
    {"values": {"text": None}},
    {"values": {"text": {"text": {"value": 7}}}},
    {"values": {"text": {"text": {"value": {}}}, "named": {"named": {"selected_options": "yes"}}}},
)


async def test_forms_without_the_fields_they_need_are_told(run_bot: RunBot) -> None:
    _, ann, _ = await tip(run_bot)
    before = await ann.stored()
    await ann.types("idea")
    for state in STATES:
        sent = ann.submission({}, {})
        sent["view"]["state"] = dict(state)
        reply = await ann.hand.send(sent)
        assert reply.body["response_action"] == "update", state
        assert SV("trouble.outdated") in json.dumps(reply.body, ensure_ascii=False), state
    assert await ann.stored() == before


async def test_a_forged_country_or_language_is_not_stored(run_bot: RunBot) -> None:
    _, ann, _ = await tip(run_bot)
    before = await ann.stored()
    for field, value in {"country": "XX", "language": "tlh"}.items():
        await ann.types("join")
        sent = ann.submission({}, {field: value})
        reply = await ann.hand.send(sent)
        assert SV("trouble.outdated") in json.dumps(reply.body, ensure_ascii=False)
    assert await ann.stored() == before


async def test_join_form_with_unknown_errand_still_joins(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await participant(week)
    await ann.types("pledge")
    answer = await ann.sends_forged({"action": "button_of_last_year", "value": "x"}, {})
    assert answer.text == SV("trouble.stale")
    assert await ann.did() == [("joined", "", "SE")]


async def test_another_persons_check_in_is_nobodys_business(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(FRIDAY, 13))
    ann, bo = await member(week, messages=True), await member(week, "U0BO")
    await ann.pledges("bike")
    await bo.pledges("dryer")
    await week.run_until(moment(FRIDAY, 15))
    await ann.presses(said(week, ann.user, "how"), "check_in_partly")
    sent = ann.submission({}, {})
    values = sent["view"]["state"]["values"]
    values["answer:dryer"] = {"answer:dryer": values.pop("answer:bike")["answer:bike"]}
    assert (await ann.sends(sent)).text == SV("done.no_such_pledge")
    assert await bo.outcomes() == []


async def test_person_who_left_with_open_form_must_rejoin(run_bot: RunBot) -> None:
    _, ann, _ = await tip(run_bot)
    await ann.types("pledge")
    await ann.presses_in_form("pledge_choose:bike")
    sent = ann.submission({}, {})
    await ann.types("forget")
    await ann.fills()
    sent["view"]["id"] = (ann.hand.modal() or {})["id"]
    assert (await ann.sends(sent)).text == SV("trouble.join_first")
    assert await ann.stored() == {}


async def test_after_the_end_nothing_more_is_counted(run_bot: RunBot) -> None:
    week, ann, post = await tip(run_bot)
    await ann.types("idea")
    idea = ann.submission({}, {})
    idea["view"]["state"]["values"]["text"]["text"]["value"] = "Too late"
    week.clock.turn_to(moment(CLOSES, 23, 59))
    assert (await ann.presses(post, "did_this")).text == SV("tip.noted")
    before = await ann.stored()
    week.clock.turn_to(moment(CLOSES.replace(day=2), 0))
    over = SV("trouble.over", day=SV.day(CLOSES))
    for command in ("pledge", "done", "idea"):
        assert (await ann.types(command)).text == over
    idea["view"]["id"] = (ann.hand.modal() or {})["id"]
    assert (await ann.sends(idea)).text == over
    for action, value in {
        "did_this": "tip",
        "done_today": "bike",
        "pledge_choose": "bike",
        "check_in_done": "how",
    }.items():
        assert (await ann.forges(action, value, post)).text == over
    for action in ("pledge_already", "earth_hour_join", "earth_hour_did", "earth_hour_forgot", "earth_hour_other"):
        assert (await ann.forges(action, "bike", post)).text == over
    assert await ann.stored() == before


async def test_unexpected_failure_gives_reference_found_in_log(run_bot: RunBot) -> None:
    week, ann, post = await tip(run_bot)
    with week.bot.store.database.transaction() as connection:
        connection.execute(text("ALTER TABLE actions RENAME TO elsewhere"))
    with capture_logs() as logs:
        answer = await ann.presses(post, "did_this")
    [line] = [line for line in logs if line["action"] == "interaction.failed"]
    assert answer.text == SV("trouble.unexpected", reference=line["reference"])
    assert line["route"] == "did_this"
    with week.bot.store.database.transaction() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO actions"))
    assert (await ann.presses(post, "did_this")).text == SV("tip.noted")


async def test_failure_behind_form_replaces_form(run_bot: RunBot) -> None:
    week, ann, _ = await tip(run_bot)
    await ann.types("idea")
    with week.bot.store.database.transaction() as connection:
        connection.execute(text("ALTER TABLE ideas RENAME TO elsewhere"))
    with capture_logs() as logs:
        answer = await ann.fills(text="More trees")
    [line] = [line for line in logs if line["action"] == "interaction.failed"]
    assert (answer.form, answer.text) == ("notice", SV("trouble.unexpected", reference=line["reference"]))


@pytest.mark.parametrize("command", ["pledge", "join", "idea", "my"])
async def test_modal_opens_while_database_hangs(run_bot: RunBot, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setattr(interaction_handlers, "LOADING_SECONDS", 0.05)
    week = await run_bot(VISITED)
    ann = await participant(week)
    released = threading.Event()
    # In virtual time there is one thread that reads.
    reading = asyncio.create_task(week.bot.store.read(lambda _connection: released.wait(PATIENCE)))
    await ann.hand.command(command)
    await ann.hand.until(lambda: ann.hand.modal() is not None)
    assert ann.answer(modal=True).form == "loading"
    released.set()
    assert await reading
    await ann.hand.until(lambda: ann.answer(modal=True).form == "join")


async def test_modal_that_is_ready_opens_without_notice(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    # What follows is not asked about the person's profile again.
    await ann.types("my")
    before = len(week.slack.calls)
    assert (await ann.types("idea")).form == "idea"
    assert [call.method for call in week.slack.calls[before:]] == ["views.open"]


async def test_modal_opens_first_in_a_crowd(run_bot: RunBot, monkeypatch: pytest.MonkeyPatch) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.types("my")
    monkeypatch.setattr(interaction_handlers, "_CROWD", 0)
    before = len(week.slack.calls)
    assert (await ann.types("idea")).form == "idea"
    assert [call.method for call in week.slack.calls[before:]] == ["views.open", "views.update"]


async def test_form_sent_during_database_lock_is_kept_later(run_bot: RunBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interaction_handlers, "ACKNOWLEDGE_SECONDS", 0.05)
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.types("idea")
    with contextlib.closing(sqlite3.connect(week.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        submitted = await ann.submits(text="A rack for bicycles")
        assert submitted.outcome == "updated"
        assert ann.answer(modal=True).form == "loading"
        other.execute("ROLLBACK")
    await ann.hand.until(lambda: ann.answer(modal=True).form == "notice")
    assert [idea.text for idea in await week.bot.store.read(week.bot.store.ideas.of_campaign, week.campaign.id)] == [
        "A rack for bicycles"
    ]


async def test_unopened_modal_is_told_and_can_be_retried(run_bot: RunBot) -> None:
    week, ann, _ = await tip(run_bot)
    week.slack.faults.answer("internal_error", method="views.open")
    answer = await ann.types("idea")
    assert (answer.form, answer.text) == (None, SV("trouble.again"))
    assert (await ann.types("idea")).form == "idea"


async def test_answer_falls_back_to_plain_form(run_bot: RunBot) -> None:
    week, ann, _ = await tip(run_bot)
    assert "markdown" in [block["type"] for block in (await ann.types("tip")).blocks]
    week.slack.faults.status(400, "invalid_blocks", kind="text/plain", method="response_url")
    shown = await ann.types("tip")
    assert "markdown" not in [block["type"] for block in shown.blocks]
    assert "Something *to do* about tip." in shown.text
    assert (await ann.presses(shown.shown, "did_this")).text == SV("tip.noted")


async def test_press_is_kept_when_slack_refuses_answer(run_bot: RunBot) -> None:
    week, ann, post = await tip(run_bot)
    week.slack.faults.status(500, method="response_url")
    with capture_logs() as logs:
        answer = await ann.presses(post, "did_this")
    [line] = [line for line in logs if line["action"] == "interaction.failed"]
    assert answer.text == SV("trouble.unexpected", reference=line["reference"])
    assert (await ann.presses(post, "did_this")).text == SV("tip.known")


async def test_submission_counts_although_form_is_closed_early(run_bot: RunBot) -> None:
    week, ann, _ = await tip(run_bot)
    await ann.types("idea")
    with capture_logs() as logs:
        await ann.submits(text="More trees")
        week.slack.workspace.views.close(ann.user)
        await week.stop()
    assert [line["action"] for line in logs if line["log_level"] == "error"] in ([], ["reply.failed"])
    await week.start()
    assert [idea.text for idea in await week.bot.store.read(week.bot.store.ideas.of_campaign, week.campaign.id)] == [
        "More trees"
    ]


@over_http
@pytest.mark.parametrize(
    ("body", "status"), [("{broken", 400), ("payload={broken", 400), ("payload=", 400), ("\ud7ff", 404), ("", 404)]
)
async def test_unreadable_request_is_rejected(run_bot: RunBot, body: str, status: int) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    stored = await ann.stored()
    assert await week.posts_raw(body) == status
    assert await ann.stored() == stored
