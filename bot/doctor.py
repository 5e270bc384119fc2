"""Looks at everything the bot needs before it runs, and says what to do about what is missing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.campaign.model import Campaign
from bot.campaign.reader import read
from bot.client import answering, slack_client
from bot.clock import Clock
from bot.delivery.channels import Channels
from bot.delivery.poster import SLACK_ERRORS, word_of
from bot.delivery.refusals import ROUTE, explain
from bot.manifest import SCOPES
from bot.messages.kinds import KINDS
from bot.reports import rush
from bot.reports.schedule import earth_hour
from bot.settings import Settings, SettingsError, Transport
from bot.store.database import open_reading
from bot.store.inspection import inspect_database
from bot.store.people import People

_ANSWER_WITHIN = 10
_CLOCK = timedelta(seconds=60)
"""Slack refuses requests whose time stamp is five minutes off; a minute is where to start worrying."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str


async def examine(settings: Settings, clock: Clock, *, allow_examples: bool) -> AsyncIterator[Finding]:
    """Look at the campaign, the database, the settings, and then at Slack as far as the settings allow."""
    campaign, finding = _campaign(settings.earthweek_campaign, allow_examples=allow_examples)
    yield finding
    if campaign:
        yield Finding("Earth Hour", campaign.earth_hour.confirmed, earth_hour(campaign.earth_hour))
    database = await inspect_database(settings.database_url)
    yield Finding("database", database.ok, database.detail)
    if campaign and database.is_readable:
        yield await _windows(settings, campaign)
    transport = _transport(settings)
    yield transport
    try:
        token = settings.bot_token
    except SettingsError as error:
        yield Finding("bot token", ok=False, detail=str(error))
        return
    async with slack_client(token, settings.slack_api_url, _ANSWER_WITHIN, settings.way_out) as client:
        async for finding in _slack(client, settings, campaign, clock):
            yield finding


def _campaign(folder: Path, *, allow_examples: bool) -> tuple[Campaign | None, Finding]:
    reading_ = read(folder, KINDS)
    errors, examples = reading_.problems.errors, reading_.problems.examples
    if errors:
        return None, Finding(
            "campaign", ok=False, detail=f"{len(errors)} errors; see earthweek check. First: {errors[0]}"
        )
    if examples and not allow_examples:
        detail = f"{len(examples)} values are still examples; see earthweek check, or run with --allow-examples"
        return reading_.campaign, Finding("campaign", ok=False, detail=detail)
    return reading_.campaign, Finding("campaign", ok=True, detail=f"{folder} can be sent")


async def _windows(settings: Settings, campaign: Campaign) -> Finding:
    """Whether everybody who has asked for messages so far can have them in time."""
    engine, per_minute = open_reading(settings.database_url), settings.earthweek_messages_per_minute
    try:
        asked = await People(engine).asked(campaign.id)
    finally:
        await engine.dispose()
    found = rush.of_askers(campaign, asked, per_minute)
    if found:
        return Finding("time", ok=False, detail=" ".join(rush.sentence(each, per_minute) for each in found))
    return Finding("time", ok=True, detail="whoever has asked for messages can have them in time")


def _transport(settings: Settings) -> Finding:
    try:
        transport = settings.transport
    except SettingsError as error:
        return Finding("events", ok=False, detail=str(error))
    return Finding("events", ok=True, detail=f"they come over {transport}")


async def _slack(
    client: AsyncWebClient, settings: Settings, campaign: Campaign | None, clock: Clock
) -> AsyncIterator[Finding]:
    try:
        answer = await client.auth_test()
    except SLACK_ERRORS as error:
        yield Finding("bot token", ok=False, detail=_explain(error, "SLACK_BOT_TOKEN"))
        return
    yield Finding("bot token", ok=True, detail=f"Slack knows the bot as {answer['user']} in {answer.get('team', '?')}")
    yield _scopes(answer)
    yield _clock(answer, clock.now())
    if settings.slack_app_token and settings.transport is Transport.SOCKET:
        yield await _app_token(client, settings.slack_app_token.get_secret_value())
    if campaign:
        async for finding in _places(client, campaign, clock):
            yield finding


def _scopes(answer: AsyncSlackResponse) -> Finding:
    granted = {scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",")}
    missing = [scope for scope in SCOPES if scope not in granted]
    if missing:
        detail = f"{', '.join(missing)} missing; install the app again with earthweek manifest"
        return Finding("permissions", ok=False, detail=detail)
    return Finding("permissions", ok=True, detail=f"all {len(SCOPES)} are granted")


def _clock(answer: AsyncSlackResponse, now: datetime) -> Finding:
    header = answer.headers.get("Date")
    if not header:
        return Finding("clock", ok=True, detail="Slack did not say what time it is")
    apart = abs(now - parsedate_to_datetime(header))
    if apart > _CLOCK:
        detail = f"it is {apart.total_seconds():.0f} s apart from Slack's; set the machine's clock (NTP)"
        return Finding("clock", ok=False, detail=detail)
    return Finding("clock", ok=True, detail="it agrees with Slack's")


async def _app_token(client: AsyncWebClient, app_token: str) -> Finding:
    try:
        await client.apps_connections_open(app_token=app_token)
    except SLACK_ERRORS as error:
        return Finding("app token", ok=False, detail=_explain(error, "SLACK_APP_TOKEN"))
    return Finding("app token", ok=True, detail="Socket Mode can be opened")


async def _places(client: AsyncWebClient, campaign: Campaign, clock: Clock) -> AsyncIterator[Finding]:
    # A large workspace does not show all of its channels at once: who asks once has to wait.
    channels = Channels(answering(client), clock)
    await channels.refresh(campaign, join=False)
    for name, reason in sorted(channels.missing.items()):
        yield Finding(f"channel {name}", ok=False, detail=reason)
    if not channels.missing:
        yield Finding("channels", ok=True, detail="all of them are there")
    for country in campaign.countries:
        for user in country.representatives:
            yield await _person(client, user, f"representative of {country.code}")


async def _person(client: AsyncWebClient, user: str, what: str) -> Finding:
    try:
        answer = await client.users_info(user=user)
    except SLACK_ERRORS as error:
        return Finding(what, ok=False, detail=_explain(error, user))
    if answer["user"].get("deleted"):
        return Finding(what, ok=False, detail=f"{user} is deactivated; name somebody else in campaign.toml")
    return Finding(what, ok=True, detail=f"{user} is there")


def _explain(error: Exception, to: str) -> str:
    word = word_of(error)
    if isinstance(error, SlackApiError) or word in ROUTE:
        return explain(word, to)
    return f"Slack cannot be reached ({word}); look at the network, HTTPS_PROXY and SLACK_API_URL"
