"""The base of all modals: their frame, the metadata that travels with them, and a strict reader of what comes back.

What comes back from Slack may be forged, or from a form that a former version opened. A reader therefore raises
`StaleViewError` for anything that the form as it is now cannot contain.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from bot.campaign import slack_names
from bot.messages import blocks
from bot.messages.message import Block
from bot.messages.unicode_text import graphemes, is_visible, storable
from bot.messages.words import Words

View = Mapping[str, Any]

VERSION = "1"
"""Changes whenever the fields or the metadata of a form do, so that a form opened before an upgrade is not misread."""

TIME_FORMAT = "%H:%M"
"""The form in which Slack writes a time of day."""

MY_WEEK = "my_week"
"""The face of the App Home that everybody has."""

_HOME = "over_home"

_SLACKS_LIMIT = 3000
"""Characters, as Slack counts them, that anybody can enter into a field."""


class ModalError(Exception):
    """The base of all errors in what comes back from a modal."""


class StaleViewError(ModalError):
    """A form that the bot does not draw like this: a former version's, or a forged one."""


class InvalidFieldsError(ModalError):
    """A form in which something is missing or wrong: names of sentences in the catalogue, by block ID.

    `values` fill in the placeholders of the sentences.
    """

    def __init__(self, errors: Mapping[str, str], **values: str) -> None:
        super().__init__(", ".join(f"{block}: {name}" for block, name in errors.items()))
        self.errors = errors
        self.values = values


@dataclass(frozen=True)
class PendingAction:
    """A pressed button that waits until a form has been filled in: its action and value."""

    action: str
    value: str


def modal(
    words: Words,
    callback: str,
    title: str,
    parts: Iterable[Block],
    *,
    submit: str | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> View:
    """Draw a modal. `title` and `submit` are names in the catalogue; without `submit` it can only be closed."""
    written = _serialize({"version": VERSION, **(metadata or {})})
    close, send = (words("form.cancel"), words(submit)) if submit else (words("form.close"), None)
    return blocks.modal(callback, words(title), parts, close=close, submit=send, metadata=written)


def home_metadata(face: str) -> str:
    """Write the private metadata of an App Home: the face that it shows."""
    return _serialize({"version": VERSION, _HOME: face})


def mark_over_home(view: View, face: str) -> View:
    """Note in a view that the App Home is behind it, so that any process that gets it back draws that anew."""
    # In the view and not in memory, because any replica may get the submission.
    return {**view, "private_metadata": _serialize({**json.loads(view["private_metadata"]), _HOME: face})}


def home_face(view: View) -> str | None:
    """Return the face of the App Home that came back, or that is behind a view that did; None if there is none."""
    try:
        face = read_metadata(view).get(_HOME)
    except StaleViewError:
        face = None
    if isinstance(face, str):
        return face
    return MY_WEEK if view.get("type") == "home" else None


def _serialize(metadata: Mapping[str, Any]) -> str:
    # Compact and without escapes, because Slack allows 3,000 characters.
    return json.dumps(metadata, ensure_ascii=False, separators=(",", ":"))


def read_metadata(view: View) -> dict[str, Any]:
    """Read the metadata that the bot gave to a form.

    Raises:
        StaleViewError: There is none, or it is from another version.
    """
    try:
        found = json.loads(view["private_metadata"])
        if found.pop("version") == VERSION:
            return dict(found)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise StaleViewError("the metadata cannot be read") from error
    raise StaleViewError("the metadata is from another version")


def metadata_text(view: View, name: str) -> str:
    """Read a text from the metadata."""
    return _intact_text(read_metadata(view).get(name))


def metadata_days(view: View, name: str) -> tuple[date, ...]:
    """Read days from the metadata."""
    days = read_metadata(view).get(name)
    if not isinstance(days, list):
        raise StaleViewError(f"the metadata has no {name}")
    return tuple(parse_day(_intact_text(day)) for day in days)


def parse_day(written: str) -> date:
    """Parse a day that is written like 2027-03-15."""
    try:
        found = date.fromisoformat(written)
    except ValueError as error:
        raise StaleViewError("a day is not written as one") from error
    # `fromisoformat` accepts forms that Slack never sends, such as 20270315.
    if found.isoformat() != written:
        raise StaleViewError("a day is not written as Slack writes it")
    return found


def parse_time(written: str) -> time:
    """Parse a time of day that is written like 20:15, in no zone."""
    try:
        found = time.fromisoformat(written)
    except ValueError as error:
        raise StaleViewError("a time is not written as one") from error
    # Seconds and zones are valid in ISO 8601, and are never in what Slack sends.
    if found.strftime(TIME_FORMAT) != written:
        raise StaleViewError("a time is not written as Slack writes it")
    return found


def field_names(view: View) -> Iterator[str]:
    """Return the names of all fields."""
    values = _get(view, "state", "values")
    if not isinstance(values, Mapping):
        raise StaleViewError("the view has no values")
    return iter(values)


def selected(view: View, name: str, options: Collection[str] | None) -> str:
    """Return the option that was selected; with `None` for `options`, the caller checks it.

    Raises:
        InvalidFieldsError: No option was selected.
    """
    found = selected_or_none(view, name, options)
    if found is None:
        raise InvalidFieldsError({name: "form.choose"})
    return found


def selected_or_none(view: View, name: str, options: Collection[str] | None) -> str | None:
    """Return the option that was selected, if any."""
    option = _field(view, name).get("selected_option")
    return None if option is None else _option_value(option, options)


def checked_values(view: View, name: str, options: Collection[str]) -> tuple[str, ...]:
    """Return all options that were checked, each once and in the order of `options`."""
    found = _field(view, name).get("selected_options")
    if found is None:
        return ()
    if not isinstance(found, list):
        raise StaleViewError(f"{name} is no list")
    # The set drops duplicates, which only a forged payload has.
    values = {_option_value(option, options) for option in found}
    return tuple(option for option in options if option in values)


def entered_text(view: View, name: str, most: int) -> str:
    """Return the text that was entered, stripped; empty where a reader would see nothing.

    `most` counts characters as a reader does.

    Raises:
        InvalidFieldsError: It is too long.
    """
    value = _field(view, name).get("value")
    text = "" if value is None else storable(_string(value)).strip()
    # Length first: splitting a very long text into graphemes takes time, and the text may be forged.
    if len(text) > _SLACKS_LIMIT or len(graphemes(text)) > most:
        raise InvalidFieldsError({name: "form.too_long"})
    return text if is_visible(text) else ""


def picked_date(view: View, name: str) -> date:
    """Return the day that was picked.

    Raises:
        InvalidFieldsError: No day was picked.
    """
    return parse_day(_picked(view, name, "selected_date"))


def picked_time(view: View, name: str) -> time:
    """Return the time of day that was picked.

    Raises:
        InvalidFieldsError: No time was picked.
    """
    return parse_time(_picked(view, name, "selected_time"))


def picked_user(view: View, name: str) -> str:
    """Return the ID of the person who was picked.

    Raises:
        InvalidFieldsError: Nobody was picked.
    """
    try:
        return slack_names.user(_picked(view, name, "selected_user"))
    except ValueError as error:
        raise StaleViewError("a person is not written as Slack writes one") from error


def _picked(view: View, name: str, key: str) -> str:
    value = _field(view, name).get(key)
    if value is None:
        raise InvalidFieldsError({name: "form.choose"})
    return _intact_text(value)


def _field(view: View, name: str) -> Mapping[str, Any]:
    # Slack nests a value by block ID and action ID, which are the same in the bot's inputs.
    found = _get(view, "state", "values", name, name)
    if not isinstance(found, Mapping):
        raise StaleViewError(f"there is no field {name}")
    return found


def _get(view: View, *names: str) -> Any:
    found: Any = view
    for name in names:
        if not isinstance(found, Mapping):
            raise StaleViewError(f"there is no {name}")
        found = found.get(name)
    return found


def _option_value(option: Any, options: Collection[str] | None) -> str:
    value = option.get("value") if isinstance(option, Mapping) else None
    if not isinstance(value, str) or (options is not None and value not in options):
        raise StaleViewError("an option was not offered")
    return value


def _intact_text(value: Any) -> str:
    text = _string(value)
    # Metadata was written by the bot, and never holds what it could not store.
    if text != storable(text):
        raise StaleViewError("a text is not intact")
    return text


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise StaleViewError("a value is no text")
    return value
