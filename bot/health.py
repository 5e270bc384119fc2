"""Whether the bot can do its work, part by part and honestly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.clock import Clock
from bot.delivery.bells import Bells
from bot.delivery.service import Delivery
from bot.listeners.signatures import Signatures
from bot.sockets import Sockets
from bot.store.database import answers
from bot.store.outbox import State

STALE = timedelta(seconds=30)
OVERDUE = timedelta(minutes=5)


@dataclass(frozen=True)
class Part:
    """One part of the bot. Where an `essential` one is not well, the bot is not ready."""

    name: str
    ok: bool
    detail: str
    essential: bool = True


class Health:
    """Looks at every part when asked. `sockets` are the connections to Slack, where there are to be any."""

    def __init__(
        self,
        engine: AsyncEngine,
        delivery: Delivery,
        bells: Bells,
        sockets: Sockets | None,
        signatures: Signatures,
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._delivery = delivery
        self._bells = bells
        self._sockets = sockets
        self._signatures = signatures
        self._clock = clock

    async def parts(self) -> list[Part]:
        """Every part, the essential ones first."""
        if not await answers(self._engine):
            return [Part("database", ok=False, detail="it does not answer"), self._scheduler(), await self._slack()]
        try:
            outbox = [await self._outbox(), await self._unconfirmed()]
        except SQLAlchemyError as error:
            outbox = [Part("outbox", ok=False, detail=type(error).__name__)]
        database = Part("database", ok=True, detail="it answers")
        signed = [] if self._sockets else [self._signed()]
        parts = [database, self._scheduler(), await self._slack(), *outbox, *signed]
        return [*parts, self._channels(), self._campaign()]

    def _scheduler(self) -> Part:
        ticked = self._bells.ticked_at
        if ticked is None:
            return Part("scheduler", ok=False, detail="it has not started yet")
        age = self._clock.now() - ticked
        return Part("scheduler", ok=age < STALE, detail=f"it ticked {age.total_seconds():.0f} s ago")

    async def _slack(self) -> Part:
        if self._sockets is None:
            return Part("slack", ok=True, detail="events come over HTTP")
        count = await self._sockets.connected()
        detail = "; ".join([f"{count} sockets are connected", *self._sockets.troubles])
        return Part("slack", ok=count > 0, detail=detail)

    def _signed(self) -> Part:
        # Anybody can send what Slack has not signed: that alone must not take the bot out of service.
        trouble = self._signatures.trouble
        detail = trouble or "nothing speaks against SLACK_SIGNING_SECRET"
        return Part("signatures", ok=trouble is None, detail=detail, essential=False)

    async def _outbox(self) -> Part:
        now = self._clock.now()
        count, oldest = await self._delivery.outbox.overdue(now)
        if oldest is None:
            return Part("outbox", ok=True, detail="nothing is overdue")
        age = now - oldest
        detail = f"{count} messages are overdue, the oldest by {age.total_seconds():.0f} s"
        why = await self._delivery.outbox.reasons(State.DUE, State.SENDING)
        return Part("outbox", ok=age < OVERDUE, detail="; ".join([detail, *why]))

    async def _unconfirmed(self) -> Part:
        why = await self._delivery.outbox.reasons(State.UNCONFIRMED)
        detail = "; ".join(why) or "every message that was sent is known to have arrived"
        return Part("confirmations", ok=not why, detail=detail, essential=False)

    def _channels(self) -> Part:
        amiss = self._delivery.channels.renamed | self._delivery.channels.missing
        detail = "; ".join(f"{name}: {reason}" for name, reason in sorted(amiss.items())) or "all are there"
        return Part("channels", ok=not amiss, detail=detail, essential=False)

    def _campaign(self) -> Part:
        problems = self._delivery.edition.problems
        detail = "; ".join(map(str, problems)) or "the files are what is sent"
        return Part("campaign", ok=not problems, detail=detail, essential=False)


def ready(parts: list[Part]) -> bool:
    """Whether every essential part is well."""
    return all(part.ok for part in parts if part.essential)
