"""Finds the Slack channels that a campaign names, and joins them.

A name is looked up once, and from then on the channel's ID counts: renaming a channel does not move its readers, and
another channel that takes the name is not the one that was meant.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.campaign.model import Campaign
from bot.clock import Clock
from bot.slack.channel_list import ChannelList
from bot.slack.errors import CHANNEL_GONE, SLACK_ERRORS, describe_failure, error_code, explain
from bot.slack.send_results import Rejected, TokenRevoked, classify

LOOK_AGAIN = timedelta(hours=1)
"""The interval between checks of known channels, which may have been renamed or archived."""

_ID = re.compile(r"^[CG][A-Z0-9]{7,}$")

PostedIn = Callable[[str], Awaitable[Collection[str]]]
"""Returns the IDs of the channels in which a campaign has posted already."""

Info = Mapping[str, Any]

log = structlog.get_logger()


async def _nowhere(_campaign: str) -> Collection[str]:
    return ()


class Channels:
    """The campaign's channels in Slack. A missing one is reported, and does not stop the others.

    `missing` has the reasons by name. `renamed` lists channels with another name by now, which are used all the same.
    """

    def __init__(self, client: AsyncWebClient, clock: Clock, posted_in: PostedIn = _nowhere) -> None:
        self._client = client
        self._clock = clock
        self._posted_in = posted_in
        self._listing = ChannelList(client)
        self._found: dict[str, str] = {}
        self._usable: set[str] = set()
        self._looked_at: datetime | None = None
        self._unlisted = ""
        self.missing: dict[str, str] = {}
        self.renamed: dict[str, str] = {}

    def find(self, name: str) -> str | None:
        """Return the ID of a channel that the campaign calls by this name or ID, or None while it is missing."""
        return self._found.get(name) if name in self._usable else None

    @property
    def is_due(self) -> bool:
        """True if it is time to look again, which it always is while a channel is missing."""
        return bool(self.missing) or self._looked_at is None or self._clock.now() >= self._looked_at + LOOK_AGAIN

    async def refresh(self, campaign: Campaign, *, join: bool = True) -> None:
        """Look up every channel of the campaign, and join the public ones, since only members can read the history.

        1. Keep the IDs that are known, and take names that are IDs as they are.
        2. Find channels that this campaign has posted in, even if they were renamed since.
        3. Search Slack's list of channels for the rest.
        4. Check each channel that was found, and join it.
        """
        wanted, self._looked_at = named(campaign), self._clock.now()
        before, self.missing, self.renamed = (self.missing, self.renamed), {}, {}
        self._usable &= wanted
        self._found = {name: channel for name, channel in self._found.items() if name in wanted}
        self._found |= {name: name for name in wanted if _ID.match(name)}
        self._found |= await self._remembered(campaign, wanted - self._found.keys())
        for name, channel in sorted(self._found.items()):
            await self._enter(name, channel, join=join)
        for name, channel in (await self._listed(wanted - self._found.keys())).items():
            self._found[name] = channel
            await self._enter(name, channel, join=join)
        self._tell(*before)

    async def _remembered(self, campaign: Campaign, names: Collection[str]) -> dict[str, str]:
        """Find channels that this campaign has posted in, by their present or a former name."""
        found: dict[str, str] = {}
        for channel in sorted(await self._posted_in(campaign.id)) if names else ():
            try:
                info: Info = (await self._client.conversations_info(channel=channel))["channel"]
            except SLACK_ERRORS:
                # It may be gone; the search by name may find another channel that has the name now.
                continue
            called = {info.get("name"), *(info.get("previous_names") or ())}
            found |= {name: channel for name in names if name in called}
        return found

    async def _listed(self, names: Collection[str]) -> dict[str, str]:
        """Search Slack's list of channels. If Slack stops answering, the rest is missing until the next look."""
        if not names:
            return {}
        why = self._listing.explain_missing
        try:
            await self._listing.search(names, self._clock.now())
        except SLACK_ERRORS as error:
            if error_code(error) != self._unlisted:
                log.warning("Slack did not list its channels", action="channels.unlisted", error=error_code(error))
            self._unlisted = error_code(error)
            why = partial(describe_failure, error)
        else:
            self._unlisted = ""
        found = {name: self._listing.ids[name] for name in names if name in self._listing.ids}
        for name in names - found.keys():
            self.missing.setdefault(name, why(name))
        return found

    async def _enter(self, name: str, channel: str, *, join: bool) -> None:
        """Check a channel and join it, or note why it cannot be posted to and what to do."""
        try:
            info: Info = (await self._client.conversations_info(channel=channel))["channel"]
            reason = await self._join(info, name, join=join)
        except SLACK_ERRORS as error:
            self._refuse(name, classify(error, name), error_code(error))
            return
        if reason:
            self._refuse(name, Rejected(reason.partition(":")[0], reason))
            return
        self._usable.add(name)
        self.missing.pop(name, None)
        called = str(info.get("name") or name)
        if name not in (called, channel):
            self.renamed[name] = f"it is called {called} now and is posted to all the same; correct it in campaign.toml"

    async def _join(self, info: Info, name: str, *, join: bool) -> str:
        if info.get("is_archived"):
            return explain("is_archived", name)
        # A bot cannot join a private channel by itself; a member has to invite it.
        if info.get("is_private"):
            return "" if info.get("is_member") else explain("not_in_channel", name)
        if join and not info.get("is_member"):
            await self._client.conversations_join(channel=info["id"])
        return ""

    def _refuse(self, name: str, verdict: object, word: str = "") -> None:
        match verdict:
            case Rejected(lost, reason) | TokenRevoked(lost, reason):
                self.missing[name] = reason
                self._usable.discard(name)
                if lost in CHANNEL_GONE and not _ID.match(name):
                    # Another channel may have the name now, and is to be found by the next search.
                    self._found.pop(name)
            case _ if name not in self._usable:
                # A channel that was usable a moment ago stays so: an outage of Slack says nothing about it.
                self.missing[name] = f"Slack could not be asked ({word})"

    def _tell(self, missing: Mapping[str, str], renamed: Mapping[str, str]) -> None:
        """Log what has changed since the last look."""
        for name in sorted(name for name, reason in self.missing.items() if missing.get(name) != reason):
            log.warning("a channel is missing", action="channels.missing", channel=name, reason=self.missing[name])
        for name in sorted(name for name, reason in self.renamed.items() if renamed.get(name) != reason):
            log.warning("a channel was renamed", action="channels.renamed", channel=name, reason=self.renamed[name])


def named(campaign: Campaign) -> set[str]:
    """Return every channel that the campaign posts to, by the name or ID in its files."""
    return set(_names(campaign))


def _names(campaign: Campaign) -> Iterator[str]:
    for country in campaign.countries:
        yield from country.channels.values()
    if campaign.company:
        yield campaign.company.channel
    if campaign.organisers_channel:
        yield campaign.organisers_channel
