"""Logs: one line an event, with a stable `action`, for people or as JSON.

No line holds a token, a person, or what somebody wrote or did. So nothing is repeated that a library has logged, only
the place where it did; and of an exception only its type, its code and its place in the program. Its message would
quote what was at hand: SQLAlchemy's the parameters of the statement, PostgreSQL's the key that exists already,
pydantic's the input, `UnicodeEncodeError` the whole text, Slack's the body of the answer.
"""

from __future__ import annotations

import errno
import json
import logging
import re
import sys
import threading
import time
import uuid
import warnings
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

import structlog
from structlog.types import EventDict

if TYPE_CHECKING:
    from sys import UnraisableHookArgs
    from threading import ExceptHookArgs

_OURS = "bot"
"""The logger of the bot's own events."""

_TOKEN = re.compile(r"\bx(?:ox[a-z]|app)-[\w-]+")
_PERSON = re.compile(r"\b[UW](?=[A-Z]*[0-9])[A-Z0-9]{8,}\b")
"""Slack's user IDs. The bot logs none; this is in case somebody forgets that."""

_BARE = re.compile(r"[\w.:/+-]+", re.ASCII)
_IGNORED = ("`token` will be unused", "(or SLACK_BOT_TOKEN env variable) will be ignored")
"""Warnings of Bolt at each start, because SLACK_BOT_TOKEN is in the environment and Bolt is not to use it."""

_CODE = re.compile(r"[A-Za-z0-9_]{1,60}", re.ASCII)
_CODES = ("sqlite_errorname", "sqlstate", "status")
"""Attributes in which libraries and the bot's own exceptions keep a code."""

_MOST_FRAMES = 40
_MOST_LINKED = 5

log = structlog.get_logger()


def set_up(level: str, *, as_json: bool) -> None:
    """Send everything that is logged in this process to standard error.

    `level` is for the bot's own events. Libraries are logged from warnings on.
    """
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=_our_logger,
        wrapper_class=structlog.stdlib.BoundLogger,
        # A cached logger would keep the configuration of its first use.
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine(as_json=as_json))
    # On the handler and not on a logger: filters of a logger do not see the records of its children.
    handler.addFilter(_Libraries().filter)
    # A record that cannot be written would otherwise be printed with all its values.
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.handlers = [handler]
    # Bolt copies the root's level to its own loggers.
    root.setLevel(max(logging.WARNING, logging.getLevelName(level)))
    logging.getLogger(_OURS).setLevel(level)


def catch_the_rest() -> None:
    """Log uncaught exceptions and warnings, which Python would write to standard error with their values."""
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _uncaught_in_cleaning
    warnings.showwarning = _warned


def say_why_it_ended(error: Exception, sentences: Sequence[str]) -> None:
    """Log why the bot does not run: in sentences that say what to do, or with a traceback."""
    for sentence in sentences:
        log.critical(sentence, action="service.cannot_run")
    if not sentences:
        _log_uncaught(error, "the service")


def _our_logger(*_names: Any) -> logging.Logger:
    return logging.getLogger(_OURS)


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name == _OURS and isinstance(record.msg, dict)


_PERIOD = 60.0
"""Seconds."""


@dataclass
class _Window:
    began: float
    passed: int = 0
    dropped: int = 0


class LineLimit:
    """Admits so many lines a minute for each key. Keys are places in the program, so there are few."""

    def __init__(self, most: int = 5) -> None:
        self._most = most
        self._windows: dict[Hashable, _Window] = {}

    def admit(self, key: Hashable, now: float) -> int | None:
        """Return how many lines were dropped before this one, or `None` if this one is to be dropped too.

        `now` is in seconds of any clock; one that was set back begins a new minute.
        """
        # A fixed window is enough: it only has to keep a log readable.
        window = self._windows.setdefault(key, _Window(now))
        before = 0
        if not 0 <= now - window.began < _PERIOD:
            before = window.dropped
            window.began, window.passed, window.dropped = now, 0, 0
        if window.passed >= self._most:
            window.dropped += 1
            return None
        window.passed += 1
        return before


class _Libraries:
    """Admits warnings and errors of libraries, a few times a minute from each place."""

    def __init__(self) -> None:
        self._limit = LineLimit()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether to log a record. A library's gets the number of those that were dropped before it."""
        if _is_ours(record):
            return True
        # The root's level does not stop them: a library may set the level of its own logger.
        if record.levelno < logging.WARNING or any(each in str(record.msg) for each in _IGNORED):
            return False
        error = _error_of(record.exc_info)
        dropped = self._limit.admit((record.name, record.lineno, error and type(error)), time.monotonic())
        record.dropped = dropped
        return dropped is not None


class _OneLine(logging.Formatter):
    """Formats a record as one line, which nothing in it can break or forge."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._render = _as_json if as_json else _as_text
        self._tracebacks = LineLimit()

    def format(self, record: logging.LogRecord) -> str:
        event = dict(record.msg) if isinstance(record.msg, dict) and _is_ours(record) else _of_library(record)
        error = _error_of(event.pop("exc_info", None) or record.exc_info)
        if error is not None:
            event["error"] = summary(error)
            # While the database is away, a few tracebacks tell as much as a thousand.
            if self._tracebacks.admit((event.get("action"), type(error), place(error)), time.monotonic()) is not None:
                event["exception"] = in_one_line(error)
        event.pop("stack_info", None)
        # Python's own formatting of times is local, and logs of several machines are read side by side.
        said_at = datetime.fromtimestamp(record.created, UTC).replace(tzinfo=None)
        return self._render({**_cleaned(event), "timestamp": f"{said_at.isoformat(timespec='milliseconds')}Z"})


def _of_library(record: logging.LogRecord) -> EventDict:
    """Return an event for a library's record, without a word of it."""
    told: EventDict = {
        "event": "a library reports something",
        "action": "library.said",
        "level": record.levelname.lower(),
        "library": record.name,
        "at": f"{record.module}:{record.lineno} {record.funcName}",
    }
    if record.levelno >= logging.ERROR:
        told["reference"] = uuid.uuid4().hex[:8]
    dropped = getattr(record, "dropped", 0)
    return {**told, "dropped": dropped} if dropped else told


def _error_of(exc_info: Any) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1] if isinstance(exc_info[1], BaseException) else None
    return sys.exc_info()[1] if exc_info else None


def _cleaned(value: Any) -> Any:
    """Remove tokens and user IDs, and escape what could look like another line."""
    if isinstance(value, dict):
        return {key: _cleaned(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_cleaned(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    # Tokens first: a part of one can look like a user ID.
    text = _PERSON.sub("(person)", _TOKEN.sub("(token)", str(value)))
    if text.isprintable():
        return text
    # Line breaks, and terminal control sequences that would rewrite what stands above.
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def _as_json(event: EventDict) -> str:
    return json.dumps(event, ensure_ascii=False)


def _as_text(event: EventDict) -> str:
    shown = dict(event)
    head = f"{shown.pop('timestamp')} {shown.pop('level', ''):<8} {shown.pop('event', '')}"
    return " ".join([head, *(f"{key}={_quoted(value)}" for key, value in shown.items())])


def _quoted(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if _BARE.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _uncaught(_kind: type[BaseException], error: BaseException, _traceback: TracebackType | None) -> None:
    _log_uncaught(error, "the process")


def _uncaught_in_thread(args: ExceptHookArgs) -> None:
    if args.exc_value is not None:
        _log_uncaught(args.exc_value, "a thread")


def _uncaught_in_cleaning(args: UnraisableHookArgs) -> None:
    if args.exc_value is not None:
        _log_uncaught(args.exc_value, "cleaning up")


def _log_uncaught(error: BaseException, where: str) -> None:
    reference = uuid.uuid4().hex[:8]
    log.critical("nobody caught an error", action="process.uncaught", where=where, reference=reference, exc_info=error)


def _warned(
    message: Warning | str,  # noqa: ARG001 - what it says may be anything
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    at = f"{filename.rpartition('site-packages/')[2].rpartition('/')[2]}:{lineno}"
    log.warning("a library warns", action="library.warned", kind=category.__name__, at=at)


def summary(error: BaseException) -> str:
    """Return the type of an exception, with its code if it has one: `sqlite3.OperationalError(SQLITE_FULL)`."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    found = code(error)
    return f"{name}({found})" if found else name


def code(error: BaseException) -> str:
    """Return the code of an exception, or of the database driver's exception behind it, or an empty string."""
    # SQLAlchemy wraps the driver's exception, and only that has a code.
    driver = getattr(error, "orig", None)
    values = [getattr(error, name, None) for name in _CODES]
    candidates = [_slack_code(error), *values, _system_code(error), code(driver) if driver else None]
    # Only what looks like a code: an attribute of this name may also hold a sentence or an object.
    return next((str(each) for each in candidates if each and _CODE.fullmatch(str(each))), "")


def _system_code(error: BaseException) -> str | None:
    return errno.errorcode.get(error.errno or 0) if isinstance(error, OSError) else None


def _slack_code(error: BaseException) -> Any:
    answer = getattr(getattr(error, "response", None), "data", None)
    return answer.get("error") if isinstance(answer, dict) else None


def place(error: BaseException) -> str:
    """Return where an exception was raised, or an empty string: `bot.delivery.scheduler:120 Scheduler._run`."""
    return next(iter(reversed([*_frames(error.__traceback__)])), "")


def in_one_line(error: BaseException) -> str:
    """Return an exception and those it came from, each with its frames, outermost first."""
    return ", from ".join(_with_frames(each) for each in _linked(error))


def _with_frames(error: BaseException) -> str:
    frames = [*_frames(error.__traceback__)]
    inner = [summary(each) for each in getattr(error, "exceptions", ())]
    group = f" [{', '.join(inner[:_MOST_LINKED])}]" if inner else ""
    # The innermost frames, which stand last, say most; a recursion has thousands of the others.
    return f"{summary(error)}{group} at {' > '.join(frames[-_MOST_FRAMES:])}" if frames else f"{summary(error)}{group}"


def _linked(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and those it came from, each once: a chain can be a circle."""
    seen: list[BaseException] = []
    link: BaseException | None = error
    # Five are enough: retries inside libraries can link dozens of exceptions.
    while link is not None and link not in seen and len(seen) < _MOST_LINKED:
        seen.append(link)
        yield link
        # As Python's own tracebacks do: an explicit cause first, and no context after `from None`.
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _frames(traceback: TracebackType | None) -> Iterator[str]:
    while traceback is not None:
        frame = traceback.tb_frame
        module = frame.f_globals.get("__name__", "?")
        # The module and not the file, whose path would tell about the machine.
        yield f"{module}:{traceback.tb_lineno} {frame.f_code.co_qualname}"
        traceback = traceback.tb_next
