"""What Slack knows of somebody: a time zone and a language, from which a country can be suggested."""

from __future__ import annotations

from dataclasses import dataclass

import aiohttp
from babel.core import get_global
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.campaign.localtime import known_zone

_SILENT = (SlackApiError, aiohttp.ClientError, TimeoutError)


@dataclass(frozen=True)
class Profile:
    """An IANA zone, and a language as Slack writes it (`nb-NO`); `None` for what Slack does not tell."""

    zone: str | None = None
    locale: str | None = None

    @property
    def country(self) -> str | None:
        """The country of the zone: a suggestion, for people cross borders and a locale is only a language."""
        named = self.zone or ""
        found = get_global("zone_territories").get(get_global("zone_aliases").get(named, named))
        return str(found) if found and found not in _NOWHERE else None


_NOWHERE = frozenset({"001", "ZZ"})
"""CLDR's world and its unknown region: a zone such as UTC says nothing of a country."""


async def profile(client: AsyncWebClient, user: str) -> Profile:
    """The profile of a user; an empty one where Slack does not answer, because nobody waits for a suggestion."""
    try:
        answer = await client.users_info(user=user, include_locale=True)
    except _SILENT:
        return Profile()
    known = answer.get("user") or {}
    return Profile(known_zone(known.get("tz")), known.get("locale"))
