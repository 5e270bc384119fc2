"""A regular check of the bot's token, so that operators learn of a refusal even while nothing is due."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.clock import Clock
from bot.delivery.outage_log import SLACK, TOKEN, Outages
from bot.slack.errors import NETWORK_ERRORS, PERMANENT, RATE_LIMITED, SLACK_ERRORS, error_code, explain
from bot.slack.installation import Installation

CHECK_EVERY = timedelta(minutes=2)
RETRY_AFTER = timedelta(seconds=30)
"""The interval while Slack refuses the token, or does not answer."""

_LOOP = "token check"
_HARMLESS = RATE_LIMITED | {"", "http_429"}
"""Error codes that say nothing about the token, and the empty string for no error."""


class TokenCheck:
    """Checks the token with Slack. `problem` is a sentence for operators, or empty while all is well."""

    def __init__(self, installation: Installation, clock: Clock, outages: Outages) -> None:
        self._installation = installation
        self._clock = clock
        self._outages = outages
        self._checked_at: datetime | None = None
        self.is_refused = False
        self.problem = ""

    async def check(self) -> str:
        """Check now. Returns Slack's error code, or an empty string."""
        self._checked_at = self._clock.now()
        code = await self._error_code()
        self.is_refused = code in PERMANENT
        self.problem = "" if code in _HARMLESS else _sentence(code)
        return code

    async def check_if_due(self) -> None:
        """Check if it is time, and report outages that have begun or ended."""
        now, wait = self._clock.now(), RETRY_AFTER if self.problem else CHECK_EVERY
        # The lower bound is for a clock that was set back, which must not stop the checks until it has caught up.
        if self._checked_at is not None and self._checked_at <= now < self._checked_at + wait:
            return
        code = await self.check()
        if not self.problem:
            self._outages.ended(SLACK, _LOOP)
            self._outages.ended(TOKEN, _LOOP)
        elif self.is_refused:
            # A refusal is an answer, so Slack itself is reachable.
            self._outages.ended(SLACK, _LOOP)
            self._outages.began(TOKEN, _LOOP, code, self.problem)
        else:
            self._outages.began(SLACK, _LOOP, code, self.problem)

    async def _error_code(self) -> str:
        try:
            await self._installation.refresh()
        except SLACK_ERRORS as error:
            return error_code(error)
        return ""


def _sentence(code: str) -> str:
    if code in PERMANENT or code in NETWORK_ERRORS:
        return explain(code, "Slack")
    return f"Slack cannot be asked ({code}); look at the network and at https://slack-status.com. It is asked again"
