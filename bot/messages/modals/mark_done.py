"""Marking a pledge as done on one of the last days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.campaign.model import Campaign
from bot.messages.blocks import input_field, radio_or_select
from bot.messages.campaign_texts import pledge_words
from bot.messages.modals.modal import View, metadata_days, modal, selected
from bot.messages.modals.pledge_summary import valid_pledge_id
from bot.messages.words import Words

CALLBACK = "done"
MAX_PLEDGES = 100
"""Slack allows a hundred options."""


@dataclass(frozen=True)
class DoneAnswers:
    """A pledge that was done on a local day."""

    pledge: str
    day: date


def draw(words: Words, campaign: Campaign, pledges: Sequence[str], days: Sequence[date]) -> View:
    """Draw the form. `pledges` are the person's own, at least one; `days` can be marked, the latest first."""
    titles = {pledge: pledge_words(campaign, pledge, words).title for pledge in pledges[:MAX_PLEDGES]}
    dates = {day.isoformat(): words.short_day(day) for day in days}
    only = pledges[0] if len(pledges) == 1 else None
    blocks = [
        input_field(words("form.done.pledge"), radio_or_select("pledge", titles, only)),
        input_field(words("form.done.day"), radio_or_select("day", dates, next(iter(dates), None))),
    ]
    return modal(words, CALLBACK, "form.done.title", blocks, submit="form.done.submit", metadata={"days": list(dates)})


def read(view: View) -> DoneAnswers:
    """Read the answers. The caller has to check that the pledge is the person's own.

    Raises:
        StaleViewError: The form is not one that the bot draws.
        InvalidFieldsError: Something was left out.
    """
    # The days that were offered when the form was opened; the handler checks that they still count.
    offered = [day.isoformat() for day in metadata_days(view, "days")]
    pledge = valid_pledge_id(selected(view, "pledge", None))
    return DoneAnswers(pledge, date.fromisoformat(selected(view, "day", offered)))
