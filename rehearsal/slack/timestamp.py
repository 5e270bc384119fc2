"""Slack's message timestamps: seconds and six decimals as text, such as ``1710000000.000100``.

Inside the rehearsal a timestamp is whole microseconds, so that comparing two never goes through a float.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = re.compile(r"(\d{1,12})(?:\.(\d{1,6})\d*)?", re.ASCII)


def of(at: datetime) -> int:
    """Return an aware instant as microseconds since 1970."""
    # Integer arithmetic: a float of seconds is rounded at the last microsecond.
    return (at - _EPOCH) // timedelta(microseconds=1)


def text(micros: int) -> str:
    """Return a timestamp as Slack writes it."""
    return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"


def parse(value: str) -> int | None:
    """Parse a timestamp of a caller's into microseconds; None if it is not one."""
    match = _FORM.fullmatch(value)
    if match is None:
        return None
    seconds, decimals = match[1], match[2] or ""
    return int(seconds) * 1_000_000 + int(decimals.ljust(6, "0"))


def instant(ts: str) -> datetime:
    """Return the instant of a timestamp.

    Raises:
        ValueError: It is not a timestamp.
    """
    micros = parse(ts)
    if micros is None:
        raise ValueError(f"{ts!r} is no timestamp")
    return _EPOCH + timedelta(microseconds=micros)
