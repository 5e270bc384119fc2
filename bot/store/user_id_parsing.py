"""Parses Slack user IDs as people type or paste them."""

from __future__ import annotations

import re

_USER_ID = re.compile(
    r"(?:<?@)?([UW](?=[A-Z0-9]*\d|[A-Z0-9]{8})[A-Z0-9]{2,30})(?:\|[^>]*)?>?", re.IGNORECASE | re.ASCII
)
"""A Slack user ID, alone or as a mention. Old IDs may be letters alone; a short word is more likely a name."""


def user_id(written: str) -> str:
    """Return the user ID in a text, as Slack writes it.

    Raises:
        ValueError: It is none; the message says where to find it.
    """
    found = _USER_ID.fullmatch(written.strip())
    if not found:
        raise ValueError(
            f"{written!r} is not a Slack user ID, such as U012ABC3DE; in Slack, open the person's profile, "
            "then the three dots, then Copy member ID"
        )
    return found[1].upper()
