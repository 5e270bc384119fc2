"""What keeps the loops from their work, told when it begins and when it ends, however often they try meanwhile."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass

import structlog

from bot.delivery.metrics import Metrics
from bot.logs import place, summary
from bot.store.database import is_away

DATABASE, SLACK, TOKEN = "database", "slack", "token"
"""What can be away: the database, Slack, and Slack's trust in the bot's token."""

log = structlog.get_logger()


class Outages:
    """Every outage and every loop that has met it; it is over when each of them has done its work again.

    A loop that fails without an outage has met a mistake of the program, which is told with its traceback.
    """

    def __init__(self) -> None:
        self._met: dict[str, Counter[str]] = {}
        self._mistakes: dict[str, set[tuple[type[BaseException], str]]] = {}

    def task_failed(self, loop: str, error: Exception) -> None:
        """Note that a loop could not do its work."""
        if is_away(error):
            self.began(DATABASE, loop, summary(error))
            return
        known = self._mistakes.setdefault(loop, set())
        mistake = (type(error), place(error))
        if mistake not in known:
            known.add(mistake)
            reference = uuid.uuid4().hex[:8]
            log.error("a loop failed", action="loop.failed", loop=loop, reference=reference, exc_info=error)

    def task_succeeded(self, loop: str) -> None:
        """Note that a loop has done its work, for which it needs the database."""
        self.ended(DATABASE, loop)
        if self._mistakes.pop(loop, None):
            log.info("a loop works again", action="loop.recovered", loop=loop)

    def began(self, what: str, loop: str, error: str, reason: str = "") -> None:
        """Note that a loop has met an outage."""
        if not self._met.get(what):
            details = {"reason": reason} if reason else {}
            log.error("an outage begins", action="outage.began", what=what, loop=loop, error=error, **details)
        self._met.setdefault(what, Counter())[loop] += 1

    def ended(self, what: str, loop: str) -> None:
        """Note that a loop works where it had met an outage."""
        met = self._met.get(what)
        if not met or loop not in met:
            return
        if met.keys() == {loop}:
            log.info("an outage is over", action="outage.ended", what=what, loop=loop, tries=met[loop])
        del met[loop]


@dataclass(frozen=True)
class Telemetry:
    """What a loop tells of its work: figures for those who watch over the bot, and outages for the log."""

    metrics: Metrics
    outages: Outages
