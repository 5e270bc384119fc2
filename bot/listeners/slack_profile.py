"""The profile of a person as Slack has it: membership, time zone and language."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from babel.core import get_global
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.campaign.localtime import known_zone
from bot.slack.account_types import Membership, Team, membership_of
from bot.slack.errors import SLACK_ERRORS, USER_NOT_VISIBLE, error_code
from bot.slack.installation import Installation

_PROFILE_SECONDS = 5.0
"""Also where Slack asks to wait for longer: somebody has pressed a button and looks at the screen."""

_NO_COUNTRY = frozenset({"001", "ZZ"})
"""CLDR's world and unknown region, the territories of zones such as UTC."""


@dataclass(frozen=True)
class Profile:
    """An IANA zone, and a language as Slack writes it (`nb-NO`); `None` for what Slack does not tell."""

    zone: str | None = None
    locale: str | None = None
    membership: Membership = Membership.UNKNOWN

    @property
    def country(self) -> str | None:
        """The country of the zone. It is only a suggestion, because people travel."""
        named = self.zone or ""
        # Aliases first: Slack still uses old names such as Asia/Calcutta.
        found = get_global("zone_territories").get(get_global("zone_aliases").get(named, named))
        return str(found) if found and found not in _NO_COUNTRY else None


async def profile(client: AsyncWebClient, installation: Installation, user: str, *, guests: bool) -> Profile:
    """Fetch the profile of a user; an empty one where Slack does not answer, so that nobody waits for a suggestion."""
    deadline = asyncio.get_running_loop().time() + _PROFILE_SECONDS
    try:
        async with asyncio.timeout_at(deadline):
            answer = await client.users_info(user=user, include_locale=True)
    except SlackApiError as error:
        return Profile(membership=Membership.STRANGER) if error_code(error) in USER_NOT_VISIBLE else Profile()
    except SLACK_ERRORS:
        return Profile()
    known = answer.get("user") or {}
    team = await _team(installation, deadline)
    membership = membership_of(known, team, guests=guests)
    if team is None and membership is Membership.COLLEAGUE:
        # Without the bot's own team, a user of another company looks like a colleague: do not cache the answer.
        membership = Membership.UNKNOWN
    return Profile(known_zone(known.get("tz")), known.get("locale"), membership)


async def _team(installation: Installation, deadline: float) -> Team | None:
    """Return the bot's own team, or None if Slack has not told it by then, on the event loop's clock."""
    try:
        async with asyncio.timeout_at(deadline):
            return await installation.known_team()
    except TimeoutError:
        return None
