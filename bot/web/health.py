"""Readiness of the bot, part by part."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.database.errors import failure_of
from bot.delivery.delivery_loop import Delivery
from bot.delivery.metrics import Seen
from bot.delivery.scheduler import Scheduler
from bot.reports.held_messages import is_holding, sentences
from bot.slack.signature_log import SignatureLog
from bot.slack.socket_mode import SocketMode
from bot.store.outbox_backlog import Backlog, read_backlog
from bot.store.store import Store

STALE = timedelta(seconds=30)
OVERDUE = timedelta(minutes=5)

TIMEOUT = 2.5
"""Seconds for the database; the probe gives up after four."""

_STOP_TIMEOUT = 1.0
_TURN = "they leave one after the other, as many a minute as EARTHWEEK_MESSAGES_PER_MINUTE says"


@dataclass(frozen=True)
class HealthCheck:
    """The state of one part of the bot. Unless every `essential` one is well, the bot is not ready."""

    name: str
    ok: bool
    detail: str
    essential: bool = True


@dataclass(frozen=True)
class HealthReport:
    """The state of every part, and of the outbox if the database has answered."""

    parts: list[HealthCheck]
    backlog: Backlog | None

    @property
    def is_ready(self) -> bool:
        """True if every essential part is well."""
        return all(part.ok for part in self.parts if part.essential)


class Health:
    """Checks every part when asked, and answers soon even where a part does not.

    `sockets` is None where events come over HTTP.
    """

    def __init__(
        self,
        store: Store,
        delivery: Delivery,
        scheduler: Scheduler,
        sockets: SocketMode | None,
        signatures: SignatureLog,
        clock: Clock,
    ) -> None:
        self._store = store
        self._delivery = delivery
        self._scheduler = scheduler
        self._socket_mode = sockets
        self._signature_log = signatures
        self._clock = clock
        self._reading: asyncio.Task[Backlog] | None = None

    async def report(self) -> HealthReport:
        """Check every part, the essential ones first."""
        found = await self._read()
        backlog = None if isinstance(found, str) else found
        database = HealthCheck(
            "database", ok=bool(backlog), detail=found if isinstance(found, str) else "it takes writes"
        )
        parts = [database, self._ticks(), await self._slack()]
        if backlog:
            parts += [self._outbox(backlog), _failures(backlog), _unconfirmed(backlog)]
        if self._socket_mode is None:
            parts.append(self._signature_check())
        return HealthReport([*parts, self._channels(), self._campaign(), self._organisers()], backlog)

    async def seen(self) -> Seen:
        """Check every part, for metrics."""
        report = await self.report()
        return Seen(
            is_ready=report.is_ready,
            parts={part.name: part.ok for part in report.parts},
            now=self._clock.now(),
            backlog=report.backlog,
            reports_outbox=self._delivery.replica_share.is_first,
            ticked_at=self._scheduler.ticked_at,
            is_token_refused=self._delivery.token_check.is_refused,
            unsigned={} if self._socket_mode else {str(flaw): n for flaw, n in self._signature_log.totals.items()},
        )

    async def stop(self) -> None:
        """Stop asking the database."""
        if self._reading:
            await asyncio.wait({self._reading}, timeout=_STOP_TIMEOUT)
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self) -> Backlog | str:
        """Return the state of the outbox, or why it is not known.

        While the database does not answer, all callers wait for the same query.
        """
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(
                self._store.database.check(
                    read_backlog, self._store.outbox, self._clock.now(), self._delivery.live.waiting
                )
            )
            # Its exception is retrieved also where every caller has given up.
            self._reading.add_done_callback(lambda task: task.cancelled() or task.exception())
        reading = self._reading
        done, _ = await asyncio.wait({reading}, timeout=TIMEOUT)
        if not done:
            return f"it does not answer within {TIMEOUT:.0f} seconds; look whether it runs, and what holds it up"
        try:
            return reading.result()
        except (SQLAlchemyError, OSError) as error:
            return str(failure_of(error))

    def _ticks(self) -> HealthCheck:
        # A scheduler that hangs keeps its task alive, so only the age of its last tick tells.
        ticked = self._scheduler.ticked_at
        if ticked is None:
            return HealthCheck("scheduler", ok=False, detail="it has not started yet, and waits for database and Slack")
        age = self._clock.now() - ticked
        return HealthCheck("scheduler", ok=age < STALE, detail=f"it ticked {age.total_seconds():.0f} s ago")

    async def _slack(self) -> HealthCheck:
        trouble = self._delivery.token_check.problem
        if self._socket_mode is None:
            return HealthCheck(
                "slack", ok=not trouble, detail=trouble or "events come over HTTP, and Slack takes the token"
            )
        # Counted, since a process can be connected to nothing and still look alive: Slack would reach nobody.
        count = await self._socket_mode.open_connections()
        said = filter(None, [f"{count} sockets are connected", *self._socket_mode.problems, trouble])
        return HealthCheck("slack", ok=count > 0 and not trouble, detail="; ".join(said))

    def _signature_check(self) -> HealthCheck:
        # Anybody can send requests without a valid signature: that must not take the bot out of service.
        trouble = self._signature_log.problem
        detail = trouble or "nothing speaks against SLACK_SIGNING_SECRET"
        return HealthCheck("signatures", ok=trouble is None, detail=detail, essential=False)

    def _outbox(self, backlog: Backlog) -> HealthCheck:
        if backlog.oldest is None:
            return HealthCheck("outbox", ok=True, detail="nothing is overdue")
        now = self._clock.now()
        age = now - backlog.oldest
        detail = f"{backlog.overdue} messages are overdue, the oldest by {age.total_seconds():.0f} s"
        ok = backlog.stuck is None or now - backlog.stuck < OVERDUE
        turn = [_TURN] if ok and age >= OVERDUE else []
        return HealthCheck("outbox", ok=ok, detail="; ".join([detail, *turn, *backlog.waiting]))

    def _channels(self) -> HealthCheck:
        amiss = self._delivery.channels.renamed | self._delivery.channels.missing
        detail = "; ".join(f"{name}: {reason}" for name, reason in sorted(amiss.items())) or "all are there"
        # Not essential: a restart would not bring a channel back, and all other posts go out.
        return HealthCheck("channels", ok=not amiss, detail=detail, essential=False)

    def _campaign(self) -> HealthCheck:
        problems = self._delivery.live.problems
        detail = "; ".join(map(str, problems)) or "the files are what is sent"
        # Not essential: with errors in its files, the bot goes on with the last campaign that was good.
        return HealthCheck("campaign", ok=not problems, detail=detail, essential=False)

    def _organisers(self) -> HealthCheck:
        live = self._delivery.live
        detail = "; ".join(sentences(live.campaign, live.decisions)) or "nothing is paused or without an approval"
        # Not essential: a restart changes nothing about it, and what is held is held on purpose.
        ok = not is_holding(live.campaign, live.decisions)
        return HealthCheck("organisers", ok=ok, detail=detail, essential=False)


def _failures(backlog: Backlog) -> HealthCheck:
    """Check for messages that Slack has refused. It is essential where nothing has been sent since."""
    failed = backlog.failed
    if not failed.count:
        return HealthCheck("failures", ok=True, detail="Slack has refused nothing for good", essential=False)
    detail = f"{failed.count} messages were refused for good; mend it and restart the bot, then they are tried again"
    return HealthCheck(
        "failures", ok=False, detail="; ".join([detail, *failed.reasons]), essential=not failed.is_anything_sent
    )


def _unconfirmed(backlog: Backlog) -> HealthCheck:
    why = backlog.unconfirmed
    detail = "; ".join(why) or "every message that was sent is known to have arrived"
    return HealthCheck("confirmations", ok=not why, detail=detail, essential=False)
