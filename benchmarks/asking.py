"""People who type commands in the Slack of this machine, with a stopwatch."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.figure import NotMeasured
from bot.messages.modals import message_modal
from rehearsal.slack.acting_user import SlackUser
from rehearsal.slack.http_transport import AppReply, HttpTransport
from rehearsal.slack.server import RehearsalSlack
from rehearsal.slack.workspace import Ephemeral

_WITHIN = 60.0
"""Seconds for an answer; a measurement that takes longer has gone wrong."""


@dataclass(frozen=True)
class Times:
    """Milliseconds from sending a command until Slack had each of the answers, and until it was acknowledged."""

    answered: tuple[float, ...]
    acknowledged: float

    @property
    def first(self) -> float:
        """Until the first answer."""
        return self.answered[0]


@dataclass(frozen=True)
class Asker:
    """Asks one app, on the loop of the Slack that they are in. Nobody asks again before they are answered."""

    slack: RehearsalSlack
    transport: HttpTransport

    async def message(self, user: str, text: str, begins: str | None = None) -> Times:
        """Type something that is answered by a message for this person alone; `begins` names its first block."""
        hand = self._hand(user)
        before = _newest(hand)
        times = await self._times(hand, text, [lambda: _newest(hand) is not before])
        found = _first_block(_newest(hand))
        if begins != found:
            raise NotMeasured(f"{text!r} was answered by a message with {found} instead of {begins}")
        return times

    async def form(self, user: str, text: str, name: str) -> Times:
        """Type something that is answered by a modal: first one that says to wait, and then this form."""
        self.slack.workspace.views.close(user)
        hand = self._hand(user)
        signs = [lambda: hand.top() is not None, lambda: _shown(hand) != message_modal.LOADING]
        times = await self._times(hand, text, signs)
        found = _shown(hand)
        if found != name:
            raise NotMeasured(f"{text!r} was answered by the form {found} instead of {name}")
        return times

    def _hand(self, user: str) -> SlackUser:
        return SlackUser(self.slack, self.transport, user)

    async def _times(self, hand: SlackUser, text: str, signs: list[Callable[[], bool]]) -> Times:
        """The signs come one after the other; Bolt acknowledges in its own time, often after the first of them."""
        started = time.perf_counter()
        typing = asyncio.create_task(_typed(hand, text, started))
        answered = []
        for sign in signs:
            await hand.until(sign, _WITHIN)
            answered.append(_milliseconds(started))
        return Times(tuple(answered), await typing)


async def _typed(hand: SlackUser, text: str, started: float) -> float:
    reply: AppReply = await hand.command(text)
    if not reply.ok:
        raise NotMeasured(f"{text!r} was answered with {reply.status}: {reply.body}")
    return _milliseconds(started)


def _milliseconds(started: float) -> float:
    return (time.perf_counter() - started) * 1000


def _newest(hand: SlackUser) -> Ephemeral | None:
    said = hand.ephemerals()
    return said[-1] if said else None


def _first_block(said: Ephemeral | None) -> str | None:
    return str(said.blocks[0].get("block_id")) if said and said.blocks else None


def _shown(hand: SlackUser) -> str | None:
    top = hand.top()
    return str(top.content.get("callback_id")) if top else None
