"""The composition root: everything is made and wired here, and nowhere else."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import listeners
from bot.campaign.edition import Edition
from bot.client import slack_client
from bot.clock import Clock
from bot.delivery.bells import Bells
from bot.delivery.channels import Channels
from bot.delivery.content import Content
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.metrics import Metrics
from bot.delivery.pace import Pace
from bot.delivery.planner import Planner
from bot.delivery.poster import Poster
from bot.delivery.service import Delivery
from bot.health import Health
from bot.locales.catalogues import words
from bot.messages.kinds import KINDS
from bot.settings import Settings, Transport
from bot.sockets import Sockets
from bot.store.database import open_database, sole_process, upgrade
from bot.store.outbox import Outbox
from bot.store.people import People
from bot.web import Web

ANSWER_WITHIN = 10
"""Seconds that Slack is given for one answer."""

LEASE = timedelta(seconds=30)
"""Longer than a send can take, so that nobody asks about a message that is still on its way."""


@dataclass(frozen=True)
class Bot:
    """The wired bot. Nothing rings, listens or is connected until somebody starts it."""

    settings: Settings
    clock: Clock
    engine: AsyncEngine
    client: AsyncWebClient
    people: People
    delivery: Delivery
    bells: Bells
    sockets: Sockets | None
    web: Web


@asynccontextmanager
async def build(settings: Settings, clock: Clock, *, allow_examples: bool = False) -> AsyncIterator[Bot]:
    """The bot, with its database open and up to date, for as long as the block lasts.

    Raises:
        UnusableCampaign: The campaign has errors, or examples that are not allowed.
        SettingsError: There is no token, or no way for Slack to reach the bot.
        DatabaseUnusable: The database does not open, or another process uses the same SQLite file.
    """
    transport = settings.transport
    token = settings.bot_token
    edition = Edition(settings.earthweek_campaign, KINDS, allow_examples=allow_examples)
    async with AsyncExitStack() as stack:
        engine = open_database(settings.database_url)
        stack.push_async_callback(engine.dispose)
        lock = sole_process(settings.database_url)
        if lock:
            stack.callback(lock.release)
        await upgrade(engine)
        client = await stack.enter_async_context(slack_client(token, settings.slack_api_url, ANSWER_WITHIN))
        yield _wire(settings, clock, transport, edition, engine, client)


def _wire(
    settings: Settings,
    clock: Clock,
    transport: Transport,
    edition: Edition,
    engine: AsyncEngine,
    client: AsyncWebClient,
) -> Bot:
    metrics = Metrics()
    people = People(engine)
    outbox = Outbox(engine, owner=uuid.uuid4().hex, lease=LEASE)
    channels = Channels(client)
    content = Content(lambda: edition.campaign, people, channels, words)
    pace = Pace(settings.earthweek_messages_per_minute)
    dispatcher = Dispatcher(outbox, content, Poster(client), pace, clock, metrics)
    delivery = Delivery(edition, outbox, Planner(outbox, people), dispatcher, channels, clock)
    bells = Bells(delivery, clock)
    app = _app(settings, client)
    sockets = _sockets(settings, app, client)
    health = Health(engine, delivery, bells, sockets.connected if sockets else None, clock)
    web = Web(health, metrics, outbox, clock, app if transport is Transport.HTTP else None)
    return Bot(settings, clock, engine, client, people, delivery, bells, sockets, web)


def _app(settings: Settings, client: AsyncWebClient) -> AsyncApp:
    secret = settings.slack_signing_secret
    app = AsyncApp(client=client, signing_secret=secret.get_secret_value() if secret else "")
    listeners.register(app)
    return app


def _sockets(settings: Settings, app: AsyncApp, client: AsyncWebClient) -> Sockets | None:
    token = settings.slack_app_token
    return Sockets(app, token.get_secret_value(), client) if token else None
