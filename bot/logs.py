"""Logs: one line an event, with a stable `action`, for people or as JSON.

No line holds a token, a person, or what somebody wrote or did, whoever made it: of what libraries say only where they
say it is told, and of exceptions only types, codes and places in the program.
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
"""The logger of everything that the bot itself says."""

_TOKEN = re.compile(r"\bx(?:ox[a-z]|app)-[\w-]+")
_PERSON = re.compile(r"\b[UW](?=[A-Z]*[0-9])[A-Z0-9]{8,}\b")
"""Slack's user IDs. The bot does not log any; this is for the day on which somebody forgets."""

_BARE = re.compile(r"[\w.:/+-]+", re.ASCII)
_NO_NEWS = ("`token` will be unused", "(or SLACK_BOT_TOKEN env variable) will be ignored")
"""Bolt finds SLACK_BOT_TOKEN in the environment beside what already holds it, and worries at each start."""

_CODE = re.compile(r"[A-Za-z0-9_]{1,60}", re.ASCII)
_CODES = ("sqlite_errorname", "sqlstate", "word", "status")
"""Attributes in which libraries and the bot's own exceptions have a code."""

_MOST_FRAMES = 40
_MOST_LINKED = 5

log = structlog.get_logger()


def set_up(level: str, *, as_json: bool) -> None:
    """Send everything that is logged in this process to standard error.

    `level` is for what the bot says. Libraries are heard from warnings on.
    """
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=_our_logger,
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine(as_json=as_json))
    handler.addFilter(_Libraries().filter)
    # A line that cannot be written would else be printed with all that was in it.
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.handlers = [handler]
    # Bolt gives its own loggers the root's level.
    root.setLevel(max(logging.WARNING, logging.getLevelName(level)))
    logging.getLogger(_OURS).setLevel(level)


def catch_the_rest() -> None:
    """Log what would else be written to standard error with its values: what nobody caught, and warnings."""
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _uncaught_in_cleaning
    warnings.showwarning = _warned


def say_why_it_ended(error: Exception, sentences: Sequence[str]) -> None:
    """Log why the bot does not run: in sentences that say what to do, or where it broke off."""
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
    """Lets so many lines a minute through for each key. Keys are made of places in the program, so they are few."""

    def __init__(self, most: int = 5) -> None:
        self._most = most
        self._windows: dict[Hashable, _Window] = {}

    def admit(self, key: Hashable, now: float) -> int | None:
        """How many lines of this key were dropped before this one, or `None` when this one is to be dropped.

        `now` is in seconds of any clock; one that was set back begins a new minute.
        """
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
    """Lets through what libraries warn of, a few times a minute from each place."""

    def __init__(self) -> None:
        self._limit = LineLimit()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is to be shown. One of a library gets the number of those that were not."""
        if _is_ours(record):
            return True
        if record.levelno < logging.WARNING or any(each in str(record.msg) for each in _NO_NEWS):
            return False
        error = _error_of(record.exc_info)
        dropped = self._limit.admit((record.name, record.lineno, error and type(error)), time.monotonic())
        record.dropped = dropped
        return dropped is not None


class _OneLine(logging.Formatter):
    """A record as one line, which nothing in it can break or forge."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._render = _as_json if as_json else _as_text
        self._tracebacks = LineLimit()

    def format(self, record: logging.LogRecord) -> str:
        event = dict(record.msg) if isinstance(record.msg, dict) and _is_ours(record) else _of_library(record)
        error = _error_of(event.pop("exc_info", None) or record.exc_info)
        if error is not None:
            event["error"] = summary(error)
            # With a thousand presses while the database is away, one traceback tells as much as a thousand.
            if self._tracebacks.admit((event.get("action"), type(error), place(error)), time.monotonic()) is not None:
                event["exception"] = in_one_line(error)
        event.pop("stack_info", None)
        said_at = datetime.fromtimestamp(record.created, UTC).replace(tzinfo=None)
        return self._render({**_cleaned(event), "timestamp": f"{said_at.isoformat(timespec='milliseconds')}Z"})


def _of_library(record: logging.LogRecord) -> EventDict:
    """What is told of a library's line: not a word of it."""
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
    """The same without tokens and user IDs, and with nothing in it that a terminal or a reader takes for more."""
    if isinstance(value, dict):
        return {key: _cleaned(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_cleaned(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    text = _PERSON.sub("(person)", _TOKEN.sub("(token)", str(value)))
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
