"""What all forms share: their shell, the memo that travels with them, and a careful look at what comes back."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from bot.messages import blocks
from bot.messages.message import Block
from bot.messages.readable import characters, is_said, storable
from bot.messages.words import Words

View = Mapping[str, Any]

VERSION = "1"
"""Changes whenever a form's fields or memo do, so that a form opened before an upgrade is not misread."""

_HOME = "over_home"

_LONGEST = 3000
"""What Slack lets anybody write into a field, in its own count."""

MINUTES = "%H:%M"
"""How Slack writes a time of day."""


class Outdated(Exception):  # noqa: N818 - it reads as what is wrong
    """What came back is no form as this bot draws it now: a former version's, or forged."""


class Unfilled(Exception):  # noqa: N818 - it reads as what is wrong
    """Somebody still has to fill in or correct something: names in the catalogue, by block."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{block}: {name}" for block, name in errors.items()))
        self.errors = errors


@dataclass(frozen=True)
class Then:
    """A press that waits for a form to be filled in: the button's action and value."""

    action: str
    value: str


def modal(
    words: Words,
    callback: str,
    title: str,
    parts: Iterable[Block],
    *,
    submit: str | None = None,
    memo: Mapping[str, Any] | None = None,
) -> View:
    """A form. `title` and `submit` are names in the catalogue; without `submit` it can only be closed."""
    written = _written({"version": VERSION, **(memo or {})})
    close, send = (words("form.cancel"), words(submit)) if submit else (words("form.close"), None)
    return blocks.modal(callback, words(title), parts, close=close, submit=send, memo=written)


def over_home(view: View) -> View:
    """The same form, with a note that the App Home is behind it: whichever process gets it back draws that anew."""
    return {**view, "private_metadata": _written({**json.loads(view["private_metadata"]), _HOME: True})}


def is_over_home(view: View) -> bool:
    """Whether the App Home is behind a form that came back."""
    try:
        return memo(view).get(_HOME) is True
    except Outdated:
        return False


def _written(note: Mapping[str, Any]) -> str:
    return json.dumps(note, ensure_ascii=False, separators=(",", ":"))


def memo(view: View) -> dict[str, Any]:
    """What the bot wrote down when it opened the form.

    Raises:
        Outdated: There is nothing, or it is from another version.
    """
    try:
        found = json.loads(view["private_metadata"])
        if found.pop("version") == VERSION:
            return dict(found)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise Outdated("the memo cannot be read") from error
    raise Outdated("the memo is from another version")


def noted(view: View, name: str) -> str:
    """A text from the memo."""
    return _text(memo(view).get(name))


def noted_days(view: View, name: str) -> tuple[date, ...]:
    """Days from the memo."""
    days = memo(view).get(name)
    if not isinstance(days, list):
        raise Outdated(f"the memo has no {name}")
    return tuple(day_of(_text(day)) for day in days)


def day_of(written: str) -> date:
    """The day that is written like 2027-03-15."""
    try:
        found = date.fromisoformat(written)
    except ValueError as error:
        raise Outdated("a day is not written as one") from error
    if found.isoformat() != written:
        raise Outdated("a day is not written as Slack writes it")
    return found


def time_of(written: str) -> time:
    """The time of day that is written like 20:15, in no zone."""
    try:
        found = time.fromisoformat(written)
    except ValueError as error:
        raise Outdated("a time is not written as one") from error
    if found.strftime(MINUTES) != written:
        raise Outdated("a time is not written as Slack writes it")
    return found


def fields(view: View) -> Iterator[str]:
    """The names of everything that could be filled in."""
    values = _at(view, "state", "values")
    if not isinstance(values, Mapping):
        raise Outdated("no form has come back")
    return iter(values)


def chosen(view: View, name: str, options: Collection[str] | None) -> str:
    """The one option that was chosen; `None` stands for options that only the caller can know.

    Raises:
        Unfilled: None was.
    """
    found = perhaps_chosen(view, name, options)
    if found is None:
        raise Unfilled({name: "form.choose"})
    return found


def perhaps_chosen(view: View, name: str, options: Collection[str] | None) -> str | None:
    """The one option that was chosen, if any."""
    option = _field(view, name).get("selected_option")
    return None if option is None else _known(option, options)


def ticked(view: View, name: str, options: Collection[str]) -> tuple[str, ...]:
    """All options that were ticked, each once and in the order of `options`."""
    found = _field(view, name).get("selected_options")
    if found is None:
        return ()
    if not isinstance(found, list):
        raise Outdated(f"{name} is no list")
    values = {_known(option, options) for option in found}
    return tuple(option for option in options if option in values)


def typed(view: View, name: str, most: int) -> str:
    """What was written, without the space around it; empty where a reader would see nothing.

    `most` counts characters as a reader does.

    Raises:
        Unfilled: It is too long.
    """
    value = _field(view, name).get("value")
    text = "" if value is None else storable(_string(value)).strip()
    if len(text) > _LONGEST or len(characters(text)) > most:
        raise Unfilled({name: "form.too_long"})
    return text if is_said(text) else ""


def picked_day(view: View, name: str) -> date:
    """The day that was picked.

    Raises:
        Unfilled: None was.
    """
    return day_of(_picked(view, name, "selected_date"))


def picked_time(view: View, name: str) -> time:
    """The time of day that was picked.

    Raises:
        Unfilled: None was.
    """
    return time_of(_picked(view, name, "selected_time"))


def _picked(view: View, name: str, key: str) -> str:
    value = _field(view, name).get(key)
    if value is None:
        raise Unfilled({name: "form.choose"})
    return _text(value)


def _field(view: View, name: str) -> Mapping[str, Any]:
    found = _at(view, "state", "values", name, name)
    if not isinstance(found, Mapping):
        raise Outdated(f"there is no field {name}")
    return found


def _at(view: View, *names: str) -> Any:
    found: Any = view
    for name in names:
        if not isinstance(found, Mapping):
            raise Outdated(f"there is no {name}")
        found = found.get(name)
    return found


def _known(option: Any, options: Collection[str] | None) -> str:
    value = option.get("value") if isinstance(option, Mapping) else None
    if not isinstance(value, str) or (options is not None and value not in options):
        raise Outdated("an option was not offered")
    return value


def _text(value: Any) -> str:
    text = _string(value)
    if text != storable(text):
        raise Outdated("a text is broken")
    return text


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise Outdated("a text is none")
    return value
