"""Messages that only one person sees, by person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rehearsal.slack.conversation import Block

MOST_KEPT = 25
"""A person's newest; Slack's client forgets them all when it is started anew."""


@dataclass(frozen=True)
class Ephemeral:
    """A message that only one person saw; Slack keeps none of these in a channel's history."""

    channel: str
    user: str
    ts: str
    text: str
    blocks: tuple[Block, ...]


@dataclass
class Ephemerals:
    """The ephemeral messages that can still be seen."""

    _by_user: dict[str, dict[tuple[str, str], Ephemeral]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Ephemeral]:
        """Iterate over all ephemeral messages, person by person."""
        return (said for known in self._by_user.values() for said in known.values())

    def keep(self, said: Ephemeral) -> None:
        """Add an ephemeral message, or replace it by a changed one; the oldest is dropped when there are too many."""
        known = self._by_user.setdefault(said.user, {})
        known[said.channel, said.ts] = said
        if len(known) > MOST_KEPT:
            # Dictionaries keep the order of insertion, so this is the oldest.
            del known[next(iter(known))]

    def of(self, user: str) -> list[Ephemeral]:
        """Return the ephemeral messages of one person, oldest first."""
        return list(self._by_user.get(user, {}).values())

    def find(self, user: str, channel: str, ts: str) -> Ephemeral | None:
        """Find an ephemeral message by its timestamp."""
        return self._by_user.get(user, {}).get((channel, ts))

    def remove(self, said: Ephemeral) -> None:
        """Delete an ephemeral message."""
        self._by_user.get(said.user, {}).pop((said.channel, said.ts), None)
