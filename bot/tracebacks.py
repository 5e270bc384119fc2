"""What may be said of an exception: its type, a code, and where in the program it was raised.

Never its message, its arguments or a variable. A message quotes what was at hand: SQLAlchemy's the parameters of the
statement, PostgreSQL's the key that exists already, pydantic's the input, `UnicodeEncodeError` the whole text, Slack's
the body of the answer. Codes are short words that a program made, and tell what to look up.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from types import TracebackType
from typing import Any

_CODE = re.compile(r"[A-Za-z0-9_]{1,60}", re.ASCII)
_CODES = ("sqlite_errorname", "sqlstate", "word", "status")
"""Attributes in which libraries and the bot's own exceptions have a code."""

_MOST_FRAMES = 40
_MOST_LINKED = 5


def summary(error: BaseException) -> str:
    """The type of an exception, with a code where it has one: `sqlite3.OperationalError(SQLITE_FULL)`."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    found = code(error)
    return f"{name}({found})" if found else name


def code(error: BaseException) -> str:
    """The code of an exception or of the driver's behind it, or an empty string."""
    driver = getattr(error, "orig", None)
    values = [getattr(error, name, None) for name in _CODES]
    candidates = [_slack_code(error), *values, _system_code(error), code(driver) if driver else None]
    return next((str(each) for each in candidates if each and _CODE.fullmatch(str(each))), "")


def _system_code(error: BaseException) -> str | None:
    return errno.errorcode.get(error.errno or 0) if isinstance(error, OSError) else None


def _slack_code(error: BaseException) -> Any:
    answer = getattr(getattr(error, "response", None), "data", None)
    return answer.get("error") if isinstance(answer, dict) else None


def place(error: BaseException) -> str:
    """Where an exception was raised, or an empty string: `bot.delivery.scheduler:120 Scheduler._run`."""
    return next(iter(reversed([*_frames(error.__traceback__)])), "")


def in_one_line(error: BaseException) -> str:
    """An exception with its frames, outermost first, and those it came from."""
    return ", from ".join(_told(each) for each in _linked(error))


def _told(error: BaseException) -> str:
    frames = [*_frames(error.__traceback__)]
    inner = [summary(each) for each in getattr(error, "exceptions", ())]
    group = f" [{', '.join(inner[:_MOST_LINKED])}]" if inner else ""
    return f"{summary(error)}{group} at {' > '.join(frames[-_MOST_FRAMES:])}" if frames else f"{summary(error)}{group}"


def _linked(error: BaseException) -> Iterator[BaseException]:
    """An exception and what it came from, each once: chains can be circles."""
    seen: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in seen and len(seen) < _MOST_LINKED:
        seen.append(link)
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _frames(traceback: TracebackType | None) -> Iterator[str]:
    while traceback is not None:
        frame = traceback.tb_frame
        module = frame.f_globals.get("__name__", "?")
        yield f"{module}:{traceback.tb_lineno} {frame.f_code.co_qualname}"
        traceback = traceback.tb_next
