"""Logs: one line an event, with a stable `action`; for people or as JSON, and never with a token."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from bot.settings import LogFormat

_TOKEN = re.compile(r"\bx(?:ox[a-z]|app)-[\w-]+")
_QUIET = ("slack_bolt", "slack_sdk", "apscheduler", "aiohttp", "sqlalchemy", "alembic", "aiosqlite", "asyncio")
"""Libraries whose own chatter says nothing to whoever runs the bot; at DEBUG it would say what people wrote."""


def set_up(level: str, form: LogFormat) -> None:
    """Send everything that is logged in this process to standard error."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    ending: list[Processor] = (
        [structlog.processors.format_exc_info, without_tokens, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if form is LogFormat.JSON
        else [structlog.processors.format_exc_info, without_tokens, structlog.dev.ConsoleRenderer(colors=False)]
    )
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    handler.addFilter(_is_news)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _is_news(record: logging.LogRecord) -> bool:
    # Bolt finds SLACK_BOT_TOKEN in the environment beside the client that already holds it, and worries at each start.
    return "`token` will be unused" not in str(record.msg)


def without_tokens(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Take out whatever looks like one of Slack's tokens, wherever it stands."""
    return {key: _redact(value) for key, value in event.items()}


def _redact(value: Any) -> Any:
    if isinstance(value, str):
        return _TOKEN.sub("(token)", value)
    if isinstance(value, dict):
        return {key: _redact(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_redact(inner) for inner in value]
    return value
