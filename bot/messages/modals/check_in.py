"""The check-in: how each pledge went, what would have made it easier, and whether the person goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.campaign.model import Campaign
from bot.campaign.pledges import OBSTACLES
from bot.messages.blocks import checkboxes, context, input_field, radio, select, text_input
from bot.messages.campaign_texts import pledge_words
from bot.messages.message import Block
from bot.messages.modals.modal import (
    StaleViewError,
    View,
    checked_values,
    entered_text,
    field_names,
    metadata_text,
    modal,
    selected,
    selected_or_none,
)
from bot.messages.modals.pledge_summary import valid_pledge_id
from bot.messages.words import Words

CALLBACK = "check_in"
ANSWERS = ("done", "partly", "not_yet", "not")
MAX_REMARK_LENGTH = 500
"""Characters of the remark to the representatives."""

MAX_PLEDGES = 90
"""Fewer than the hundred blocks that Slack allows."""

_PREFIX = "answer:"
_YES = "yes"


@dataclass(frozen=True)
class CheckInAnswers:
    """The answers by pledge, for the post that asked. `continues` is `None` where the box was not checked."""

    occasion: str
    answers: Mapping[str, str]
    obstacle: str | None
    line: str | None
    continues: bool | None


def draw(words: Words, campaign: Campaign, *, pledges: Sequence[str], answer: str, occasion: str, saved: bool) -> View:
    """Draw the form, with `answer` selected for each pledge. `saved` tells that the press has stored it already."""
    blocks = [
        *_saved(words, saved=saved),
        *(_pledge(words, campaign, pledge, answer) for pledge in pledges[:MAX_PLEDGES]),
        *_more(words),
    ]
    metadata = {"occasion": occasion}
    return modal(words, CALLBACK, "form.check_in.title", blocks, submit="form.check_in.submit", metadata=metadata)


def read(view: View) -> CheckInAnswers:
    """Read the answers. The caller has to check that the pledges are the person's own.

    Raises:
        StaleViewError: The form is not one that the bot draws.
        InvalidFieldsError: A pledge has no answer, or the line is too long.
    """
    return CheckInAnswers(
        occasion=metadata_text(view, "occasion"),
        # Only the fields that came back: pledges that were withdrawn or added meanwhile do not matter.
        answers=_answers(view),
        obstacle=selected_or_none(view, "obstacle", OBSTACLES),
        line=entered_text(view, "line", MAX_REMARK_LENGTH) or None,
        # An empty box is no answer: nobody has to say that they give up.
        continues=True if checked_values(view, "continues", [_YES]) else None,
    )


def _answers(view: View) -> dict[str, str]:
    names = [name for name in field_names(view) if name.startswith(_PREFIX)]
    if not names:
        raise StaleViewError("the form asks about no pledge")
    return {valid_pledge_id(name.removeprefix(_PREFIX)): selected(view, name, ANSWERS) for name in names}


def _saved(words: Words, *, saved: bool) -> Iterator[Block]:
    if saved:
        yield context("saved", [words("form.check_in.saved")])


def _pledge(words: Words, campaign: Campaign, pledge: str, answer: str) -> Block:
    options = {each: words(f"button.check_in_{each}") for each in ANSWERS}
    # A lasting pledge is decided once, so "done" would be the wrong word.
    known = campaign.pledge(pledge)
    if known and known.lasting:
        options["done"] = words("button.check_in_decided")
    return input_field(pledge_words(campaign, pledge, words).title, radio(f"{_PREFIX}{pledge}", options, answer))


def _more(words: Words) -> Iterator[Block]:
    obstacles = {each: words(f"obstacle.{each}") for each in OBSTACLES}
    line = text_input("line", MAX_REMARK_LENGTH, multiline=True)
    box = checkboxes("continues", {_YES: words("form.check_in.continues_yes")})
    yield input_field(words("form.check_in.obstacle"), select("obstacle", obstacles), optional=True)
    yield input_field(words("form.check_in.line"), line, hint=words("form.check_in.line_hint"), optional=True)
    yield input_field(words("form.check_in.continues"), box, optional=True)
