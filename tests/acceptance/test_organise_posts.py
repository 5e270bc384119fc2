"""The page of a post: what organisers see of it and do about it, and that nobody else can."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.campaign.model import Text
from bot.campaign.text_hash import text_hash
from bot.locales.catalogues import words
from bot.store.organiser_acts import Actor
from bot.store.outbox import State
from bot.store.text_revisions import Edit
from tests.campaigns import SWEDEN, said
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import DEPUTY, MANAGER, MONDAY, REPRESENTATIVE, SV, Answer, Participant, moment, participant
from .test_organise import COLLEAGUE, GERMAN, NOON, TUESDAY, WEEK, at_noon, decided, organiser

NEW = Text(title="Nytt", summary="Nya ord.", body="Så här.")
WHEN = {"day": SV.short_day(MONDAY), "time": "12:00"}
NINE_TOMORROW = moment(TUESDAY, 9)


async def opened(week: Simulation, post: str, user: str = REPRESENTATIVE) -> tuple[Participant, Answer]:
    who = await organiser(week, user)
    page = await who.types("organise")
    [button] = [each for each in page.buttons if each.startswith(f"organise_post:{post}:")]
    return who, on_post(await who.presses_in_form(button))


def on_post(page: Answer) -> Answer:
    assert page.form == "organise_post", page.text
    return page


async def rewritten(week: Simulation, post: str = "note") -> None:
    """The deputy has just changed the Swedish words."""
    base = text_hash(week.bot.delivery.live.files.text(post, "sv"))
    deputy = Actor(week.campaign.id, DEPUTY, week.clock.now())
    await week.bot.store.write(week.bot.store.revisions.revise, deputy, Edit(post, "sv", NEW, base))
    await week.bot.delivery.refresh_decisions()


@pytest.mark.both_ways
async def test_post_has_state_and_words_by_language(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    await rewritten(week, "tip")
    _, page = await opened(week, "tip")
    assert SV("organise.state.changed", time="09:00") in page.text
    assert SV("organise.revised", who=f"<@{DEPUTY}>", **WHEN) in page.text
    for language in week.campaign.languages:
        assert f"organise_preview:{language}" in page.buttons
    assert [each for each in page.buttons if "approve" in each] == ["organise_approve:sv"]
    _, whole = await opened(week, "tip", MANAGER)
    assert len([each for each in whole.buttons if "approve" in each]) == len(week.campaign.languages)


async def test_preview_shows_each_language_without_effect(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    for language in week.campaign.languages:
        rep, _ = await opened(week, "tip")
        shown = await rep.presses_in_form(f"organise_preview:{language}")
        assert week.campaign.text("tip", language).title in shown.text
        assert words(language)("button.did_this") in str(shown.blocks)
        assert (await rep.presses_in_form(shown.buttons[0])).text == SV("organise.test_button")
    assert await rep.stored() == {}


@pytest.mark.both_ways
async def test_send_to_me_is_marked_and_changes_nothing(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rows, (rep, _) = await week.rows(), await opened(week, "tip")
    assert SV("organise.test_sent") in on_post(await rep.presses_in_form("organise_send_test:sv")).text
    [message] = week.messages(REPRESENTATIVE)
    assert message.text == SV("organise.test_text", text=said("tip", "sv"))
    assert SV("organise.test_mark") in str(message.blocks[0])
    buttons = [each for block in message.blocks if block["type"] == "actions" for each in block["elements"]]
    assert [each["text"]["text"] for each in buttons] == [SV("button.did_this"), SV("button.join")]
    for each in buttons:
        assert (await rep.presses(message, each["action_id"])).text == SV("organise.test_button")
    await week.run_until(NOON + timedelta(minutes=2))
    assert (await rep.stored(), await week.rows()) == ({}, rows)
    assert [week.texts(who) for who in (MANAGER, DEPUTY)] == [[], []]


@pytest.mark.both_ways
async def test_approval_is_recorded_once_with_its_name(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    (rep, _), (deputy, _) = await opened(week, "note"), await opened(week, "note", DEPUTY)
    for who in (rep, deputy):
        page = on_post(await who.presses_in_form("organise_approve:sv"))
        assert SV("organise.approved", who=f"<@{REPRESENTATIVE}>", **WHEN) in page.text
        assert "organise_approve:sv" not in page.buttons
    await rewritten(week)
    _, after = await opened(week, "note")
    assert "organise_approve:sv" in after.buttons, "an approval lapses with the words"


async def test_words_changed_meanwhile_are_not_approved(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep, _ = await opened(week, "note")
    await rewritten(week)
    page = on_post(await rep.presses_in_form("organise_approve:sv"))
    assert SV("organise.changed_meanwhile") in page.text
    assert not week.bot.delivery.live.decisions.approvals


async def test_required_approval_lets_the_post_go(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rules = week.folder / "campaign.toml"
    rules.write_text(rules.read_text("utf-8") + "\n[approval]\nrequired = true\n", "utf-8")
    await week.run_until(NINE_TOMORROW)
    before = week.texts("week-se")
    rep, page = await opened(week, "note")
    assert SV("organise.state.unapproved") in page.text
    await rep.presses_in_form("organise_approve:sv")
    await week.run_until(NINE_TOMORROW + timedelta(minutes=2))
    assert week.texts("week-se") == [*before, said("note", "sv")]
    assert REPRESENTATIVE not in str(week.messages("week-se")[-1].blocks[0])


@pytest.mark.both_ways
async def test_post_is_left_out_and_brought_back(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    (rep, _), (deputy, _) = await opened(week, "note"), await opened(week, "note", DEPUTY)
    for who in (rep, deputy):
        page = on_post(await who.presses_in_form("organise_leave_out"))
        told = SV("organise.left_out", who=f"<@{REPRESENTATIVE}>", country="Sverige", **WHEN)
        assert told in page.text
        assert SV("organise.state.left_out") in page.text
    await week.settle()
    assert (await week.row("note")).state is State.CANCELLED
    for who, told in ((rep, "organise.brought_back"), (deputy, "organise.brought_back_before")):
        assert SV(told, country="Sverige") in on_post(await who.presses_in_form("organise_bring_back")).text
    await week.run_until(NINE_TOMORROW)
    assert week.texts("week-se")[-1] == said("note", "sv")


async def test_left_out_post_is_sent_elsewhere(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep, _ = await opened(week, "note")
    await rep.presses_in_form("organise_leave_out")
    await week.run_until(NINE_TOMORROW)
    assert said("note", "sv") not in week.texts("week-se")
    assert said("note", "de") in week.texts("week-de")


@pytest.mark.both_ways
async def test_failed_post_is_tried_again(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    await week.run_until(NINE_TOMORROW - timedelta(minutes=30))
    week.slack.faults.answer("msg_too_long", method="chat.postMessage", times=3)
    await week.run_until(NINE_TOMORROW)
    rep, page = await opened(week, "note")
    assert SV("organise.state.failed") in page.text
    again = on_post(await rep.presses_in_form("organise_try_again"))
    assert SV("organise.tried_again") in again.text
    await week.run_until(NINE_TOMORROW + timedelta(minutes=2))
    states = [(await week.row("note", country)).state for country in ("SE", "DE")]
    assert states == [State.SENT, State.FAILED], "the others' posts are the others' to try again"
    assert SV("organise.nothing_to_try") in (await rep.forges_in_form("organise_try_again", "SE/note")).text


WORDS = "organise_preview", "organise_send_test", "organise_approve"
FORGED = ("organise_post", "organise_leave_out", "organise_bring_back", "organise_try_again", *WORDS)


@pytest.mark.both_ways
@pytest.mark.parametrize("user", [COLLEAGUE, GERMAN])
async def test_forged_presses_change_and_show_nothing(run_bot: RunBot, user: str) -> None:
    week = await at_noon(run_bot)
    who, before = await participant(week, user), await decided(week)
    seen = text_hash(week.campaign.text("note", "sv"))
    for action in FORGED:
        await who.types("organise")
        value = f"SE/note/sv/{seen}" if action in WORDS else "SE/note"
        assert (await who.forges_in_form(action, value)).text == SV("organise.not_yours"), action
    assert (await decided(week), week.texts(user)) == (before, [])


@pytest.mark.both_ways
async def test_former_representative_decides_nothing(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep, _ = await opened(week, "note")
    week.say(replace(WEEK, places=(replace(SWEDEN, representative=DEPUTY), *WEEK.places[1:])))
    await week.run_until(NOON + timedelta(minutes=2))
    before = await decided(week)
    for action in ("organise_leave_out", "organise_approve"):
        value = f"SE/note/sv/{text_hash(week.campaign.text('note', 'sv'))}" if action in WORDS else "SE/note"
        await rep.types("organise")
        assert (await rep.forges_in_form(action, value)).text == SV("organise.not_yours")
    assert await decided(week) == before


async def test_what_is_for_everybody_is_the_managers(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep, page = await opened(week, "news")
    assert [each for each in page.buttons if "approve" in each or "leave" in each] == []
    before, hashes = await decided(week), {each: text_hash(week.campaign.text("note", each)) for each in ("sv", "de")}
    forged = ("SE/news/en/" + text_hash(week.campaign.text("news", "en")), f"SE/note/de/{hashes['de']}")
    for value in forged:
        await rep.types("organise")
        assert (await rep.forges_in_form("organise_approve", value)).text == SV("organise.not_yours")
    await rep.types("organise")
    assert (await rep.forges_in_form("organise_leave_out", "SE/news")).text == SV("organise.not_yours")
    assert await decided(week) == before


async def test_post_that_is_gone_is_told(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep = await organiser(week)
    for action, value in (("organise_post", "SE/nothing"), ("organise_preview", "SE/note/xx"), ("organise_post", "SE")):
        await rep.types("organise")
        assert (await rep.forges_in_form(action, value)).text == SV("trouble.stale")
