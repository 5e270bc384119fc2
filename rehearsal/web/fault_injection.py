"""Faults that the page can inject: Slack down, limiting or refusing changes, the bot killed, a channel archived."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Literal, get_args

from bot.campaign.localtime import local
from rehearsal.simulation import Simulation
from rehearsal.slack.faults import Exchange, Fault, FaultResponse
from rehearsal.slack.faults import Phase as Point
from rehearsal.slack.rate_limits import POST, UPDATE

DOWN_FOR = timedelta(minutes=10)
AWAY_FOR = timedelta(seconds=40)
"""Longer than the lease of a message, so that the bot which comes back has to ask about what was under way."""

REFUSALS = 20
RETRY_AFTER = 30
"""Number of posts that are refused, and the seconds that Slack asks to wait."""

CHANGES_REFUSED = 10
"""Number of changes of messages that are refused."""

UpdateError = Literal["edit_window_closed", "cant_update_message", "message_not_found"]
"""Slack's words for a message that cannot be changed."""

_KILLED = "killed"
_TOGETHER = timedelta(minutes=1)


@dataclass
class FaultInjection:
    """The faults of one simulation; `changed` is called when one of them has begun or ended."""

    simulation: Simulation
    changed: Callable[[], None]
    _killing: set[asyncio.Task[None]] = field(default_factory=set)

    def down(self) -> None:
        """Take Slack down for ten minutes, as soon as colleagues have finished what they are doing."""
        self.simulation.when_idle(self._take_down)

    def rate_limit(self) -> None:
        """Let Slack refuse the next posts and ask to wait for half a minute."""
        self.simulation.slack.faults.throttle(RETRY_AFTER, times=REFUSALS)

    def refuse_changes(self, word: UpdateError) -> None:
        """Let Slack refuse the next changes of messages."""
        self.simulation.slack.faults.answer(word, method=UPDATE, times=CHANGES_REFUSED)

    def kill_in_broadcast(self) -> None:
        """Kill the bot when Slack has taken the second message of a round, and the bot has not heard so."""
        faults, said = self.simulation.slack.faults, len(self.simulation.slack.workspace.log)
        if not faults.waiting(POST, _KILLED):
            is_time = partial(self._is_in_broadcast, said)
            faults.add(POST, Fault(_KILLED, ("after",), self._kill_unheard, is_time=is_time))

    def kill(self) -> asyncio.Task[None]:
        """Kill the bot now; it is started again after a while."""
        task = asyncio.create_task(self._kill())
        # asyncio keeps only weak references to tasks.
        self._killing.add(task)
        task.add_done_callback(self._killing.discard)
        return task

    def restart(self) -> None:
        """Start a bot that is away at once."""
        self.simulation.back_at = self.simulation.clock.now()

    def archive(self, channel: str) -> None:
        """Archive a channel; an unknown one is a KeyError."""
        self.simulation.slack.workspace.archive(channel)

    def reopen(self, channel: str) -> None:
        """Take a channel out of the archive; an unknown one is a KeyError."""
        workspace = self.simulation.slack.workspace
        workspace.channels[channel] = replace(workspace.channels[channel], is_archived=False)

    def clear(self) -> None:
        """Remove all faults, including those that have not happened yet."""
        self.simulation.slack.faults.clear()

    async def stop(self) -> None:
        """Wait for kills that have begun."""
        if self._killing:
            await asyncio.wait(self._killing)

    @property
    def is_down(self) -> bool:
        """True while Slack is down."""
        return self.simulation.slack.faults.is_down(self.simulation.clock.now())

    def waiting(self) -> Iterator[str]:
        """Describe the faults that were asked for and have not happened or ended yet."""
        faults = self.simulation.slack.faults
        if faults.down_until and self.is_down:
            yield f"Slack is away until {local(faults.down_until, self.simulation.campaign.zone):%H:%M}."
        if faults.waiting(POST, _KILLED):
            yield "The bot will be killed in the middle of the next broadcast."
        refusals = faults.waiting(POST, "ratelimited")
        if refusals:
            messages = "one more message" if refusals == 1 else f"{refusals} more messages"
            yield f"Slack will refuse {messages} and ask to wait."
        for word in get_args(UpdateError):
            left = faults.waiting(UPDATE, word)
            if left:
                changes = "one more change of a message" if left == 1 else f"{left} more changes of messages"
                yield f"Slack will refuse {changes} ({word})."

    def _take_down(self) -> None:
        self.simulation.slack.faults.down(self.simulation.clock.now() + DOWN_FOR)
        self.changed()

    async def _kill(self) -> None:
        await self.simulation.kill(AWAY_FOR)
        self.changed()

    def _is_in_broadcast(self, said: int) -> bool:
        """Return whether Slack took a message for a channel in this minute, not counting the first `said`."""
        workspace, now = self.simulation.slack.workspace, self.simulation.clock.now()
        posts = [
            each
            for each in workspace.log[said:]
            if each.user == workspace.bot.id and each.channel in workspace.channels
        ]
        return bool(posts) and now - posts[-1].posted_at <= _TOGETHER

    async def _kill_unheard(self, exchange: Exchange, _point: Point) -> FaultResponse:
        # The bot dies before the answer leaves, so it never learns that Slack took the message.
        await asyncio.wait({self.kill()})
        return exchange.reset()
