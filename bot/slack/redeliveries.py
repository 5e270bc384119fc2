"""Answer what Slack delivers more than once as the first time, and do nothing again.

Slack delivers again what has not been acknowledged: on another connection of Socket Mode, which may be another
replica's, or as another request. An event has an ID to tell. An action, a command and a submission have a trigger ID of
their own; the whole body is compared as well, so that nothing else is ever taken for a redelivery.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from bot.clock import Clock

MAX_REMEMBERED = 5000
"""Deliveries; a minute of the busiest morning has fewer."""

_ANSWERED_WITHIN = 2.5
"""Seconds; Slack waits for three."""

log = structlog.get_logger()


def delivery_key(body: Any) -> str | None:
    """Return what all deliveries of the same thing have in common, or `None` where nothing does."""
    if not isinstance(body, dict):
        return None
    if body.get("event_id"):
        # The width of the column in which seen events are kept.
        return str(body["event_id"])[:64]
    # Without a trigger ID, two equal payloads may be two presses.
    if not body.get("trigger_id"):
        return None
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


class _Acknowledgement(AsyncAck):
    """An acknowledgement that another delivery of the same thing can wait for."""

    def __init__(self) -> None:
        self.is_given = asyncio.Event()
        self._response: BoltResponse | None = None
        super().__init__()  # type: ignore[no-untyped-call]

    # Bolt's own is a plain attribute, which Bolt sets for an acknowledgement and, with 500, for a listener that failed.
    @property
    def response(self) -> BoltResponse | None:
        """The answer, once there is one."""
        return self._response

    @response.setter
    def response(self, response: BoltResponse | None) -> None:
        self._response = response
        if response is not None:
            self.is_given.set()

    async def answer(self, within_seconds: float) -> BoltResponse | None:
        """Wait for the answer. Returns `None` if there is none in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_seconds):
                await self.is_given.wait()
        return self._response


class DuplicateFilter:
    """Remembers the deliveries of the last minutes, in memory: on both connections of this process, at no cost.

    What other replicas have received, or this one before a restart, is in the database (`store.seen_events`).
    """

    def __init__(self, clock: Clock, kept: timedelta) -> None:
        self._clock = clock
        self._kept = kept
        self._acks: dict[str, tuple[datetime, _Acknowledgement]] = {}

    async def filter(
        self, body: Any, context: MutableMapping[str, Any], next_: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        """Pass on what comes for the first time, as a middleware of Bolt."""
        now, key = self._clock.now(), delivery_key(body)
        if key is None:
            return await next_()
        self._evict(now)
        # Bolt hands listeners the acknowledgement that it finds here.
        ack = context["ack"] = _Acknowledgement()
        # No await between looking and storing, so two deliveries at once cannot both be the first.
        _, first = self._acks.setdefault(key, (now, ack))
        if first is not ack and (answer := await first.answer(_ANSWERED_WITHIN)):
            log.info("Slack has delivered it before", action="interaction.redelivered")
            return answer
        # Also where the first was never answered: whatever became of it, nobody has seen an answer.
        return await next_()

    def clear(self) -> None:
        """Forget everything."""
        self._acks.clear()

    def _evict(self, now: datetime) -> None:
        while self._acks:
            key, (at, _) = next(iter(self._acks.items()))
            # Dictionaries keep the order of insertion: once the oldest entry may stay, all may.
            if len(self._acks) <= MAX_REMEMBERED and now - at <= self._kept:
                return
            del self._acks[key]
