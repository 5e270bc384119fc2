"""Who there is in a rehearsal, and in which order they act."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.campaign.localtime import local
from bot.campaign.model import Campaign
from bot.slack.manifest import SCOPES
from rehearsal.clock import VirtualClock
from rehearsal.people.person import Person, UnansweredError
from rehearsal.people.persona import personas
from rehearsal.people.population import MOST_AT_ONCE, Population, channel_of, populate
from rehearsal.people.schedule import Activity, PlannedActivity
from rehearsal.slack.http_transport import HttpTransport
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import App, RehearsalSlack
from rehearsal.workspace_builder import build_workspace

NOW = datetime(2027, 3, 15, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def people(campaign: Campaign, count: int) -> Population:
    """Colleagues and representatives as they are made, before anything happens."""
    known = list(personas(campaign, count, 1))
    slack = RehearsalSlack(
        build_workspace(campaign, known), VirtualClock(NOW).now, app=App(SCOPES), limits=RateLimits.none()
    )
    return populate(campaign, known, 1, slack, HttpTransport("http://127.0.0.1:9/slack/events", slack.sign))


def all_do(population: Population, act: Activity, *at: datetime) -> None:
    """Give every colleague the same plan, and the representatives none."""
    for each in population.agents:
        each.planned[:] = [PlannedActivity(moment, act) for moment in sorted(at, reverse=True)]
    for each in population.readers:
        each.planned.clear()


async def join(one: Person) -> None:
    one.write("join")


async def test_everybody_has_a_journal_and_a_plan(campaign: Campaign) -> None:
    population = people(campaign, 30)
    representatives = dict.fromkeys(user for country in campaign.countries for user in country.representatives)
    managers = campaign.company.managers if campaign.company else ()
    assert [each.user for each in population.journals[30:]] == list(dict.fromkeys((*representatives, *managers)))
    assert len({each.user for each in population.journals}) == len(population.journals)
    for each in (*population.agents, *population.readers):
        assert each.planned == sorted(each.planned, key=lambda planned: planned.at, reverse=True)
    assert population.next_at() == min(each.planned[-1].at for each in (*population.agents, *population.readers))


async def test_who_represents_twice_reads_once(campaign: Campaign) -> None:
    shared = tuple(country.model_copy(update={"representatives": ("U0BOTH",)}) for country in campaign.countries)
    company = campaign.company.model_copy(update={"managers": ("U0BOTH", "U0BOSS")}) if campaign.company else None
    population = people(replace(campaign, countries=shared, company=company), 0)
    assert [each.person.user.id for each in population.readers] == ["U0BOTH", "U0BOSS"]
    assert population.readers[1].person.persona.home is None


async def test_representatives_read_on_working_days_only(campaign: Campaign) -> None:
    for reader in people(campaign, 0).readers:
        zone = reader.person.persona.zone
        assert {local(planned.at, zone).weekday() for planned in reader.planned} <= set(range(5))


def test_people_read_their_office_or_the_company(campaign: Campaign) -> None:
    norway = campaign.country("NO")
    assert (channel_of(campaign, norway), channel_of(campaign, None)) == ("earth-week-no", "earth-week")
    assert channel_of(replace(campaign, company=None), None) == campaign.countries[0].channel


async def test_due_acts_happen_in_their_order(campaign: Campaign) -> None:
    population = people(campaign, 1)
    all_do(population, join, NOW, NOW + MINUTE, NOW + 3 * MINUTE)
    assert not await population.act(NOW - MINUTE)
    assert await population.act(NOW + 2 * MINUTE)
    assert (population.activities["join"], population.next_at()) == (2, NOW + 3 * MINUTE)
    await population.act(NOW + 3 * MINUTE)
    assert population.next_at() is None


async def test_crowd_acts_minute_by_minute(campaign: Campaign) -> None:
    population = people(campaign, 2 * MOST_AT_ONCE + 1)
    all_do(population, join, NOW)
    done, moments = [], []
    while (at := population.next_at()) is not None:
        moments.append(at)
        assert await population.act(at)
        done.append(population.activities["join"])
    assert moments == [NOW, NOW + MINUTE, NOW + 2 * MINUTE]
    assert done == [MOST_AT_ONCE, 2 * MOST_AT_ONCE, 2 * MOST_AT_ONCE + 1]


async def test_one_without_an_answer_stops_nobody_else(campaign: Campaign) -> None:
    population = people(campaign, 5)
    unlucky = population.agents[2].person.user
    views = population.agents[2].person.user._slack.workspace.views

    async def act(one: Person) -> None:
        if one.user is unlucky:
            views.open(unlucky.id, {"type": "modal", "blocks": []}, NOW)
            raise UnansweredError("no answer")
        one.write("join")

    all_do(population, act, NOW)
    with pytest.raises(UnansweredError, match="no answer"):
        await population.act(NOW)
    assert (population.activities["join"], views.modals) == (4, {})
    assert population.next_at() is None


async def test_taken_over_person_ends_what_they_do(campaign: Campaign) -> None:
    population = people(campaign, 1)
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slow(one: Person) -> None:
        begun.set()
        await may_end.wait()
        one.write("join")

    all_do(population, slow, NOW, NOW)
    acting = asyncio.create_task(population.act(NOW))
    await begun.wait()
    taking = asyncio.create_task(population.take_over(population.agents[0].person.user.id))
    await asyncio.sleep(0)
    assert not taking.done()
    may_end.set()
    await asyncio.gather(acting, taking)
    assert (population.activities["join"], population.next_at()) == (1, None)


async def test_representatives_act_one_after_the_other(campaign: Campaign) -> None:
    population, at_once, most = people(campaign, 0), 0, 0

    async def read(one: Person) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        at_once -= 1
        one.write("look")

    for each in population.readers:
        each.planned[:] = [PlannedActivity(NOW, read)]
    await population.act(NOW)
    assert (most, population.activities["look"]) == (1, len(population.readers))
