"""The bot as a service: it runs until it is told to stop."""

from __future__ import annotations

import asyncio
import signal

import structlog
from slack_sdk.errors import SlackApiError

from bot.app import Bot
from bot.delivery.poster import SLACK_ERRORS
from bot.delivery.refusals import NEVER, explain

LEAVE_WITHIN = 8
"""Seconds for what is in flight when the bot is told to stop; leaving takes less than ten in all."""

_ASK_AGAIN = 5

log = structlog.get_logger()


class NotAccepted(Exception):  # noqa: N818 - it reads as what happened
    """Slack does not accept the bot's token."""


async def serve(bot: Bot) -> None:
    """Run until SIGTERM or SIGINT, then stop claiming, let what is in flight finish, and leave.

    Raises:
        NotAccepted: Slack refuses the token for good.
        OSError: The address to listen on is taken.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    port = await bot.web.start(bot.settings.host, bot.settings.port)
    log.info("listening", action="service.listening", host=bot.settings.host, port=port)
    try:
        if await _introduce(bot, stop):
            await _work(bot, stop)
    finally:
        await leave(bot)
        log.info("left", action="service.left")


async def _work(bot: Bot, stop: asyncio.Event) -> None:
    if bot.sockets:
        bot.sockets.start()
    await bot.delivery.open()
    bot.bells.start()
    log.info("running", action="service.running", campaign=bot.delivery.edition.campaign.id)
    await stop.wait()


async def leave(bot: Bot) -> None:
    """Stop everything that was started, in the order in which nothing is lost."""
    await bot.bells.stop()
    await bot.delivery.dispatcher.stop(LEAVE_WITHIN)
    if bot.sockets:
        await bot.sockets.stop()
    await bot.web.stop()


async def _introduce(bot: Bot, stop: asyncio.Event) -> bool:
    """Ask Slack who we are, until it answers; whether the bot may go on."""
    while not stop.is_set():
        try:
            answer = await bot.client.auth_test()
        except SLACK_ERRORS as error:
            word = str(error.response.get("error")) if isinstance(error, SlackApiError) else type(error).__name__
            if word in NEVER:
                raise NotAccepted(explain(word, "Slack")) from error
            log.warning("Slack does not answer yet", action="service.waiting", error=word)
            await _pause(stop)
        else:
            log.info("Slack knows the bot", action="service.introduced", workspace=answer["team_id"])
            return True
    return False


async def _pause(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), _ASK_AGAIN)
    except TimeoutError:
        return
