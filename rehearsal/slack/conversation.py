"""The messages of one channel or direct conversation."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rehearsal.slack import timestamp

Block = dict[str, Any]
Metadata = dict[str, Any]


@dataclass(frozen=True)
class File:
    """A file that a message shows."""

    id: str
    name: str
    title: str
    content: bytes


@dataclass(frozen=True)
class PostedMessage:
    """One message as it stands; `user` wrote it, `edited_at` says when it was last changed."""

    channel: str
    ts: str
    text: str
    blocks: tuple[Block, ...]
    metadata: Metadata | None
    user: str
    posted_at: datetime
    edited_at: datetime | None = None
    files: tuple[File, ...] = ()


@dataclass(frozen=True)
class HistoryPage:
    """A page of messages, and the timestamp at which the next page starts (None at the end)."""

    messages: Sequence[PostedMessage]
    next_micros: int | None


class Conversation:
    """The messages of one channel in the order in which they were posted."""

    def __init__(self, channel: str) -> None:
        """Start without messages."""
        self.channel = channel
        self.messages: list[PostedMessage] = []
        # Kept beside the messages for binary search: a channel of a long rehearsal has thousands.
        self._stamps: list[int] = []
        self._last = 0

    def stamp(self, at: datetime) -> int:
        """Make a timestamp for `at` that is unique in the conversation.

        The rehearsal's clock stands still between steps, and Slack's timestamps are unique in a channel: what
        shares an instant is counted upwards by one microsecond.
        """
        self._last = max(timestamp.of(at), self._last + 1)
        return self._last

    def post(
        self,
        user: str,
        text: str,
        blocks: Sequence[Block],
        metadata: Metadata | None,
        at: datetime,
        files: Sequence[File] = (),
    ) -> PostedMessage:
        """Add a message."""
        micros = self.stamp(at)
        ts = timestamp.text(micros)
        said = PostedMessage(self.channel, ts, text, tuple(blocks), metadata, user, at, files=tuple(files))
        self._stamps.append(micros)
        self.messages.append(said)
        return said

    def find(self, ts: str) -> PostedMessage | None:
        """Return the message with exactly this timestamp."""
        place = self._place(ts)
        return None if place is None else self.messages[place]

    def change(
        self, old: PostedMessage, *, text: str, blocks: Sequence[Block], metadata: Metadata | None, at: datetime
    ) -> PostedMessage:
        """Put a changed message in the place of the old one."""
        new = replace(old, text=text, blocks=tuple(blocks), metadata=metadata, edited_at=at)
        place = self._place(old.ts)
        if place is None:
            raise KeyError(old.ts)
        self.messages[place] = new
        return new

    def remove(self, old: PostedMessage) -> None:
        """Delete a message."""
        place = self._place(old.ts)
        if place is None:
            raise KeyError(old.ts)
        del self.messages[place]
        del self._stamps[place]

    def page(
        self,
        *,
        oldest: int | None = None,
        latest: int | None = None,
        inclusive: bool = False,
        limit: int = 100,
    ) -> HistoryPage:
        """Return the newest messages between two timestamps, newest first.

        `inclusive` decides whether a message exactly at `oldest` or `latest` is among them, as in
        https://docs.slack.dev/reference/methods/conversations.history.
        """
        first, end = self._bounds(oldest, latest, inclusive=inclusive)
        start = max(first, end - limit)
        following = self._stamps[start - 1] if start > first else None
        return HistoryPage(self.messages[start:end][::-1], following)

    def _bounds(self, oldest: int | None, latest: int | None, *, inclusive: bool) -> tuple[int, int]:
        low, high = (bisect_left, bisect_right) if inclusive else (bisect_right, bisect_left)
        first = 0 if oldest is None else low(self._stamps, oldest)
        end = len(self._stamps) if latest is None else high(self._stamps, latest)
        return first, max(first, end)

    def _place(self, ts: str) -> int | None:
        micros = timestamp.parse(ts)
        if micros is None:
            return None
        place = bisect_left(self._stamps, micros)
        return place if self._stamps[place : place + 1] == [micros] else None
