"""Syncs with Slack's list of users once a night: time zones, people who have left, people who are back.

Each page is compared with the people who take part and then discarded. Nothing about anybody else is stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import structlog

from bot.campaign.localtime import known_zone, local
from bot.campaign.model import Campaign
from bot.clock import Clock
from bot.delivery.outage_log import Outages
from bot.slack.account_types import Membership, Team, membership_of
from bot.slack.client import next_cursor
from bot.slack.errors import INVALID_CURSOR, SLACK_ERRORS, error_code
from bot.slack.installation import Installation
from bot.slack.send_results import RateLimited, Rejected, TokenRevoked, classify
from bot.store.people import DirectoryChanges, Person
from bot.store.store import Store

PAGE = 200
"""Users in a page, the most that Slack recommends (https://docs.slack.dev/reference/methods/users.list)."""

EVERY = timedelta(seconds=3)
"""The gap between pages: tier 2 allows twenty a minute (https://docs.slack.dev/apis/web-api/rate-limits)."""

BEGINS, ENDS = time(3), time(6)
"""Hours in the company's zone. The rest is left to the next night."""

BEFORE = timedelta(days=7)
"""The time before the first day of a campaign at which syncing begins."""

LEASE = timedelta(minutes=1)
"""The time after the next page was due at which another process takes over. A page takes a tenth of it at most."""

_AFTER_A_FAULT = timedelta(minutes=1)
_AFTER_A_REFUSAL = timedelta(minutes=30)
_LOOK = timedelta(seconds=1)
_LEAVES_WITHIN = 0.5

log = structlog.get_logger()


def sync_night(campaign: Campaign, now: datetime) -> date | None:
    """Return the local date if it is time to sync, or None."""
    wall = local(now, campaign.zone)
    within = campaign.first_day - BEFORE <= wall.date() <= campaign.last_day
    return wall.date() if within and BEGINS <= wall.time() < ENDS else None


@dataclass
class _Walk:
    """Counts of what this process has seen in a night, for the log alone."""

    night: date
    began_at: datetime
    pages: int = 0
    people: int = 0
    moved: int = 0
    left: int = 0
    back: int = 0

    def add(self, seen: int, news: DirectoryChanges) -> None:
        self.pages += 1
        self.people += seen
        self.moved += len(news.zones)
        self.left += len(news.left)
        self.back += len(news.back)

    def told(self, now: datetime) -> dict[str, Any]:
        counts = {name: value for name, value in vars(self).items() if isinstance(value, int)}
        return {**counts, "night": str(self.night), "seconds": round((now - self.began_at).total_seconds())}


class UserSync:
    """Syncs page by page. Calls `touch` for everybody who has to be planned for again.

    In real time, a task of its own waits between pages, so that delivery does not. In virtual time, each call of `run`
    asks for one page.
    """

    def __init__(
        self,
        installation: Installation,
        store: Store,
        clock: Clock,
        touch: Callable[[str], None],
        outages: Outages,
    ) -> None:
        self._client = installation.client
        self._installation = installation
        self._store = store
        self._clock = clock
        self._touch = touch
        self._outages = outages
        self._held_up_by: str | None = None
        self._walk: _Walk | None = None
        self._next_at: datetime | None = None
        self._leaving = asyncio.Event()
        self._work: asyncio.Task[None] | None = None

    async def run(self, campaign: Campaign) -> None:
        """Start or continue, if it is time."""
        if self._clock.is_manual:
            await self._guard(self._one_page(campaign))
        elif (self._work is None or self._work.done()) and not self._leaving.is_set():
            self._work = asyncio.create_task(self._guard(self._go_through(campaign)))

    async def stop(self) -> None:
        """Stop within a second. The next page is asked for after the next start, or by another process."""
        self._leaving.set()
        if self._work:
            # Cancelling it while it uses SQLite's only connection would lose that; a page needs it for moments only.
            await asyncio.wait({self._work}, timeout=_LEAVES_WITHIN)
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)

    async def advance(self, campaign: Campaign) -> datetime | None:
        """Ask for the next page, if it is time. Returns when the page after it is due.

        Returns None outside the night, after the last page, and while another process is syncing.
        """
        now = self._clock.now()
        night = sync_night(campaign, now)
        if night is None:
            self._give_up(now)
            return None
        if self._next_at is None or now >= self._next_at:
            # Set before the request, which counts against Slack's limit even if it fails.
            self._next_at = now + EVERY
            self._next_at = await self._next_page(campaign, night, now)
        return self._next_at

    async def _guard(self, work: Coroutine[Any, Any, None]) -> None:
        """Report an error instead of passing it on, so that messages are sent. The next call continues at this page."""
        try:
            await work
        except Exception as error:  # noqa: BLE001 - the edge
            self._outages.task_failed("directory", error)
        else:
            self._outages.task_succeeded("directory")

    async def _one_page(self, campaign: Campaign) -> None:
        await self.advance(campaign)

    async def _go_through(self, campaign: Campaign) -> None:
        while (next_at := await self.advance(campaign)) and not self._leaving.is_set():
            await self._wait_until(next_at)

    async def _wait_until(self, moment: datetime) -> None:
        # In short steps, because the clock may be set, or the machine may be suspended.
        while (left := moment - self._clock.now()) > timedelta(0) and not self._leaving.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._leaving.wait(), min(left, _LOOK).total_seconds())

    async def _next_page(self, campaign: Campaign, night: date, now: datetime) -> datetime | None:
        cursor = await self._store.write(self._store.sync_cursor.claim, campaign.id, night, now, now + LEASE)
        if cursor is None:
            self._walk = None
            return None
        return await self._page(campaign, night, cursor)

    async def _page(self, campaign: Campaign, night: date, cursor: str) -> datetime | None:
        walk = self._walk_of(night)
        try:
            answer = await self._client.users_list(limit=PAGE, cursor=cursor)
        except SLACK_ERRORS as error:
            return await self._held_up(error, campaign.id, night, cursor)
        self._held_up_by = None
        members: Sequence[Mapping[str, Any]] = answer.get("members") or []
        walk.add(len(members), await self._learn(members, guests=campaign.guests))
        following = next_cursor(answer) or None
        next_at = await self._note(campaign.id, night, following, EVERY)
        if next_at is None:
            self._walk = None
            log.info("the directory was gone through", action="user_sync.done", **walk.told(self._clock.now()))
        return next_at

    async def _note(self, campaign: str, night: date, cursor: str | None, wait: timedelta) -> datetime | None:
        next_at = self._clock.now() + wait
        await self._store.write(self._store.sync_cursor.note, campaign, night, cursor, next_at + LEASE)
        return None if cursor is None else next_at

    async def _learn(self, members: Sequence[Mapping[str, Any]], *, guests: bool) -> DirectoryChanges:
        listed = {str(each["id"]): each for each in members}
        known = await self._store.read(self._store.people.among, list(listed))
        team = await self._installation.known_team()
        news = _news(((person, listed[user]) for user, person in known.items()), team, guests=guests)
        await self._store.write(self._store.people.apply, news, self._clock.now())
        for user in sorted(news.users):
            self._touch(user)
        return news

    async def _held_up(self, error: Exception, campaign: str, night: date, cursor: str) -> datetime | None:
        word = error_code(error)
        match classify(error, "the directory"):
            case RateLimited(seconds):
                wait = timedelta(seconds=seconds)
            case Rejected() | TokenRevoked():
                wait = _AFTER_A_REFUSAL
            case _:
                wait = _AFTER_A_FAULT
        if word != self._held_up_by:
            seconds = round(wait.total_seconds())
            log.warning("Slack did not show its directory", action="user_sync.delayed", error=word, wait=seconds)
        self._held_up_by = word
        # Cursors expire; an empty one begins again at the first page.
        return await self._note(campaign, night, "" if word == INVALID_CURSOR else cursor, wait)

    def _walk_of(self, night: date) -> _Walk:
        if self._walk is None or self._walk.night != night:
            self._walk = _Walk(night, self._clock.now())
        return self._walk

    def _give_up(self, now: datetime) -> None:
        if self._walk:
            told = self._walk.told(now)
            log.warning("the night was too short for the directory", action="user_sync.unfinished", **told)
        self._walk = self._next_at = None


def _news(found: Iterable[tuple[Person, Mapping[str, Any]]], team: Team | None, *, guests: bool) -> DirectoryChanges:
    """Compare people with their entries in Slack's list.

    A person has left if the account is no colleague's: deactivated, or a guest's, a bot's or another company's.
    """
    zones: dict[str, str] = {}
    left: list[str] = []
    back: list[str] = []
    for person, shown in found:
        lives_in = known_zone(shown.get("tz"))
        if lives_in and lives_in != person.zone:
            zones[person.user] = lives_in
        is_colleague = membership_of(shown, team, guests=guests) is Membership.COLLEAGUE
        if not is_colleague and not person.left_at:
            left.append(person.user)
        elif person.left_at and is_colleague:
            back.append(person.user)
    return DirectoryChanges(zones, left, back)
