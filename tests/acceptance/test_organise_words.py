"""Organisers edit the words of posts and correct what was sent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.campaign.text_hash import text_hash
from bot.store.organiser_acts import Act
from tests.campaigns import SWEDEN, said, seen
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import DEPUTY, MANAGER, REPRESENTATIVE, SV, Answer, Participant, participant
from .test_corrections import everything
from .test_organise import COLLEAGUE, GERMAN, NOON, WEEK, at_noon, decided, organiser
from .test_organise_posts import NINE_TOMORROW, WHEN, on_post, opened, rewritten

MINE: Mapping[str, str] = {"title": "Mitt", "summary": "Mina ord.", "body": "Så *gör* vi."}


async def editing(week: Simulation, post: str = "note", user: str = REPRESENTATIVE) -> tuple[Participant, Answer]:
    who, _ = await opened(week, post, user)
    form = await who.presses_in_form("organise_edit:sv")
    assert form.form == "organise_edit", form.text
    return who, form


@pytest.mark.both_ways
async def test_edited_words_are_sent(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep, form = await editing(week)
    assert form.filled["title"]["title"]["value"] == "note"
    page = on_post(await rep.fills(**MINE))
    assert SV("organise.saved") in page.text
    assert SV("organise.revised", who=f"<@{REPRESENTATIVE}>", **WHEN) in page.text
    await week.run_until(NINE_TOMORROW)
    assert week.texts("week-se")[-1] == MINE["summary"]
    assert week.texts("week-de")[-1] == said("note", "de")


async def test_editing_keeps_lines_of_other_countries(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    file = week.folder / "posts" / "note" / "sv.md"
    lines = 'ask = "Och du?"\n[local]\nSE = "Hos oss."\nDE = "Hos er."\n+++\n\n'
    file.write_text(file.read_text("utf-8").replace("+++\n\n", lines), "utf-8")
    await week.bot.delivery.plan()
    rep, form = await editing(week)
    assert form.filled["local"]["local"]["value"] == "Hos oss."
    changed = {**MINE, "body": "Vi ses {first_day}.", "local": "Här i {country}.", "ask": "Du med?"}
    on_post(await rep.fills(**changed))
    text = week.campaign.text("note", "sv")
    assert (text.local, text.ask) == ({"SE": "Här i {country}.", "DE": "Hos er."}, "Du med?")
    await week.run_until(NINE_TOMORROW)
    last = week.messages("week-se")[-1].blocks
    blocks = {block["block_id"]: block["text"] for block in last if "text" in block}
    assert blocks["words"] == "Vi ses måndag 15 mars.\n\nHär i Sverige."
    assert blocks["ask"]["text"] == "_Du med?_"


async def test_placeholder_without_value_is_refused(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep, _ = await editing(week)
    refused = await rep.is_refused(**{**MINE, "body": "Vi ses {frist_day}."})
    assert refused == {"body": SV("form.organise_edit.wrong_placeholder", placeholder="{frist_day}")}


async def test_edited_words_keep_their_picture(run_bot: RunBot) -> None:
    posts = [replace(each, picture="line") if each.name == "note" else each for each in WEEK.posts]
    week = await at_noon(run_bot, replace(WEEK, posts=posts))
    rep, _ = await editing(week)
    await rep.fills(**MINE)
    await rep.presses_in_form("organise_send_test:sv")
    test = week.messages(REPRESENTATIVE)[-1]
    await week.run_until(NINE_TOMORROW)
    sent = week.messages("week-se")[-1]
    assert sent.text == MINE["summary"]
    for message in (test, sent):
        [shown] = [block["alt_text"] for block in message.blocks if block["type"] == "image"]
        assert shown == seen("line", "sv")


async def test_file_words_hold_again_when_wanted(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep, _ = await editing(week)
    await rep.fills(**MINE)
    page = on_post(await rep.presses_in_form("organise_discard:sv"))
    assert SV("organise.discarded") in page.text
    assert "organise_discard:sv" not in page.buttons
    assert week.campaign.text("note", "sv").summary == said("note", "sv")


WRONG = (
    ({"title": " "}, {"title": "form.empty"}),
    ({"summary": "utan punkt"}, {"summary": "form.organise_edit.no_sentence"}),
    ({"body": "Först.\n\n# Rubrik"}, {"body": "form.organise_edit.wrong_heading"}),
    ({"body": "Först.\n\nSe http://example.org här"}, {"body": "form.organise_edit.wrong_link"}),
    ({"body": "Först.\n\n![bild](https://example.org/a.png)"}, {"body": "form.organise_edit.wrong_picture"}),
    ({"body": "Först.\n\n<b>fet</b>"}, {"body": "form.organise_edit.wrong_html"}),
    ({"body": "Först.\n\n|a|b|\n|-|-|\n|1|2|"}, {"body": "form.organise_edit.wrong_table"}),
)


async def test_wrong_words_are_refused_with_the_line(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    before, (rep, _) = await decided(week), await editing(week)
    for words, errors in WRONG:
        [(field, name)] = errors.items()
        shown = " ".join(words[field].split("\n")[-1 if "table" not in name else 2].split())
        assert await rep.is_refused(**{**MINE, **words}) == {field: SV(name, line="3", shown=shown)}
    assert await decided(week) == before


@pytest.mark.both_ways
async def test_second_editor_is_told_and_loses_nothing(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep, _ = await editing(week)
    await rewritten(week)
    form = await rep.fills(**MINE)
    assert form.form == "organise_edit"
    assert SV("organise.overtaken", who=f"<@{DEPUTY}>", **WHEN) in form.text
    assert "Nya ord." in form.text
    assert {name: form.filled[name][name]["value"] for name in MINE} == MINE
    assert week.campaign.text("note", "sv").title == "Nytt"
    on_post(await rep.fills(**MINE))
    assert week.campaign.text("note", "sv").title == "Mitt"


async def test_one_of_two_simultaneous_editors_is_told(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    (rep, _), (deputy, _) = await editing(week), await editing(week, user=DEPUTY)
    answers = await asyncio.gather(rep.fills(**MINE), deputy.fills(**{**MINE, "title": "Hennes"}))
    assert sorted(str(answer.form) for answer in answers) == ["organise_edit", "organise_post"]
    acts = await week.bot.store.read(week.bot.store.organisers.acts, week.campaign.id, 9)
    assert [each.act for each in acts] == [Act.EDITED]


async def test_file_saved_meanwhile_is_shown_first(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep, _ = await editing(week)
    file = week.folder / "posts" / "note" / "sv.md"
    file.write_text(file.read_text("utf-8").replace("to do", "to try"), "utf-8")
    await week.bot.delivery.plan()
    form = await rep.fills(**MINE)
    assert SV("organise.overtaken_by_file") in form.text
    assert "to try" in form.text


async def test_same_form_twice_is_one_revision(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep, _ = await editing(week)
    for answer in await rep.fills_twice(**MINE):
        assert SV("organise.saved") in on_post(answer).text
    acts = await week.bot.store.read(week.bot.store.organisers.acts, week.campaign.id, 9)
    assert len(acts) == 1


@pytest.mark.both_ways
async def test_sent_post_is_corrected_in_place_when_asked(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep, _ = await editing(week, "tip")
    page = on_post(await rep.fills(**MINE))
    await week.run_until(NOON + timedelta(minutes=2))
    assert week.texts("week-se") == [said("tip", "sv")]
    assert "organise_correct" in page.buttons
    told = on_post(await rep.presses_in_form("organise_correct"))
    assert SV("organise.correcting") in told.text
    await week.run_until(NOON + timedelta(minutes=4))
    assert [message.text for message in everything(week)] == [MINE["summary"]]
    assert SV("organise.nothing_to_correct") in (await rep.forges_in_form("organise_correct", "SE/tip")).text
    _, after = await opened(week, "tip")
    assert SV("organise.state.sent", time="09:00") in after.text


async def test_words_in_a_reply_need_no_correction(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    week.slack.workspace.edit_window = timedelta(minutes=5)
    await rewritten(week, "tip")
    rep, _ = await opened(week, "tip")
    await rep.presses_in_form("organise_correct")
    await week.run_until(NOON + timedelta(minutes=2))
    _, page = await opened(week, "tip")
    assert SV("organise.state.replied", time="09:00") in page.text
    assert "organise_correct" not in page.buttons


FORGED = ("organise_edit", "SE/note/sv"), ("organise_discard", "SE/note/sv/{id}"), ("organise_correct", "SE/tip")


@pytest.mark.both_ways
@pytest.mark.parametrize("user", [COLLEAGUE, GERMAN])
async def test_forged_presses_and_forms_change_no_words(run_bot: RunBot, user: str) -> None:
    week = await at_noon(run_bot)
    for post in ("note", "tip"):
        await rewritten(week, post)
    revision = week.bot.delivery.live.decisions.revisions["note", "sv"]
    before, who = await decided(week), await participant(week, user)
    for action, value in FORGED:
        await who.types("organise")
        assert (await who.forges_in_form(action, value.format(id=revision.id))).text == SV("organise.not_yours")
    rep, _ = await editing(week)
    sent = rep.submission({}, {})
    await who.types("organise")
    forged = {**sent, "user": {**sent["user"], "id": user}, "view": {**sent["view"], "id": _top(who)}}
    forged["view"]["state"]["values"]["title"]["title"]["value"] = "Forged"
    assert (await who.sends(forged)).text == SV("organise.not_yours")
    assert await decided(week) == before


def _top(who: Participant) -> str:
    return str((who.hand.modal() or {})["id"])


@pytest.mark.both_ways
async def test_former_representative_saves_nothing(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep, _ = await editing(week)
    week.say(replace(WEEK, places=(replace(SWEDEN, representative=DEPUTY), *WEEK.places[1:])))
    await week.run_until(NOON + timedelta(minutes=2))
    before = await decided(week)
    assert (await rep.fills(**MINE)).text == SV("organise.not_yours")
    assert await decided(week) == before


async def test_other_languages_are_the_managers_to_edit(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep, before = await organiser(week), await decided(week)
    for value in ("SE/note/de", "SE/news/en"):
        await rep.types("organise")
        assert (await rep.forges_in_form("organise_edit", value)).text == SV("organise.not_yours")
    await editing(week)
    german = {"language": "de", "shown": text_hash(week.campaign.text("note", "de"))}
    assert (await rep.sends_forged(german, {})).text == SV("organise.not_yours")
    assert await decided(week) == before
    boss, _ = await opened(week, "note", MANAGER)
    await boss.presses_in_form("organise_edit:de")
    on_post(await boss.fills(**MINE))
    assert week.campaign.text("note", "de").title == MINE["title"]
