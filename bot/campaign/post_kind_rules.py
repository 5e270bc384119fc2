"""Rules for each kind of post: its deadline, its required keys, and the audiences it may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.campaign.model import Audience
from bot.campaign.post_deadlines import Deadline, EndOfDay


@dataclass(frozen=True)
class Rules:
    """The rules of one kind. `bot.messages.post_kinds` defines how it looks."""

    name: str
    deadline: Deadline = field(default_factory=EndOfDay)
    needs: tuple[str, ...] = ()
    audiences: frozenset[Audience] = frozenset(Audience)


RulesByKind = Mapping[str, Rules]
