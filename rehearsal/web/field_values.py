"""Field values in both directions: what the page sends for a control, and blocks that show what was filled in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from bot.campaign.localtime import instant
from rehearsal.slack.conversation import Block
from rehearsal.slack.interactive_elements import Control, FilledIn
from rehearsal.slack.workspace import Workspace

Plain = str | list[str] | None
"""The content of a field as the page sends it; None is empty."""

_LISTS = {"selected_options", "selected_users", "selected_channels", "selected_conversations"}

_REMEMBERS_NOTHING = frozenset({"button", "overflow"})
_MANY = ("elements", "actions", "child_blocks")
_ONE = ("element", "accessory")


def value(control: Control, held: Plain, workspace: Workspace, zone: str) -> object:
    """Turn what the page holds into a control's value; a moment there is a local time in the zone.

    Raises:
        ValueError: A control of this kind cannot hold that.
        LookupError: There is no such person or channel.
    """
    if control.holds in _LISTS:
        chosen = list(dict.fromkeys(_several(held)))
        _require(control, chosen, workspace)
        return chosen
    text = _single(held)
    if text is None:
        return None
    _require(control, [text], workspace)
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


def _require(control: Control, chosen: list[str], workspace: Workspace) -> None:
    sort = control.holds.removeprefix("selected_").removesuffix("s")
    known = {
        "user": {*workspace.users},
        "channel": {*workspace.channels},
        "conversation": {*workspace.channels, *workspace.ims},
    }
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


def filled(blocks: Iterable[Block], values: FilledIn) -> list[Block]:
    """Return copies in which every `initial_*` is what the person has entered; emptied fields have none."""
    return [_block(block, values) for block in blocks]


def _block(block: Block, values: FilledIn) -> Block:
    many = {name: [_part(block, part, values) for part in block[name]] for name in _MANY if name in block}
    one = {name: _part(block, block[name], values) for name in _ONE if name in block}
    return {**block, **many, **one}


def _part(block: Block, part: Block, values: FilledIn) -> Block:
    """Fill in an element of a block; carousels and containers hold blocks instead."""
    if block["type"] in {"carousel", "container"}:
        return _block(part, values)
    return _begun(Control(block, part), values)


def _begun(control: Control, values: FilledIn) -> Block:
    held = values.get(control.place)
    # The app may have put another kind of element in the same place.
    if held is None or held["type"] != control.kind or control.kind in _REMEMBERS_NOTHING:
        return control.element
    bare = {name: value for name, value in control.element.items() if not name.startswith("initial_")}
    left = held[control.holds]
    return bare if left in (None, "", []) else {**bare, f"initial_{control.holds.removeprefix('selected_')}": left}
