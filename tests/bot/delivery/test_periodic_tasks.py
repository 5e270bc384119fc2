"""What is done once in a while: going round twice does nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.campaign.awareness import ends_at, wave_post
from bot.campaign.model import Campaign
from bot.delivery.idea_message_updates import IdeaReviews
from bot.delivery.periodic_tasks import Maintenance
from bot.delivery.pictures import Pictures
from bot.delivery.sender import Sender
from bot.delivery.tip_counts import TipCounts
from bot.delivery.week_at_a_glance_updates import Glances
from bot.locales.catalogues import words
from bot.slack.installation import Installation
from bot.standings.publisher import Publisher
from bot.store.actions import Action, ActionKind
from bot.store.awareness import GivenAnswer
from bot.store.store import Store
from rehearsal.clock import VirtualClock

from .correspondence import NOW, person, pledged

NOON = datetime(2027, 3, 17, 11, tzinfo=UTC)
"""Wednesday at twelve in Stockholm, when figures are taken."""


@pytest.fixture
def publisher(store: Store) -> Publisher:
    return Publisher(store)


@pytest.fixture
def campaign(campaign: Campaign) -> Campaign:
    """The shipped campaign, with nothing that needs Slack."""
    return replace(campaign, pictures={})


@pytest.fixture
def upkeep(store: Store, publisher: Publisher) -> Maintenance:
    installation = Installation(AsyncWebClient())
    sender, pictures = Sender(installation), Pictures(store, installation, VirtualClock(NOON))
    counts, glances = TipCounts(store, sender, words, pictures), Glances(store, sender, words)
    reviews = IdeaReviews(store, sender, words)
    return Maintenance(publisher, pictures, counts, glances, reviews, store.privacy)


async def test_figures_are_published_once_for_each_set_time(
    upkeep: Maintenance, publisher: Publisher, campaign: Campaign
) -> None:
    for minute in range(3):
        await upkeep.run(campaign, NOON + timedelta(minutes=minute))
    assert len(await publisher.all(campaign)) == 1
    await upkeep.run(campaign, NOON + timedelta(days=2))
    assert len(await publisher.all(campaign)) == 2


async def test_activity_is_removed_ninety_days_after_the_campaign(
    upkeep: Maintenance, store: Store, campaign: Campaign
) -> None:
    await store.write(store.people.keep, [person()])
    await store.write(store.pledges.make, pledged())
    last_evening = datetime.combine(campaign.kept_until, NOW.time(), UTC).replace(hour=20)
    for at in (NOW, last_evening - timedelta(days=30), last_evening, last_evening + timedelta(hours=1)):
        await upkeep.run(campaign, at)
        assert await store.privacy.everything("U0ANN"), at
    # In Stockholm the next day begins at 22:00 UTC.
    await upkeep.run(campaign, last_evening + timedelta(hours=2))
    assert await store.privacy.everything("U0ANN") == {}


async def test_replaced_campaign_is_removed_after_its_time_too(
    upkeep: Maintenance, store: Store, campaign: Campaign
) -> None:
    await store.privacy.keep_until("last-year", NOW.date() - timedelta(days=1))
    await store.write(store.people.join, person(), Action("last-year", "U0ANN", ActionKind.JOINED, "", "SE", NOW))
    await store.write(store.people.join, person("U0BO"), Action(campaign.id, "U0BO", ActionKind.JOINED, "", "SE", NOW))
    await upkeep.run(campaign, NOW)
    assert await store.privacy.everything("U0ANN") == {}
    assert await store.privacy.everything("U0BO") != {}


async def test_leftovers_of_forgotten_people_are_gone_next_day(
    upkeep: Maintenance, store: Store, campaign: Campaign
) -> None:
    await upkeep.run(campaign, NOW)
    await store.write(store.pledges.make, pledged())
    await upkeep.run(campaign, NOW + timedelta(days=1))
    assert await store.privacy.everything("U0ANN") == {}


async def test_ended_wave_forgets_who_answered(upkeep: Maintenance, store: Store, campaign: Campaign) -> None:
    await store.write(store.people.keep, [person("U0ANN")])
    wave = wave_post(campaign, "before")
    assert wave
    given = GivenAnswer(campaign.id, "U0ANN", "before", "work", "yes", "SE")
    await store.write(store.awareness.answer, given)
    ends = ends_at(campaign, wave)
    await upkeep.run(campaign, ends - timedelta(minutes=1))
    assert await store.read(store.awareness.is_known, campaign.id, "before")
    for minute in range(2):
        await upkeep.run(campaign, ends + timedelta(minutes=minute))
        assert not await store.read(store.awareness.is_known, campaign.id, "before")
    kept = await store.read(lambda connection: list(store.awareness.contributions(connection, campaign.id)))
    assert len(kept) == 1
