"""The bot as a service: start, wait for what is away, and stop when told to."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from threading import Thread

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot import listeners
from bot.app import Bot
from bot.campaign.model import Campaign
from bot.database.database import Database
from bot.database.errors import DatabaseAwayError, DatabaseUnusableError, unusable_error
from bot.settings import explain_bind_error, explain_metrics_bind_error
from bot.store.outbox_backlog import probe
from bot.store.schema import schema_of, upgrade

STOP_TIMEOUT = 7
"""Seconds for messages and answers under way when the bot is told to stop, which takes less than ten in all."""

_SIGN_OFF_TIMEOUT = 1.0
_SCHEMA_INTERVAL = 5
_RETRY_INTERVAL = 5

log = structlog.get_logger()


class StartupError(Exception):
    """Slack does not accept the bot's token, or the address to listen on is taken; the message says what to do."""


def told_to_stop() -> asyncio.Event:
    """Return an event that SIGTERM or SIGINT sets."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        if sys.platform == "win32":
            # Its loop takes no handlers, and sleeps through Ctrl-C unless something wakes it.
            signal.signal(name, lambda *_: loop.call_soon_threadsafe(stop.set))
        else:
            # Not `signal.signal`, whose handler would run between any two instructions instead of in the loop.
            loop.add_signal_handler(name, stop.set)
    return stop


async def serve(bot: Bot) -> None:
    """Run until SIGTERM or SIGINT, then claim nothing more, finish what is under way, and stop.

    A database or a Slack that is away is waited for; what needs the operator ends the bot with a sentence.

    Raises:
        StartupError: Slack refuses the token for good, or the address to listen on is taken.
        DatabaseUnusableError: The database is refused for good, is a newer version's, or becomes one's meanwhile.
    """
    stop = told_to_stop()
    _log_start(bot)
    # Before everything else: a container's probe asks while the bot still waits for its database.
    await _listen(bot)
    starting = asyncio.create_task(_start(bot))
    told = asyncio.create_task(stop.wait())
    outdated = asyncio.create_task(_until_outdated(bot.store.database))
    try:
        await asyncio.wait({starting, told}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            # Raises what made the start fail, which ends the service.
            await starting
            await asyncio.wait({told, outdated}, return_when=asyncio.FIRST_COMPLETED)
            if outdated.done():
                await outdated
    finally:
        log.info("leaving", action="service.leaving")
        # A start that still waits for Slack or the database is broken off.
        for task in (tasks := (starting, told, outdated)):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await leave(bot)
        log.info("left", action="service.left")


def _log_start(bot: Bot) -> None:
    log.info(
        "starting",
        action="service.starting",
        version=version("earthweek"),
        transport=bot.settings.transport.value,
        database=bot.store.database.engine.dialect.name,
        campaign=bot.delivery.live.campaign.id,
    )


async def _listen(bot: Bot) -> None:
    host, port, metrics = bot.settings.host, bot.settings.port, bot.settings.earthweek_metrics_address
    try:
        opened = await bot.http_server.start(host, port, with_metrics=metrics is None)
    except OSError as error:
        raise StartupError(explain_bind_error(host, port, error)) from error
    log.info("listening", action="service.listening", host=host, port=opened)
    if metrics:
        try:
            opened = await bot.http_server.start_metrics(metrics.host, metrics.port)
        except OSError as error:
            raise StartupError(explain_metrics_bind_error(metrics, error)) from error
        log.info("metrics are here", action="metrics.listening", host=metrics.host, port=opened)


async def _start(bot: Bot) -> None:
    await _until_usable(lambda: _open_database(bot.store.database))
    # Before a connection is opened: without the bot's own ID, its own messages look like people's.
    await _check_token(bot)
    if bot.socket_mode:
        bot.socket_mode.start()
    await _until_usable(bot.delivery.open)
    # Last: what is overdue after a restart is sent at once.
    bot.scheduler.start()
    if bot.heartbeat:
        bot.heartbeat.start()
    log.info("running", action="service.running", campaign=bot.delivery.live.campaign.id)
    # After what is overdue has been sent. A daemon, so that it never keeps the process from ending.
    Thread(target=_prepare, args=(bot.delivery.live.campaign,), name="prepare", daemon=True).start()


def _prepare(campaign: Campaign) -> None:
    """Do slow work now that would otherwise block the event loop in the middle of an answer."""
    listeners.prepare(campaign)
    # Looking for garbage among all that stays takes a tenth of a second each time.
    gc.collect()
    gc.freeze()


async def _open_database(database: Database) -> None:
    await upgrade(database)
    # A schema that is up to date has only been read; whether the database takes writes is not known yet.
    await database.write(probe)


async def _until_outdated(database: Database) -> None:
    """Look regularly whether a newer version has upgraded the database, as it does in a rolling restart.

    Raises:
        DatabaseUnusableError: It has; what this version knows of the tables is not true any more.
    """
    while True:
        await asyncio.sleep(_SCHEMA_INTERVAL)
        try:
            schema = await database.read(schema_of)
        except (SQLAlchemyError, OSError):
            # That the database is away is told by whoever needs it.
            continue
        if schema.revision and not schema.is_known:
            raise DatabaseUnusableError(
                f"a newer version of the bot has upgraded the database to schema {schema.revision} while this one ran, "
                f"which knows none after {schema.newest}; this process stops, and the newer version goes on"
            )


async def _until_usable(work: Callable[[], Awaitable[None]]) -> None:
    """Run `work`, which needs the database. While that is away, as when both start at once, wait, and log it once."""
    said = ""
    while True:
        try:
            return await work()
        except (DatabaseUnusableError, SQLAlchemyError, OSError) as error:
            problem = error if isinstance(error, DatabaseUnusableError) else unusable_error(error)
            if not isinstance(problem, DatabaseAwayError):
                raise problem from error
            # Once for each problem: a database that is away overnight would fill the log.
            if str(problem) != said:
                said = str(problem)
                log.warning(said, action="service.waiting", on="database")
        await asyncio.sleep(_RETRY_INTERVAL)


async def leave(bot: Bot) -> None:
    """Stop everything that was started, in an order in which nothing is lost.

    1. The scheduler, so that no more messages are claimed, and the heartbeat.
    2. Socket Mode and the HTTP server, so that nothing more arrives.
    3. Messages and answers that are under way, which get some seconds to finish.
    4. This replica's registration, so that the others take over its share.
    """
    await bot.scheduler.stop()
    if bot.heartbeat:
        await bot.heartbeat.stop()
    if bot.socket_mode:
        await bot.socket_mode.stop()
    await bot.http_server.stop()
    await asyncio.gather(bot.delivery.dispatcher.stop(STOP_TIMEOUT), bot.handlers.finish(STOP_TIMEOUT))
    await _sign_off(bot)


async def _sign_off(bot: Bot) -> None:
    """Tell the other replicas that this one stops. If that fails, they notice by themselves."""
    try:
        async with asyncio.timeout(_SIGN_OFF_TIMEOUT):
            await bot.delivery.replica_share.leave()
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        log.warning("the database is away", action="service.left_unsaid", error=type(error).__name__)


async def _check_token(bot: Bot) -> None:
    """Ask Slack about the bot's token until it answers."""
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
        await asyncio.sleep(_RETRY_INTERVAL)
