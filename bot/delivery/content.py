"""Renders the message of an outbox entry and finds its channel, at the last moment before it is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from bot.campaign.campaign_moment import Moment
from bot.campaign.guesses import ANSWER, guess_of
from bot.campaign.localtime import local
from bot.campaign.model import PEOPLE, Audience, Campaign, Post
from bot.campaign.schedule import Slot, post_of
from bot.delivery.channels import Channels
from bot.delivery.organiser_message_times import ORGANISER_MESSAGES
from bot.delivery.organiser_messages import OrganiserMessages
from bot.delivery.pictures import Pictures
from bot.delivery.unscheduled_messages import NOTIFICATIONS, NotificationKind, Notifications
from bot.messages.message import Message
from bot.messages.post_context import PostContext
from bot.messages.post_kinds import DIRECT, KINDS
from bot.messages.post_rendering import compose, corrected
from bot.messages.words import Words
from bot.standings.publisher import Publisher
from bot.store.corrections import CORRECTION, correction_name
from bot.store.hold_conditions import Leaving
from bot.store.outbox import WITHDRAWN, Entry, State
from bot.store.people import Person
from bot.store.shared_ideas_and_posts import subject_of
from bot.store.store import Store

CHANGED_AGAIN = "the words have changed again since the correction was asked for"

NOT_THERE_YET = "the message is not there yet below which it belongs"

_SHARED = frozenset({NotificationKind.SHARE, NotificationKind.SHARE_NEWS})
_TO_PEOPLE = PEOPLE | {NotificationKind.REMINDER, NotificationKind.IDEA_NEWS}


@dataclass(frozen=True)
class Cancelled:
    """The message is not to be sent after all."""

    reason: str


@dataclass(frozen=True)
class Waiting:
    """The message cannot be sent yet."""

    reason: str


class Ready(NamedTuple):
    """A message that can be posted, the channel, and the words of its post if it is one."""

    channel: str
    message: Message
    words: Leaving | None = None
    corrects: str | None = None
    """The timestamp of the message that it is to replace."""
    replies_to: str | None = None
    """The timestamp of the message below which it belongs."""
    is_broadcast: bool = False
    """True if the whole channel sees it, and not only those who open the thread."""


class Content:
    """Renders messages from the campaign and the people as they are now, not as they were when they were planned."""

    def __init__(  # noqa: PLR0913, PLR0917 - everything that a message can be made of
        self,
        campaign: Callable[[], Campaign],
        store: Store,
        channels: Channels,
        notifications: Notifications,
        publisher: Publisher,
        words: Callable[[str], Words],
        organiser_messages: OrganiserMessages | None = None,
        pictures: Pictures | None = None,
    ) -> None:
        self._campaign = campaign
        self._store = store
        self._channels = channels
        self._notifications = notifications
        self._publisher = publisher
        self._words = words
        self._organiser_messages = organiser_messages
        self._pictures = pictures

    async def of(self, slot: Slot, now: datetime) -> Ready | Waiting | Cancelled:
        """Return the message of a slot, or why it waits, or why it is not sent after all."""
        # Checked here as well as in planning: somebody may have opted out seconds ago.
        if slot.audience in _TO_PEOPLE and (
            objection := unwanted(await self._store.read(self._store.present.get, slot.recipient), slot, now)
        ):
            return Cancelled(objection)
        if slot.audience in _TO_PEOPLE and (gone := await self._notifications.obsolete(self._campaign(), slot)):
            return Cancelled(gone)
        if slot.kind == CORRECTION:
            return await self._correction(slot, now)
        channel = self.destination(slot)
        if isinstance(channel, Waiting):
            return channel
        campaign = self._campaign()
        if slot.kind in NOTIFICATIONS:
            message = await self._notifications.message(campaign, slot, now)
            if message and slot.kind == NotificationKind.SHARE_NEWS:
                return await self._below(slot, Ready(channel, message))
            return Ready(channel, message) if message else Cancelled(WITHDRAWN)
        if slot.kind in ORGANISER_MESSAGES:
            news = await self._organiser_messages.message(slot, now) if self._organiser_messages else None
            return Ready(channel, news) if news else Cancelled(WITHDRAWN)
        if not (post := post_of(campaign, slot)):
            return Cancelled(WITHDRAWN)
        drawn = await self._context(campaign, post, slot, now)
        ready = Ready(channel, compose(drawn), Leaving(post.post, drawn.text, campaign.approval_required))
        # Whoever guessed by a button does not follow the thread.
        return await self._below(slot, ready._replace(is_broadcast=True)) if post.kind == ANSWER else ready

    async def _correction(self, slot: Slot, now: datetime) -> Ready | Cancelled:
        """Draw the post of a message as its words are now, with everything else as it was when it was sent."""
        campaign, sent = self._campaign(), await self._store.read(self._store.outbox.entry, slot.recipient)
        post = post_of(campaign, sent.slot) if sent else None
        if sent is None or post is None or sent.channel is None or sent.ts is None:
            return Cancelled(WITHDRAWN)
        drawn = await self._context(campaign, post, sent.slot, sent.slot.due_at)
        words = Leaving(post.post, drawn.text, campaign.approval_required)
        if correction_name(post.post, words.hash) != slot.post:
            return Cancelled(CHANGED_AGAIN)
        message = corrected(compose(drawn), drawn.words, local(now, sent.slot.zone).time())
        return Ready(sent.channel, message, words, corrects=sent.ts)

    async def _below(self, slot: Slot, ready: Ready) -> Ready | Waiting:
        above = await self.message_above(slot)
        if above and above.channel and above.ts and above.state is State.SENT:
            return ready._replace(channel=above.channel, replies_to=above.ts)
        return Waiting(NOT_THERE_YET)

    async def message_above(self, slot: Slot) -> Entry | None:
        """Look up the message below which a slot belongs, sent or not, if it belongs below one."""
        if slot.kind == NotificationKind.SHARE_NEWS:
            return await self._store.read(self._store.shares.message, slot.campaign, subject_of(slot.post))
        post = post_of(self._campaign(), slot) if slot.kind == ANSWER else None
        guess = guess_of(self._campaign(), post) if post else None
        if guess is None:
            return None
        to = (guess.post, slot.audience, slot.recipient)
        return await self._store.read(self._store.outbox.sent_message, slot.campaign, *to)

    async def _context(self, campaign: Campaign, post: Post, slot: Slot, now: datetime) -> PostContext:
        standings = await self._publisher.newest(campaign) if KINDS[post.kind].shows_standings else None
        words, at = self._words(slot.language), Moment(campaign, now, slot.zone)
        drawn = PostContext(campaign, post, words, standings=standings, country=slot.country, at=at)
        file = await self._pictures.file_of(campaign, drawn.text) if self._pictures else None
        return replace(drawn, picture=file)

    def destination(self, slot: Slot) -> str | Waiting:
        """Return the channel or the user that a slot goes to, or why it has to wait."""
        name = self._channel_name(slot)
        if name is None and slot.audience in (DIRECT | NOTIFICATIONS | ORGANISER_MESSAGES) - _SHARED:
            return slot.recipient
        channel = self._channels.find(name) if name else None
        return channel or Waiting(
            f"{name or 'no channel'}: {self._channels.missing.get(name or '', 'the channel is not known yet')}"
        )

    def _channel_name(self, slot: Slot) -> str | None:
        campaign = self._campaign()
        if slot.audience in _SHARED:
            return campaign.organisers_channel
        # A published idea goes to the channel of its author's country.
        audience = Audience.COUNTRIES if slot.audience == NotificationKind.IDEA_POST else slot.audience
        return campaign.channel(audience, slot.recipient)


def unwanted(person: Person | None, slot: Slot, now: datetime) -> str | None:
    """Return why somebody no longer wants a message, or None."""
    if person is None:
        return "the person has left"
    asked = {
        Audience.JOINED.value: person.direct_messages,
        Audience.EARTH_HOUR_REMINDER.value: person.earth_hour_reminder,
        # Other messages are implied by setting a reminder or sending an idea, until the person stops all messages.
    }
    if not asked.get(slot.audience, person.stopped_at is None):
        return "the person has stopped messages"
    # In the person's zone, since `paused_until` is a local date.
    if person.paused_until and local(now, person.zone).date() < person.paused_until:
        return "the person has paused messages"
    return None
