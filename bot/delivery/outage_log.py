"""Logs outages when they begin and when they end, however often loops fail in between."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass

import structlog

from bot.database.errors import is_away
from bot.delivery.metrics import Metrics
from bot.logs import place, summary

DATABASE, SLACK, TOKEN = "database", "slack", "token"
"""The kinds of outages: the database, Slack, and a bot token that Slack refuses."""

log = structlog.get_logger()


class Outages:
    """Tracks which loops an outage affects. It is over when each of them has succeeded again.

    A loop that fails without an outage has hit a bug, which is logged with its traceback.
    """

    def __init__(self) -> None:
        self._met: dict[str, Counter[str]] = {}
        self._mistakes: dict[str, set[tuple[type[BaseException], str]]] = {}

    def task_failed(self, loop: str, error: Exception) -> None:
        """Record that a loop has failed."""
        if is_away(error):
            self.began(DATABASE, loop, summary(error))
            return
        known = self._mistakes.setdefault(loop, set())
        # The same bug at the same place is logged once, since a loop may retry it every few seconds.
        mistake = (type(error), place(error))
        if mistake not in known:
            known.add(mistake)
            reference = uuid.uuid4().hex[:8]
            log.error("a loop failed", action="loop.failed", loop=loop, reference=reference, exc_info=error)

    def task_succeeded(self, loop: str) -> None:
        """Record that a loop has succeeded, which takes the database."""
        self.ended(DATABASE, loop)
        if self._mistakes.pop(loop, None):
            log.info("a loop works again", action="loop.recovered", loop=loop)

    def began(self, what: str, loop: str, error: str, reason: str = "") -> None:
        """Record that an outage affects a loop."""
        if not self._met.get(what):
            details = {"reason": reason} if reason else {}
            log.error("an outage begins", action="outage.began", what=what, loop=loop, error=error, **details)
        self._met.setdefault(what, Counter())[loop] += 1

    def ended(self, what: str, loop: str) -> None:
        """Record that an outage no longer affects a loop."""
        met = self._met.get(what)
        if not met or loop not in met:
            return
        # The last affected loop: until it works again, the outage may be only partly over.
        if met.keys() == {loop}:
            log.info("an outage is over", action="outage.ended", what=what, loop=loop, tries=met[loop])
        del met[loop]


@dataclass(frozen=True)
class Telemetry:
    """The means by which a loop reports on its work: metrics, and outages."""

    metrics: Metrics
    outages: Outages
