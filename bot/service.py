"""The bot as a service: it runs until it is told to stop."""

from __future__ import annotations

import asyncio
import signal

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.address import unusable
from bot.app import Bot
from bot.delivery.poster import SLACK_ERRORS, word_of
from bot.delivery.refusals import NEVER, ROUTE, explain

LEAVE_WITHIN = 7
"""Seconds for what is in flight when the bot is told to stop; leaving takes less than ten in all."""

_LAST_WORD = 1.0
_ASK_AGAIN = 5

log = structlog.get_logger()


class CannotStart(Exception):  # noqa: N818 - it reads as what happened
    """Slack does not accept the bot's token, or the address to listen on is taken; the message says what to do."""


async def serve(bot: Bot) -> None:
    """Run until SIGTERM or SIGINT, then stop claiming, let what is in flight finish, and leave.

    Raises:
        CannotStart: Slack refuses the token for good, or the address to listen on is taken.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
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


async def _listen(bot: Bot) -> None:
    host, port = bot.settings.host, bot.settings.port
    try:
        opened = await bot.web.start(host, port)
    except OSError as error:
        raise CannotStart(unusable(host, port, error)) from error
    log.info("listening", action="service.listening", host=host, port=opened)


async def _start(bot: Bot) -> None:
    await _introduce(bot)
    if bot.sockets:
        bot.sockets.start()
    await bot.delivery.open()
    bot.bells.start()
    log.info("running", action="service.running", campaign=bot.delivery.edition.campaign.id)


async def leave(bot: Bot) -> None:
    """Stop everything that was started, in the order in which nothing is lost."""
    await bot.bells.stop()
    if bot.sockets:
        await bot.sockets.stop()
    await bot.web.stop()
    await asyncio.gather(bot.delivery.dispatcher.stop(LEAVE_WITHIN), bot.reception.finish(LEAVE_WITHIN))
    await _take_leave(bot)


async def _take_leave(bot: Bot) -> None:
    """The other replicas notice by themselves when this one cannot say that it goes."""
    try:
        async with asyncio.timeout(_LAST_WORD):
            await bot.delivery.fleet.leave()
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        log.warning("the database is away", action="service.left_unsaid", error=type(error).__name__)


async def _introduce(bot: Bot) -> None:
    """Ask Slack who we are, until it answers."""
    while True:
        try:
            answer = await bot.client.auth_test()
        except SLACK_ERRORS as error:
            word = word_of(error)
            if word in NEVER:
                raise CannotStart(explain(word, "Slack")) from error
            why = explain(word, "Slack") if word in ROUTE else "Slack does not answer yet"
            log.warning(why, action="service.waiting", error=word)
            await asyncio.sleep(_ASK_AGAIN)
        else:
            bot.installation.bot_id = answer.get("bot_id")
            bot.installation.bot_user_id = answer.get("user_id")
            log.info("Slack knows the bot", action="service.introduced", workspace=answer["team_id"])
            return
