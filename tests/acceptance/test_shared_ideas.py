"""Ideas that organisers share with those of the other countries, and what is said below them later."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.store.ideas import Choice, IdeaState
from bot.store.organiser_acts import Act, Actor
from bot.store.outbox import State
from rehearsal.simulation import finish
from rehearsal.slack.conversation import PostedMessage
from rehearsal.slack.faults import Phase
from rehearsal.slack.workspace import BOT
from tests.patience import PATIENCE
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import DEPUTY, EN, MANAGER, REPRESENTATIVE, SV, Participant, participant
from .test_ideas import SHOWN, author, ideas
from .test_organise import COLLEAGUE, GERMAN, NOON, WEEK, at_noon
from .test_organise_ideas import PLAN, RESULT, SOON, opened

ROOM = "C0ORGANISERS"
SHARING = replace(WEEK, organisers_channel=ROOM)


async def before(run_bot: RunBot, *, named: bool = False) -> tuple[Simulation, Participant]:
    """An idea from Sweden that could be shared, and its author."""
    week = await at_noon(run_bot, SHARING)
    ann = await author(week, named=named)
    await week.run_until(SOON)
    return week, ann


async def shared(run_bot: RunBot, *, named: bool = False) -> tuple[Simulation, Participant, Participant]:
    """An idea that a representative has shared, its author and the representative."""
    week, ann = await before(run_bot, named=named)
    rep, page = await opened(week)
    assert "organise_idea_share" in page.buttons
    told = await rep.presses_in_form("organise_idea_share")
    assert SV("share.on_its_way") in told.text
    await week.run_until(SOON + timedelta(minutes=1))
    return week, ann, rep


def everything(week: Simulation) -> list[PostedMessage]:
    """All messages in the organisers' channel, replies included."""
    return list(week.slack.workspace.conversation(ROOM).everything)


@pytest.mark.both_ways
@pytest.mark.parametrize("named", [True, False])
async def test_idea_is_shared_once_with_its_country(run_bot: RunBot, *, named: bool) -> None:
    week, ann, _ = await shared(run_bot, named=named)
    [message] = everything(week)
    assert message.text == EN("share.idea_from", country="Sweden")
    assert SHOWN in str(message.blocks)
    assert (ann.user in str(message.blocks)) is named
    assert REPRESENTATIVE not in str(message.blocks)
    deputy, page = await opened(week, DEPUTY)
    assert "organise_idea_share" not in page.buttons
    done = SV("share.done_before", who=f"<@{REPRESENTATIVE}>", day="", time="")
    assert done[:40] in page.text
    again = await deputy.forges_in_form("organise_idea_share", f"SE/{(await ideas(week))[0].id}")
    assert SV("share.on_its_way") not in again.text
    await week.restart()
    await week.run_until(SOON + timedelta(minutes=3))
    assert len(everything(week)) == 1
    acts = await week.bot.store.read(week.bot.store.organisers.acts, week.campaign.id, 9)
    assert [each.act for each in acts] == [Act.SHARED_IDEA]


@pytest.mark.both_ways
async def test_what_became_is_said_below_once(run_bot: RunBot) -> None:
    week, _, rep = await shared(run_bot)
    await rep.presses_in_form("organise_idea_approve")
    for reply, said in (("plan", PLAN), ("finish", RESULT)):
        await rep.presses_in_form(f"organise_idea_reply:{reply}")
        await rep.fills(text=said)
        await week.run_until(week.clock.now() + timedelta(minutes=2))
    await week.restart()
    await week.run_until(week.clock.now() + timedelta(minutes=2))
    first, planned, done = everything(week)
    assert {planned.parent_ts, done.parent_ts} == {first.ts}
    assert planned.text == EN("share.in_country", country="Sweden", news=EN("share.planned"))
    assert "&lt;!channel&gt; entrance" in str(planned.blocks)
    assert done.text == EN("share.in_country", country="Sweden", news=EN("share.done"))
    assert RESULT in str(done.blocks)


async def test_declined_idea_is_told_below_and_not_shared_anew(run_bot: RunBot) -> None:
    week, _, rep = await shared(run_bot)
    await rep.presses_in_form("organise_idea_reply:decline")
    page = await rep.fills(text="The landlord says no")
    assert "organise_idea_share" not in page.buttons
    await week.run_until(SOON + timedelta(minutes=3))
    assert "The landlord says no" in str(everything(week)[-1].blocks)


async def test_idea_planned_before_is_told_below_as_well(run_bot: RunBot) -> None:
    week, _ = await before(run_bot)
    rep, _ = await opened(week)
    await rep.presses_in_form("organise_idea_approve")
    await rep.presses_in_form("organise_idea_reply:plan")
    await rep.fills(text=PLAN)
    await rep.presses_in_form("organise_idea_share")
    await week.run_until(SOON + timedelta(minutes=3))
    first, news = everything(week)
    assert news.parent_ts == first.ts


async def test_sharing_ignores_a_pause(run_bot: RunBot) -> None:
    week, _ = await before(run_bot)
    boss = Actor(week.campaign.id, MANAGER, week.clock.now())
    await week.bot.store.write(week.bot.store.pauses.pause, boss, "")
    await week.bot.delivery.refresh_decisions()
    rep, _ = await opened(week)
    await rep.presses_in_form("organise_idea_share")
    await week.run_until(SOON + timedelta(minutes=1))
    assert len(everything(week)) == 1


async def test_two_who_share_at_once_share_once(run_bot: RunBot) -> None:
    week, _ = await before(run_bot)
    both = [(await opened(week, user))[0] for user in (REPRESENTATIVE, DEPUTY)]
    pages = await asyncio.gather(*(who.presses_in_form("organise_idea_share") for who in both))
    assert sorted(SV("share.on_its_way") in page.text for page in pages) == [False, True]
    await week.run_until(SOON + timedelta(minutes=1))
    assert len(everything(week)) == 1


async def test_without_a_channel_nothing_is_shared(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    await author(week)
    rep, page = await opened(week)
    assert "organise_idea_share" not in page.buttons
    answer = await rep.forges_in_form("organise_idea_share", f"SE/{(await ideas(week))[0].id}")
    assert answer.text == SV("share.nowhere")
    assert await week.bot.store.read(week.bot.store.shares.of_campaign, week.campaign.id) == {}


@pytest.mark.both_ways
@pytest.mark.parametrize(("user", "home"), [(COLLEAGUE, "SE"), (GERMAN, "SE"), (GERMAN, "DE")])
async def test_nobody_else_shares(run_bot: RunBot, user: str, home: str) -> None:
    week, _ = await before(run_bot)
    who = await participant(week, user)
    await who.types("organise")
    answer = await who.forges_in_form("organise_idea_share", f"{home}/{(await ideas(week))[0].id}")
    assert answer.text == SV("idea.not_yours" if home == "DE" else "organise.not_yours")
    assert await week.bot.store.read(week.bot.store.shares.of_campaign, week.campaign.id) == {}


async def test_bot_outside_the_channel_says_so_and_waits(run_bot: RunBot) -> None:
    week, _ = await before(run_bot)
    week.slack.workspace.leave(ROOM, BOT.id)
    await week.restart()
    rep, _ = await opened(week)
    await rep.presses_in_form("organise_idea_share")
    await week.run_until(SOON + timedelta(minutes=2))
    assert everything(week) == []
    assert SV("organise.channel", channel=f"`{ROOM}`") in (await rep.types("organise")).text
    week.slack.workspace.join(ROOM, BOT.id)
    await week.run_until(SOON + timedelta(minutes=10))
    assert len(everything(week)) == 1


async def test_forgotten_idea_is_not_shared_any_more(run_bot: RunBot) -> None:
    week, ann = await before(run_bot)
    await week.run_until(NOON + timedelta(hours=10))
    rep, _ = await opened(week)
    await rep.presses_in_form("organise_idea_share")
    await finish(week.bot)
    await week.bot.store.privacy.forget(ann.user)
    await week.run_until(NOON + timedelta(days=1))
    assert everything(week) == []


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("below", [False, True], ids=["the idea", "the news"])
async def test_killed_while_sharing_shares_once(run_bot: RunBot, moment: Phase, *, below: bool) -> None:
    week, ann = await before(run_bot)
    # Nothing else is posted when the idea is decided.
    await ann.types("messages off")
    [idea] = await ideas(week)
    store, rep = week.bot.store, Actor(week.campaign.id, REPRESENTATIVE, week.clock.now())
    reached, never = asyncio.Event(), asyncio.Event()

    async def hold(at: Phase) -> None:
        if at == moment:
            reached.set()
            await never.wait()

    await store.write(store.shares.share, rep, idea.id)
    week.bot.delivery.request_plan()
    if below:
        await finish(week.bot)
        # A channel takes one message a second.
        week.clock.turn_to(week.clock.now() + timedelta(minutes=1))
        await store.write(store.ideas.choose, rep, idea.id, Choice(IdeaState.DECLINED, text="Too dear"))
        week.bot.delivery.request_plan()
    week.slack.faults.call(hold, method="chat.postMessage")
    working = asyncio.create_task(finish(week.bot))
    await asyncio.wait_for(reached.wait(), PATIENCE)
    await week.bot.kill(working)
    await week.restart()
    await week.run_until(week.clock.now() + timedelta(minutes=5))
    assert [message.parent_ts is None for message in everything(week)] == [True, *([False] if below else [])]
    rows = [row for row in await week.rows() if row.slot.kind.startswith("share")]
    assert {row.state for row in rows} == {State.SENT}


async def test_below_a_deleted_message_nothing_is_said(run_bot: RunBot) -> None:
    week, _, rep = await shared(run_bot)
    week.slack.workspace.conversation(ROOM).remove(everything(week)[0])
    await rep.presses_in_form("organise_idea_reply:decline")
    await rep.fills(text="The landlord says no")
    await week.run_until(SOON + timedelta(minutes=3))
    assert everything(week) == []
