"""A Slack user ID, as somebody types it."""

from __future__ import annotations

import re

_USER_ID = re.compile(r"(?:<?@)?([UW](?=.*\d|.{8})[A-Z0-9]{2,30})(?:\|[^>]*)?>?")
"""A Slack user ID, alone or as a mention. Old ones can be of letters alone; a short word is rather a name."""


def user_id(written: str) -> str:
    """The user ID that somebody has written, as Slack writes it.

    Raises:
        ValueError: It is none; the message says where to find it.
    """
    found = _USER_ID.fullmatch(written.strip().upper())
    if not found:
        raise ValueError(
            f"{written!r} is not a Slack user ID, such as U012ABC3DE; in Slack, open the person's profile, "
            "then the three dots, then Copy member ID"
        )
    return found[1]
