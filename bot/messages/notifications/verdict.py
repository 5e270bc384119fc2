"""What was decided about an idea, by whom and when, for those who could have decided it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.campaign.localtime import local
from bot.messages.notifications.quoted import mention
from bot.messages.words import Words

OUTCOMES = frozenset({"asked", "answered", "approved", "published", "declined", "closed"})


@dataclass(frozen=True)
class Verdict:
    """`outcome` is one of `OUTCOMES`; `by` is a user ID where it is known, and `zone` is the reader's."""

    outcome: str
    by: str | None
    at: datetime
    zone: str


def sentence(words: Words, verdict: Verdict) -> str:
    """The verdict in one sentence.

    Raises:
        ValueError: There is no such outcome.
    """
    if verdict.outcome not in OUTCOMES:
        raise ValueError(f"nobody decides {verdict.outcome!r}")
    wall = local(verdict.at, verdict.zone)
    when = {"day": words.day(wall.date()), "time": words.time(wall.time())}
    return words(f"verdict.{verdict.outcome}", who=mention(verdict.by) or words("verdict.somebody"), **when)
