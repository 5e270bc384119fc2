"""Whether Slack takes the bot's token, asked every few minutes: also when nothing is due somebody has to know."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.slack.errors import NETWORK_ERRORS, PERMANENT, RATE_LIMITED, SLACK_ERRORS, error_code, explain

ASKED_EVERY = timedelta(minutes=2)
ASKED_AGAIN = timedelta(seconds=30)
"""While Slack does not take the token, or does not answer."""

_HARMLESS = RATE_LIMITED | {"", "http_429"}
"""Answers that say nothing against the token, and none at all."""

log = structlog.get_logger()


class SlackAccess:
    """What Slack said when it was last asked who the bot is; `trouble` is empty, or says what is wrong.

    `bot_id` and `user_id` are who the bot is, once Slack has said so.
    """

    def __init__(self, client: AsyncWebClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._asked_at: datetime | None = None
        self.is_refused = False
        self.trouble = ""
        self.bot_id: str | None = None
        self.user_id: str | None = None

    async def ask(self) -> None:
        """Ask Slack now."""
        self._asked_at = self._clock.now()
        word = await self._word()
        self.is_refused = word in PERMANENT
        self.trouble = "" if word in _HARMLESS else _sentence(word)

    async def keep_up(self) -> None:
        """Ask Slack where it is time to; what has begun or ended since is logged once."""
        wait = ASKED_AGAIN if self.trouble else ASKED_EVERY
        now, before = self._clock.now(), self.trouble
        # A clock that was set back must not silence it.
        if self._asked_at is not None and self._asked_at <= now < self._asked_at + wait:
            return
        await self.ask()
        if self.trouble and self.trouble != before:
            if self.is_refused:
                log.error(self.trouble, action="slack.refused")
            else:
                log.error(self.trouble, action="slack.away")
        if before and not self.trouble:
            log.info("Slack takes the bot's token again", action="slack.restored")

    async def _word(self) -> str:
        """Slack's error word, or what kept Slack from giving one; empty where all is well."""
        try:
            answer = await self._client.auth_test()
        except SLACK_ERRORS as error:
            return error_code(error)
        self.bot_id, self.user_id = answer.get("bot_id"), answer.get("user_id")
        return ""


def _sentence(word: str) -> str:
    if word in PERMANENT or word in NETWORK_ERRORS:
        return explain(word, "Slack")
    return f"Slack cannot be asked ({word}); look at the network and at https://slack-status.com. It is asked again"
