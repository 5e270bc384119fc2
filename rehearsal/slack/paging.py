"""Slack's paging: an opaque cursor that names where the next page starts.

The inside is Slack's own form, base64 of ``word:place``, as its examples show
(https://docs.slack.dev/apis/web-api/pagination).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from rehearsal.slack.errors import RefusedError

Item = TypeVar("Item")


def encode(word: str, place: int | None) -> str:
    """Return a cursor for a place; empty for the end of the list."""
    return "" if place is None else base64.b64encode(f"{word}:{place}".encode()).decode()


def decode(word: str, cursor: str) -> int | None:
    """Return the place that a cursor names; None for the empty one.

    Raises:
        RefusedError: This server made no such cursor.
    """
    if not cursor:
        return None
    try:
        kind, _, place = base64.b64decode(cursor, validate=True).decode("ascii").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise RefusedError("invalid_cursor") from None
    if kind != word or not place.isdecimal():
        raise RefusedError("invalid_cursor")
    return int(place)


def slice_of(items: Sequence[Item], word: str, cursor: str, limit: int) -> tuple[Sequence[Item], str]:
    """Return a page of a list and the cursor of the next."""
    start = decode(word, cursor) or 0
    end = start + limit
    return items[start:end], encode(word, end if end < len(items) else None)
