"""Ideas: from a colleague to the representatives of the country, and back to the colleague."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.locales.catalogues import words
from bot.store.ideas import Idea
from bot.store.ideas import IdeaState as State
from rehearsal.slack.workspace import PostedMessage
from tests.campaigns import Post
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import (
    DEPUTY,
    EN,
    FRIDAY,
    MANAGER,
    MONDAY_AFTER,
    REPRESENTATIVE,
    SV,
    VISITED,
    Participant,
    letters,
    member,
    moment,
    participant,
)

TUESDAY = date(2027, 3, 16)
MORNING, NOON = moment(TUESDAY, 9), moment(TUESDAY, 12)
TEXT = "A shed for bikes <!channel> & *showers*"
SHOWN = "A shed for bikes &lt;!channel&gt; &amp; *showers*"


async def author(simulation: Simulation, country: str = "SE", text: str = TEXT, *, named: bool = False) -> Participant:
    """Somebody who has just sent an idea."""
    ann = await member(simulation, country=country)
    await ann.types("idea")
    assert (await ann.fills(text=text, named=named)).text == SV("idea.sent")
    return ann


async def reviewed(
    run_bot: RunBot, *, named: bool = False
) -> tuple[Simulation, Participant, Participant, PostedMessage]:
    """An idea that lies before the representative: the author, the representative and the letter."""
    week = await run_bot(VISITED, start=MORNING)
    ann = await author(week, named=named)
    await week.run_until(NOON)
    rep = await participant(week, REPRESENTATIVE)
    [letter] = week.messages(REPRESENTATIVE)
    return week, ann, rep, letter


async def ideas(simulation: Simulation) -> list[Idea]:
    return await simulation.bot.store.read(simulation.bot.store.ideas.of_campaign, simulation.campaign.id)


def news(simulation: Simulation, who: Participant) -> list[str]:
    return [message.text for message in simulation.messages(who.user)]


def posted(simulation: Simulation) -> list[str]:
    """What stands of ideas in the channels."""
    channels = [place.channel for place in simulation.week.places]
    shown = [str(message.blocks) for channel in channels for message in simulation.messages(channel)]
    return [each for each in shown if "shed for bikes" in each]


async def test_idea_reaches_every_representative_without_its_author(run_bot: RunBot) -> None:
    week, ann, _, letter = await reviewed(run_bot)
    assert [week.texts(user) for user in (REPRESENTATIVE, DEPUTY)] == [[letter.text], [letter.text]]
    assert week.messages(MANAGER) == []
    shown = str(letter.blocks)
    assert SHOWN in shown
    assert SV("idea_letter.unnamed") in shown
    assert ann.user not in shown
    assert posted(week) == []


async def test_where_nobody_represents_a_country_the_managers_read(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=MORNING)
    for number, country in enumerate(("NO", "ZZ", "-")):
        ann = await member(week, f"U0ANN{number}", country=country)
        await ann.types("idea")
        await ann.fills(text=TEXT)
    await week.run_until(NOON)
    assert [len(week.messages(user)) for user in (REPRESENTATIVE, DEPUTY, MANAGER)] == [0, 0, 3]


@pytest.mark.parametrize(
    ("sent_at", "comes_at"),
    [
        (moment(TUESDAY, 6), moment(TUESDAY, 8)),
        (moment(TUESDAY, 12), moment(TUESDAY, 12)),
        (moment(FRIDAY, 18), moment(MONDAY_AFTER, 8)),
    ],
)
async def test_representatives_hear_of_it_in_working_hours(
    run_bot: RunBot, sent_at: datetime, comes_at: datetime
) -> None:
    week = await run_bot(VISITED, start=sent_at)
    await author(week)
    await week.run_until(comes_at)
    assert [message.posted_at for message in letters(week, REPRESENTATIVE)] == [comes_at]


async def test_who_is_named_has_chosen_it(run_bot: RunBot) -> None:
    week, ann, rep, letter = await reviewed(run_bot, named=True)
    assert SV("idea_letter.named", author=f"<@{ann.user}>") in str(letter.blocks)
    await rep.presses(letter, "idea_publish")
    await week.run_until(moment(TUESDAY, 13))
    [post] = posted(week)
    assert SV("idea_letter.post_by", author=f"<@{ann.user}>") in post


async def test_approved_idea_is_news_for_its_author_only(run_bot: RunBot) -> None:
    week, ann, rep, letter = await reviewed(run_bot)
    assert (await rep.presses(letter, "idea_approve")).text == SV("idea.approved")
    await week.run_until(moment(TUESDAY, 13))
    assert news(week, ann) == [SV("idea_letter.approved")]
    assert posted(week) == []
    assert [idea.state for idea in await ideas(week)] == [State.APPROVED]


async def test_approved_idea_is_posted_anonymously_in_country_channel(run_bot: RunBot) -> None:
    week, ann, rep, letter = await reviewed(run_bot)
    assert (await rep.presses(letter, "idea_publish")).text == SV("idea.published")
    await week.run_until(moment(TUESDAY, 13))
    assert news(week, ann) == [SV("idea_letter.published")]
    [post] = posted(week)
    assert SHOWN in post
    assert ann.user not in post
    assert all("shed" not in str(message.blocks) for message in week.messages("week-de"))


async def test_an_idea_is_declined_with_a_reason(run_bot: RunBot) -> None:
    week, ann, rep, letter = await reviewed(run_bot)
    form = await rep.presses(letter, "idea_decline")
    assert (form.form, form.fields) == ("reply", ["text"])
    assert SHOWN in form.text
    assert await rep.is_refused(text="   ") == {"text": SV("form.empty")}
    assert (await rep.fills(text="We rent the <building>")).text == SV("idea.declined")
    await week.run_until(moment(TUESDAY, 13))
    [message] = week.messages(ann.user)
    assert message.text == SV("idea_letter.declined")
    assert "We rent the &lt;building&gt;" in str(message.blocks)
    assert rep.user not in str(message.blocks)


async def test_question_to_author_and_answer_start_new_review(run_bot: RunBot) -> None:
    week, ann, rep, letter = await reviewed(run_bot)
    await rep.presses(letter, "idea_ask")
    assert (await rep.fills(text="How many bikes?")).text == SV("idea.asked")
    await week.run_until(moment(TUESDAY, 13))
    [question] = week.messages(ann.user)
    assert question.text == SV("idea_letter.asked")
    assert (await ann.presses(question, "idea_answer")).form == "reply"
    first, second = await ann.fills_twice(text="Twenty")
    assert (first.text, second.text) == (SV("idea.answered"), SV("idea.not_asked"))
    await week.run_until(moment(TUESDAY, 14))
    again = week.messages(REPRESENTATIVE)[-1]
    assert len(week.messages(REPRESENTATIVE)) == 2
    assert "How many bikes?" in str(again.blocks)
    assert "Twenty" in str(again.blocks)
    await rep.presses(again, "idea_approve")
    await week.run_until(moment(TUESDAY, 15))
    assert news(week, ann) == [SV("idea_letter.asked"), SV("idea_letter.approved")]
    assert buttons(week.messages(ann.user)[0]) == []


async def test_a_decision_stands_whatever_is_pressed_after_it(run_bot: RunBot) -> None:
    week, ann, rep, letter = await reviewed(run_bot)
    await rep.presses(letter, "idea_approve")
    for action in ("idea_approve", "idea_publish", "idea_ask", "idea_decline"):
        assert SV("idea.decided_before", verdict="") in (await rep.presses(letter, action)).text
    [idea] = await ideas(week)
    assert (idea.state, idea.published) == (State.APPROVED, False)
    await week.run_until(moment(TUESDAY, 14))
    assert len(news(week, ann)) == 1


async def test_late_reason_after_another_decision_changes_nothing(run_bot: RunBot) -> None:
    week, _, rep, letter = await reviewed(run_bot)
    deputy = await participant(week, DEPUTY)
    await rep.presses(letter, "idea_decline")
    await deputy.presses(week.messages(DEPUTY)[0], "idea_approve")
    assert SV("idea.decided_before", verdict="") in (await rep.fills(text="Too late")).text
    assert [(idea.state, idea.reason) for idea in await ideas(week)] == [(State.APPROVED, None)]


async def test_one_of_two_simultaneous_representatives_decides(run_bot: RunBot) -> None:
    week, ann, rep, letter = await reviewed(run_bot)
    deputy = await participant(week, DEPUTY)
    answers = await asyncio.gather(
        rep.presses(letter, "idea_publish"), deputy.presses(week.messages(DEPUTY)[0], "idea_approve")
    )
    told = {answer.text for answer in answers}
    [idea] = await ideas(week)
    outcome = "published" if idea.published else "approved"
    [too_late] = told - {SV(f"idea.{outcome}")}
    # Whoever comes when the decision is stored already is told which it was.
    by = verdict(outcome, idea.decided_by or "", 12)
    assert too_late in {SV("idea.decided"), SV("idea.decided_before", verdict=by)}
    await week.run_until(moment(TUESDAY, 14))
    assert len(news(week, ann)) == 1
    assert len(posted(week)) == idea.published


async def test_nobody_else_decides_not_even_the_author(run_bot: RunBot) -> None:
    week, ann, _, letter = await reviewed(run_bot)
    bo = await member(week, "U0BO")
    [idea] = await ideas(week)
    for action in ("idea_approve", "idea_publish", "idea_ask", "idea_decline"):
        for who in (ann, bo):
            assert (await who.forges(action, idea.id, letter)).text == SV("idea.not_yours")
    assert await ideas(week) == [idea]


async def test_a_forged_form_decides_nothing_either(run_bot: RunBot) -> None:
    week, ann, rep, letter = await reviewed(run_bot)
    [idea] = await ideas(week)
    await rep.presses(letter, "idea_decline")
    form = rep.submission({}, {})
    form["view"]["state"]["values"]["text"]["text"]["value"] = "No"
    form["user"] = {**form["user"], "id": ann.user}
    await ann.types("idea")
    form["view"]["id"] = (ann.hand.modal() or {})["id"]
    assert (await ann.sends(form)).text == SV("idea.not_yours")
    assert await ideas(week) == [idea]


async def test_manager_may_decide_but_only_author_answers(run_bot: RunBot) -> None:
    week, _, rep, letter = await reviewed(run_bot)
    [idea] = await ideas(week)
    await rep.presses(letter, "idea_ask")
    await rep.fills(text="How many?")
    bo = await member(week, "U0BO")
    assert (await bo.forges("idea_answer", idea.id, letter)).text == SV("trouble.stale")
    boss = await participant(week, MANAGER)
    assert (await boss.forges("idea_approve", idea.id, letter)).text == SV("idea.approved")


async def test_idea_sent_twice_is_one_idea_and_letter(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=MORNING)
    ann = await member(week)
    await ann.types("idea")
    first, second = await ann.fills_twice(text=TEXT)
    assert (first.text, second.text) == (SV("idea.sent"), SV("idea.known"))
    await week.run_until(NOON)
    assert len(week.messages(REPRESENTATIVE)) == 1


async def test_idea_without_country_channel_cannot_be_posted(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=MORNING)
    await author(week, "ZZ")
    await week.run_until(NOON)
    boss = await participant(week, MANAGER, locale="en-GB")
    [letter] = week.messages(MANAGER)
    assert "idea_publish" not in str(letter.blocks)
    [kept] = await week.bot.store.read(week.bot.store.ideas.of_campaign, week.campaign.id)
    assert (await boss.forges("idea_publish", kept.id, letter)).text == EN("idea.no_channel")
    assert (await boss.presses(letter, "idea_approve")).text == EN("idea.approved")


async def test_invalid_idea_is_refused_in_form(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=MORNING)
    ann = await member(week)
    await ann.types("idea")
    assert await ann.is_refused(text=" \n\u200b ") == {"text": SV("form.empty")}
    for mention in ("<!channel>", "@here @channel", "<@U0BO> <#C0WEEKSE>"):
        assert await ann.is_refused(text=mention) == {"text": SV("form.idea.only_mentions")}
    long = ann.submission({}, {})
    long["view"]["state"]["values"]["text"]["text"]["value"] = "x" * 1001
    reply = await ann.hand.send(long)
    assert reply.body == {"response_action": "errors", "errors": {"text": SV("form.too_long")}}
    assert (await ann.submits(text="x" * 1001)).outcome == "incomplete"
    assert await ideas(week) == []
    assert (await ann.fills(text="x" * 1000)).text == SV("idea.sent")


async def test_permanent_opt_out_gets_no_idea_news(run_bot: RunBot) -> None:
    week, ann, rep, letter = await reviewed(run_bot)
    await ann.types("messages off")
    await rep.presses(letter, "idea_approve")
    await week.run_until(moment(TUESDAY, 14))
    assert news(week, ann) == []
    assert [idea.state for idea in await ideas(week)] == [State.APPROVED]


async def test_idea_sent_after_opt_out_brings_its_news(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(TUESDAY, 8))
    ann = await member(week)
    await ann.types("messages off")
    week.clock.turn_to(MORNING)
    await ann.types("idea")
    await ann.fills(text="A shed for bikes")
    await week.run_until(NOON)
    rep = await participant(week, REPRESENTATIVE)
    await rep.presses(week.messages(REPRESENTATIVE)[0], "idea_approve")
    await week.run_until(moment(TUESDAY, 14))
    assert news(week, ann) == [SV("idea_letter.approved")]


async def test_idea_news_waits_for_end_of_pause(run_bot: RunBot) -> None:
    week, ann, rep, letter = await reviewed(run_bot)
    await ann.types("pause 2027-03-18")
    await rep.presses(letter, "idea_approve")
    await week.run_until(moment(date(2027, 3, 19), 12))
    assert news(week, ann) == [SV("idea_letter.approved")]


async def test_representative_letters_cannot_be_stopped_nor_need_joining(run_bot: RunBot) -> None:
    _, _, rep, letter = await reviewed(run_bot)
    for action in ("messages_stop", "messages_pause"):
        # Letters of earlier versions have these buttons.
        assert (await rep.forges(action, "", letter)).text == SV("messages.duty")
    assert await rep.stored() == {}


async def test_person_has_five_ideas_per_day(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(TUESDAY, 9))
    ann = await member(week)
    for number in range(5):
        await ann.types("idea")
        assert (await ann.fills(text=f"Idea {number}")).text == SV("idea.sent")
    assert (await ann.types("idea")).text == SV("idea.enough_today", most="5")
    week.clock.turn_to(moment(date(2027, 3, 17), 0))
    await ann.types("idea")
    assert (await ann.fills(text="Idea 5")).text == SV("idea.sent")
    assert len(await ideas(week)) == 6


async def test_simultaneous_forms_cannot_exceed_five_ideas(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(TUESDAY, 9))
    ann = await member(week)
    for number in range(4):
        await ann.types("idea")
        await ann.fills(text=f"Idea {number}")
    await ann.types("idea")
    one = ann.submission({}, {})
    await ann.types("idea")
    two = ann.submission({}, {})
    for form in (one, two):
        form["view"]["state"]["values"]["text"]["text"]["value"] = "The fifth"
    assert one["view"]["id"] != two["view"]["id"]
    replies = await asyncio.gather(ann.hand.send(one), ann.hand.send(two))
    await week.settle()
    said = sorted(
        SV(name, most="5") in str(reply.body) for reply in replies for name in ("idea.sent", "idea.enough_today")
    )
    assert said == [False, False, True, True]
    assert len(await ideas(week)) == 5


def buttons(message: PostedMessage) -> list[str]:
    rows = (block for block in message.blocks if block["type"] == "actions" and block["block_id"] == "answers")
    return [button["action_id"] for row in rows for button in row["elements"]]


def verdict(outcome: str, who: str, hour: int, minute: int = 0) -> str:
    at = moment(TUESDAY, hour, minute).astimezone(ZoneInfo("Europe/Stockholm"))
    return SV(f"verdict.{outcome}", who=f"<@{who}>", day=SV.day(at.date()), time=SV.time(at.time()))


@pytest.mark.parametrize(
    ("action", "outcome"), [("idea_approve", "approved"), ("idea_publish", "published"), ("idea_decline", "declined")]
)
async def test_every_representative_is_shown_what_was_decided(run_bot: RunBot, action: str, outcome: str) -> None:
    week, ann, rep, letter = await reviewed(run_bot)
    await rep.presses(letter, action)
    if action == "idea_decline":
        await rep.fills(text="We rent it")
    await week.run_until(moment(TUESDAY, 12, 2))
    for user in (REPRESENTATIVE, DEPUTY):
        [message] = week.messages(user)
        assert verdict(outcome, REPRESENTATIVE, 12) in str(message.blocks)
        assert SHOWN in str(message.blocks)
        assert buttons(message) == []
    assert all(rep.user not in str(message.blocks) for message in week.messages(ann.user))


async def test_press_on_decided_idea_tells_who_decided(run_bot: RunBot) -> None:
    week, _, rep, letter = await reviewed(run_bot)
    deputy = await participant(week, DEPUTY)
    await rep.presses(letter, "idea_approve")
    told = SV("idea.decided_before", verdict=verdict("approved", REPRESENTATIVE, 12))
    assert (await deputy.presses(week.messages(DEPUTY)[0], "idea_decline")).text == told


async def test_question_closes_letter_and_answer_opens_next(run_bot: RunBot) -> None:
    week, ann, rep, letter = await reviewed(run_bot)
    await rep.presses(letter, "idea_ask")
    await rep.fills(text="How many bikes?")
    await week.run_until(moment(TUESDAY, 12, 5))
    assert verdict("asked", REPRESENTATIVE, 12) in str(week.messages(DEPUTY)[0].blocks)
    [question] = week.messages(ann.user)
    assert buttons(question) == ["idea_answer"]
    await ann.presses(question, "idea_answer")
    await ann.fills(text="Twenty")
    await week.run_until(moment(TUESDAY, 12, 15))
    first, second = week.messages(DEPUTY)
    assert SV("verdict.answered") in str(first.blocks)
    assert (buttons(first), len(buttons(second))) == ([], 4)
    assert SV("verdict.closed") in str(week.messages(ann.user)[0].blocks)
    assert buttons(week.messages(ann.user)[0]) == []
    await rep.presses(week.messages(REPRESENTATIVE)[-1], "idea_approve")
    await week.run_until(moment(TUESDAY, 12, 25))
    assert [buttons(message) for message in week.messages(DEPUTY)] == [[], []]
    assert all(verdict("approved", REPRESENTATIVE, 12, 15) in str(each.blocks) for each in week.messages(DEPUTY))


async def test_a_decision_is_shown_after_a_restart(run_bot: RunBot) -> None:
    week, _, rep, letter = await reviewed(run_bot)
    await rep.presses(letter, "idea_approve")
    await week.stop()
    await week.start()
    await week.run_until(moment(TUESDAY, 12, 5))
    assert [buttons(week.messages(user)[0]) for user in (REPRESENTATIVE, DEPUTY)] == [[], []]


async def test_who_decided_is_forgotten_with_the_representative(run_bot: RunBot) -> None:
    week, ann, rep, letter = await reviewed(run_bot)
    await rep.presses(letter, "idea_approve")
    assert [row["state"] for row in (await rep.stored())["decisions"]] == ["approved"]
    assert rep.user not in str(await ann.stored())
    await week.bot.store.privacy.forget(rep.user)
    assert [idea.decided_by for idea in await ideas(week)] == [None]
    await week.run_until(moment(TUESDAY, 12, 5))
    assert SV("verdict.somebody") in str(week.messages(DEPUTY)[0].blocks)


async def test_representative_gets_letters_in_chosen_language(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=MORNING)
    rep = await member(week, REPRESENTATIVE, language="de")
    await author(week)
    await week.run_until(NOON)
    german, swedish = week.messages(REPRESENTATIVE)[-1], week.messages(DEPUTY)[-1]
    assert german.text == words("de")("idea_letter.review", country="Schweden")
    assert swedish.text == SV("idea_letter.review", country="Sverige")
    await rep.presses(german, "idea_approve")
    await week.run_until(moment(TUESDAY, 12, 5))
    changed = week.messages(REPRESENTATIVE)[-1]
    assert "angenommen" in str(changed.blocks)


async def test_brief_uses_language_chosen_at_any_time(run_bot: RunBot) -> None:
    brief = Post("brief", TUESDAY, time(11), kind="note", audience="representatives")
    week = await run_bot(replace(VISITED, posts=(*VISITED.posts, brief)), start=MORNING)
    await week.run_until(moment(TUESDAY, 10))
    rep = await member(week, REPRESENTATIVE, language="de")
    await rep.types("language nb")
    await week.run_until(NOON)
    texts = {user: week.messages(user)[-1].text for user in (REPRESENTATIVE, DEPUTY)}
    wanted = {REPRESENTATIVE: "nb", DEPUTY: "sv"}
    assert texts == {user: week.campaign.text("brief", language).summary for user, language in wanted.items()}
