"""Slack's message timestamps: seconds and six decimals as text, such as ``1710000000.000100``.

Inside the rehearsal a timestamp is whole microseconds, so that comparing two never goes through a float.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = re.compile(r"(\d{1,12})(?:\.(\d{1,6})\d*)?", re.ASCII)


def of(at: datetime) -> int:
    """The microseconds since 1970 of an aware instant."""
    # Integer arithmetic: a float of seconds is rounded at the last microsecond.
    return (at - _EPOCH) // timedelta(microseconds=1)


def text(micros: int) -> str:
    """Slack's form of a timestamp."""
    return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"


def parse(value: str) -> int | None:
    """The microseconds that a caller's timestamp means, or None where it means nothing."""
    match = _FORM.fullmatch(value)
    if match is None:
        return None
    seconds, decimals = match[1], match[2] or ""
    return int(seconds) * 1_000_000 + int(decimals.ljust(6, "0"))


def instant(ts: str) -> datetime:
    """The instant of a timestamp; what is no timestamp is a ValueError."""
    micros = parse(ts)
    if micros is None:
        raise ValueError(f"{ts!r} is no timestamp")
    return _EPOCH + timedelta(microseconds=micros)
