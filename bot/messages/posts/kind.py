"""What a kind of post is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.campaign.post_rules import Rules
from bot.messages.message import Block
from bot.messages.post_context import Occasion

Draw = Callable[[Occasion], list[Block]]


@dataclass(frozen=True, kw_only=True)
class Kind(Rules):
    """The rules of a kind, and the pure function that draws its blocks; `figures` are given to those that show any."""

    draw: Draw
    figures: bool = False
