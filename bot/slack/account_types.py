"""Tell colleagues from guests, bots, people of other companies and those who have left.

Slack describes users in `users.info` and `users.list`, https://docs.slack.dev/reference/objects/user-object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from slack_sdk.web.async_slack_response import AsyncSlackResponse

SLACKBOT = "USLACKBOT"
"""In every workspace; `is_bot` is false for it."""


class Membership(StrEnum):
    """The relation of a user to the company; unknown where Slack does not say."""

    COLLEAGUE = "colleague"
    GUEST = "guest"
    STRANGER = "stranger"
    BOT = "bot"
    LEFT = "left"
    UNKNOWN = "unknown"

    @property
    def may_participate(self) -> bool:
        """True if they may take part. While Slack does not answer, everybody may."""
        return self in {Membership.COLLEAGUE, Membership.UNKNOWN}


@dataclass(frozen=True)
class Team:
    """The bot's own workspace, and the Enterprise Grid organisation that it belongs to, if any.

    All workspaces of one organisation are one company, so people in another one of them are colleagues.
    """

    workspace: str
    enterprise: str | None = None

    @classmethod
    def of(cls, answer: AsyncSlackResponse) -> Team | None:
        """Return the team in an answer to `auth.test`, or `None` where it names none."""
        workspace = answer.get("team_id")
        return cls(str(workspace), answer.get("enterprise_id") or None) if workspace else None

    def includes(self, user: Mapping[str, Any]) -> bool:
        """Return whether a user is of the company, as far as Slack shows."""
        # In Enterprise Grid, `team_id` may be the organisation's or any of its workspaces'.
        team = user.get("team_id")
        organised = user.get("enterprise_user") or {}
        is_here = not team or team in {self.workspace, self.enterprise} or self.workspace in organised.get("teams", ())
        return is_here or (self.enterprise is not None and organised.get("enterprise_id") == self.enterprise)


def membership_of(user: Mapping[str, Any], team: Team | None, *, guests: bool) -> Membership:
    """Return the membership of a user whom Slack has described; with `guests`, guests are colleagues."""
    # Deactivated first: Slack accepts posts to them without an error, so nothing else would notice.
    if user.get("deleted"):
        return Membership.LEFT
    if user.get("is_bot") or user.get("id") == SLACKBOT:
        return Membership.BOT
    # Shared channels show people of other companies, whose team is another one.
    if user.get("is_stranger") or (team and not team.includes(user)):
        return Membership.STRANGER
    if not guests and (user.get("is_restricted") or user.get("is_ultra_restricted")):
        return Membership.GUEST
    return Membership.COLLEAGUE
