"""The bot's identity in its workspace, as `auth.test` tells it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.account_types import Team
from bot.slack.errors import SLACK_ERRORS


@dataclass
class Installation:
    """The bot as Slack knows it. Nothing is known until Slack has answered once."""

    client: AsyncWebClient
    bot_id: str | None = None
    bot_user_id: str | None = None
    team: Team | None = None

    async def refresh(self) -> None:
        """Ask Slack.

        Raises:
            Any of `SLACK_ERRORS`. What was known before stays.
        """
        answer = await self.client.auth_test()
        self.bot_id, self.bot_user_id = answer.get("bot_id"), answer.get("user_id")
        self.team = Team.of(answer)

    async def known_team(self) -> Team | None:
        """Return the bot's own team, which is asked for where it is not known; `None` while Slack does not answer."""
        if self.team is None:
            # Without its team, the bot still serves everybody; guests from other companies are told apart later.
            with suppress(*SLACK_ERRORS):
                await self.refresh()
        return self.team

    async def author_ids(self) -> frozenset[str]:
        """Return the IDs by which Slack names the bot in what it has posted. They outlive a new token.

        Raises:
            Any of `SLACK_ERRORS`.
        """
        # Asked once: a new token changes neither ID, so messages of an earlier run are still recognised.
        if not self.bot_id:
            await self.refresh()
        return frozenset(filter(None, (self.bot_id, self.bot_user_id)))
