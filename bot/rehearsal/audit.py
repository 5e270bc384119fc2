"""Counts what arrived, from Slack's side: the bot's own books are not asked.

What should arrive is worked out from the campaign's calendar alone; each message that was really posted makes up for
one expected one in the same channel, with the same words, within its time. What is left over on either side is lost or
came twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.campaign.calendar import Slot
from bot.campaign.model import Campaign
from bot.rehearsal.slack.workspace import Message, Workspace


@dataclass(frozen=True)
class Expected:
    """One message that should arrive, and until when."""

    channel: str
    text: str
    due_at: datetime
    late_until: datetime

    def is_met_by(self, message: Message) -> bool:
        """Whether a posted message is this one."""
        return message.text == self.text and self.due_at <= message.posted_at < self.late_until


@dataclass(frozen=True)
class Count:
    """What arrived: `duplicates` were not expected, or not once more; `lost` were expected and never came."""

    posts: int
    duplicates: int
    lost: int


def expect(campaign: Campaign, slots: Iterable[Slot], town: Workspace) -> list[Expected]:
    """What the calendar promises, in the channels that Slack knows."""
    return [
        Expected(
            channel=_channel(campaign, slot, town),
            text=campaign.text(slot.post, slot.to.language).summary,
            due_at=slot.due_at,
            late_until=slot.late_until,
        )
        for slot in slots
    ]


def _channel(campaign: Campaign, slot: Slot, town: Workspace) -> str:
    name = campaign.channel(slot.to.audience, slot.to.recipient)
    if name is None:
        return town.im(slot.to.recipient)
    named = town.channel_named(name)
    return named.id if named else name


def count(expected: Iterable[Expected], posted: Iterable[Message]) -> Count:
    """Hold what was posted against what was expected, channel by channel and each message once."""
    messages: defaultdict[str, list[Message]] = defaultdict(list)
    for message in posted:
        messages[message.channel].append(message)
    total = sum(map(len, messages.values()))
    lost = 0
    for each in sorted(expected, key=lambda one: one.late_until):
        arrived = next((message for message in messages[each.channel] if each.is_met_by(message)), None)
        if arrived:
            messages[each.channel].remove(arrived)
        else:
            lost += 1
    return Count(total, duplicates=sum(map(len, messages.values())), lost=lost)
