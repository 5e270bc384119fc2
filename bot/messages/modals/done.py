"""Which pledge was kept, and on which of the last days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.campaign.model import Campaign
from bot.messages.blocks import choice, field
from bot.messages.modals.modal import View, chosen, modal, noted_days
from bot.messages.modals.pledge import checked, words_of
from bot.messages.words import Words

CALLBACK = "done"
MOST_PLEDGES = 100
"""Slack takes a hundred options."""


@dataclass(frozen=True)
class Done:
    """A pledge that was kept on a local day."""

    pledge: str
    day: date


def draw(words: Words, campaign: Campaign, pledges: Sequence[str], days: Sequence[date]) -> View:
    """`pledges` are the person's own, at least one; `days` can be told still, the newest first."""
    titles = {pledge: words_of(words, campaign, pledge).title for pledge in pledges[:MOST_PLEDGES]}
    dates = {day.isoformat(): words.short_day(day) for day in days}
    only = pledges[0] if len(pledges) == 1 else None
    blocks = [
        field(words("form.done.pledge"), choice("pledge", titles, only)),
        field(words("form.done.day"), choice("day", dates, next(iter(dates), None))),
    ]
    return modal(words, CALLBACK, "form.done.title", blocks, submit="form.done.submit", memo={"days": list(dates)})


def read(view: View) -> Done:
    """What was filled in; whether the pledge is the person's own is for the caller to find out.

    Raises:
        Outdated: The form is none of today's.
        Unfilled: Something was left out.
    """
    offered = [day.isoformat() for day in noted_days(view, "days")]
    pledge = checked(chosen(view, "pledge", None))
    return Done(pledge, date.fromisoformat(chosen(view, "day", offered)))
