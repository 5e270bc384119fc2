"""An idea for the representatives."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.messages.blocks import checkboxes, field, text_input
from bot.messages.modals.modal import Unfilled, View, memo, modal, ticked, typed
from bot.messages.readable import is_said
from bot.messages.words import Words

CALLBACK = "idea"
MOST = 1000
"""Characters of an idea."""

_YES = "yes"
_MENTION = re.compile(r"<[!@#][^>]*>|@(?:channel|here|everyone)\b", re.IGNORECASE)


@dataclass(frozen=True)
class IdeaText:
    """An idea as it was written, and whether its author's name may stand beside it."""

    text: str
    named: bool


def draw(words: Words, country_name: str | None) -> View:
    """The idea goes to the representatives of a country, or to those of the whole campaign."""
    goes_to = (
        words("form.idea.goes_to_country", country=country_name) if country_name else words("form.idea.goes_to_all")
    )
    blocks = [
        field(words("form.idea.question"), text_input("text", MOST, multiline=True), hint=goes_to),
        field(words("form.idea.named"), checkboxes("named", {_YES: words("form.idea.named_yes")}), optional=True),
    ]
    return modal(words, CALLBACK, "form.idea.title", blocks, submit="form.idea.submit")


def read(view: View) -> IdeaText:
    """What was filled in.

    Raises:
        Outdated: The form is none of today's.
        Unfilled: It is empty, too long, or mentions people and says nothing else.
    """
    memo(view)
    text = typed(view, "text", MOST)
    if not text:
        raise Unfilled({"text": "form.empty"})
    if not is_said(_MENTION.sub("", text)):
        raise Unfilled({"text": "form.idea.only_mentions"})
    return IdeaText(text, named=bool(ticked(view, "named", [_YES])))
