"""The state of a post in a country, as a sentence for organisers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.campaign.model import Post
from bot.messages.replies.reply_blocks import inline_quote
from bot.messages.words import Words


class PostState(StrEnum):
    """The states that organisers tell apart, each the name of a sentence.

    Of direct messages to colleagues only `PASSED` is told: who gets them, and how many, is nobody's business.
    """

    COMING = "coming"
    PASSED = "passed"
    WAITING = "waiting"
    PAUSED = "paused"
    UNAPPROVED = "unapproved"
    LEFT_OUT = "left_out"
    SENDING = "sending"
    SENT = "sent"
    CHANGED = "changed"
    REPLIED = "replied"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True)
class PostStatus:
    """A post in a country: its title in the organiser's language, its local time, and what has become of it.

    `sent` is the local time at which it was sent, `reason` the operator's reason why it was not, and `channel` the name
    of the channel where the country has several.
    """

    post: Post
    title: str
    local: datetime
    state: PostState
    sent: datetime | None = None
    reason: str | None = None
    channel: str = ""


_WITH_REASON = frozenset({PostState.WAITING, PostState.SKIPPED, PostState.CANCELLED, PostState.FAILED})

SIGNS: Mapping[PostState, str] = {
    PostState.SENT: ":white_check_mark:",
    PostState.CHANGED: ":pencil2:",
    PostState.REPLIED: ":white_check_mark:",
    PostState.PAUSED: ":double_vertical_bar:",
    PostState.UNAPPROVED: ":hourglass_flowing_sand:",
    PostState.WAITING: ":hourglass_flowing_sand:",
    PostState.FAILED: ":warning:",
    PostState.SKIPPED: ":warning:",
    PostState.UNCONFIRMED: ":warning:",
}
"""Signs beside the sentences, which say the same."""


def state_sentence(words: Words, status: PostStatus) -> str:
    """Say what has become of a post."""
    at = words.time(status.sent.time()) if status.sent else ""
    said = words(f"organise.state.{status.state}", time=at)
    if status.reason and status.state in _WITH_REASON:
        said = words("organise.with_reason", said=said, reason=inline_quote(status.reason))
    sign = SIGNS.get(status.state)
    return f"{sign} {said}" if sign else said
