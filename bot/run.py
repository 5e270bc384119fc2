"""The bot as a service: it runs until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable
from importlib.metadata import version

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import listeners
from bot.app import Bot
from bot.settings import explain_bind_error
from bot.store.database import DatabaseAwayError, DatabaseUnusableError, unusable_error, upgrade
from bot.store.probe import probe

LEAVE_WITHIN = 7
"""Seconds for what is in flight when the bot is told to stop; leaving takes less than ten in all."""

_LAST_WORD = 1.0
_ASK_AGAIN = 5

log = structlog.get_logger()


class StartupError(Exception):
    """Slack does not accept the bot's token, or the address to listen on is taken; the message says what to do."""


async def serve(bot: Bot) -> None:
    """Run until SIGTERM or SIGINT, then stop claiming, let what is in flight finish, and leave.

    What may come by itself, the database or Slack, is waited for; what needs somebody ends the bot with a sentence.

    Raises:
        StartupError: Slack refuses the token for good, or the address to listen on is taken.
        DatabaseUnusableError: The database is refused for good, or is a newer version's.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    _say_hello(bot)
    await _listen(bot)
    starting = asyncio.create_task(_start(bot))
    told = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({starting, told}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            await starting
            await told
    finally:
        log.info("leaving", action="service.leaving")
        # Slack may be silent: what has not started yet is not waited for.
        starting.cancel()
        told.cancel()
        await asyncio.gather(starting, told, return_exceptions=True)
        await leave(bot)
        log.info("left", action="service.left")


def _say_hello(bot: Bot) -> None:
    log.info(
        "starting",
        action="service.starting",
        version=version("earthweek"),
        transport=bot.settings.transport.value,
        database=bot.engine.dialect.name,
        campaign=bot.delivery.live.campaign.id,
    )


async def _listen(bot: Bot) -> None:
    host, port = bot.settings.host, bot.settings.port
    try:
        opened = await bot.web.start(host, port)
    except OSError as error:
        raise StartupError(explain_bind_error(host, port, error)) from error
    log.info("listening", action="service.listening", host=host, port=opened)


async def _start(bot: Bot) -> None:
    await _until_usable(lambda: _open_database(bot.engine))
    await _introduce(bot)
    _prepare(bot)
    if bot.sockets:
        bot.sockets.start()
    await _until_usable(bot.delivery.open)
    bot.scheduler.start()
    log.info("running", action="service.running", campaign=bot.delivery.live.campaign.id)


def _prepare(bot: Bot) -> None:
    """Do once, before anybody asks, what would keep everybody waiting in the middle of something."""
    listeners.prepare(bot.delivery.live.campaign)
    # Looking for garbage among all that stays takes a tenth of a second each time.
    gc.collect()
    gc.freeze()


async def _open_database(engine: AsyncEngine) -> None:
    await upgrade(engine)
    # One that is up to date has only been read so far.
    await probe(engine)


async def _until_usable(work: Callable[[], Awaitable[None]]) -> None:
    """Do what takes the database; while it is away, as when both are started at once, wait for it and say so once."""
    said = ""
    while True:
        try:
            return await work()
        except (DatabaseUnusableError, SQLAlchemyError, OSError) as error:
            trouble = error if isinstance(error, DatabaseUnusableError) else unusable_error(error)
            if not isinstance(trouble, DatabaseAwayError):
                raise trouble from error
            if str(trouble) != said:
                said = str(trouble)
                log.warning(said, action="service.waiting", on="database")
        await asyncio.sleep(_ASK_AGAIN)


async def leave(bot: Bot) -> None:
    """Stop everything that was started, in the order in which nothing is lost."""
    await bot.scheduler.stop()
    if bot.sockets:
        await bot.sockets.stop()
    await bot.web.stop()
    await asyncio.gather(bot.delivery.dispatcher.stop(LEAVE_WITHIN), bot.handlers.finish(LEAVE_WITHIN))
    await _take_leave(bot)


async def _take_leave(bot: Bot) -> None:
    """The other replicas notice by themselves when this one cannot say that it goes."""
    try:
        async with asyncio.timeout(_LAST_WORD):
            await bot.delivery.replica_share.leave()
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        log.warning("the database is away", action="service.left_unsaid", error=type(error).__name__)


async def _introduce(bot: Bot) -> None:
    """Ask Slack who we are, until it answers."""
    token, said = bot.delivery.token_check, ""
    while True:
        await token.check()
        if token.is_refused:
            raise StartupError(token.problem)
        if not token.problem:
            return
        if token.problem != said:
            said = token.problem
            log.warning(said, action="service.waiting", on="Slack")
        await asyncio.sleep(_ASK_AGAIN)
