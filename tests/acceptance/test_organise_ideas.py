"""Ideas by stage: organisers decide about them, say what became of them, and everybody concerned hears it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.locales.catalogues import words
from bot.store.ideas import IdeaState
from bot.store.organiser_acts import Act
from tests.campaigns import SWEDEN
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import DEPUTY, MANAGER, REPRESENTATIVE, SV, Answer, Participant, member, participant
from .test_ideas import TEXT, author, ideas, news
from .test_organise import COLLEAGUE, GERMAN, NOON, WEEK, at_noon, organiser

SOON = NOON + timedelta(minutes=2)
PLAN, RESULT = "On Tuesday, at the <!channel> entrance", "Forty bikes stand there"


async def with_idea(run_bot: RunBot) -> tuple[Simulation, Participant]:
    """An idea from Sweden that its representatives have got, and its author."""
    week = await at_noon(run_bot)
    ann = await author(week)
    await week.run_until(SOON)
    return week, ann


def one(page: Answer, beginning: str) -> str:
    """The only button of the page whose action begins like this."""
    [found] = [each for each in page.buttons if each.startswith(beginning)]
    return found


async def opened(week: Simulation, user: str = REPRESENTATIVE) -> tuple[Participant, Answer]:
    """The page of the only idea, as an organiser opens it."""
    who = await organiser(week, user)
    await who.types("organise")
    listed = await who.presses_in_form("organise_ideas:SE")
    page = await who.presses_in_form(one(listed, "organise_idea:"))
    assert page.form == "organise_idea", page.text
    return who, page


async def approved(run_bot: RunBot) -> tuple[Simulation, Participant, Participant]:
    """An idea that a representative has approved from its page, its author and the representative."""
    week, ann = await with_idea(run_bot)
    rep, _ = await opened(week)
    page = await rep.presses_in_form("organise_idea_approve")
    assert SV("idea.approved") in page.text
    return week, ann, rep


async def state(week: Simulation) -> IdeaState:
    [idea] = await ideas(week)
    return idea.state


@pytest.mark.both_ways
async def test_ideas_are_counted_and_listed_by_stage(run_bot: RunBot) -> None:
    week, _, rep = await approved(run_bot)
    await author(week, text="A second shed")
    page = await rep.types("organise")
    assert "Nya: 1 · Godkända: 1" in page.text
    listed = await rep.presses_in_form("organise_ideas:SE")
    assert "A second shed" in listed.text
    assert "shed for bikes" not in listed.text
    other = await rep.presses_in_form("organise_ideas:SE/approved")
    assert "shed for bikes" in other.text
    assert f"<@{REPRESENTATIVE}>" in other.text
    empty = await rep.presses_in_form("organise_ideas:SE/done")
    assert SV("organise.no_ideas_here") in empty.text
    assert SV("organise.posts", country="Sverige") in (await rep.presses_in_form("organise_page:SE")).text


@pytest.mark.both_ways
async def test_author_hears_each_step(run_bot: RunBot) -> None:
    week, ann, rep = await approved(run_bot)
    await week.run_until(SOON + timedelta(minutes=1))
    form = await rep.presses_in_form("organise_idea_reply:plan")
    assert form.form == "reply"
    assert await rep.is_refused(text=" ") == {"text": SV("form.empty")}
    page = await rep.fills(text=PLAN)
    assert (page.form, SV("idea.planned") in page.text) == ("organise_idea", True)
    await week.run_until(SOON + timedelta(minutes=2))
    await rep.presses_in_form("organise_idea_reply:finish")
    assert SV("idea.done") in (await rep.fills(text=RESULT)).text
    await week.run_until(SOON + timedelta(minutes=3))
    steps = ("approved", "planned", "done")
    assert news(week, ann) == [SV(f"idea_letter.{step}") for step in steps]
    assert "&lt;!channel&gt; entrance" in str(week.messages(ann.user)[1].blocks)
    assert RESULT in str(week.messages(ann.user)[2].blocks)


async def test_every_representatives_message_shows_the_stage(run_bot: RunBot) -> None:
    week, _, rep = await approved(run_bot)
    await rep.presses_in_form("organise_idea_reply:plan")
    await rep.fills(text=PLAN)
    await week.run_until(SOON + timedelta(minutes=2))
    for user in (REPRESENTATIVE, DEPUTY):
        [letter] = week.messages(user)
        assert SV("verdict.planned", who=f"<@{REPRESENTATIVE}>", day="", time="")[:20] in str(letter.blocks)
        assert "&lt;!channel&gt; entrance" in str(letter.blocks)
    await rep.presses_in_form("organise_idea_reply:drop")
    await rep.fills(text="The landlord says no")
    await week.run_until(SOON + timedelta(minutes=4))
    assert all("The landlord says no" in str(week.messages(user)[0].blocks) for user in (REPRESENTATIVE, DEPUTY))
    assert await state(week) is IdeaState.DECLINED


@pytest.mark.parametrize("language", ["de", "da"])
async def test_author_hears_in_own_language(run_bot: RunBot, language: str) -> None:
    danes = replace(SWEDEN, code="DK", zone="Europe/Copenhagen", language="da", channel="week-dk")
    week = await at_noon(run_bot, replace(WEEK, places=(*WEEK.places, danes)))
    ann = await member(week, language=language)
    await ann.types("idea")
    await ann.fills(text=TEXT)
    rep, _ = await opened(week)
    await rep.presses_in_form("organise_idea_approve")
    await rep.presses_in_form("organise_idea_reply:finish")
    await rep.fills(text=RESULT)
    await week.run_until(SOON)
    assert news(week, ann)[-1] == words(language)("idea_letter.done")


@pytest.mark.both_ways
async def test_second_organiser_is_told_of_the_first(run_bot: RunBot) -> None:
    week, _, rep = await approved(run_bot)
    deputy, _ = await opened(week, DEPUTY)
    await deputy.presses_in_form("organise_idea_reply:finish")
    await rep.presses_in_form("organise_idea_reply:plan")
    await rep.fills(text=PLAN)
    told = await deputy.fills(text=RESULT)
    assert told.form == "organise_idea"
    assert f"<@{REPRESENTATIVE}>" in told.text
    assert SV("idea.decided_before", verdict="") in told.text
    assert await state(week) is IdeaState.PLANNED
    late = await deputy.forges_in_form("organise_idea_reply", f"SE/{(await ideas(week))[0].id}/plan/approved")
    assert SV("idea.decided_before", verdict="") in late.text


async def test_of_two_at_once_one_decides(run_bot: RunBot) -> None:
    week, _ = await with_idea(run_bot)
    both = [(await opened(week, user))[0] for user in (REPRESENTATIVE, DEPUTY)]
    actions = ("organise_idea_approve", "organise_idea_publish")
    pages = await asyncio.gather(*(who.presses_in_form(action) for who, action in zip(both, actions, strict=True)))
    [idea] = await ideas(week)
    told = [SV("idea.published" if idea.published else "idea.approved") in page.text for page in pages]
    assert told == [not idea.published, idea.published]
    acts = await week.bot.store.read(week.bot.store.organisers.acts, week.campaign.id, 9)
    assert [each.act for each in acts] == [Act.DECIDED_IDEA]


async def test_question_from_the_page_reaches_the_author(run_bot: RunBot) -> None:
    week, ann = await with_idea(run_bot)
    rep, _ = await opened(week)
    await rep.presses_in_form("organise_idea_reply:ask")
    page = await rep.fills(text="How many?")
    assert SV("idea.asked") in page.text
    assert "organise_idea_reply:ask" not in page.buttons
    await week.run_until(SOON + timedelta(minutes=2))
    [question] = week.messages(ann.user)
    await ann.presses(question, "idea_answer")
    await ann.fills(text="Twenty")
    _, again = await opened(week, DEPUTY)
    assert "Twenty" in again.text
    shown = await rep.types("organise")
    assert SV("organise.act.asked_about_idea", who=f"<@{REPRESENTATIVE}>") in shown.text


FORGED = (
    ("organise_ideas", "SE", "organise.not_yours"),
    ("organise_idea", "{home}/{idea}", "idea.not_yours"),
    ("organise_idea_approve", "{home}/{idea}", "idea.not_yours"),
    ("organise_idea_publish", "{home}/{idea}", "idea.not_yours"),
    ("organise_idea_reply", "{home}/{idea}/decline/new", "idea.not_yours"),
)


@pytest.mark.both_ways
@pytest.mark.parametrize("user", [COLLEAGUE, GERMAN])
async def test_nobody_else_decides_from_the_page(run_bot: RunBot, user: str) -> None:
    week, _ = await with_idea(run_bot)
    [before] = await ideas(week)
    who = await participant(week, user)
    for home in ("SE", "DE"):
        for action, value, refusal in FORGED:
            await who.types("organise")
            answer = await who.forges_in_form(action, value.format(home=home, idea=before.id))
            mine = user == GERMAN and home == "DE"
            assert answer.text == SV(refusal if mine else "organise.not_yours"), (action, home)
    assert await ideas(week) == [before]


@pytest.mark.both_ways
async def test_former_representative_says_nothing_more(run_bot: RunBot) -> None:
    week, _, rep = await approved(run_bot)
    await rep.presses_in_form("organise_idea_reply:plan")
    week.say(replace(WEEK, places=(replace(SWEDEN, representative=DEPUTY), *WEEK.places[1:])))
    await week.run_until(SOON + timedelta(minutes=2))
    assert (await rep.fills(text=PLAN)).text == SV("organise.not_yours")
    assert await state(week) is IdeaState.APPROVED


async def test_role_is_asked_in_the_writing_transaction(run_bot: RunBot) -> None:
    """The files change between the first look at the role and the write."""
    week, _ = await with_idea(run_bot)
    rep, _ = await opened(week)
    live = week.bot.delivery.live
    week.say(replace(WEEK, places=(replace(SWEDEN, representative=DEPUTY), *WEEK.places[1:])))
    seen = live.campaign
    assert live.refresh()
    live.campaign = seen
    assert (await rep.presses_in_form("organise_idea_approve")).text == SV("organise.not_yours")
    [letter] = week.messages(REPRESENTATIVE)
    assert (await rep.presses(letter, "idea_approve")).text == SV("organise.not_yours")
    assert await state(week) is IdeaState.NEW


LEAPS = (("finish", "new"), ("plan", "declined"), ("decline", "done"), ("answer", "new"), ("plan", "?"))


@pytest.mark.parametrize(("purpose", "seen"), LEAPS)
async def test_no_stage_is_left_out_by_forging(run_bot: RunBot, purpose: str, seen: str) -> None:
    week, _ = await with_idea(run_bot)
    rep, _ = await opened(week)
    await rep.presses_in_form("organise_idea_reply:decline")
    form = rep.submission({"purpose": purpose, "seen": seen}, {})
    form["view"]["state"]["values"]["text"]["text"]["value"] = RESULT
    assert (await rep.sends(form)).text == SV("trouble.stale")
    assert await state(week) is IdeaState.NEW


async def test_many_ideas_are_paged_newest_first(run_bot: RunBot) -> None:
    week, _ = await with_idea(run_bot)
    [first] = await ideas(week)
    for number in range(45):
        later = first.at + timedelta(seconds=number)
        more = replace(first, id=f"{number:032}", text=f"Idea {number}.", at=later, changed_at=later)
        await week.bot.store.write(week.bot.store.ideas.submit, more)
    rep = await organiser(week)
    page = await rep.types("organise")
    assert "Nya: 46" in page.text
    page = await rep.presses_in_form("organise_ideas:SE")
    seen = [line for line in page.text.splitlines() if line.startswith(">")]
    assert seen[0] == "> Idea 44."
    while older := [each for each in page.buttons if each.endswith(f"/{len(seen) // 20}")]:
        page = await rep.presses_in_form(older[-1])
        assert len(page.blocks) < 100
        seen += [line for line in page.text.splitlines() if line.startswith(">")]
    assert len(set(seen)) == 46


async def test_ideas_from_no_country_are_the_managers(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    await author(week, "ZZ")
    boss = await organiser(week, MANAGER)
    assert "Nya: 1" in (await boss.types("organise")).text
    listed = await boss.presses_in_form("organise_ideas:SE")
    page = await boss.presses_in_form(one(listed, "organise_idea:"))
    assert "organise_idea_publish" not in page.buttons
    assert SV("idea.approved") in (await boss.presses_in_form("organise_idea_approve")).text
    assert SV("organise.no_ideas") in (await (await organiser(week)).types("organise")).text
