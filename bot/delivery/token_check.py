"""A regular check of the bot's token: somebody has to know that Slack refuses it, also while nothing is due."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.clock import Clock
from bot.delivery.outages import SLACK, TOKEN, Outages
from bot.slack.errors import NETWORK_ERRORS, PERMANENT, RATE_LIMITED, SLACK_ERRORS, error_code, explain
from bot.slack.installation import Installation

CHECK_EVERY = timedelta(minutes=2)
RETRY_AFTER = timedelta(seconds=30)
"""While Slack refuses the token, or does not answer."""

_LOOP = "token check"
_HARMLESS = RATE_LIMITED | {"", "http_429"}
"""Answers that say nothing against the token, and no error at all."""


class TokenCheck:
    """Asks Slack who the bot is, and keeps what came of it: `problem` is a sentence, or empty while all is well."""

    def __init__(self, installation: Installation, clock: Clock, outages: Outages) -> None:
        self._installation = installation
        self._clock = clock
        self._outages = outages
        self._checked_at: datetime | None = None
        self.is_refused = False
        self.problem = ""

    async def check(self) -> str:
        """Ask Slack now. Returns its error code, or an empty string."""
        self._checked_at = self._clock.now()
        code = await self._error_code()
        self.is_refused = code in PERMANENT
        self.problem = "" if code in _HARMLESS else _sentence(code)
        return code

    async def check_if_due(self) -> None:
        """Ask Slack where it is time to, and report what has begun or ended since."""
        now, wait = self._clock.now(), RETRY_AFTER if self.problem else CHECK_EVERY
        # A clock that was set back must not silence it.
        if self._checked_at is not None and self._checked_at <= now < self._checked_at + wait:
            return
        code = await self.check()
        if not self.problem:
            self._outages.ended(SLACK, _LOOP)
            self._outages.ended(TOKEN, _LOOP)
        elif self.is_refused:
            # Slack has answered.
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
