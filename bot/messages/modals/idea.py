"""An idea for the representatives."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.messages.blocks import checkboxes, input_field, text_input
from bot.messages.modals.modal import InvalidFieldsError, View, checked_values, entered_text, modal, read_metadata
from bot.messages.unicode_text import is_visible
from bot.messages.words import Words

CALLBACK = "idea"
MAX_LENGTH = 1000
"""Characters of an idea."""

_YES = "yes"
_LATER = ("kept", "told")
_MENTION = re.compile(r"<[!@#][^>]*>|@(?:channel|here|everyone)\b", re.IGNORECASE)


@dataclass(frozen=True)
class IdeaAnswers:
    """An idea as it was written, and what its author agrees to.

    The name may stand beside it (`named`), it may be `kept` for next year, and `told` to customers once it is done.
    """

    text: str
    named: bool
    kept: bool = False
    told: bool = False


def draw(words: Words, country_name: str | None) -> View:
    """Draw the form. Without a country, the idea goes to the representatives of the whole campaign."""
    goes_to = (
        words("form.idea.goes_to_country", country=country_name) if country_name else words("form.idea.goes_to_all")
    )
    later = {each: words(f"form.idea.{each}") for each in _LATER}
    blocks = [
        input_field(words("form.idea.question"), text_input("text", MAX_LENGTH, multiline=True), hint=goes_to),
        input_field(words("form.idea.named"), checkboxes("named", {_YES: words("form.idea.named_yes")}), optional=True),
        input_field(
            words("form.idea.later"), checkboxes("later", later), optional=True, hint=words("form.idea.later_hint")
        ),
    ]
    return modal(words, CALLBACK, "form.idea.title", blocks, submit="form.idea.submit")


def read(view: View) -> IdeaAnswers:
    """Read the idea.

    Raises:
        StaleViewError: The form is not one that the bot draws.
        InvalidFieldsError: It is empty, too long, or mentions people and says nothing else.
    """
    # Refuses a form of another version; there is nothing else in its metadata.
    read_metadata(view)
    text = entered_text(view, "text", MAX_LENGTH)
    if not text:
        raise InvalidFieldsError({"text": "form.empty"})
    # A mention alone is no idea. Escaped, it would not even mention anybody.
    if not is_visible(_MENTION.sub("", text)):
        raise InvalidFieldsError({"text": "form.idea.only_mentions"})
    later = checked_values(view, "later", _LATER)
    return IdeaAnswers(
        text, named=bool(checked_values(view, "named", [_YES])), kept="kept" in later, told="told" in later
    )
