"""Find channels by name in Slack's list, page by page.

A large workspace has tens of thousands of channels, and Slack returns twenty pages a minute.

1. The bot's own conversations are searched first: they are few, and usually all that is needed.
2. Only names that are not among them are looked for in the whole list. Where Slack asks to wait, the search stops, and
   continues at the same page the next time.
3. The longer the whole list is, the more seldom it is searched again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.client import next_cursor
from bot.slack.errors import INVALID_CURSOR, SLACK_ERRORS, error_code
from bot.slack.send_results import RateLimited, classify

_PAGE = 999
"""Channels a page; users.conversations shows no more."""

_PER_PAGE = timedelta(minutes=1)
"""For each page that it has, how long the whole list rests before it is searched again."""

_BEGINNING = datetime.min.replace(tzinfo=UTC)

Page = Callable[..., Awaitable[AsyncSlackResponse]]

Shown = Mapping[str, tuple[str, ...]]
"""The channels of a page: each ID with its names, the present one first."""


class _Pager:
    """Reads all pages of one list, with interruptions. Afterwards it rests for `rests` times the number of pages."""

    def __init__(self, page: Page, rests: timedelta) -> None:
        self._page = page
        self._rests = rests
        self._cursor = ""
        self._pages = 0
        self._held_until = self._rests_until = _BEGINNING
        self._sought: frozenset[str] = frozenset()
        self.covered: frozenset[str] = frozenset()
        """The names for which the whole list has been searched."""

    async def pages(self, names: Collection[str], now: datetime) -> AsyncIterator[Shown]:
        """Yield one page after the other, from where Slack asked to wait the last time; none while the list rests.

        Raises:
            Any of `SLACK_ERRORS`. The page is asked for again the next time.
        """
        while now >= self._held_until and (now >= self._rests_until or not self.covered.issuperset(names)):
            if not self._cursor:
                # A name that is added while the list is half read has not been looked for on the pages before.
                self._sought = frozenset(names)
            yield await self._next(now)
            if not self._cursor:
                self._rests_until, self._pages = now + self._pages * self._rests, 0
                self.covered = self._sought
                return

    async def _next(self, now: datetime) -> Shown:
        try:
            answer = await self._page(types="public_channel", limit=_PAGE, cursor=self._cursor)
        except SLACK_ERRORS as error:
            verdict = classify(error, "the channels")
            # No sleep here: a search belongs to a tick of the scheduler, and messages wait behind it.
            if isinstance(verdict, RateLimited):
                self._held_until = now + timedelta(seconds=verdict.retry_after)
            # Cursors expire, so the list begins again; keeping this one would fail at every later search.
            if error_code(error) == INVALID_CURSOR:
                self._cursor, self._pages = "", 0
            raise
        self._pages += 1
        self._cursor = next_cursor(answer)
        # Former names are kept too, so that a channel that was renamed can be explained.
        channels: Sequence[Mapping[str, Any]] = answer.get("channels") or []
        return {str(each["id"]): (str(each["name"]), *(each.get("previous_names") or ())) for each in channels}


class ChannelList:
    """The IDs of the channels that were looked for and found."""

    def __init__(self, client: AsyncWebClient) -> None:
        # The bot is in a few channels, usually one page, so this list never rests.
        self._own = _Pager(client.users_conversations, timedelta(0))
        self._all = _Pager(client.conversations_list, _PER_PAGE)
        self._former: dict[str, str] = {}
        self.ids: dict[str, str] = {}

    async def search(self, names: Collection[str], now: datetime) -> None:
        """Read pages until all of these are found, or there are no more for now.

        Raises:
            Any of `SLACK_ERRORS`. What was found is kept.
        """
        self.ids = {}
        for walk in (self._own, self._all):
            async for page in walk.pages(names, now):
                self._add(page, names)
                if self.ids.keys() >= set(names):
                    return

    def explain_missing(self, name: str) -> str:
        """Say what to do about a name that was not found."""
        if name not in self._all.covered:
            return "Slack has not shown all of its channels yet; it is looked for, or name its ID in campaign.toml"
        if name in self._former:
            return f"no public channel has this name; {self._former[name]} had it before, which campaign.toml may name"
        return "no public channel has this name; make it, correct it, or use the ID if it is private"

    def _add(self, page: Shown, names: Collection[str]) -> None:
        for channel, (name, *former) in page.items():
            if name in names:
                self.ids[name] = channel
            self._former |= {each: name for each in former if each in names}
