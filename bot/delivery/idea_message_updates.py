"""Updates messages about ideas after a decision: they show it, and no longer offer the buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

import structlog

from bot.campaign.campaign_moment import Moment
from bot.campaign.model import Campaign
from bot.delivery.sender import Sender
from bot.delivery.unscheduled_messages import NotificationKind, idea_message
from bot.messages.unscheduled_messages import Decision
from bot.messages.words import Words
from bot.slack.send_results import Posted, Rejected
from bot.store.ideas import Idea, IdeaState
from bot.store.outbox import Entry
from bot.store.store import Store

EVERY = timedelta(minutes=1)
"""The wait before an edit is repeated that was claimed and not recorded, because the process died."""

_FOR = timedelta(days=30)

log = structlog.get_logger()


class Shown(IntEnum):
    """The state that a message about an idea shows, as stored in the outbox. Without one, its buttons are open."""

    ASKED = 1
    ANSWERED = 2
    APPROVED = 3
    PUBLISHED = 4
    DECLINED = 5
    CLOSED = 6
    PLANNED = 7
    DONE = 8


@dataclass(frozen=True)
class IdeaReviews:
    """Updates every message about an idea once somebody has done what it offers."""

    store: Store
    sender: Sender
    words: Callable[[str], Words]

    async def refresh(self, campaign: Campaign, now: datetime) -> None:
        """Update the messages that no longer show the state of their idea."""
        entries = [
            entry
            for kind in (NotificationKind.IDEA_REVIEW, NotificationKind.IDEA_NEWS)
            for entry in await self.store.read(self.store.outbox.changeable, campaign.id, kind, now - _FOR)
        ]
        ideas = (
            {idea.id: idea for idea in await self.store.read(self.store.ideas.of_campaign, campaign.id)}
            if entries
            else {}
        )
        for entry in entries:
            idea = ideas.get(entry.slot.post.partition("-")[0])
            shown = standing(entry, idea) if idea else None
            # Claimed, so that of several processes one edits the message.
            wanted = (
                shown
                and shown != entry.shown
                and await self.store.write(self.store.outbox.claim_update, entry.id, now, EVERY)
            )
            if (
                idea
                and shown
                and wanted
                and not await self._show(Moment(campaign, now, entry.slot.zone), entry, idea, shown)
            ):
                return

    async def _show(self, at: Moment, entry: Entry, idea: Idea, shown: Shown) -> bool:
        """Update one message. Returns False if Slack should be left alone until the next round, a minute later."""
        if entry.channel is None or entry.ts is None:
            return True
        # The author has acted last, not the representative who asked.
        by = idea.decided_by if shown is not Shown.ANSWERED else None
        decision = Decision(shown.name.lower(), by, idea.changed_at, entry.slot.zone)
        message = idea_message(NotificationKind(entry.slot.kind), idea, self.words(entry.slot.language), at, decision)
        match await self.sender.change(entry.channel, entry.ts, message):
            case Posted():
                await self.store.write(self.store.outbox.record_shown, entry.id, shown)
            # Such as a message that was deleted: trying again could never succeed.
            case Rejected(word, reason):
                await self.store.write(self.store.outbox.freeze, entry.id, f"its decision is not shown: {reason}")
                log.warning("a message about an idea is left as it is", action="idea_reviews.frozen", reason=word)
            case other:
                log.debug("decisions were not shown", action="idea_reviews.delayed", reason=type(other).__name__)
                return False
        return True


def standing(entry: Entry, idea: Idea) -> Shown | None:
    """Return the state that a message has to show, or None while its buttons still do something."""
    if entry.slot.kind == NotificationKind.IDEA_NEWS:
        asked = f"{idea.id}-{IdeaState.ASKED}-"
        is_open = idea.state is IdeaState.ASKED and entry.slot.post == f"{asked}{idea.round}"
        return Shown.CLOSED if entry.slot.post.startswith(asked) and not is_open else None
    match idea.state:
        case IdeaState.NEW:
            return None if entry.slot.post == f"{idea.id}-{idea.round}" else Shown.ANSWERED
        case IdeaState.APPROVED:
            return Shown.PUBLISHED if idea.published else Shown.APPROVED
        case state:
            return Shown[state.name]
