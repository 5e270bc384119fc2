"""Plays a whole campaign in virtual time: the bot that `run` starts, with another Slack and another clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from bot.app import Bot, build
from bot.campaign.calendar import Slot, addressees, everyone, lay_out
from bot.campaign.edition import Edition
from bot.campaign.model import Campaign
from bot.delivery.planner import audience
from bot.messages.kinds import KINDS
from bot.rehearsal import audit, cast
from bot.rehearsal.clock import VirtualClock
from bot.rehearsal.slack.limits import Limits
from bot.rehearsal.slack.server import RehearsalSlack
from bot.rehearsal.slack.workspace import Message, Workspace
from bot.settings import Settings
from bot.store.outbox import Row
from bot.store.people import Person

BEFORE = timedelta(hours=1)
"""How long before the first post the rehearsal begins."""


@dataclass(frozen=True)
class Rehearsal:
    """What is to be played: a folder, how many colleagues, and the seed that makes them."""

    folder: Path
    people: int = 0
    seed: int = 1
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Outcome:
    """How it went: the bot's rows, and what Slack counted."""

    campaign: Campaign
    rows: tuple[Row, ...]
    count: audit.Count
    errors: Counter[str]


@dataclass(frozen=True)
class Moment:
    """An instant of the rehearsal at which something was said."""

    at: datetime
    messages: Sequence[Message]
    share: float
    town: Workspace


Watch = Callable[[Moment], None]


async def play(rehearsal: Rehearsal, watch: Watch = lambda _: None) -> Outcome:
    """Play the campaign from an hour before its first post until nothing is left to do.

    Raises:
        UnusableCampaign: The campaign has errors; examples are played.
        ValueError: The campaign has no posts for anybody.
    """
    campaign = Edition(rehearsal.folder, KINDS, allow_examples=True).campaign
    start, end = _span(campaign)
    colleagues = cast.colleagues(campaign, rehearsal.people, rehearsal.seed, start)
    town = cast.workspace(campaign, colleagues)
    clock = VirtualClock(start)
    slack = RehearsalSlack(town, clock.now, limits=rehearsal.limits)
    await slack.start()
    try:
        with TemporaryDirectory(prefix="earthweek-rehearsal-") as folder:
            settings = _settings(slack, rehearsal.folder, Path(folder))
            async with build(settings, clock, allow_examples=True) as bot:
                await bot.people.keep(colleagues)
                await _run(bot, clock, slack, end, watch)
                rows = await bot.delivery.outbox.rows(campaign.id)
    finally:
        await slack.stop()
    promised = audit.expect(campaign, _slots(campaign, colleagues), town)
    return Outcome(campaign, tuple(rows), audit.count(promised, town.messages()), slack.errors)


def _slots(campaign: Campaign, colleagues: Sequence[Person]) -> list[Slot]:
    return lay_out(campaign, [*addressees(campaign), *audience(campaign, colleagues)])


def _span(campaign: Campaign) -> tuple[datetime, datetime]:
    slots = lay_out(campaign, everyone(campaign))
    if not slots:
        raise ValueError("the campaign has no posts for anybody")
    return slots[0].due_at - BEFORE, max(slot.late_until for slot in slots)


def _settings(slack: RehearsalSlack, campaign: Path, folder: Path) -> Settings:
    """Settings of the rehearsal's own; the environment may hold the real workspace's tokens, which stay out of it."""
    return Settings(
        _env_file=None,
        slack_bot_token=SecretStr(slack.bot_token),
        slack_app_token=None,
        slack_signing_secret=SecretStr(slack.signing_secret),
        slack_api_url=slack.api_url,
        database_url=f"sqlite:///{folder / 'rehearsal.db'}",
        earthweek_campaign=campaign,
        host="127.0.0.1",
        port=0,
    )


async def _run(bot: Bot, clock: VirtualClock, slack: RehearsalSlack, end: datetime, watch: Watch) -> None:
    start = clock.now()
    said: set[tuple[str, str]] = set()
    await bot.delivery.open()
    while True:
        await bot.delivery.dispatcher.step()
        await bot.delivery.dispatcher.settle()
        new = [message for message in slack.workspace.messages() if (message.channel, message.ts) not in said]
        said |= {(message.channel, message.ts) for message in new}
        wake_at = await bot.delivery.dispatcher.wake_at()
        over = wake_at is None or wake_at > end
        share = 1.0 if over else (clock.now() - start) / (end - start)
        watch(Moment(clock.now(), new, share, slack.workspace))
        if wake_at is None or over:
            return
        clock.turn_to(wake_at)
