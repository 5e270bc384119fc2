"""The bot is killed while an organiser decides: what was stored holds, and it is done once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from typing import Any

import pytest

from bot.settings import Transport
from bot.store.organiser_acts import Act
from rehearsal.slack.faults import Phase
from tests.patience import PATIENCE
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import REPRESENTATIVE, Participant
from .test_organise import NOON, WEEK, decided, organiser
from .test_organise_pauses import EIGHT
from .test_organise_posts import opened, rewritten


class Step(StrEnum):
    """Where the process ends."""

    BEFORE_IT_IS_STORED = "before it is stored"
    ONCE_IT_IS_STORED = "once it is stored"
    BEFORE_IT_IS_SHOWN = "before it is shown"
    AFTER_IT_IS_SHOWN = "after it is shown"


DECISIONS = {
    Act.PAUSED: "organise_pause:SE/SE",
    Act.APPROVED: "organise_approve:sv",
    Act.LEFT_OUT: "organise_leave_out",
    Act.CORRECTED: "organise_correct",
}


@pytest.fixture
def transport() -> Transport:
    return Transport.HTTP


class Held:
    """Work that has reached a step and gets no further."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self._never = asyncio.Event()

    async def hold(self, *_: object) -> None:
        self.reached.set()
        await self._never.wait()


def hold_at(week: Simulation, step: Step, monkeypatch: pytest.MonkeyPatch) -> Held:
    """Have the next decision get as far as a step, and no further."""
    held, store = Held(), week.bot.store
    write = store.write

    async def writing(work: Callable[..., Any], *arguments: object) -> Any:
        if work != store.organisers.carry_out:
            return await write(work, *arguments)
        if step is Step.BEFORE_IT_IS_STORED:
            await held.hold()
        made = await write(work, *arguments)
        await held.hold()
        return made

    async def showing(at: Phase) -> None:
        if at == ("before" if step is Step.BEFORE_IT_IS_SHOWN else "after"):
            await held.hold()

    if step in {Step.BEFORE_IT_IS_STORED, Step.ONCE_IT_IS_STORED}:
        monkeypatch.setattr(store, "write", writing)
    else:
        week.slack.faults.call(showing, method="views.update")
    return held


async def screen(week: Simulation, act: Act) -> Participant:
    """The screen on which the button stands; for a correction, of a post whose words have changed since it was sent."""
    if act is Act.PAUSED:
        who = await organiser(week)
        await who.types("organise")
        return who
    post = "tip" if act is Act.CORRECTED else "note"
    who, _ = await opened(week, post)
    return who


async def acts_of(week: Simulation) -> list[Act]:
    return [each.act for each in await week.bot.store.read(week.bot.store.organisers.acts, week.campaign.id, 9)]


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("act", DECISIONS)
async def test_killed_while_deciding_decides_once(
    run_bot: RunBot, monkeypatch: pytest.MonkeyPatch, act: Act, step: Step
) -> None:
    week = await run_bot(WEEK)
    await week.run_until(NOON if act is Act.CORRECTED else EIGHT)
    if act is Act.CORRECTED:
        await rewritten(week, "tip")
    who = await screen(week, act)
    before = await decided(week)
    held = hold_at(week, step, monkeypatch)
    press = asyncio.create_task(who.presses_in_form(DECISIONS[act]))
    await asyncio.wait_for(held.reached.wait(), PATIENCE)
    await week.bot.kill(press)
    monkeypatch.undo()
    await week.restart()
    if step is Step.BEFORE_IT_IS_STORED:
        assert await decided(week) == before
    else:
        assert (await acts_of(week)).count(act) == 1
    again = await screen(week, act)
    if any(each.startswith(DECISIONS[act]) for each in again.answer(modal=True).buttons):
        await again.presses_in_form(DECISIONS[act])
    assert (await acts_of(week)).count(act) == 1
    await week.run_until(week.clock.now() + timedelta(days=1))
    assert await outcome(week, act)


async def outcome(week: Simulation, act: Act) -> bool:
    """Whether what was decided has come of it."""
    texts = week.texts("week-se")
    match act:
        case Act.PAUSED:
            return texts == []
        case Act.LEFT_OUT:
            return len(texts) == 1
        case Act.CORRECTED:
            first = week.messages("week-se")[0]
            return [each["block_id"] for each in first.blocks].count("corrected") == 1
        case _:
            decisions = week.bot.delivery.live.decisions
            approval = decisions.approval("note", "sv", week.campaign.text("note", "sv"))
            return approval is not None and approval.by == REPRESENTATIVE
