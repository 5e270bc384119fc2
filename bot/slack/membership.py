"""Who is a colleague: a person of the company's own workspace who is still there, and no guest unless guests take part.

Slack says it in `users.info` and `users.list`, https://docs.slack.dev/reference/objects/user-object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SLACKBOT = "USLACKBOT"
"""`is_bot` is false for it."""


class Membership(StrEnum):
    """What somebody is to the company; unknown where Slack does not say."""

    COLLEAGUE = "colleague"
    GUEST = "guest"
    STRANGER = "stranger"
    BOT = "bot"
    LEFT = "left"
    UNKNOWN = "unknown"

    @property
    def may_participate(self) -> bool:
        """Whether they may take part: nobody waits for a Slack that does not answer."""
        return self in {Membership.COLLEAGUE, Membership.UNKNOWN}


@dataclass(frozen=True)
class Team:
    """The bot's own workspace, and the Enterprise Grid organisation that it belongs to, if any.

    All workspaces of one organisation are one company: whoever is in another one of them is a colleague.
    """

    workspace: str
    enterprise: str | None = None

    def includes(self, user: Mapping[str, Any]) -> bool:
        """Whether a user is of the company, as far as Slack shows."""
        team = user.get("team_id")
        organised = user.get("enterprise_user") or {}
        is_here = not team or team in {self.workspace, self.enterprise} or self.workspace in organised.get("teams", ())
        return is_here or (self.enterprise is not None and organised.get("enterprise_id") == self.enterprise)


def membership_of(user: Mapping[str, Any], team: Team | None, *, guests: bool) -> Membership:
    """What a user whom Slack shows is to the company; with `guests`, guests are colleagues."""
    if user.get("deleted"):
        return Membership.LEFT
    if user.get("is_bot") or user.get("id") == SLACKBOT:
        return Membership.BOT
    if user.get("is_stranger") or (team and not team.includes(user)):
        return Membership.STRANGER
    if not guests and (user.get("is_restricted") or user.get("is_ultra_restricted")):
        return Membership.GUEST
    return Membership.COLLEAGUE
