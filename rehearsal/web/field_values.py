"""What a field of the page may hold, checked as Slack's client would never get it wrong: by the kind of the control."""

from __future__ import annotations

from datetime import date, datetime, time

from bot.campaign.localtime import instant
from rehearsal.slack.controls import Control
from rehearsal.slack.workspace import Workspace

Plain = str | list[str] | None
"""What a field of the page holds; None is empty."""

_MANY = {"selected_options", "selected_users", "selected_channels", "selected_conversations"}


def value(control: Control, held: Plain, town: Workspace, zone: str) -> object:
    """What a control is given for what the page holds; a moment there is a local time in the zone.

    Raises:
        ValueError: A control of this kind cannot hold that.
        LookupError: There is no such person or channel.
    """
    if control.holds in _MANY:
        chosen = list(dict.fromkeys(_several(held)))
        _require(control, chosen, town)
        return chosen
    text = _single(held)
    if text is None:
        return None
    _require(control, [text], town)
    match control.holds:
        case "selected_date":
            return date.fromisoformat(text)
        case "selected_time":
            return time.fromisoformat(text)
        case "selected_date_time":
            return _moment(text, zone)
    return text


def _several(held: Plain) -> list[str]:
    if isinstance(held, str):
        raise ValueError("several can be chosen here")  # noqa: TRY004 - the page sent it, no program
    return held or []


def _single(held: Plain) -> str | None:
    if isinstance(held, list):
        raise ValueError("only one can be chosen here")  # noqa: TRY004
    return held or None


def _require(control: Control, chosen: list[str], town: Workspace) -> None:
    sort = control.holds.removeprefix("selected_").removesuffix("s")
    known = {"user": {*town.users}, "channel": {*town.channels}, "conversation": {*town.channels, *town.ims}}
    if sort in known and not known[sort].issuperset(chosen):
        raise LookupError(f"{control.action_id!r} offers no such {sort}")


def _moment(text: str, zone: str) -> datetime:
    local = datetime.fromisoformat(text)
    if local.tzinfo:
        raise ValueError("a local time is wanted")
    try:
        return instant(local, zone)
    except OverflowError as error:
        raise ValueError("there is no such time") from error
