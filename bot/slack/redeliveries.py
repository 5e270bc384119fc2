"""What Slack delivers more than once is answered as it was the first time, and not done again.

Slack delivers again what it has no acknowledgement of: on another connection of Socket Mode, which may be another
replica's, or as another request. An event has an ID for that. A press, a command and a form have what lets a modal
open, which is theirs alone; that two are the same in every part as well keeps them from being mixed up.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from bot.clock import Clock

MAX_REMEMBERED = 5000
"""Arrivals in mind; a minute of the busiest morning has fewer."""

_ANSWERED_WITHIN, _LOOK = 2.5, 0.01
"""Seconds; Slack waits three."""

log = structlog.get_logger()


def delivery_key(body: Any) -> str | None:
    """What two deliveries of the same arrival have in common, or `None` where nothing would tell."""
    if not isinstance(body, dict):
        return None
    if body.get("event_id"):
        return str(body["event_id"])[:64]
    if not body.get("trigger_id"):
        return None
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


class DuplicateFilter:
    """The arrivals of the last minutes, in memory: both connections of a process are known to it, at no cost.

    Other replicas and restarts are the store's, which is asked where there are any.
    """

    def __init__(self, clock: Clock, kept: timedelta) -> None:
        self._clock = clock
        self._kept = kept
        self._acks: dict[str, tuple[datetime, AsyncAck]] = {}

    async def filter(self, body: Any, ack: AsyncAck, next_: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:
        """Let Bolt go on with what is here for the first time."""
        now, key = self._clock.now(), delivery_key(body)
        if key is None:
            return await next_()
        self._evict(now)
        _, first = self._acks.setdefault(key, (now, ack))
        if first is not ack and (answer := await _answer_of(first)):
            log.info("it has arrived before", action="interaction.redelivered")
            return answer
        # Also where the first was never answered: whatever became of it, nobody has been told.
        return await next_()

    def clear(self) -> None:
        """Keep nothing in mind."""
        self._acks.clear()

    def _evict(self, now: datetime) -> None:
        while self._acks:
            key, (at, _) = next(iter(self._acks.items()))
            if len(self._acks) <= MAX_REMEMBERED and now - at <= self._kept:
                return
            del self._acks[key]


async def _answer_of(ack: AsyncAck) -> BoltResponse | None:
    for _ in range(round(_ANSWERED_WITHIN / _LOOK)):
        if ack.response is not None:
            return ack.response
        await asyncio.sleep(_LOOK)
    return None
