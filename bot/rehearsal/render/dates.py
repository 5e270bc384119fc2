"""Slack's dates in a text, which every reader sees in their own zone and language.

https://docs.slack.dev/messaging/formatting-message-text#date-formatting
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from babel import Locale
from babel.dates import format_date, format_time

from bot.campaign.localtime import zone
from bot.rehearsal.render.viewer import Viewer

_SECONDS = re.compile(r"\d{1,11}", re.ASCII)
_TOKEN = re.compile(r"\{(\w+)\}")

_Form = Callable[[datetime, Locale], str]


def _day(form: str) -> _Form:
    return lambda moment, locale: format_date(moment, form, locale=locale)


# Slack writes "today" and "2 days ago" in the pretty forms; without a clock they are plain dates.
_FORMS: dict[str, _Form] = {
    "date_num": lambda moment, _: moment.date().isoformat(),
    **dict.fromkeys(("date", "date_pretty", "day_divider_pretty"), _day("long")),
    **dict.fromkeys(("date_short", "date_short_pretty", "ago"), _day("medium")),
    **dict.fromkeys(("date_long", "date_long_pretty"), _day("full")),
    "time": lambda moment, locale: format_time(moment, "short", locale=locale),
    "time_secs": lambda moment, locale: format_time(moment, "medium", locale=locale),
}


def local(seconds: str, viewer: Viewer) -> datetime | None:
    """The wall time of a Unix timestamp where the viewer is, or None where it is no timestamp."""
    if not _SECONDS.fullmatch(seconds):
        return None
    return datetime.fromtimestamp(int(seconds), UTC).astimezone(zone(viewer.zone))


def written(seconds: str, form: str, viewer: Viewer) -> str | None:
    """A form such as `{date_short} {time}` filled in, or None where the date or a token is not known."""
    moment = local(seconds, viewer)
    if moment is None or not set(_TOKEN.findall(form)) <= set(_FORMS):
        return None
    locale = Locale.parse(viewer.language, sep="-")
    return _TOKEN.sub(lambda match: _FORMS[match[1]](moment, locale), form)
