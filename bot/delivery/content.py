"""What a row of the outbox says and where it goes, decided at the last moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.campaign.calendar import day_of
from bot.campaign.localtime import local
from bot.campaign.model import PEOPLE, Audience, Campaign, Post
from bot.delivery.channels import Channels
from bot.messages.compose import compose
from bot.messages.message import Message
from bot.messages.parts import DIRECT
from bot.messages.words import Words
from bot.store.outbox import WITHDRAWN, Line
from bot.store.people import People, Person


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
        self, campaign: Callable[[], Campaign], people: People, channels: Channels, words: Callable[[str], Words]
    ) -> None:
        self._campaign = campaign
        self._people = people
        self._channels = channels
        self._words = words

    async def of(self, line: Line, now: datetime) -> tuple[str, Message] | Waiting | Cancelled:
        """The destination and the message of a line; or why it waits, or why it is not sent after all."""
        post = self._post(line)
        if post is None:
            return Cancelled(WITHDRAWN)
        if line.audience in PEOPLE and (objection := unwanted(await self._people.get(line.recipient), line, now)):
            return Cancelled(objection)
        channel = self.destination(line)
        if isinstance(channel, Waiting):
            return channel
        return channel, compose(self._campaign(), post, self._words(line.language))

    def destination(self, line: Line) -> str | Waiting:
        """The channel a line goes to, or the person it is for."""
        name = self._campaign().channel(line.audience, line.recipient)
        if name is None and line.audience in DIRECT:
            return line.recipient
        channel = self._channels.find(name) if name else None
        return channel or Waiting(f"{name}: {self._channels.missing.get(name or '', 'the channel is not known yet')}")

    def _post(self, line: Line) -> Post | None:
        """The entry a line was planned from: a post that is said on several days has one for each."""
        campaign = self._campaign()
        if line.campaign != campaign.id:
            return None
        entries = [p for p in campaign.posts if p.post == line.post and p.audience == line.audience]
        return next((p for p in entries if day_of(p, line.country) == line.local_date), None)


def unwanted(person: Person | None, line: Line, now: datetime) -> str | None:
    """Why somebody does not want a message any more, or `None`."""
    if person is None:
        return "the person has left"
    asked = person.direct_messages if line.audience == Audience.JOINED else person.earth_hour_reminder
    if not asked:
        return "the person has stopped messages"
    if person.paused_until and local(now, person.zone).date() < person.paused_until:
        return "the person has paused messages"
    return None
