"""TOML with line numbers, so that problems can name the line.

The standard library's parser keeps no positions. So it parses the document once as a whole, and then statement by
statement, which gives the line of each key without a grammar of our own.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bot.campaign.normalized_text import control_character
from bot.campaign.problems import Problems

Location = tuple[str | int, ...]

_POSITION = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_TWICE = re.compile(r"Cannot (?:overwrite|declare|mutate)")
_BARE_TIME = re.compile(r"=\s*\d\d?:\d\d\s*(?:#.*)?$")
_CURLY_QUOTES = re.compile("[\u201c\u201d\u201e\u2018\u2019]")


@dataclass(frozen=True)
class Document:
    """A parsed TOML text, with the line of each key. `more` has lines of what stands outside of the text."""

    file: str
    text: str
    data: Mapping[str, Any]
    problems: Problems
    first_line: int = 1
    more: Mapping[Location, int] = field(default_factory=dict)

    @cached_property
    def lines(self) -> Mapping[Location, int]:
        """The line of each key within the text. Finding them takes longer than parsing, and few texts have problems."""
        return {**_locate(self.text), **self.more}

    def error(self, at: Location, what: str, todo: str) -> None:
        """Report an error at the line of a key."""
        self.problems.error(self.file, self.line(at), what, todo)

    def warn(self, at: Location, what: str, todo: str) -> None:
        """Report a warning at the line of a key."""
        self.problems.warn(self.file, self.line(at), what, todo)

    def line(self, at: Location) -> int:
        """Return the line of a key, or of the nearest table around it if the key is missing."""
        while at and at not in self.lines:
            at = at[:-1]
        return self.lines.get(at, 1) + self.first_line - 1


def parse(file: str, text: str, problems: Problems, first_line: int = 1) -> Document | None:
    """Parse a TOML text. Returns None if it cannot be parsed at all.

    A key that is given twice is reported and blanked out, and parsing starts again, so that all of them are found.
    `first_line` is where the text starts within its file (front matter starts on line 2).
    """
    lines = text.removesuffix("\n").split("\n")
    while True:
        try:
            return _document(file, "\n".join(lines), problems, first_line)
        except tomllib.TOMLDecodeError as error:
            first, last = _span(error, lines)
            written = lines[first - 1].strip()
            problems.error(file, first + first_line - 1, *_explain(written, error))
            if not _TWICE.search(str(error)) or not written:
                return None
            # Blanked instead of removed, so that all other lines keep their numbers.
            lines[first - 1 : last] = [""] * (last - first + 1)
        except (ValueError, RecursionError):  # numbers of thousands of digits, hundreds of nested brackets
            problems.error(file, first_line, "a number or a list in it is far too long", "take it away")
            return None


def _document(file: str, text: str, problems: Problems, first_line: int) -> Document:
    data = tomllib.loads(text)
    # Keys that are nested too deeply to be walked through are an error of the file here, and a crash later.
    deque(_paths(data, ()), maxlen=0)
    document = Document(file, text, data, problems, first_line)
    _check_characters(document)
    return document


def _check_characters(document: Document) -> None:
    """Report texts with characters that nobody can read. TOML wants them as escapes, which are easily pasted."""
    for at, text in _texts(document.data, ()):
        if control_character(text) is not None:
            document.error(at, "there is a character that cannot be shown", "write the text anew")


def _texts(value: Any, at: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*at, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*at, index))


def _span(error: tomllib.TOMLDecodeError, lines: list[str]) -> tuple[int, int]:
    """Return the first and last line of an error. The parser reports a repeated key where its value ends."""
    number = _line_of(error, len(lines))
    if _TWICE.search(str(error)):
        for first, statement in _statements("\n".join(lines)):
            last = first + statement.count("\n")
            if first <= number <= last:
                return first, last
    return number, number


def _line_of(error: tomllib.TOMLDecodeError, last: int) -> int:
    position = _POSITION.search(str(error))
    number = int(position[1]) if position and position[1] else last
    return max(1, min(number, last))


def _explain(written: str, error: tomllib.TOMLDecodeError) -> tuple[str, str]:
    """Explain what is wrong with a line, and what to do."""
    if _TWICE.search(str(error)):
        return f"`{written}` is given twice", "keep one of the two"
    # TOML wants seconds, which people leave out when they write a schedule; the parser's own message does not say so.
    if _BARE_TIME.search(written):
        return f"`{written}` has a time without seconds", "write it as 09:00:00"
    if _CURLY_QUOTES.search(written):
        return f"`{written}` has curly quotes", 'use straight ones: "'
    reason = _POSITION.sub("", str(error))
    return f"`{written}` cannot be read ({reason})", "compare it with its neighbours"


def _locate(text: str) -> dict[Location, int]:
    lines: dict[Location, int] = {}
    arrays: dict[Location, int] = {}
    table: Location = ()
    for number, statement in _statements(text):
        parsed = tomllib.loads(statement)
        if _is_header(statement):
            table = _table(parsed, arrays)
            for depth in range(1, len(table) + 1):
                lines.setdefault(table[:depth], number)
        else:
            for path in _paths(parsed, table):
                lines.setdefault(path, number)
    return lines


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each header and each `key = value` with its first line. A value may go on over several lines."""
    pending: list[str] = []
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not pending and (not line.strip() or line.lstrip().startswith("#")):
            continue
        start = start if pending else number
        pending.append(line)
        if _complete("\n".join(pending)):
            yield start, "\n".join(pending)
            pending = []


def _complete(statement: str) -> bool:
    try:
        tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _table(header: Mapping[str, Any], arrays: dict[Location, int]) -> Location:
    """Return the location that a `[header]` or `[[header]]` opens, and count the elements of arrays of tables."""
    at: Location = ()
    value: Any = header
    while isinstance(value, dict) and value:
        key, value = next(iter(value.items()))
        at = (*at, key)
        if isinstance(value, list):
            arrays[at] = arrays.get(at, -1) + 1
        # [a.b] below [[a]] belongs to the last element of `a`.
        if at in arrays:
            at = (*at, arrays[at])
    return at


def _paths(value: Any, at: Location) -> Iterator[Location]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*at, key)
            yield from _paths(inner, (*at, key))


def set_value(text: str, at: Location, value: str) -> str:
    """Return a TOML text in which a key has another value, written as TOML, and everything else is as it was.

    A key that is not there comes below the last one of its table.

    Raises:
        LookupError: The table is not there, or is written within another value.
    """
    lines, known, statements = text.split("\n"), _locate(text), dict(_statements(text))
    written, table = f"{at[-1]} = {value}", at[:-1]
    if table and (table not in known or not _is_header(statements[known[table]])):
        raise LookupError(f"there is no table for {at}")
    if at in known:
        first, statement = known[at], statements[known[at]]
        lines[first - 1 : _end(first, statement)] = [written + _comment_behind(statement)]
        return "\n".join(lines)
    beside = (number for place, number in known.items() if len(place) == len(at) and place[:-1] == table)
    # Headers of tables stand there as well, and what follows them is theirs.
    keys = [number for number in beside if not _is_header(statements[number])]
    last = max(keys, default=known.get(table, 0))
    lines.insert(_end(last, statements[last]) if last else 0, written)
    return "\n".join(lines)


def set_table(text: str, at: Location, entries: Mapping[str, Any]) -> str:
    """Return a TOML text in which a table has these texts and numbers, and no others. An empty table is taken out.

    Raises:
        LookupError: The table is not there, or is written in a way that cannot be edited.
    """
    table = _value_at(text, at)
    if table == entries:
        return text
    if not entries:
        return remove(text, at)
    statement = dict(_statements(text))[_locate(text)[at]]
    if not _is_header(statement):
        if _value_at(statement, at[-1:]) != table:
            raise LookupError(f"{at} is written on several lines")
        return set_value(text, at, f"{{ {', '.join(f'{key} = {quoted(value)}' for key, value in entries.items())} }}")
    for key in table.keys() - entries.keys():
        text = remove(text, (*at, key))
    for key in (key for key, value in entries.items() if value != table.get(key)):
        text = set_value(text, (*at, key), quoted(entries[key]))
    return text


def remove(text: str, at: Location) -> str:
    """Return a TOML text without a key, or without a table and what is in it.

    The comment above the header of a table goes with it, up to an empty line.
    """
    lines, known, statements = text.split("\n"), _locate(text), dict(_statements(text))
    first = known[at]
    end = _end_of(at, known, statements)
    if not _is_header(statements[first]):
        return "\n".join(lines[: first - 1] + lines[end:])
    while first > 1 and lines[first - 2].startswith("#"):
        first -= 1
    # One of the two empty lines around it goes as well.
    end += end < len(lines) and not lines[end].strip() and (first == 1 or not lines[first - 2].strip())
    return "\n".join(lines[: first - 1] + lines[end:])


def insert_below(text: str, at: Location, block: str) -> str:
    """Return a TOML text with a block below a table and what is in it, between empty lines."""
    lines, known, statements = text.split("\n"), _locate(text), dict(_statements(text))
    end = _end_of(at, known, statements)
    return "\n".join([*lines[:end], "", *block.split("\n"), *lines[end:]])


def quoted(value: Any) -> str:
    """Write a text, a number, or a list of them as TOML."""
    # TOML reads every escape that JSON has, and allows no bare DEL.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value_at(text: str, at: Location) -> Any:
    value: Any = tomllib.loads(text)
    for part in at:
        value = value[part]
    return value


def _end_of(at: Location, known: Mapping[Location, int], statements: Mapping[int, str]) -> int:
    """Return the last line of a key or of a table with the tables in it."""
    last = max(number for place, number in known.items() if place[: len(at)] == at)
    return _end(last, statements[last])


def _is_header(statement: str) -> bool:
    return statement.lstrip().startswith("[")


def _end(first: int, statement: str) -> int:
    """Return the last line of a statement that starts on a line."""
    return first + statement.count("\n")


def _comment_behind(statement: str) -> str:
    """Return the comment behind a value, with the spaces before it."""
    lines = statement.split("\n")
    for place in (place for place, sign in enumerate(lines[-1]) if sign == "#"):
        value = "\n".join([*lines[:-1], lines[-1][:place]])
        # A sign within the value is no beginning of a comment.
        if _complete(value):
            return lines[-1][len(lines[-1][:place].rstrip()) :]
    return ""
