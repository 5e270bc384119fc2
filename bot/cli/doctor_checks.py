"""Checks of everything that the bot needs before it runs, for `earthweek doctor`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import typer
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.campaign.model import Campaign
from bot.campaign.overlay import apply
from bot.cli.campaign_loader import read_campaign, read_decisions, settings_for
from bot.clock import Clock, SystemClock
from bot.database.urls import read_only
from bot.delivery.channels import Channels, named
from bot.reports import send_capacity
from bot.reports.held_messages import is_holding, sentences
from bot.reports.schedule import earth_hour
from bot.settings import Settings, SettingsError, Transport
from bot.slack.account_types import Membership, Team, membership_of
from bot.slack.client import slack_client, with_rate_limit_retries
from bot.slack.errors import NETWORK_ERRORS, SLACK_ERRORS, describe, error_code, explain
from bot.slack.manifest import SCOPES, missing_scopes
from bot.store.database_check import inspect_database
from bot.store.people import People

_TIMEOUT = 10
_CLOCK_TOLERANCE = timedelta(seconds=60)
"""Slack and the bot refuse timestamps that are five minutes off; a minute is where to start worrying."""


_UNSUITED = {
    Membership.LEFT: "is deactivated",
    Membership.BOT: "is a bot, which takes no messages",
    Membership.STRANGER: "is of another company",
    Membership.GUEST: "is a guest",
}
"""Reasons why somebody cannot be a manager or a representative."""


@dataclass(frozen=True)
class Finding:
    """The result of one check."""

    name: str
    ok: bool
    detail: str


async def diagnose(folder: Path | None, *, allow_examples: bool) -> bool:
    """Print each finding as it is made. Returns whether all is well."""
    all_well = True
    async for finding in _findings(settings_for(folder), SystemClock(), allow_examples=allow_examples):
        typer.echo(f"{'✓' if finding.ok else '✗'} {finding.name}: {finding.detail}")
        all_well = all_well and finding.ok
    return all_well


async def _findings(settings: Settings, clock: Clock, *, allow_examples: bool) -> AsyncIterator[Finding]:
    """Check the campaign, the database, the settings, and then Slack as far as the settings allow."""
    campaign, finding = _campaign(settings.earthweek_campaign, allow_examples=allow_examples)
    yield finding
    if campaign:
        may_be = campaign.earth_hour.confirmed or allow_examples
        yield Finding("Earth Hour", may_be, earth_hour(campaign.earth_hour).removeprefix("Earth Hour: "))
    # Read only: doctor can run beside a bot, and must not create a database in the wrong place.
    database = await asyncio.to_thread(inspect_database, settings.database_url)
    yield Finding("database", database.ok, database.detail)
    if campaign and database.is_readable:
        yield _capacity(settings, campaign)
        yield _organisers(settings, campaign, clock.now())
    transport = _transport(settings)
    yield transport
    try:
        token = settings.bot_token
    except SettingsError as error:
        yield Finding("bot token", ok=False, detail=str(error))
        return
    async with slack_client(token, settings.slack_api_url, _TIMEOUT, settings.proxy_config) as client:
        async for finding in _slack(client, settings, campaign, clock):
            yield finding


def _organisers(settings: Settings, files: Campaign, now: datetime) -> Finding:
    """Check that nothing waits for an organiser."""
    decisions = read_decisions(settings, files)
    campaign = apply(files, decisions, now)
    detail = "; ".join(sentences(campaign, decisions)) or "nothing is paused, left out or without an approval"
    return Finding("organisers", ok=not is_holding(campaign, decisions), detail=detail)


def _campaign(folder: Path, *, allow_examples: bool) -> tuple[Campaign | None, Finding]:
    reading = read_campaign(folder)
    errors, examples = reading.problems.errors, reading.problems.examples
    if errors:
        return None, Finding(
            "campaign", ok=False, detail=f"{len(errors)} errors; see earthweek check. First: {errors[0]}"
        )
    if examples and not allow_examples:
        detail = f"{len(examples)} values are still examples; see earthweek check, or run with --allow-examples"
        return reading.campaign, Finding("campaign", ok=False, detail=detail)
    return reading.campaign, Finding("campaign", ok=True, detail=f"{folder} can be sent")


def _capacity(settings: Settings, campaign: Campaign) -> Finding:
    """Check that everybody who has asked for messages so far can have them in time."""
    per_minute = settings.earthweek_messages_per_minute
    with read_only(settings.database_url) as connection:
        asked = People().demand(connection, campaign.id)
    found = send_capacity.of_askers(campaign, asked, per_minute)
    if found:
        return Finding("time", ok=False, detail=" ".join(send_capacity.sentence(each, per_minute) for each in found))
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
    missing = missing_scopes(answer)
    yield _permissions(missing)
    yield _clock(answer, clock.now())
    if settings.slack_app_token and settings.transport is Transport.SOCKET:
        yield await _app_token(client, settings.slack_app_token.get_secret_value())
    if campaign:
        async for finding in _channels(client, campaign, clock, may_join="channels:join" not in missing):
            yield finding
        for user, what in _named(campaign):
            yield await _person(client, user, what, Team.of(answer))


def _permissions(missing: list[str]) -> Finding:
    if missing:
        detail = f"{', '.join(missing)} missing; install the app again with earthweek manifest"
        return Finding("permissions", ok=False, detail=detail)
    return Finding("permissions", ok=True, detail=f"all {len(SCOPES)} are granted")


def _clock(answer: AsyncSlackResponse, now: datetime) -> Finding:
    # The clock that matters is Slack's: signatures carry its time.
    header = answer.headers.get("Date")
    if not header:
        return Finding("clock", ok=True, detail="Slack did not say what time it is")
    apart = abs(now - parsedate_to_datetime(header))
    if apart > _CLOCK_TOLERANCE:
        detail = f"it is {apart.total_seconds():.0f} s apart from Slack's; set the machine's clock (NTP)"
        return Finding("clock", ok=False, detail=detail)
    return Finding("clock", ok=True, detail="it agrees with Slack's")


async def _app_token(client: AsyncWebClient, app_token: str) -> Finding:
    try:
        # Opens nothing: Slack returns a URL, which expires unused, and the running bot keeps its connections.
        await client.apps_connections_open(app_token=app_token)
    except SLACK_ERRORS as error:
        return Finding("app token", ok=False, detail=_explain(error, "SLACK_APP_TOKEN"))
    return Finding("app token", ok=True, detail="Socket Mode can be opened")


async def _channels(
    client: AsyncWebClient, campaign: Campaign, clock: Clock, *, may_join: bool
) -> AsyncIterator[Finding]:
    # A large workspace does not show all of its channels at once, so the client waits where Slack asks to.
    channels = Channels(with_rate_limit_retries(client), clock)
    await channels.refresh(campaign, join=False)
    amiss = dict(channels.missing)
    for name in named(campaign):
        channel = channels.find(name)
        is_open_to_all = name != campaign.organisers_channel
        problem = ""
        if channel:
            problem = await _channel_problem(client, channel, may_join=may_join, is_open_to_all=is_open_to_all)
        if problem:
            amiss[name] = problem
    for name, reason in sorted(amiss.items()):
        yield Finding(f"channel {name}", ok=False, detail=reason)
    if not amiss:
        yield Finding("channels", ok=True, detail="all of them are there")


async def _channel_problem(client: AsyncWebClient, channel: str, *, may_join: bool, is_open_to_all: bool) -> str:
    """Say what is wrong with a channel that exists; nothing where Slack does not describe it to the bot."""
    try:
        info = (await client.conversations_info(channel=channel))["channel"]
    except SLACK_ERRORS:
        return ""
    if not is_open_to_all and not info.get("is_private"):
        return (
            "everybody can read it, and organisers share there what is not for everybody; "
            "make it private in Slack, or name another one as organisers_channel in campaign.toml"
        )
    if info.get("is_ext_shared"):
        return (
            "it is shared with another company, whose people read what is posted there; "
            "end the sharing in Slack, or name a channel of your own in campaign.toml"
        )
    # Before the other company has accepted, nothing is shared yet; afterwards it is too late.
    if info.get("is_pending_ext_shared") or info.get("pending_connected_team_ids"):
        return "another company has been invited to it; take the invitation back in Slack"
    if not may_join and not info.get("is_member"):
        return (
            "the bot is not in it and may not join (missing_scope: channels:join); "
            "install the app again with earthweek manifest, or type /invite and the bot's name there"
        )
    return ""


def _named(campaign: Campaign) -> Iterator[tuple[str, str]]:
    """Yield everybody whom the campaign's files name, and as what."""
    for country in campaign.countries:
        yield from ((user, f"representative of {country.code}") for user in country.representatives)
    if campaign.company:
        yield from ((user, "manager") for user in campaign.company.managers)


async def _person(client: AsyncWebClient, user: str, what: str, team: Team | None) -> Finding:
    try:
        found = (await client.users_info(user=user))["user"]
    except SLACK_ERRORS as error:
        return Finding(what, ok=False, detail=_explain(error, user))
    if why := _UNSUITED.get(membership_of(found, team, guests=False)):
        return Finding(what, ok=False, detail=f"{user} {why}; name somebody else in campaign.toml")
    return Finding(what, ok=True, detail=f"{user} is there")


def _explain(error: Exception, to: str) -> str:
    code = error_code(error)
    if isinstance(error, SlackApiError):
        return describe(error, to)
    if code in NETWORK_ERRORS:
        return explain(code, to)
    return f"Slack cannot be reached ({code}); look at the network, HTTPS_PROXY and SLACK_API_URL"
