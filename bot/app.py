"""The composition root: every object of the bot is made and wired here."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import listeners
from bot.campaign.live_reload import LiveCampaign
from bot.campaign.model import Campaign
from bot.clock import Clock
from bot.database.sqlite import READERS
from bot.database.urls import open_database, sole_process
from bot.delivery.channels import Channels
from bot.delivery.content import Content
from bot.delivery.delivery_loop import Delivery
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.idea_message_updates import IdeaReviews
from bot.delivery.metrics import Metrics
from bot.delivery.organiser_messages import OrganiserMessages
from bot.delivery.outage_log import Outages, Telemetry
from bot.delivery.outbox_planner import Planner
from bot.delivery.periodic_tasks import Maintenance
from bot.delivery.pictures import Pictures
from bot.delivery.rate_limit import RateLimiter, ReplicaShare
from bot.delivery.scheduler import Scheduler
from bot.delivery.sender import Sender
from bot.delivery.tip_counts import TipCounts
from bot.delivery.token_check import TokenCheck
from bot.delivery.unscheduled_messages import Notifications
from bot.delivery.user_sync import UserSync
from bot.delivery.week_at_a_glance_updates import Glances
from bot.listeners.interaction_handlers import Handlers
from bot.listeners.services import Services
from bot.locales.catalogues import campaign_words, vocabulary
from bot.messages.post_kinds import KINDS
from bot.messages.words import Words
from bot.settings import Settings, Transport
from bot.slack.bolt_app import open_app
from bot.slack.client import slack_client, with_rate_limit_retries
from bot.slack.installation import Installation
from bot.slack.signature_log import SignatureLog
from bot.slack.socket_mode import SocketMode
from bot.standings.publisher import Publisher
from bot.store.schema import upgrade
from bot.store.store import Store
from bot.web.health import Health
from bot.web.heartbeat import Heartbeat
from bot.web.server import HttpServer

ANSWER_WITHIN = 10
"""Seconds that the bot waits for an answer of Slack."""

QUESTIONS_PER_MINUTE = 40
"""Of the fifty histories a minute that Slack shows an app in a workspace."""

LEASE = timedelta(seconds=15)
"""Longer than an answer can take. Nobody else asks about a message before two of them have passed, which is longer than
a post and its plain form can take."""


@dataclass(frozen=True)
class Bot:
    """The wired bot. Nothing is scheduled, listening or connected until it is started."""

    settings: Settings
    clock: Clock
    client: AsyncWebClient
    store: Store
    publisher: Publisher
    delivery: Delivery
    scheduler: Scheduler
    socket_mode: SocketMode | None
    http_server: HttpServer
    handlers: Handlers
    heartbeat: Heartbeat | None

    @property
    def _tasks(self) -> set[asyncio.Task[Any]]:
        return {*self.handlers.tasks, *self.delivery.tasks}

    async def idle(self, within_seconds: float | None = None) -> None:
        """Wait until nothing is being answered, planned or sent, at most for `within_seconds` of real time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_seconds):
                # Tasks start others, such as a plan after a press, so one round of waiting is not enough.
                while (tasks := self._tasks) or not self.store.database.is_idle:
                    if tasks:
                        await asyncio.wait(tasks)
                    # Work whose caller was cancelled goes on.
                    await self.store.database.idle()

    async def kill(self, *callers: asyncio.Task[Any]) -> None:
        """Cancel everything at once, as `kill -9` would: claims stay claimed, and nobody is answered.

        `callers` are tasks that are using the bot. They are cancelled with it.
        """
        # First, so that nothing more is stored, whatever the others do while they are cancelled.
        self.store.database.kill()
        await _cancel({*callers, *self.scheduler.tasks, *self._tasks})
        await self.scheduler.stop()
        await self.delivery.dispatcher.stop(0)
        if self.socket_mode:
            await self.socket_mode.stop()
        await self.http_server.stop()
        # Again, for what arrived while the others were being stopped.
        await _cancel(self._tasks)


async def _cancel(tasks: Collection[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@dataclass(frozen=True)
class _Parts:
    """The objects that everything else is made of."""

    settings: Settings
    clock: Clock
    live: LiveCampaign
    client: AsyncWebClient
    installation: Installation
    store: Store
    publisher: Publisher

    @property
    def campaign(self) -> Callable[[], Campaign]:
        """Returns the campaign as its files have it now."""
        return lambda: self.live.campaign

    @property
    def words(self) -> Callable[[str], Words]:
        """Returns the bot's words in a language, those that the campaign brings first."""
        return lambda language: campaign_words(self.live.campaign, language)


@asynccontextmanager
async def build(settings: Settings, clock: Clock, *, allow_examples: bool = False) -> AsyncIterator[Bot]:
    """Build the bot with its database migrated, for as long as the block lasts.

    Raises:
        UnusableCampaignError: The campaign has errors, or examples that are not allowed.
        SettingsError: There is no token, or no way for Slack to reach the bot.
        DatabaseUnusableError: The database does not open, or another process uses the same SQLite file.
    """
    async with assemble(settings, clock, allow_examples=allow_examples) as bot:
        await upgrade(bot.store.database)
        yield bot


@asynccontextmanager
async def assemble(settings: Settings, clock: Clock, *, allow_examples: bool = False) -> AsyncIterator[Bot]:
    """Build the bot, without a word to the database or Slack yet.

    Raises:
        UnusableCampaignError: The campaign has errors, or examples that are not allowed.
        SettingsError: There is no token, or no way for Slack to reach the bot.
        DatabaseUnusableError: No file can be where the database is to be, or another process uses the same SQLite file.
    """
    transport = settings.transport
    token = settings.bot_token
    live = LiveCampaign(settings.earthweek_campaign, KINDS, vocabulary(), allow_examples=allow_examples)
    async with AsyncExitStack() as stack:
        # In virtual time there is one thread that reads, so that what happens at one instant has one order.
        database = open_database(settings.database_url, readers=1 if clock.is_manual else READERS)
        # Before anything is written: two processes on one SQLite file would both send the same messages.
        lock = sole_process(settings.database_url)
        if lock:
            stack.callback(lock.release)
        stack.push_async_callback(database.close)
        client = await stack.enter_async_context(
            slack_client(token, settings.slack_api_url, ANSWER_WITHIN, settings.proxy_config)
        )
        # A new ID at every start: claims of a process that was killed are nobody's, and expire.
        store = Store(database, replica=uuid.uuid4().hex, lease=LEASE, exclusive=lock is not None)
        publisher = Publisher(store)
        installation = Installation(client)
        parts = _Parts(settings, clock, live, client, installation, store, publisher)
        bot = _wire(parts, transport)
        # Pushed last, so that it runs first: a message under way still needs the client and the database.
        stack.push_async_callback(bot.delivery.stop)
        yield bot


def _wire(parts: _Parts, transport: Transport) -> Bot:
    database = parts.store.database.engine.dialect.name
    metrics = Metrics({"transport": transport.value, "database": database})
    telemetry = Telemetry(metrics, Outages())
    delivery = _delivery(parts, telemetry)
    scheduler = Scheduler(delivery, parts.clock, telemetry.outages)
    signatures = SignatureLog()
    app, handlers = _app(parts, delivery, metrics)
    sockets = _sockets(parts, app)
    health = Health(parts.store, delivery, scheduler, sockets, signatures, parts.clock)
    # With Socket Mode there is no route for Slack's requests, so that nobody can send forged ones.
    slack = app if transport is Transport.HTTP else None
    web = HttpServer(health, metrics, parts.clock, slack, signatures)
    return Bot(
        settings=parts.settings,
        clock=parts.clock,
        client=parts.client,
        store=parts.store,
        publisher=parts.publisher,
        delivery=delivery,
        scheduler=scheduler,
        socket_mode=sockets,
        http_server=web,
        handlers=handlers,
        heartbeat=_heartbeat(parts.settings, health, telemetry),
    )


def _heartbeat(settings: Settings, health: Health, telemetry: Telemetry) -> Heartbeat | None:
    url = settings.earthweek_heartbeat_url
    return Heartbeat(url.get_secret_value(), settings.proxy_config, health, telemetry) if url else None


def _delivery(parts: _Parts, telemetry: Telemetry) -> Delivery:
    store, publisher, clock = parts.store, parts.publisher, parts.clock
    channels = Channels(parts.client, clock, lambda campaign: store.read(store.outbox.channels_of, campaign))
    notifications = Notifications(store, parts.words)
    to_organisers = OrganiserMessages(store, parts.live, publisher, lambda: channels.missing, parts.words)
    pictures = Pictures(store, parts.installation, clock)
    content = Content(parts.campaign, store, channels, notifications, publisher, parts.words, to_organisers, pictures)
    sender = Sender(parts.installation, pictures.forget)
    # One process has a SQLite file to itself, so there is nobody to share Slack's limits with.
    shared = None if store.database.engine.dialect.name == "sqlite" else store
    sends, reads = RateLimiter(parts.settings.earthweek_messages_per_minute), RateLimiter(QUESTIONS_PER_MINUTE)
    replica_share = ReplicaShare(shared, sends, reads, clock)
    dispatcher = Dispatcher(store, content, sender, replica_share, clock, telemetry)
    tip_counts, reviews = TipCounts(store, sender, parts.words, pictures), IdeaReviews(store, sender, parts.words)
    glances = Glances(store, sender, parts.words)
    planner, outages = Planner(store, notifications, to_organisers), telemetry.outages
    return Delivery(
        live=parts.live,
        store=store,
        planner=planner,
        dispatcher=dispatcher,
        channels=channels,
        maintenance=Maintenance(publisher, pictures, tip_counts, glances, reviews, store.privacy),
        user_sync=UserSync(parts.installation, store, clock, planner.mark_changed, outages),
        replica_share=replica_share,
        token_check=TokenCheck(parts.installation, clock, outages),
        clock=clock,
        outages=outages,
    )


def _app(parts: _Parts, delivery: Delivery, metrics: Metrics) -> tuple[AsyncApp, Handlers]:
    secret = parts.settings.slack_signing_secret
    # In Socket Mode Bolt verifies no signature: an empty secret is never used.
    app = open_app(parts.client, secret.get_secret_value() if secret else "", parts.installation)
    # Only answers to people wait and try again. What the outbox sends is tried again from the outbox, after a restart
    # too.
    client = with_rate_limit_retries(parts.client)
    services = Services(
        parts.campaign,
        client,
        parts.words,
        parts.clock,
        parts.store,
        parts.publisher,
        parts.installation,
        live=parts.live,
        missing_channels=lambda: delivery.channels.missing,
        request_plan=delivery.request_plan,
        refresh_decisions=delivery.refresh_decisions,
        request_personal_plan=delivery.request_personal_plan,
        mark_changed=delivery.planner.mark_changed,
        has_other_replicas=lambda: bool(delivery.replica_share.living),
        picture_of=delivery.maintenance.pictures.file_of,
        on_answered=metrics.interaction,
    )
    return app, listeners.register(app, services)


def _sockets(parts: _Parts, app: AsyncApp) -> SocketMode | None:
    token = parts.settings.slack_app_token
    proxy = parts.settings.proxy_config
    return SocketMode(app, token.get_secret_value(), parts.client, proxy=proxy) if token else None
