"""Claims what is due and sends it, once.

It never sleeps: `step` does all that can be done at this instant, and `wake_at` says when to come back. That makes a
week in the rehearsal the same work as a week in a year.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.clock import Clock
from bot.delivery.content import Cancelled, Content, Waiting
from bot.delivery.outages import SLACK, TOKEN, Telemetry
from bot.delivery.rate_limit import MonotonicClock, RateLimiter, ReplicaShare
from bot.delivery.sender import Sender, is_person
from bot.slack.errors import NETWORK_ERRORS
from bot.slack.results import (
    UNREACHABLE,
    NotFound,
    Posted,
    RateLimited,
    Rejected,
    Retryable,
    SendResult,
    TokenRevoked,
    Unknown,
)
from bot.store.database import is_away
from bot.store.outbox import Entry, Outbox

ASK_AFTER = timedelta(seconds=10)
"""How long a message without a clear answer is left alone before Slack's history is asked: it may still arrive."""

ASK_AGAIN, ASK_ONCE_MORE = timedelta(minutes=5), timedelta(hours=1)
"""How long after Slack could not tell it is asked again: while the message may still be sent, and after that."""

ASK_BARRED = timedelta(minutes=1)
"""How long nothing is sent after Slack has refused the token: it may be valid again, as after the app was installed
anew, or there may be another one after a restart."""

MARGIN = timedelta(minutes=65)
"""How far before its due instant a message is looked for, in case ours goes wrong by an hour, as clocks do that are set
to summer time by hand: Slack has its own."""

_IN_FLIGHT = 50
_TALK = "talk to Slack"
_SHORTEST, _LONGEST = timedelta(seconds=2), timedelta(seconds=60)

log = structlog.get_logger()


def retry_delay(overdue: timedelta) -> timedelta:
    """How long to wait before the next try: half of the time already waited, so that the gaps grow by themselves."""
    return min(_LONGEST, max(_SHORTEST, overdue / 2))


class Dispatcher:
    """Sends what the outbox holds. `landed` is called whenever a send has ended, so that the next can be planned."""

    def __init__(
        self, outbox: Outbox, content: Content, poster: Sender, fleet: ReplicaShare, clock: Clock, telemetry: Telemetry
    ) -> None:
        self._outbox = outbox
        self._content = content
        self._poster = poster
        self._fleet = fleet
        self._pace = fleet.send_limiter
        self._questions = fleet.history_limiter
        self._clock = clock
        self._metrics, self._outages = telemetry.metrics, telemetry.outages
        self._steady = MonotonicClock()
        self._began = clock.now()
        self._flights: dict[asyncio.Task[None], str] = {}
        self._stopping = False
        self.on_sent: Callable[[], None] = lambda: None

    async def step(self) -> None:
        """Send what is due, as far as the pace allows, give up what is too late, and ask about what is unclear."""
        if self._stopping:
            return
        now = self._clock.now()
        if room := min(self._room(self._pace, now), self._space()):
            for row in await self._outbox.claim(now, room, self._pace.busy_until(self._steady.at(now))):
                await self._send_or_wait(row, now)
        await self._outbox.skip_expired(now)
        await self._outbox.reclaim_expired(now, self._fleet.living)
        if questions := min(self._room(self._questions, now), self._space()):
            for row in await self._outbox.claim_unclear(now, questions):
                # A clock that was set forward ends leases whose holder is about to have an answer.
                if row.id not in self._flights.values():
                    self._questions.consume(row.slot.recipient, self._steady.at(now))
                    self._launch(self._ask(row), row)

    def _room(self, pace: RateLimiter, now: datetime) -> int:
        is_held = pace.paused_until is not None and now < pace.paused_until
        return 0 if is_held else pace.available(self._steady.at(now))

    async def _send_or_wait(self, row: Entry, now: datetime) -> None:
        steady = self._steady.at(now)
        free_at = self._pace.busy_until(steady).get(row.slot.recipient)
        if free_at:
            wait = free_at - steady
            await self._outbox.release(row.id, now + wait, "one message a second for each channel")
            return
        self._pace.consume(row.slot.recipient, steady)
        self._launch(self._send(row), row)

    async def wake_at(self) -> datetime | None:
        """When `step` should be called again, or `None` when nothing waits."""
        attention = await self._outbox.next_attempts(self._fleet.living)
        if self._stopping:
            return None
        now = self._clock.now()
        wanted = ((attention.due, self._pace), (attention.unclear, self._questions))
        return min((at if at > now else self._ready_at(pace, now) for at, pace in wanted if at), default=None)

    def _ready_at(self, pace: RateLimiter, now: datetime) -> datetime:
        steady = self._steady.at(now)
        ready = now + (pace.ready_at(steady) - steady)
        return max(ready, pace.paused_until or ready)

    @property
    def tasks(self) -> set[asyncio.Task[None]]:
        """What is in flight."""
        return set(self._flights)

    async def stop(self, within_seconds: float) -> None:
        """Claim nothing more and let what is in flight finish; what cannot is asked about after the next start."""
        self._stopping = True
        if self._flights:
            await asyncio.wait(self._flights, timeout=within_seconds)
        for flight in self._flights:
            flight.cancel()

    def _space(self) -> int:
        return _IN_FLIGHT - len(self._flights)

    def _launch(self, work: Coroutine[Any, Any, None], row: Entry) -> None:
        flight = asyncio.create_task(self._guard(work, row))
        self._flights[flight] = row.id
        flight.add_done_callback(self._land)

    def _land(self, flight: asyncio.Task[None]) -> None:
        self._flights.pop(flight)
        self.on_sent()

    async def _guard(self, work: Coroutine[Any, Any, None], row: Entry) -> None:
        """The edge: what nobody foresaw must not stop the others. The row's lease runs out, and it is asked about."""
        try:
            await work
        except Exception as error:
            if is_away(error):
                self._outages.task_failed("dispatch", error)
                return
            log.exception("a send broke off", action="send.crashed", reference=uuid.uuid4().hex[:8], key=row.label)

    async def _send(self, row: Entry) -> None:
        match await self._content.of(row.slot, self._clock.now()):
            case Cancelled(reason):
                await self._outbox.mark_cancelled(row.id, reason)
                log.info("not sent after all", action="send.cancelled", key=row.label, reason=reason)
            case Waiting(reason):
                log.debug("it has to wait", action="send.waiting", key=row.label, reason=reason)
                await self._outbox.release(row.id, self._next_try(row), reason)
            case (channel, message):
                if not await self._stands(row, channel) and await self._outbox.mark_posting(row.id, channel):
                    await self._record(row, await self._poster.post(channel, message, row.id))

    async def _stands(self, row: Entry, channel: str) -> bool:
        """Whether it is not to be posted now, because the channel has it, or cannot be looked at yet.

        What was due before this process began may have been sent by one whose database was lost, or has been restored
        from a copy since. To look costs a question, so direct messages, of which there may be thousands, go unasked.
        """
        if row.slot.due_at >= self._began or is_person(channel):
            return False
        now = self._clock.now()
        self._questions.consume(channel, self._steady.at(now))
        match await self._look(row, channel):
            case Posted() as found:
                await self._arrived(row, found)
                log.warning("it was there already", action="send.found", key=row.label)
            case RateLimited(seconds):
                await self._outbox.release(row.id, now + timedelta(seconds=seconds), "Slack asked to wait")
            case Retryable(word):
                await self._outbox.release(row.id, self._next_try(row), word)
            case _:
                return False
        self._pace.refund()
        return True

    async def _look(self, row: Entry, channel: str) -> Posted | NotFound | RateLimited | Retryable | Unknown:
        return await self._poster.find(channel, row.id, row.slot.due_at - MARGIN)

    async def _arrived(self, row: Entry, posted: Posted) -> None:
        await self._outbox.mark_sent(row.id, posted.channel, posted.ts, posted.at)
        self._metrics.sent(row.slot.kind, posted.at - row.slot.due_at)
        self._outages.ended(SLACK, _TALK)
        self._outages.ended(TOKEN, _TALK)

    def _note_wait(self, now: datetime, seconds: int) -> None:
        """Slack says it to each of those that are on their way; one line is enough."""
        if self._pace.paused_until is None or self._pace.paused_until <= now:
            log.warning("Slack asked to wait", action="send.rate_limited", seconds=seconds)

    def _note_delay(self, row: Entry, word: str) -> None:
        """Where Slack is away, all rows have to wait; where it answers, it is about this one."""
        if word == UNREACHABLE or word.partition(":")[0] in NETWORK_ERRORS:
            self._outages.began(SLACK, _TALK, word)
        elif row.reason != word:
            log.warning("Slack refused for now", action="send.delayed", key=row.label, reason=word)

    async def _record(self, row: Entry, verdict: SendResult) -> None:
        now = self._clock.now()
        match verdict:
            case Posted():
                await self._arrived(row, verdict)
                log.info("sent", action="send.sent", key=row.label, late=_seconds_late(row, verdict))
            case RateLimited(seconds):
                until = now + timedelta(seconds=seconds)
                self._note_wait(now, seconds)
                self._pace.pause_until(until)
                self._pace.refund()
                await self._outbox.release(row.id, until, "Slack asked to wait")
                self._metrics.refused("ratelimited")
            case Rejected(word, reason):
                await self._outbox.mark_failed(row.id, reason)
                self._metrics.refused(word)
                log.error("Slack refused for good", action="send.failed", key=row.label, reason=reason)
            case TokenRevoked(word, reason):
                self._pace.pause_until(now + ASK_BARRED)
                self._pace.refund()
                await self._outbox.release(row.id, now + ASK_BARRED, reason)
                self._metrics.refused(word)
                self._outages.began(TOKEN, _TALK, word, reason)
            case Retryable(word):
                await self._outbox.release(row.id, self._next_try(row), word)
                self._metrics.refused(word)
                self._note_delay(row, word)
            case Unknown(word):
                await self._outbox.mark_unknown(row.id, now + ASK_AFTER, f"no clear answer ({word})")
                self._metrics.refused(word)
                self._outages.began(SLACK, _TALK, word)
                log.debug("no clear answer", action="send.unknown", key=row.label, reason=word)

    def _next_try(self, row: Entry) -> datetime:
        now = self._clock.now()
        return now + retry_delay(now - row.slot.due_at)

    async def _ask(self, row: Entry) -> None:
        """Look for a message that may have been posted; only when it certainly was not may it be sent again."""
        now = self._clock.now()
        found = await self._look(row, row.channel) if row.channel else NotFound()
        match found:
            case Posted():
                await self._arrived(row, found)
                log.info("it had arrived", action="lookup.found", key=row.label)
            case NotFound():
                await self._outbox.release(row.id, now, "it had not arrived")
                log.info("it had not arrived", action="lookup.not_found", key=row.label)
            case RateLimited(seconds):
                self._questions.pause_until(now + timedelta(seconds=seconds))
                await self._outbox.mark_unknown(row.id, now + timedelta(seconds=seconds), "Slack asked to wait")
            case Retryable(word):
                await self._outbox.mark_unknown(row.id, self._next_try(row), f"Slack could not be asked ({word})")
                self._outages.began(SLACK, _TALK, word)
                log.debug("Slack could not be asked", action="lookup.delayed", key=row.label, reason=word)
            case Unknown(word):
                reason = f"cannot tell whether it was posted: {word}"
                again = ASK_AGAIN if now < row.slot.expires_at else ASK_ONCE_MORE
                await self._outbox.mark_unconfirmed(row.id, now + again, reason)
                if reason != row.reason:
                    log.error("cannot tell", action="lookup.unconfirmed", key=row.label, reason=word)


def _seconds_late(row: Entry, posted: Posted) -> float:
    # Slack's clock may be a moment behind ours.
    return max(0.0, round((posted.at - row.slot.due_at).total_seconds(), 3))
