"""The values that replies show of their reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True)
class OwnPledge:
    """A pledge of the reader. `already` means that they do it anyway.

    `days_done` and `reminder_days` are local dates, `remind_at` is a local time, `answer` is the latest check-in.
    """

    pledge: str
    already: bool
    plan: str | None
    days_done: tuple[date, ...]
    answer: str | None
    reminder_days: tuple[date, ...]
    remind_at: time | None


@dataclass(frozen=True)
class Reader:
    """A person, as far as the bot knows them.

    `country` is a code, `ZZ` for another country, or `None` for not said. `paused_until` is the first local date on
    which messages come again. `earth_hour` is `intent`, `did`, `forgot` or `other`.
    """

    joined: bool
    country: str | None
    language: str
    messages: bool
    earth_hour_reminder: bool
    paused_until: date | None
    pledges: tuple[OwnPledge, ...]
    earth_hour: str | None
    minutes: int | None
