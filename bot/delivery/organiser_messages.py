"""Direct messages to organisers: what has changed for them, what waits for them, and how the week goes.

They ignore pauses, which organisers make. Nobody can stop them but the digest, which has a switch.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import Connection

from bot.campaign.live_reload import LiveCampaign
from bot.campaign.localtime import local
from bot.campaign.model import Campaign
from bot.campaign.organisers import countries_of
from bot.campaign.schedule import Slot
from bot.delivery.digest import DigestReader
from bot.delivery.organiser_message_times import (
    OrganiserMessage,
    about_approvals,
    about_stand_ins,
    about_words,
    countdown,
    digests,
    reach,
)
from bot.messages.message import Message
from bot.messages.organise import digest, organiser_messages
from bot.messages.organise.post_page import post_value
from bot.messages.organise.week_readiness import not_ready
from bot.messages.words import Words
from bot.standings.publisher import Publisher
from bot.store.store import Store

Pairs = Collection[tuple[str, str]]
"""Posts, each with a language."""


class OrganiserMessages:
    """Plans messages to organisers, and renders them when they are sent."""

    def __init__(
        self,
        store: Store,
        live: LiveCampaign,
        publisher: Publisher,
        missing_channels: Callable[[], Collection[str]],
        words: Callable[[str], Words],
    ) -> None:
        self._store = store
        self._live = live
        self._missing_channels = missing_channels
        self._words = words
        self._reader = DigestReader(store, live, publisher)

    @property
    def waiting(self) -> Pairs:
        """The posts and languages that cannot be sent before somebody has approved their words."""
        return frozenset(self._live.unapproved) if self._live.campaign.approval_required else frozenset()

    def slots(self, connection: Connection, campaign: Campaign, waiting: Pairs, now: datetime) -> list[Slot]:
        """List the slots of all messages that can still be sent. `waiting` is read before, on the event's loop."""
        store = self._store
        found = [
            *about_words(campaign, store.revisions.superseded(connection, campaign.id)),
            *about_stand_ins(campaign, store.organisers.stand_in_changes(connection, campaign.id)),
            *(each.slot for each in about_approvals(campaign, waiting)),
            *countdown(campaign),
            *digests(campaign, store.digests.off(connection, campaign.id)),
            *reach(campaign),
        ]
        # What is too late is not planned: before the week nobody needs the rows of days that have passed.
        return list({each.key: each for each in found if each.expires_at > now}.values())

    async def message(self, slot: Slot, now: datetime) -> Message | None:
        """Render a message from the present state. Returns None when it has lost its reason."""
        words, campaign = self._words(slot.language), self._live.campaign
        match OrganiserMessage(slot.kind):
            case OrganiserMessage.WORDS_SUPERSEDED:
                return await self._superseded(words, slot)
            case OrganiserMessage.STAND_IN:
                return await self._stand_in(words, slot)
            case OrganiserMessage.APPROVAL_WAITING:
                return self._approval(words, slot)
            case OrganiserMessage.COUNTDOWN:
                own = countries_of(campaign, slot.recipient)
                missing = not_ready(self._live, self._missing_channels(), own, slot.local_date)
                left = int(slot.post.removeprefix("countdown-"))
                return organiser_messages.countdown(words, campaign, left, missing)
            case OrganiserMessage.REACH:
                return organiser_messages.reach(words, campaign, await self._reader.reach(slot))
            case OrganiserMessage.DIGEST:
                read = await self._reader.digest(slot, now)
                return digest.draw(words, campaign, read) if read else None

    async def _superseded(self, words: Words, slot: Slot) -> Message | None:
        campaign = self._live.campaign
        found = await self._store.read(self._store.revisions.superseded, campaign.id)
        revisions = (each.revision for each in found)
        mine = next((each for each in revisions if (each.id, each.by) == (slot.post, slot.recipient)), None)
        page = self._page(slot, mine.post) if mine else None
        return organiser_messages.words_superseded(words, campaign, mine, slot.zone, page) if mine else None

    def _page(self, slot: Slot, post: str) -> str | None:
        """Return the value of a button to a post's page, in the first country of the organiser's that has it."""
        posts = [each for each in self._live.campaign.posts if each.post == post]
        homes = [each.code for each in countries_of(self._live.campaign, slot.recipient)]
        there = (code for code in homes for each in posts if not each.countries or code in each.countries)
        code = next(there, None)
        return post_value(code, post) if code else None

    async def _stand_in(self, words: Words, slot: Slot) -> Message | None:
        found = await self._store.read(self._store.organisers.stand_in_changes, self._live.campaign.id)
        # A change is named anew with each one, so a message about an earlier one finds nothing.
        change = next((each for each in found if each.id == slot.post), None)
        if change is None:
            return None
        is_themselves = change.stand_in.user == slot.recipient
        has_ended = change.ended_at is not None
        return organiser_messages.stand_in(words, change.stand_in, is_themselves=is_themselves, has_ended=has_ended)

    def _approval(self, words: Words, slot: Slot) -> Message | None:
        campaign = self._live.campaign
        found = [each for each in about_approvals(campaign, self.waiting) if each.slot.key == slot.key]
        if not found:
            return None
        pages = {each.post: self._page(slot, each.post) for each in found}
        pairs = [(each.post, each.language) for each in found]
        due = local(found[0].due_at, slot.zone)
        return organiser_messages.approval_waiting(words, campaign, pairs, due, pages)
