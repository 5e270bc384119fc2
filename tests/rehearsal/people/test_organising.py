"""Representatives run the week of their country in a rehearsal, and the bot's books say so too."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.campaign.localtime import local
from bot.campaign.model import Campaign
from bot.campaign.schedule import day_of
from rehearsal.headless import RehearsalResult, play
from rehearsal.people import organising
from rehearsal.people.habits import ORGANISING, Habit
from rehearsal.people.journal import Journal, JournalEntry, Organised
from rehearsal.people.persona import Persona
from rehearsal.simulation import Rehearsal
from rehearsal.slack.workspace import User
from rehearsal.verify import report
from tests.campaigns import SHIPPED


def representative(campaign: Campaign, *habits: Habit) -> Persona:
    home = campaign.countries[0]
    return Persona(User("U0REP", "rep", home.zone, "sv-SE"), home, frozenset(habits), "1")


def name(act: object) -> str:
    return str(getattr(act, "func", act).__name__)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def played() -> RehearsalResult:
    """A week with the representatives alone."""
    return asyncio.run(play(Rehearsal(SHIPPED, 0, 3)))


def test_each_post_is_decided_about_before_it_is_due(campaign: Campaign) -> None:
    planned = list(organising.week(campaign, representative(campaign, *ORGANISING)))
    assert [name(act) for _, act in planned] == ["approve", "add_line", "hesitate", "share_idea", "pause", "resume"]
    zone = campaign.countries[0].zone
    for at, act in planned[:3]:
        post = next(each for each in campaign.posts if each.post == act.keywords["post"])  # type: ignore[attr-defined]
        assert local(at, zone).date() < day_of(post, campaign.countries[0].code)


def test_managers_without_a_country_decide_nothing(campaign: Campaign) -> None:
    manager = replace(representative(campaign, *ORGANISING), home=None)
    assert list(organising.week(campaign, manager)) == []


def test_acts_of_organisers_agree_with_the_store(played: RehearsalResult) -> None:
    assert played.organised
    assert report.is_well(played)
    found = {act for _, act in played.organised}
    assert found >= {"approved", "edited"}


def test_an_act_that_the_store_lacks_is_named(played: RehearsalResult) -> None:
    more = Journal("U0REP", "Europe/Oslo", [JournalEntry(played.entries[0].slot.due_at, Organised("approved"))])
    wrong = replace(played, journals=(*played.journals, more))
    assert list(report.differences(wrong)) == ["U0REP: the organiser says 1 times approved, the store says 0"]
    assert not report.is_well(wrong)
