"""The controls of a surface: what a person can press, choose or fill in, and what Slack keeps of each.

The shapes are those of https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from rehearsal.slack.conversation import Block

State = Mapping[str, Any]
"""The state of one control, such as ``{"type": "datepicker", "selected_date": "2027-03-22"}``."""
FilledIn = Mapping[tuple[str, str], State]
"""The states of the controls that a person filled in, by block and action."""

_NAMES: Mapping[str, str] = {
    **dict.fromkeys(("plain_text_input", "email_text_input", "url_text_input", "number_input"), "value"),
    **dict.fromkeys(("static_select", "external_select", "radio_buttons", "overflow"), "option"),
    **dict.fromkeys(("checkboxes", "multi_static_select", "multi_external_select"), "options"),
    "users_select": "user",
    "channels_select": "channel",
    "conversations_select": "conversation",
    "multi_users_select": "users",
    "multi_channels_select": "channels",
    "multi_conversations_select": "conversations",
    "datepicker": "date",
    "timepicker": "time",
    "datetimepicker": "date_time",
}
"""The last word of the field that holds what was chosen: ``selected_option``, first ``initial_option``."""
_LISTS = frozenset({"options", "users", "channels", "conversations"})
_WITHOUT_STATE = frozenset({"button", "overflow"})


@dataclass(frozen=True)
class Control:
    """One element, and the block that it stands in."""

    block: Block
    element: Block

    @property
    def block_id(self) -> str:
        """The id of the block."""
        return str(self.block.get("block_id", ""))

    @property
    def action_id(self) -> str:
        """The app's name for the element."""
        return str(self.element.get("action_id", ""))

    @property
    def kind(self) -> str:
        """The element's type."""
        return str(self.element["type"])

    @property
    def place(self) -> tuple[str, str]:
        """The key under which its state is kept."""
        return self.block_id, self.action_id

    @property
    def is_field(self) -> bool:
        """True if it is filled in and sent with the whole form."""
        return self.block.get("type") == "input"

    @property
    def tells_at_once(self) -> bool:
        """True if the app hears of a choice as soon as it is made."""
        return not self.is_field or self.block.get("dispatch_action") is True

    @property
    def holds(self) -> str:
        """The field of the state that has what was chosen."""
        name = _NAMES[self.kind]
        return name if name == "value" else f"selected_{name}"

    def options(self) -> list[Block]:
        """Return all options, in groups or not."""
        groups = (group["options"] for group in self.element.get("option_groups", ()))
        return [*self.element.get("options", ()), *(option for group in groups for option in group)]

    def first(self) -> State:
        """Return the initial state."""
        name = _NAMES[self.kind]
        return self._state(self.element.get(f"initial_{name}", [] if name in _LISTS else None))

    def chosen(self, value: object) -> State:
        """Return the state after a person has entered this plain value; None empties the control.

        Raises:
            LookupError: There is no such choice.
        """
        return self._state(_TAKERS.get(_NAMES[self.kind], _plain)(self, value))

    def _state(self, held: object) -> State:
        zone = {"timezone": self.element["timezone"]} if "timezone" in self.element else {}
        return {"type": self.kind, self.holds: held, **zone}


def controls(blocks: Iterable[Block]) -> Iterator[Control]:
    """Yield every control, in the order in which a person sees them."""
    for block in blocks:
        # Containers and carousels nest blocks, one level deep.
        yield from controls(block.get("child_blocks", ()))
        yield from controls(block["elements"] if block["type"] == "carousel" else ())
        yield from (Control(block, element) for element in _elements(block) if element.get("action_id"))


def find(blocks: Iterable[Block], action_id: str, value: object = None, block_id: str | None = None) -> Control:
    """Find the one control with this action ID; a button's `value` and `block_id` tell several apart.

    Raises:
        LookupError: There is none, or there are several.
    """
    known = list(controls(blocks))
    found = [
        each
        for each in known
        if each.action_id == action_id
        and (value is None or each.element.get("value") == value)
        and (block_id is None or each.block_id == block_id)
    ]
    if len(found) != 1:
        raise LookupError(
            f"{len(found)} controls are {action_id!r} here; there are {[each.action_id for each in known]}"
        )
    return found[0]


def state(blocks: Iterable[Block], filled: FilledIn) -> dict[str, Any]:
    """Return the `state` of a surface: initial values, overlaid by what was filled in."""
    values: dict[str, dict[str, State]] = {}
    for each in controls(blocks):
        if each.kind not in _WITHOUT_STATE:
            # Slack sends every control of a view, also those that nobody has touched.
            values.setdefault(each.block_id, {})[each.action_id] = filled.get(each.place) or each.first()
    return {"values": values}


def kept(blocks: Iterable[Block], filled: FilledIn) -> FilledIn:
    """Keep what was filled in when a surface changes, as far as the controls are still there."""
    kinds = {each.place: each.kind for each in controls(blocks)}
    return {place: known for place, known in filled.items() if kinds.get(place) == known["type"]}


def _elements(block: Block) -> Sequence[Block]:
    match block["type"]:
        case "input":
            return [block["element"]]
        case "section":
            return [block["accessory"]] if "accessory" in block else []
        case "actions":
            return list(block["elements"])
        case "card":
            return list(block.get("actions", ()))
    return []


def _plain(_control: Control, value: object) -> object:
    if value is None or value == "":
        return None
    return list(value) if isinstance(value, list | tuple | set) else str(value)


def _option(control: Control, value: object) -> object:
    if value is None:
        return None
    found = next((option for option in control.options() if option.get("value") == value), None)
    if found is None:
        there = [option.get("value") for option in control.options()]
        raise LookupError(f"{control.action_id!r} offers no {value!r}; there are {there}")
    return found


def _options(control: Control, value: object) -> object:
    if isinstance(value, bool):
        return _ticked(control) if value else []
    wanted = value if isinstance(value, list | tuple | set) else [] if value is None else [value]
    return [_option(control, each) for each in wanted]


def _ticked(control: Control) -> list[Block]:
    # True means "ticked", which says enough only of a single box.
    if len(control.options()) != 1:
        raise LookupError(f"{control.action_id!r} has several boxes; say which")
    return control.options()


def _several(_control: Control, value: object) -> object:
    return list(value) if isinstance(value, list | tuple | set) else [] if value is None else [value]


def _date(_control: Control, value: object) -> object:
    return value.isoformat() if isinstance(value, date) else _plain(_control, value)


def _time(_control: Control, value: object) -> object:
    return value.strftime("%H:%M") if isinstance(value, time) else _plain(_control, value)


def _moment(_control: Control, value: object) -> object:
    return int(value.timestamp()) if isinstance(value, datetime) else value


_TAKERS: Mapping[str, Callable[[Control, object], object]] = {
    "option": _option,
    "options": _options,
    "users": _several,
    "channels": _several,
    "conversations": _several,
    "date": _date,
    "time": _time,
    "date_time": _moment,
}


LONGEST = 3000
"""Characters of a text field, https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+")


def form_errors(blocks: Iterable[Block], filled: FilledIn) -> dict[str, str]:
    """Return the errors of a form, one word a block; empty when Slack would send it."""
    found = {}
    for each in controls(blocks):
        if each.is_field:
            held = (filled.get(each.place) or each.first())[each.holds]
            word = _complaint(each, held)
            if word is not None:
                found[each.block_id] = word
    return found


def _complaint(control: Control, held: object) -> str | None:
    if held is None or held in ("", []):
        return None if control.block.get("optional") is True else "required"
    most = control.element.get("max_selected_items")
    if isinstance(held, list):
        return "too_many" if most is not None and len(held) > most else None
    check = _CHECKS.get(control.kind)
    return check(control.element, str(held)) if check else None


def _text_problem(element: Block, held: str) -> str | None:
    if len(held) > min(element.get("max_length", LONGEST), LONGEST):
        return "too_long"
    return "too_short" if len(held) < element.get("min_length", 0) else None


def _number_problem(element: Block, held: str) -> str | None:
    try:
        # Decimal, since a float would round what somebody typed.
        number = Decimal(held)
    except InvalidOperation:
        return "no_number"
    # `Decimal` also reads NaN and Infinity.
    if not number.is_finite() or (number % 1 and not element["is_decimal_allowed"]):
        return "no_number"
    if number < Decimal(element.get("min_value", held)):
        return "too_small"
    return "too_large" if number > Decimal(element.get("max_value", held)) else None


def _email_problem(_element: Block, held: str) -> str | None:
    return None if _EMAIL.fullmatch(held) else "no_email"


def _url_problem(_element: Block, held: str) -> str | None:
    return None if _URL.fullmatch(held) else "no_url"


_CHECKS: Mapping[str, Callable[[Block, str], str | None]] = {
    "plain_text_input": _text_problem,
    "number_input": _number_problem,
    "email_text_input": _email_problem,
    "url_text_input": _url_problem,
}
