"""Validates channel names and user IDs as they are written in a campaign's files."""

from __future__ import annotations

import re
import unicodedata

_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{6,20}")
_USER_ID = re.compile(r"[UW][A-Z0-9]{2,20}")
_COPIED = re.compile(r"(?:<#|/archives/)([CG][A-Z0-9]{6,20})")
_LONGEST = 80


def channel(written: str) -> str:
    """Return a channel's name without `#`, or its ID.

    Raises:
        ValueError: Slack has no channel of that name; the message says what to write.
    """
    name = written.strip().removeprefix("#")
    if _CHANNEL_ID.fullmatch(name) or (
        name == name.lower() and all(map(_is_in_a_name, name)) and len(name) <= _LONGEST
    ):
        return name
    # Pasted from "Copy link" in Slack's menu, or from a message that mentions the channel.
    if copied := _COPIED.search(name):
        raise ValueError(f'{written!r} is a link; write the ID in it, "{copied[1]}"')
    raise ValueError(f'Slack has no channel called {written!r}; write it as Slack does, "{_as_slack_would(name)}"')


def is_channel_id(name: str) -> bool:
    """Return whether a channel is named by its ID."""
    return bool(_CHANNEL_ID.fullmatch(name))


def _is_in_a_name(sign: str) -> bool:
    # Slack allows letters of all scripts; M are combining marks, which are parts of letters in some.
    return sign.isalnum() or sign in "-_" or unicodedata.category(sign).startswith("M")


def _as_slack_would(name: str) -> str:
    kept = "".join(sign if _is_in_a_name(sign) else " " for sign in name.lower())
    return "-".join(kept.split())[:_LONGEST] or "earth-week"


def user(written: str) -> str:
    """Return a person's ID.

    Raises:
        ValueError: It is none; the message says where to find it.
    """
    if _USER_ID.fullmatch(written):
        return written
    upper = written.strip("@ ").upper()
    # Without a digit it may as well be a name that happens to begin with U or W, such as "@ulla".
    todo = f'write "{upper}"' if _USER_ID.fullmatch(upper) and any(map(str.isdigit, upper)) else _WHERE
    raise ValueError(f"{written!r} is no user ID; {todo}")


_WHERE = 'copy it from the person\'s profile in Slack, "Copy member ID"; it is such as "U012ABCDEF"'
