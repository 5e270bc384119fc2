"""The viewer of a message: Slack shows names, dates and times to each person in their own way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from babel import Locale
from babel.numbers import format_decimal


@dataclass(frozen=True)
class Viewer:
    """Names by Slack ID, the viewer's zone and language, and whether controls can be used (`live`).

    `errors` are what is wrong in a form, a sentence by block id. `prefix` begins every id and every name of a group,
    so that two surfaces on one page do not disturb each other. Without `now` every date is written out. `pictures` are
    addresses of images by the ID of the file in Slack.
    """

    zone: str = "UTC"
    language: str = "en"
    users: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    live: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    now: datetime | None = None
    pictures: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def locale(self) -> Locale:
        """The locale in which the viewer reads dates and numbers."""
        return Locale.parse(self.language, sep="-")

    def number(self, value: float) -> str:
        """Format a number with at most two decimals."""
        return format_decimal(value, format="#,##0.##", locale=self.locale)
