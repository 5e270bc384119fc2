"""What Slack knows of somebody: whether they are a colleague, a time zone and a language."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from babel.core import get_global
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.campaign.localtime import known_zone
from bot.slack.membership import SILENT, Membership, TeamLookup, membership_of

_NOT_OURS = frozenset({"user_not_found", "user_not_visible"})
"""What Slack says of users of other workspaces that it does not show."""

_ANSWER_WITHIN = 5.0
"""Seconds, also where Slack asks to wait for longer: somebody has pressed and looks at the screen."""


@dataclass(frozen=True)
class Profile:
    """An IANA zone, and a language as Slack writes it (`nb-NO`); `None` for what Slack does not tell."""

    zone: str | None = None
    locale: str | None = None
    standing: Membership = Membership.UNKNOWN

    @property
    def country(self) -> str | None:
        """The country of the zone: a suggestion, for people cross borders and a locale is only a language."""
        named = self.zone or ""
        found = get_global("zone_territories").get(get_global("zone_aliases").get(named, named))
        return str(found) if found and found not in _NOWHERE else None


_NOWHERE = frozenset({"001", "ZZ"})
"""CLDR's world and its unknown region: a zone such as UTC says nothing of a country."""


def _word(error: SlackApiError) -> str | None:
    # After a broken body, slack_sdk hands over aiohttp's own response, which has no data.
    data = getattr(error.response, "data", None)
    return data.get("error") if isinstance(data, dict) else None


async def profile(client: AsyncWebClient, team_lookup: TeamLookup, user: str, *, guests: bool) -> Profile:
    """The profile of a user; an empty one where Slack does not answer, because nobody waits for a suggestion."""
    try:
        async with asyncio.timeout(_ANSWER_WITHIN):
            answer = await client.users_info(user=user, include_locale=True)
    except SlackApiError as error:
        return Profile(standing=Membership.STRANGER) if _word(error) in _NOT_OURS else Profile()
    except SILENT:
        return Profile()
    known = answer.get("user") or {}
    team = await team_lookup.team()
    standing = membership_of(known, team, guests=guests)
    if team is None and standing is Membership.COLLEAGUE:
        # Perhaps another company's: it is not to be kept in mind as an answer.
        standing = Membership.UNKNOWN
    return Profile(known_zone(known.get("tz")), known.get("locale"), standing)
