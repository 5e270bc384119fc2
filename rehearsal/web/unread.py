"""Read markers of everybody, for Slack's unread marks."""

from __future__ import annotations

from dataclasses import dataclass, field

from rehearsal.slack.workspace import Workspace


@dataclass
class ReadMarkers:
    """The timestamp of the last message that each person has seen, by conversation."""

    _seen: dict[tuple[str, str], str] = field(default_factory=dict)

    def mark(self, user: str, channel: str, workspace: Workspace) -> None:
        """Mark a conversation as read by somebody who looks at it."""
        said = workspace.conversation(channel).messages
        if said:
            self._seen[user, channel] = said[-1].ts

    def unread(self, user: str, channel: str, workspace: Workspace) -> int:
        """Count the messages of others that somebody has not seen."""
        seen, unread = self._seen.get((user, channel), ""), 0
        for message in reversed(workspace.conversation(channel).messages):
            # All timestamps of a rehearsal have as many digits, so that they compare as texts.
            if message.ts <= seen:
                break
            unread += message.user != user
        return unread
