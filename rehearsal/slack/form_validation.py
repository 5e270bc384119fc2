"""Validation of a form by Slack's own client, before the app hears of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation

from rehearsal.slack.controls import Control, FilledIn, controls
from rehearsal.slack.conversation import Block

LONGEST = 3000
"""Characters of a text field, https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+")


def form_errors(blocks: Iterable[Block], filled: FilledIn) -> dict[str, str]:
    """Return the errors of a form, one word a block; empty when Slack would send it."""
    found = {}
    for each in controls(blocks):
        if each.is_field:
            held = (filled.get(each.place) or each.first())[each.holds]
            word = _complaint(each, held)
            if word is not None:
                found[each.block_id] = word
    return found


def _complaint(control: Control, held: object) -> str | None:
    if held is None or held in ("", []):
        return None if control.block.get("optional") is True else "required"
    most = control.element.get("max_selected_items")
    if isinstance(held, list):
        return "too_many" if most is not None and len(held) > most else None
    check = _CHECKS.get(control.kind)
    return check(control.element, str(held)) if check else None


def _text(element: Block, held: str) -> str | None:
    if len(held) > min(element.get("max_length", LONGEST), LONGEST):
        return "too_long"
    return "too_short" if len(held) < element.get("min_length", 0) else None


def _number(element: Block, held: str) -> str | None:
    try:
        # Decimal, since a float would round what somebody typed.
        number = Decimal(held)
    except InvalidOperation:
        return "no_number"
    # `Decimal` also reads NaN and Infinity.
    if not number.is_finite() or (number % 1 and not element["is_decimal_allowed"]):
        return "no_number"
    if number < Decimal(element.get("min_value", held)):
        return "too_small"
    return "too_large" if number > Decimal(element.get("max_value", held)) else None


def _email(_element: Block, held: str) -> str | None:
    return None if _EMAIL.fullmatch(held) else "no_email"


def _url(_element: Block, held: str) -> str | None:
    return None if _URL.fullmatch(held) else "no_url"


_CHECKS: Mapping[str, Callable[[Block, str], str | None]] = {
    "plain_text_input": _text,
    "number_input": _number,
    "email_text_input": _email,
    "url_text_input": _url,
}
