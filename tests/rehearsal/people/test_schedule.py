"""What colleagues mean to do, worked out before the week."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.campaign.localtime import local
from bot.campaign.model import Campaign
from rehearsal import workspace_builder
from rehearsal.people.habits import ODDS, ORGANISING, Habit
from rehearsal.people.persona import Persona, personas
from rehearsal.people.schedule import GRID, PlannedActivity, schedule

MANY = 300
WEDNESDAY = datetime(2027, 3, 17, tzinfo=UTC)


@pytest.fixture(scope="module")
def people(campaign: Campaign) -> list[Persona]:
    return list(personas(campaign, MANY, 1))


def name(intention: PlannedActivity) -> str:
    return str(getattr(intention.activity, "func", intention.activity).__name__)


def test_seed_determines_colleagues(campaign: Campaign) -> None:
    assert list(personas(campaign, 20, 7)) == list(personas(campaign, 20, 7))
    assert list(personas(campaign, 20, 7)) != list(personas(campaign, 20, 8))


def test_more_colleagues_are_the_same_ones_and_others(campaign: Campaign, people: list[Persona]) -> None:
    fewer = list(personas(campaign, 20, 1))
    assert [each.habits for each in fewer] == [each.habits for each in people[:20]]


def test_every_habit_is_about_as_common_as_stated(people: list[Persona]) -> None:
    assert {*ODDS, *ORGANISING} == set(Habit)
    for habit, odds in ODDS.items():
        assert sum(each.has(habit) for each in people) / MANY == pytest.approx(odds, abs=0.1)


def test_everybody_acts_on_grid_in_order_before_closing(campaign: Campaign, people: list[Persona]) -> None:
    for number, each in enumerate(people):
        ahead = schedule(campaign, each, number)
        assert ahead == sorted(ahead, key=lambda intention: intention.at)
        assert all(not intention.at.timestamp() % GRID.total_seconds() for intention in ahead)
        assert all(local(intention.at, each.zone).date() <= campaign.closes for intention in ahead)


def test_who_only_reads_does_nothing_that_counts(campaign: Campaign, people: list[Persona]) -> None:
    readers = [each for each in people if each.has(Habit.ONLY_READS)]
    assert {name(intention) for each in readers for intention in schedule(campaign, each, 1)} == {"read"}


def test_who_joins_late_begins_on_wednesday(campaign: Campaign, people: list[Persona]) -> None:
    late = [each for each in people if each.has(Habit.JOINS_LATE) and not each.has(Habit.ONLY_READS)]
    assert late
    assert all(schedule(campaign, each, 1)[0].at > WEDNESDAY for each in late)


def test_colleagues_are_in_the_channel_of_their_office(campaign: Campaign, people: list[Persona]) -> None:
    town = workspace_builder.build_workspace(campaign, people)
    for each in people:
        channel = town.channel_named(each.home.channel if each.home else "earth-week")
        assert channel
        assert town.is_member(channel.id, each.profile.id)
