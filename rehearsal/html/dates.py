"""Slack's dates in a text, which every reader sees in their own zone and language.

https://docs.slack.dev/messaging/formatting-message-text#date-formatting
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, format_timedelta

from rehearsal.html.render_context import Viewer

# Eleven digits at most: `fromtimestamp` raises beyond the year 9999.
_SECONDS = re.compile(r"\d{1,11}", re.ASCII)
_TOKEN = re.compile(r"\{(\w+)\}")

# Babel has no public way to these words of CLDR.
_NEAR = {
    "da": ("i går", "i dag", "i morgen"),
    "de": ("gestern", "heute", "morgen"),
    "en": ("yesterday", "today", "tomorrow"),
    "fi": ("eilen", "tänään", "huomenna"),
    "nb": ("i går", "i dag", "i morgen"),
    "sv": ("i går", "i dag", "i morgon"),
}

_Form = Callable[[datetime, Viewer], str]


def _day(form: str) -> _Form:
    return lambda moment, viewer: format_date(moment, form, locale=viewer.locale)


def _pretty(form: str) -> _Form:
    return lambda moment, viewer: _near(moment, viewer) or _day(form)(moment, viewer)


def _near(moment: datetime, viewer: Viewer) -> str | None:
    """Return "yesterday", "today" or "tomorrow", if the clock is known and the language has the words."""
    if viewer.now is None:
        return None
    away = (moment.date() - viewer.now.astimezone(ZoneInfo(viewer.zone)).date()).days
    names = _NEAR.get(viewer.locale.language)
    return names[away + 1] if names and abs(away) <= 1 else None


def _ago(moment: datetime, viewer: Viewer) -> str:
    if viewer.now is None:
        return _day("medium")(moment, viewer)
    return format_timedelta(moment - viewer.now, add_direction=True, locale=viewer.locale)


_FORMS: dict[str, _Form] = {
    "date_num": lambda moment, _: moment.date().isoformat(),
    "date": _day("long"),
    "date_short": _day("medium"),
    "date_long": _day("full"),
    "date_pretty": _pretty("long"),
    "date_short_pretty": _pretty("medium"),
    "date_long_pretty": _pretty("full"),
    "day_divider_pretty": _pretty("long"),
    "ago": _ago,
    "time": lambda moment, viewer: format_time(moment, "short", locale=viewer.locale),
    "time_secs": lambda moment, viewer: format_time(moment, "medium", locale=viewer.locale),
}


def local(seconds: str, viewer: Viewer) -> datetime | None:
    """Return the viewer's local time of a Unix timestamp, or None if it is not one."""
    if not _SECONDS.fullmatch(seconds):
        return None
    return datetime.fromtimestamp(int(seconds), UTC).astimezone(ZoneInfo(viewer.zone))


def written(seconds: str, form: str, viewer: Viewer) -> str | None:
    """Fill in a format such as `{date_short} {time}`; None if the date or a token is unknown."""
    moment = local(seconds, viewer)
    # As in Slack, one unknown token makes the whole date fall back.
    if moment is None or not set(_TOKEN.findall(form)) <= set(_FORMS):
        return None
    return _TOKEN.sub(lambda match: _FORMS[match[1]](moment, viewer), form)
