"""The messages of one channel or direct conversation, the threads below them, and what is pinned there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rehearsal.slack import timestamp

Block = dict[str, Any]
Metadata = dict[str, Any]

BROADCAST = "thread_broadcast"
"""The subtype of a reply that the channel shows as well."""
TOMBSTONE = "tombstone"
"""The subtype of what stands in the place of a deleted message that has replies."""
NOTICES = frozenset({"channel_join", "channel_leave"})
"""Subtypes of the lines that Slack writes itself: nobody can change them, pin them, or reply to them."""
SLACKBOT_ID = "USLACKBOT"


@dataclass(frozen=True)
class File:
    """A file that a message shows."""

    id: str
    name: str
    title: str
    content: bytes


@dataclass(frozen=True)
class PostedMessage:
    """One message as it stands; `user` wrote it, `edited_at` says when it was last changed.

    A reply has the timestamp of the message that it is a reply to, `parent_ts`.
    """

    channel: str
    ts: str
    text: str
    blocks: tuple[Block, ...]
    metadata: Metadata | None
    user: str
    posted_at: datetime
    edited_at: datetime | None = None
    files: tuple[File, ...] = ()
    parent_ts: str | None = None
    subtype: str | None = None

    @property
    def is_in_channel(self) -> bool:
        """True unless it is a reply that is seen in its thread alone."""
        return self.parent_ts is None or self.subtype == BROADCAST


@dataclass(frozen=True)
class Pin:
    """A pinned message: its timestamp, who pinned it, and when."""

    ts: str
    user: str
    pinned_at: datetime


@dataclass(frozen=True)
class HistoryPage:
    """A page of messages, and the timestamp at which the next page starts (None at the end)."""

    messages: Sequence[PostedMessage]
    next_micros: int | None


class _Timeline:
    """Messages by their timestamps, found by binary search: a channel of a long rehearsal has thousands."""

    def __init__(self) -> None:
        self.messages: list[PostedMessage] = []
        self._stamps: list[int] = []

    def add(self, said: PostedMessage) -> None:
        """Add a message that is newer than the others."""
        self._stamps.append(_micros(said))
        self.messages.append(said)

    def find(self, ts: str) -> PostedMessage | None:
        """Return the message with exactly this timestamp."""
        place = self._place(ts)
        return None if place is None else self.messages[place]

    def put(self, new: PostedMessage) -> None:
        """Put a message in the place of the one with its timestamp; a KeyError if there is none."""
        self.messages[self._known(new.ts)] = new

    def drop(self, ts: str) -> None:
        """Delete a message; a KeyError if there is none."""
        place = self._known(ts)
        del self.messages[place]
        del self._stamps[place]

    def newest(self, first: int, end: int, limit: int) -> HistoryPage:
        """Return the last messages between two places, newest first."""
        start = max(first, end - limit)
        following = self._stamps[start - 1] if start > first else None
        return HistoryPage(self.messages[start:end][::-1], following)

    def oldest(self, first: int, end: int, limit: int) -> HistoryPage:
        """Return the first messages between two places, oldest first."""
        stop = min(end, first + limit)
        following = self._stamps[stop] if stop < end else None
        return HistoryPage(self.messages[first:stop], following)

    def bounds(self, oldest: int | None, latest: int | None, *, inclusive: bool) -> tuple[int, int]:
        """Return the places between two timestamps; `inclusive` lets in what is exactly at one of them."""
        low, high = (bisect_left, bisect_right) if inclusive else (bisect_right, bisect_left)
        first = 0 if oldest is None else low(self._stamps, oldest)
        end = len(self._stamps) if latest is None else high(self._stamps, latest)
        return first, max(first, end)

    def _known(self, ts: str) -> int:
        place = self._place(ts)
        if place is None:
            raise KeyError(ts)
        return place

    def _place(self, ts: str) -> int | None:
        micros = timestamp.parse(ts)
        if micros is None:
            return None
        place = bisect_left(self._stamps, micros)
        return place if self._stamps[place : place + 1] == [micros] else None


class Conversation:
    """The messages of one channel in the order in which they were posted."""

    def __init__(self, channel: str) -> None:
        """Start without messages."""
        self.channel = channel
        self.pins: dict[str, Pin] = {}
        self._everything = _Timeline()
        self._channel = _Timeline()
        # By the timestamp of the parent, which is the first of its thread.
        self._threads: dict[str, _Timeline] = {}
        self._last = 0

    @property
    def messages(self) -> list[PostedMessage]:
        """The messages that the channel shows: those in no thread, and replies that were broadcast."""
        return self._channel.messages

    @property
    def everything(self) -> list[PostedMessage]:
        """All messages, replies included."""
        return self._everything.messages

    def stamp(self, at: datetime) -> int:
        """Make a timestamp for `at` that is unique in the conversation.

        The rehearsal's clock stands still between steps, and Slack's timestamps are unique in a channel: what
        shares an instant is counted upwards by one microsecond.
        """
        self._last = max(timestamp.of(at), self._last + 1)
        return self._last

    def post(  # noqa: PLR0913 - each is one part of a message
        self,
        user: str,
        text: str,
        blocks: Sequence[Block],
        metadata: Metadata | None,
        at: datetime,
        files: Sequence[File] = (),
        *,
        parent_ts: str | None = None,
        subtype: str | None = None,
    ) -> PostedMessage:
        """Add a message, or a reply to the message `parent_ts`; a KeyError if that is not here."""
        if parent_ts is not None:
            self._open_thread(parent_ts)
        ts = timestamp.text(self.stamp(at))
        said = PostedMessage(
            self.channel,
            ts,
            text,
            tuple(blocks),
            metadata,
            user,
            at,
            files=tuple(files),
            parent_ts=parent_ts,
            subtype=subtype,
        )
        for timeline in self._timelines(said):
            timeline.add(said)
        return said

    def find(self, ts: str) -> PostedMessage | None:
        """Return the message or reply with exactly this timestamp."""
        return self._everything.find(ts)

    def replies(self, parent: PostedMessage) -> Sequence[PostedMessage]:
        """Return the replies to a message, oldest first."""
        thread = self._threads.get(parent.ts)
        return () if thread is None else thread.messages[1:]

    def change(
        self, old: PostedMessage, *, text: str, blocks: Sequence[Block], metadata: Metadata | None, at: datetime
    ) -> PostedMessage:
        """Put a changed message in the place of the old one."""
        new = replace(old, text=text, blocks=tuple(blocks), metadata=metadata, edited_at=at)
        self._put(new)
        return new

    def remove(self, old: PostedMessage) -> None:
        """Delete a message. One that has replies leaves a tombstone, so that these can still be read."""
        self.pins.pop(old.ts, None)
        if self.replies(old):
            self._put(_tombstone(old))
            return
        for timeline in self._timelines(old):
            timeline.drop(old.ts)

    def pin(self, message: PostedMessage, user: str, at: datetime) -> None:
        """Pin a message."""
        self.pins[message.ts] = Pin(message.ts, user, at)

    def page(
        self,
        *,
        oldest: int | None = None,
        latest: int | None = None,
        inclusive: bool = False,
        limit: int = 100,
    ) -> HistoryPage:
        """Return the newest messages of the channel between two timestamps, newest first.

        `inclusive` decides whether a message exactly at `oldest` or `latest` is among them, as in
        https://docs.slack.dev/reference/methods/conversations.history.
        """
        first, end = self._channel.bounds(oldest, latest, inclusive=inclusive)
        return self._channel.newest(first, end, limit)

    def thread_page(
        self,
        parent: PostedMessage,
        *,
        oldest: int | None = None,
        latest: int | None = None,
        inclusive: bool = False,
        limit: int = 1000,
    ) -> HistoryPage:
        """Return a message and the replies to it between two timestamps, oldest first.

        https://docs.slack.dev/reference/methods/conversations.replies; without replies it is the message alone.
        """
        thread = self._threads.get(parent.ts)
        if thread is None:
            thread = _Timeline()
            thread.add(parent)
        first, end = thread.bounds(oldest, latest, inclusive=inclusive)
        return thread.oldest(first, end, limit)

    def _open_thread(self, parent_ts: str) -> None:
        parent = self._everything.find(parent_ts)
        if parent is None or parent.parent_ts is not None:
            raise KeyError(parent_ts)
        if parent_ts not in self._threads:
            self._threads[parent_ts] = _Timeline()
            self._threads[parent_ts].add(parent)

    def _put(self, new: PostedMessage) -> None:
        for timeline in self._timelines(new):
            timeline.put(new)

    def _timelines(self, said: PostedMessage) -> Iterator[_Timeline]:
        """Yield each place where a message stands."""
        yield self._everything
        if said.is_in_channel:
            yield self._channel
        thread = self._threads.get(said.parent_ts or said.ts)
        if thread is not None:
            yield thread


def _tombstone(old: PostedMessage) -> PostedMessage:
    text = "This message was deleted."
    return PostedMessage(old.channel, old.ts, text, (), None, SLACKBOT_ID, old.posted_at, subtype=TOMBSTONE)


def _micros(said: PostedMessage) -> int:
    micros = timestamp.parse(said.ts)
    if micros is None:
        raise ValueError(f"{said.ts!r} is no timestamp")
    return micros
