"""Blocks as they stand once a person has filled something in: what was filled in is what each control begins with."""

from __future__ import annotations

from collections.abc import Iterable

from rehearsal.slack.controls import Control, Filled
from rehearsal.slack.conversation import Block

_REMEMBERS_NOTHING = frozenset({"button", "overflow"})
_MANY = ("elements", "actions", "child_blocks")
_ONE = ("element", "accessory")


def filled(blocks: Iterable[Block], values: Filled) -> list[Block]:
    """Copies in which every `initial_*` is what the person left there; what they emptied begins empty."""
    return [_block(block, values) for block in blocks]


def _block(block: Block, values: Filled) -> Block:
    many = {name: [_part(block, part, values) for part in block[name]] for name in _MANY if name in block}
    one = {name: _part(block, block[name], values) for name in _ONE if name in block}
    return {**block, **many, **one}


def _part(block: Block, part: Block, values: Filled) -> Block:
    """An element of the block; a carousel and a container hold blocks of their own."""
    if block["type"] in {"carousel", "container"}:
        return _block(part, values)
    return _begun(Control(block, part), values)


def _begun(control: Control, values: Filled) -> Block:
    held = values.get(control.place)
    if held is None or held["type"] != control.kind or control.kind in _REMEMBERS_NOTHING:
        return control.element
    bare = {name: value for name, value in control.element.items() if not name.startswith("initial_")}
    left = held[control.holds]
    return bare if left in (None, "", []) else {**bare, f"initial_{control.holds.removeprefix('selected_')}": left}
