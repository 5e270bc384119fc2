"""Parses TOML tables into the model, and explains every mistake in plain words."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping
from typing import Any, TypeVar, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.campaign.toml import Document, Location
from bot.campaign.toml_table import Table

T = TypeVar("T", bound=Table)

_EXPECTED = {
    "string_type": 'text in quotes, such as "…"',
    "int_type": "a whole number without quotes",
    "float_type": "a number without quotes",
    "bool_type": "true or false, without quotes",
    "date_type": "a date without quotes, such as 2027-03-15",
    "date_from_datetime_inexact": "a date without a time, such as 2027-03-15",
    "time_type": "a time with seconds and without quotes, such as 09:00:00",
    "datetime_type": "a time such as 12:00:00, or a date and time such as 2027-03-15T12:00:00",
    "tuple_type": 'a list in square brackets, such as ["…", "…"]',
    "dict_type": 'a table, such as { en = "…" }',
    "model_type": "a table of its own, with its keys below it",
}


def value(model: type[T], table: Any, document: Document, at: Location) -> T | None:
    """Parse a table. Returns None after noting every mistake under its line."""
    try:
        made = model.model_validate(table)
    except ValidationError as error:
        for detail in error.errors():
            if detail["loc"] != ("until", "time"):  # of `time | datetime`, the second says what both would take
                _note(model, detail, document, at)
        return None
    _check_examples(made, document, at)
    return made


def _note(model: type[Table], error: ErrorDetails, document: Document, at: Location) -> None:
    where = tuple(error["loc"])
    names = _names(model, where)
    table = _table_of(model, names)
    # An empty key is written as a pair of quotes. What is wrong with a table as a whole has no key of its own.
    key = ".".join(name or '""' for name in names) if names else str(at[-1] if at else document.file)
    document.error((*at, *where), *_words(table, key, error))


def _names(model: type[Table], where: Location) -> list[str]:
    """Return the keys of a place, without the side of `time | datetime` that pydantic says it has tried."""
    names = [part for part in where if isinstance(part, str)]
    if len(names) > 1:
        *around, last = names
        field = _table_of(model, around).model_fields.get(around[-1])
        if last in {"time", "datetime"} and field and dt.time in _kinds(field.annotation):
            return around
    return names


def _table_of(model: type[Table], names: list[str]) -> type[Table]:
    """Find the model of the nested table that a key is in, such as [earth_hour]."""
    for name in names[:-1]:
        field = model.model_fields.get(name)
        inside = field and next((kind for kind in _kinds(field.annotation) if issubclass(kind, Table)), None)
        model = inside or model
    return model


def _kinds(annotation: Any) -> list[type]:
    """List the types in an annotation, however they are nested."""
    within = [kind for inner in get_args(annotation) for kind in _kinds(inner)]
    return [annotation, *within] if isinstance(annotation, type) else within


def _words(model: type[Table], key: str, error: ErrorDetails) -> tuple[str, str]:
    written = error["input"]
    name = key.rpartition(".")[2]
    match error["type"]:
        case "missing":
            return f"`{key}` is missing", f"add it, for example `{name} = {_example(model, name)}`"
        case "extra_forbidden":
            return f"the key `{key}` is not known here", _nearest(model, name)
        case "value_error":
            # Validators write what is wrong and what to do in one message, separated by a semicolon.
            what, _, todo = str(error["ctx"]["error"]).partition("; ")
            return f"`{key}`: {what}", todo
        case "enum":
            return f"`{key}` cannot be {written!r}", f"choose one of {error['ctx']['expected']}"
        case "string_pattern_mismatch":
            return f"`{key}` cannot be {written!r}", "use small letters, digits and hyphens only, 60 at most"
        case "string_too_long" | "too_long":
            size = len(written)
            return f"`{key}` is too long ({size})", f"keep it to {error['ctx']['max_length']}, Slack shows no more"
        case "string_too_short" | "too_short":
            return f"`{key}` is empty", f"write it, for example {_example(model, name)}"
        case "greater_than_equal" | "less_than_equal":
            return f"`{key}` cannot be {written!r}", error["msg"].replace("Input should be", "it must be")
        case kind:
            expected = _EXPECTED.get(kind, error["msg"].removeprefix("Input should be "))
            return f"`{key}` cannot be {_shown(written)}", f"it must be {expected}"


def _shown(written: object) -> str:
    """Format a value as it is written in TOML."""
    if isinstance(written, dt.date | dt.time):
        return written.isoformat()
    return str(written).lower() if isinstance(written, bool) else repr(written)


def _example(model: type[Table], key: str) -> str:
    field = model.model_fields.get(key)
    return str(field.examples[0]) if field and field.examples else "…"


def _nearest(model: type[Table], key: str) -> str:
    # `body` is a field of a text, but is written below the front matter.
    known = [name for name in model.model_fields if name != "body"]
    near = difflib.get_close_matches(key, known, n=1)
    return f"did you mean `{near[0]}`?" if near else f"take it away; the keys here are {', '.join(known)}"


def _check_examples(made: Table, document: Document, at: Location) -> None:
    for name in made.examples:
        # A post lists "text" while its Markdown files are examples.
        if name not in type(made).model_fields and name != "text":
            document.error(
                (*at, "examples"),
                f"`examples` names {name!r}, which is no key of this table",
                "take it out of the list",
            )


def tables(document: Document, key: str) -> list[Mapping[str, Any]]:
    """Return the tables written as `[[key]]`, and report anything else under that name."""
    found = document.data.get(key, [])
    if not isinstance(found, list) or not all(isinstance(table, dict) for table in found):
        document.error((key,), f"`{key}` is not a list of tables", f"write [[{key}]]")
        return []
    if not found:
        document.error((), f"there is no [[{key}]]", f"add at least one [[{key}]]")
    return found
