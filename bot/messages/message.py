"""The type of all messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Block = Mapping[str, Any]


@dataclass(frozen=True)
class Message:
    """A message: its blocks, and a full sentence for notifications and screen readers."""

    text: str
    blocks: tuple[Block, ...]

    @property
    def arguments(self) -> dict[str, Any]:
        """The message as keyword arguments of a Slack method."""
        return {"text": self.text, "blocks": [dict(block) for block in self.blocks]}
