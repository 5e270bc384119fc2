"""The moments at which buttons can be used, so that no message offers what would be refused.

A message keeps its buttons once it has been sent; pressed too late, they say what can be done instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.campaign.campaign_moment import Moment


def _open(at: Moment) -> bool:
    return at.is_open


def _counting(at: Moment) -> bool:
    return at.is_counting


def _can_export_hour(at: Moment) -> bool:
    return not at.hour_has_begun


def _can_join_hour(at: Moment) -> bool:
    return at.is_open and at.hour_is_near and not at.hour_has_begun


def _can_be_reminded(at: Moment) -> bool:
    return at.is_open and at.hour_is_near and not at.hour_has_begun and at.reminder is not None


def _can_report_hour(at: Moment) -> bool:
    return at.is_open and at.hour_is_over


_CONDITIONS: Mapping[str, Callable[[Moment], bool]] = {
    **dict.fromkeys(("join", "pledge", "pledge_choose", "pledge_withdraw", "idea"), _open),
    **dict.fromkeys(("did_this", "guess", "awareness"), _open),
    **dict.fromkeys(("check_in_done", "check_in_partly", "check_in_not_yet", "check_in_not"), _open),
    **dict.fromkeys(("done", "done_today"), _counting),
    "earth_hour_join": _can_join_hour,
    "earth_hour_remind": _can_be_reminded,
    "earth_hour_calendar": _can_export_hour,
    **dict.fromkeys(("earth_hour_did", "earth_hour_forgot", "earth_hour_other"), _can_report_hour),
}


def is_available(action: str, at: Moment) -> bool:
    """Return whether a button can be used at a moment. Actions that are not listed above always can."""
    when = _CONDITIONS.get(action)
    # Unknown actions are open, since the handler checks again when one is pressed.
    return when is None or when(at)
