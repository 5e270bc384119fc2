"""What a row of the outbox says and where it goes, decided at the last moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.campaign.localtime import local
from bot.campaign.model import PEOPLE, Audience, Campaign, Post
from bot.campaign.moment import Moment
from bot.campaign.schedule import Slot, day_of
from bot.delivery.channels import Channels
from bot.delivery.notifications import NOTIFICATIONS, NotificationKind, Notifications
from bot.messages.compose import compose
from bot.messages.message import Message
from bot.messages.post_context import PostContext
from bot.messages.posts import DIRECT, KINDS
from bot.messages.words import Words
from bot.standings.publisher import Publisher
from bot.store.outbox import WITHDRAWN
from bot.store.people import People, Person

_TO_PEOPLE = PEOPLE | {NotificationKind.REMINDER, NotificationKind.IDEA_NEWS}


@dataclass(frozen=True)
class Cancelled:
    """It shall not be sent after all."""

    reason: str


@dataclass(frozen=True)
class Waiting:
    """It cannot be sent yet."""

    reason: str


class Content:
    """Draws the message of a row from the campaign as it is now, for people as they are now."""

    def __init__(
        self,
        campaign: Callable[[], Campaign],
        people: People,
        channels: Channels,
        letters: Notifications,
        publisher: Publisher,
        words: Callable[[str], Words],
    ) -> None:
        self._campaign = campaign
        self._people = people
        self._channels = channels
        self._letters = letters
        self._publisher = publisher
        self._words = words

    async def of(self, line: Slot, now: datetime) -> tuple[str, Message] | Waiting | Cancelled:
        """The destination and the message of a line; or why it waits, or why it is not sent after all."""
        if line.audience in _TO_PEOPLE and (objection := unwanted(await self._people.get(line.recipient), line, now)):
            return Cancelled(objection)
        if line.audience in _TO_PEOPLE and (gone := await self._letters.obsolete(self._campaign(), line)):
            return Cancelled(gone)
        channel = self.destination(line)
        if isinstance(channel, Waiting):
            return channel
        message = await self._message(line, now)
        return (channel, message) if message else Cancelled(WITHDRAWN)

    async def _message(self, line: Slot, now: datetime) -> Message | None:
        campaign = self._campaign()
        if line.kind in NOTIFICATIONS:
            return await self._letters.message(campaign, line, now)
        post = self._post(line)
        return compose(await self._context(campaign, post, line, now)) if post else None

    async def _context(self, campaign: Campaign, post: Post, line: Slot, now: datetime) -> PostContext:
        standings = await self._publisher.newest(campaign) if KINDS[post.kind].shows_standings else None
        words, at = self._words(line.language), Moment(campaign, now, line.zone)
        return PostContext(campaign, post, words, standings=standings, country=line.country, at=at)

    def destination(self, line: Slot) -> str | Waiting:
        """The channel a line goes to, or the person it is for."""
        audience = Audience.COUNTRIES if line.audience == NotificationKind.IDEA_POST else line.audience
        name = self._campaign().channel(audience, line.recipient)
        if name is None and line.audience in DIRECT | NOTIFICATIONS:
            return line.recipient
        channel = self._channels.find(name) if name else None
        return channel or Waiting(f"{name}: {self._channels.missing.get(name or '', 'the channel is not known yet')}")

    def _post(self, line: Slot) -> Post | None:
        """The entry a line was planned from: a post that is said on several days has one for each."""
        campaign = self._campaign()
        if line.campaign != campaign.id:
            return None
        entries = [p for p in campaign.posts if p.post == line.post and p.audience == line.audience]
        return next((p for p in entries if day_of(p, line.country) == line.local_date), None)


def unwanted(person: Person | None, line: Slot, now: datetime) -> str | None:
    """Why somebody does not want a message any more, or `None`."""
    if person is None:
        return "the person has left"
    asked = {
        Audience.JOINED.value: person.direct_messages,
        Audience.EARTH_HOUR_REMINDER.value: person.earth_hour_reminder,
        # Who asks for reminders of a pledge, or sends an idea, asks for these messages; stopping takes them back.
    }
    if not asked.get(line.audience, person.stopped_at is None):
        return "the person has stopped messages"
    if person.paused_until and local(now, person.zone).date() < person.paused_until:
        return "the person has paused messages"
    return None
