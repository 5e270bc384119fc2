"""Which Slack channel a name in the campaign means, and whether the bot is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.campaign.model import Campaign
from bot.delivery.poster import SLACK_ERRORS, word_of
from bot.delivery.refusals import explain

_ID = re.compile(r"^[CG][A-Z0-9]{7,}$")
_PAGE = 1000
"""Channels a page: large workspaces have thousands, and Slack answers twenty pages a minute."""

log = structlog.get_logger()


class Channels:
    """The campaign's channels as Slack has them. What is missing is named and does not stop the others."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._ids: dict[str, str] = {}
        self.missing: dict[str, str] = {}

    def find(self, name: str) -> str | None:
        """The ID of a channel that the campaign calls by this name or ID, or `None` while it is missing."""
        return self._ids.get(name)

    async def refresh(self, campaign: Campaign, *, join: bool = True) -> None:
        """Look every channel of the campaign up, and join the public ones: only a member can read the history."""
        wanted = sorted(named(campaign))
        found: dict[str, str] = {}
        missing: dict[str, str] = {}
        try:
            directory = await self._directory() if any(not _ID.match(name) for name in wanted) else {}
        except SLACK_ERRORS as error:
            log.warning("Slack did not list its channels", action="channels.unlisted", error=word_of(error))
            self.missing = {
                name: f"Slack could not be asked ({word_of(error)})" for name in wanted if name not in self._ids
            }
            return
        for name in wanted:
            channel = name if _ID.match(name) else directory.get(name)
            reason = await self._enter(channel, name, join=join)
            if channel and not reason:
                found[name] = channel
            else:
                missing[name] = reason
        self._ids, self.missing = found, missing
        for name, reason in missing.items():
            log.warning("a channel is missing", action="channels.missing", channel=name, reason=reason)

    async def _directory(self) -> dict[str, str]:
        names: dict[str, str] = {}
        cursor = ""
        while True:
            page = await self._client.conversations_list(types="public_channel", limit=_PAGE, cursor=cursor)
            names |= {str(channel["name"]): str(channel["id"]) for channel in page["channels"]}
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return names

    async def _enter(self, channel: str | None, name: str, *, join: bool) -> str:
        """Join a channel; an empty string, or what is missing and what to do."""
        if channel is None:
            return "no public channel has this name; make it, correct it, or use the ID if it is private"
        try:
            info = await self._client.conversations_info(channel=channel)
            return await self._join(info["channel"], name, join=join)
        except SlackApiError as error:
            word = word_of(error)
            # A private channel's particulars need a permission that posting to it does not.
            return "" if word == "missing_scope" else explain(word, name)
        except SLACK_ERRORS as error:
            return f"Slack could not be asked ({word_of(error)})"

    async def _join(self, info: Mapping[str, Any], name: str, *, join: bool) -> str:
        if info.get("is_archived"):
            return explain("is_archived", name)
        if info.get("is_private"):
            return "" if info.get("is_member") else explain("not_in_channel", name)
        if join and not info.get("is_member"):
            await self._client.conversations_join(channel=info["id"])
        return ""


def named(campaign: Campaign) -> set[str]:
    """Every channel the campaign posts to, by the name or ID it uses."""
    return set(_names(campaign))


def _names(campaign: Campaign) -> Iterator[str]:
    yield from (country.channel for country in campaign.countries)
    if campaign.company:
        yield campaign.company.channel
