"""Claims due messages and sends each exactly once.

It never sleeps: `step` does all that can be done at this instant, and `wake_at` tells when to call it again. So a
rehearsal can run the same code in virtual time.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.campaign.guesses import ANSWER
from bot.clock import Clock
from bot.database.errors import is_away
from bot.delivery.content import Cancelled, Content, Ready, Waiting
from bot.delivery.outage_log import SLACK, TOKEN, Telemetry
from bot.delivery.rate_limit import MonotonicClock, RateLimiter, ReplicaShare
from bot.delivery.sender import Sender, Thread, is_person
from bot.slack.errors import NETWORK_ERRORS
from bot.slack.send_results import (
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
from bot.store.corrections import CORRECTION
from bot.store.hold_conditions import HELD_FOR, Leaving
from bot.store.outbox import Entry, Room
from bot.store.shared_ideas_and_posts import SHARE_NEWS
from bot.store.store import Store

ASK_AFTER = timedelta(seconds=10)
"""The wait before a message without a clear answer is looked for in Slack: it may still arrive."""

ASK_AGAIN, ASK_ONCE_MORE = timedelta(minutes=5), timedelta(hours=1)
"""The waits before an inconclusive search is repeated: until the deadline of the message, and after it."""

ASK_BARRED = timedelta(minutes=1)
"""The pause after Slack has refused the token, which may become valid again when the app is reinstalled."""

MARGIN = timedelta(minutes=65)
"""The margin by which a search begins before the due instant. Timestamps are Slack's, and this machine's clock
may be an hour ahead, as one that was set to summer time by hand."""

_IN_FLIGHT = 50
_TALK = "talk to Slack"
_SHORTEST, _LONGEST = timedelta(seconds=2), timedelta(seconds=60)

log = structlog.get_logger()


def retry_delay(overdue: timedelta) -> timedelta:
    """Return how long to wait before the next attempt: half of the time since the due instant, within bounds.

    The gaps grow by themselves, without a count of attempts in the database.
    """
    return min(_LONGEST, max(_SHORTEST, overdue / 2))


class Dispatcher:
    """Sends the entries of the outbox.

    `waiting` returns the posts without an approval that they need, each as `post:language`. `on_sent` is called
    whenever a send has ended, so that another can begin.
    """

    def __init__(
        self, store: Store, content: Content, sender: Sender, share: ReplicaShare, clock: Clock, telemetry: Telemetry
    ) -> None:
        self._store = store
        self._content = content
        self._sender = sender
        self._share = share
        self._send_limiter = share.send_limiter
        self._history_limiter = share.history_limiter
        self._clock = clock
        self._metrics, self._outages = telemetry.metrics, telemetry.outages
        self._steady = MonotonicClock()
        self._began = clock.now()
        self._flights: dict[asyncio.Task[None], str] = {}
        self._stopping = False
        self.on_sent: Callable[[], None] = lambda: None
        self.waiting: Callable[[], frozenset[str]] = frozenset

    async def step(self) -> None:
        """Do everything that can be done at this instant.

        1. Send what is due, as far as the rate limit allows.
        2. Skip what is too late.
        3. Reclaim what dead processes left, and look up what is unclear.
        """
        if self._stopping:
            return
        now = self._clock.now()
        room = Room(
            sends=self._available(self._send_limiter, now),
            lookups=self._available(self._history_limiter, now),
            together=_IN_FLIGHT - len(self._flights),
        )
        busy = self._send_limiter.busy_until(self._steady.at(now))
        taken = await self._store.write(self._store.outbox.take, now, room, busy, self._share.living, self.waiting())
        for entry in taken.due:
            await self._send_or_wait(entry, now)
        for entry in taken.unclear:
            # A clock that was set forward ends leases early, while Slack's answer is still to come.
            if entry.id not in self._flights.values():
                self._history_limiter.consume(entry.slot.recipient, self._steady.at(now))
                self._launch(self._ask(entry), entry)

    def _available(self, limiter: RateLimiter, now: datetime) -> int:
        is_held = limiter.paused_until is not None and now < limiter.paused_until
        return 0 if is_held else limiter.available(self._steady.at(now))

    async def _send_or_wait(self, entry: Entry, now: datetime) -> None:
        steady = self._steady.at(now)
        free_at = self._send_limiter.busy_until(steady).get(entry.slot.recipient)
        # Several claimed entries may be for one recipient, and claiming only knew those before.
        if free_at:
            wait = free_at - steady
            await self._store.write(
                self._store.outbox.release, entry.id, now + wait, "one message a second for each channel"
            )
            return
        self._send_limiter.consume(entry.slot.recipient, steady)
        self._launch(self._send(entry), entry)

    async def wake_at(self) -> datetime | None:
        """Return when `step` should be called again, or None if nothing is coming."""
        attention = await self._store.read(self._store.outbox.next_attempts, self._share.living, self.waiting())
        if self._stopping:
            return None
        now = self._clock.now()
        wanted = ((attention.due, self._send_limiter), (attention.unclear, self._history_limiter))
        return min((at if at > now else self._ready_at(limiter, now) for at, limiter in wanted if at), default=None)

    def _ready_at(self, limiter: RateLimiter, now: datetime) -> datetime:
        steady = self._steady.at(now)
        ready = now + (limiter.ready_at(steady) - steady)
        return max(ready, limiter.paused_until or ready)

    @property
    def tasks(self) -> set[asyncio.Task[None]]:
        """The sends and searches that are in progress."""
        return set(self._flights)

    async def stop(self, within_seconds: float) -> None:
        """Claim nothing more, and let requests finish. Those that do not are looked up after the next start."""
        self._stopping = True
        if self._flights:
            await asyncio.wait(self._flights, timeout=within_seconds)
        for flight in self._flights:
            flight.cancel()

    def _launch(self, work: Coroutine[Any, Any, None], entry: Entry) -> None:
        flight = asyncio.create_task(self._guard(work, entry))
        self._flights[flight] = entry.id
        flight.add_done_callback(self._land)

    def _land(self, flight: asyncio.Task[None]) -> None:
        self._flights.pop(flight)
        self.on_sent()

    async def _guard(self, work: Coroutine[Any, Any, None], entry: Entry) -> None:
        """Log an unforeseen error instead of stopping the others. The entry is looked up when its lease has expired."""
        try:
            await work
        except Exception as error:
            if is_away(error):
                # Logged once as an outage, rather than with a traceback for each of up to fifty sends.
                self._outages.task_failed("dispatch", error)
                return
            log.exception("a send broke off", action="send.crashed", reference=uuid.uuid4().hex[:8], key=entry.label)

    async def _send(self, entry: Entry) -> None:
        match await self._content.of(entry.slot, self._clock.now()):
            case Cancelled(reason):
                await self._store.write(self._store.outbox.mark_cancelled, entry.id, reason)
                log.info("not sent after all", action="send.cancelled", key=entry.label, reason=reason)
            case Waiting(reason):
                log.debug("it has to wait", action="send.waiting", key=entry.label, reason=reason)
                await self._store.write(self._store.outbox.release, entry.id, self._next_try(entry), reason)
            # Recording the channel comes last before the request: without one, an entry was certainly not posted.
            case Ready() as ready:
                if not await self._stands(entry, ready.channel) and await self._may_leave(
                    entry, ready.channel, ready.words
                ):
                    await self._record(entry, await self._leave(entry, ready))

    async def _leave(self, entry: Entry, ready: Ready) -> SendResult:
        channel, message = ready.channel, ready.message
        if ready.corrects:
            return await self._sender.correct(channel, ready.corrects, message, entry.id)
        if ready.replies_to:
            thread = Thread(ready.replies_to, is_broadcast=ready.is_broadcast)
            return await self._sender.reply(channel, thread, message, entry.id)
        return await self._sender.post(channel, message, entry.id)

    async def _may_leave(self, entry: Entry, channel: str, words: Leaving | None) -> bool:
        """Ask in the statement that marks a message as leaving whether an organiser holds it."""
        again = self._clock.now() + HELD_FOR
        leaves = await self._store.write(self._store.leave, entry, channel, words, again)
        if not leaves:
            self._send_limiter.refund()
            log.info("it may not leave now", action="send.held", key=entry.label)
        return leaves

    async def _stands(self, entry: Entry, channel: str) -> bool:
        """Return True if a message is not to be posted now: it is in the channel already, or that cannot be told yet.

        A message that was due before this process started may have been sent before the database was lost or restored
        from a backup. Searching costs a request, so direct messages, of which there may be thousands, are not searched.
        """
        if entry.slot.due_at >= self._began or is_person(channel):
            return False
        now = self._clock.now()
        self._history_limiter.consume(channel, self._steady.at(now))
        match await self._look(entry, channel):
            case Posted() as found:
                await self._arrived(entry, found)
                log.warning("it was there already", action="send.found", key=entry.label)
            case RateLimited(seconds):
                await self._store.write(
                    self._store.outbox.release, entry.id, now + timedelta(seconds=seconds), "Slack asked to wait"
                )
            case Retryable(word):
                await self._store.write(self._store.outbox.release, entry.id, self._next_try(entry), word)
            case _:
                return False
        # Nothing was posted, so the rate limit has room for another message.
        self._send_limiter.refund()
        return True

    async def _look(self, entry: Entry, channel: str) -> Posted | NotFound | RateLimited | Retryable | Unknown:
        if entry.slot.kind == CORRECTION:
            # In its place it is simply made again; only a reply must not be repeated.
            of = await self._store.read(self._store.outbox.entry, entry.slot.recipient)
            return await self._sender.find_reply(channel, of.ts, entry.id) if of and of.ts else NotFound()
        if entry.slot.kind in {SHARE_NEWS, ANSWER}:
            above = await self._content.message_above(entry.slot)
            return await self._sender.find_reply(channel, above.ts, entry.id) if above and above.ts else NotFound()
        return await self._sender.find(channel, entry.id, entry.slot.due_at - MARGIN)

    async def _arrived(self, entry: Entry, posted: Posted) -> None:
        # What was corrected in its place keeps the timestamp of when it was posted.
        at = self._clock.now() if entry.slot.kind == CORRECTION else posted.at
        await self._store.write(self._store.arrived, entry, posted.channel, posted.ts, at)
        self._metrics.sent(entry.slot.kind, at - entry.slot.due_at)
        self._outages.ended(SLACK, _TALK)
        self._outages.ended(TOKEN, _TALK)

    def _note_wait(self, now: datetime, seconds: int) -> None:
        """Log a rate limit once, although Slack answers every request in progress with it."""
        if self._send_limiter.paused_until is None or self._send_limiter.paused_until <= now:
            log.warning("Slack asked to wait", action="send.rate_limited", seconds=seconds)

    def _note_delay(self, entry: Entry, word: str) -> None:
        """Report an outage if Slack is unreachable, or the one message if Slack answered."""
        if word == UNREACHABLE or word.partition(":")[0] in NETWORK_ERRORS:
            self._outages.began(SLACK, _TALK, word)
        elif entry.reason != word:
            log.warning("Slack refused for now", action="send.delayed", key=entry.label, reason=word)

    async def _record(self, entry: Entry, verdict: SendResult) -> None:
        now = self._clock.now()
        match verdict:
            case Posted():
                await self._arrived(entry, verdict)
                log.info("sent", action="send.sent", key=entry.label, late=_seconds_late(entry, verdict))
            case RateLimited(seconds):
                until = now + timedelta(seconds=seconds)
                self._note_wait(now, seconds)
                self._send_limiter.pause_until(until)
                self._send_limiter.refund()
                await self._store.write(self._store.outbox.release, entry.id, until, "Slack asked to wait")
                self._metrics.refused("ratelimited")
            case Rejected(word, reason):
                await self._store.write(self._store.outbox.mark_failed, entry.id, reason)
                self._metrics.refused(word)
                log.error("Slack refused for good", action="send.failed", key=entry.label, reason=reason)
            case TokenRevoked(word, reason):
                self._send_limiter.pause_until(now + ASK_BARRED)
                self._send_limiter.refund()
                await self._store.write(self._store.outbox.release, entry.id, now + ASK_BARRED, reason)
                self._metrics.refused(word)
                self._outages.began(TOKEN, _TALK, word, reason)
            case Retryable(word):
                await self._store.write(self._store.outbox.release, entry.id, self._next_try(entry), word)
                self._metrics.refused(word)
                self._note_delay(entry, word)
            case Unknown(word):
                # Not released: the message may have been posted, and posting it again would show it twice.
                await self._store.write(
                    self._store.outbox.mark_unknown, entry.id, now + ASK_AFTER, f"no clear answer ({word})"
                )
                self._metrics.refused(word)
                self._outages.began(SLACK, _TALK, word)
                log.debug("no clear answer", action="send.unknown", key=entry.label, reason=word)

    def _next_try(self, entry: Entry) -> datetime:
        now = self._clock.now()
        return now + retry_delay(now - entry.slot.due_at)

    async def _ask(self, entry: Entry) -> None:
        """Look for a message that may have been posted. Only if it certainly was not, it is sent again."""
        now = self._clock.now()
        found = await self._look(entry, entry.channel) if entry.channel else NotFound()
        match found:
            case Posted():
                await self._arrived(entry, found)
                log.info("it had arrived", action="lookup.found", key=entry.label)
            case NotFound():
                await self._store.write(self._store.outbox.release, entry.id, now, "it had not arrived")
                log.info("it had not arrived", action="lookup.not_found", key=entry.label)
            case RateLimited(seconds):
                self._history_limiter.pause_until(now + timedelta(seconds=seconds))
                await self._store.write(
                    self._store.outbox.mark_unknown, entry.id, now + timedelta(seconds=seconds), "Slack asked to wait"
                )
            case Retryable(word):
                await self._store.write(
                    self._store.outbox.mark_unknown,
                    entry.id,
                    self._next_try(entry),
                    f"Slack could not be asked ({word})",
                )
                self._outages.began(SLACK, _TALK, word)
                log.debug("Slack could not be asked", action="lookup.delayed", key=entry.label, reason=word)
            case Unknown(word):
                reason = f"cannot tell whether it was posted: {word}"
                again = ASK_AGAIN if now < entry.slot.expires_at else ASK_ONCE_MORE
                await self._store.write(self._store.outbox.mark_unconfirmed, entry.id, now + again, reason)
                if reason != entry.reason:
                    log.error("cannot tell", action="lookup.unconfirmed", key=entry.label, reason=word)


def _seconds_late(entry: Entry, posted: Posted) -> float:
    # Slack's clock may be a moment behind this machine's.
    return max(0.0, round((posted.at - entry.slot.due_at).total_seconds(), 3))
