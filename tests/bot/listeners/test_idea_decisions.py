"""Decisions about ideas: whose they are, who is first, and what is said of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.listeners import idea_decisions
from bot.listeners.errors import RequestRefusedError
from bot.listeners.interaction import Interaction
from bot.listeners.services import Services
from bot.store.ideas import Choice, Idea, IdeaState
from bot.store.organiser_acts import Actor
from tests.bot.delivery.correspondence import idea

from .conftest import NOW

MANAGER, SWEDE, NORWEGIAN = "U0EXAMPLE0", "U0EXAMPLESE", "U0EXAMPLENO"
APPROVE, DECLINE = Choice(IdeaState.APPROVED), Choice(IdeaState.DECLINED, text="There is one.")


async def submitted(services: Services, **more: Any) -> Idea:
    made = idea(**more)
    await services.store.write(services.store.ideas.submit, made)
    return made


def by(services: Services, user: str) -> Interaction:
    return Interaction.of(services, {"user": {"id": user}})


@pytest.mark.parametrize("user", [MANAGER, SWEDE])
async def test_idea_is_found_by_those_who_decide(services: Services, user: str) -> None:
    made = await submitted(services)
    assert await idea_decisions.find_idea(by(services, user), made.id) == made


@pytest.mark.parametrize(
    ("more", "sought", "user", "refused"),
    [
        ({}, "1dea", NORWEGIAN, "idea.not_yours"),
        ({}, "1dea", "U0ANN", "idea.not_yours"),
        ({"country": None}, "1dea", SWEDE, "idea.not_yours"),
        ({}, "another", MANAGER, "trouble.stale"),
        ({}, "", MANAGER, "trouble.stale"),
        ({"campaign": "earth-week-2026"}, "1dea", MANAGER, "trouble.stale"),
    ],
)
async def test_other_ideas_are_refused(
    services: Services, more: dict[str, Any], sought: str, user: str, refused: str
) -> None:
    await services.store.write(services.store.ideas.submit, replace(idea(), **more))
    with pytest.raises(RequestRefusedError) as error:
        await idea_decisions.find_idea(by(services, user), sought)
    assert error.value.name == refused


async def test_decided_idea_is_no_longer_under_review(services: Services) -> None:
    made = await submitted(services)
    assert await idea_decisions.choose(by(services, SWEDE), made, APPROVE)
    with pytest.raises(RequestRefusedError) as error:
        await idea_decisions.under_review(by(services, MANAGER), made.id)
    assert error.value.name == "idea.decided_before"
    assert SWEDE in error.value.values["verdict"]
    assert "12:00" in error.value.values["verdict"]
    assert (await idea_decisions.find_idea(by(services, MANAGER), made.id)).state is IdeaState.APPROVED


async def test_question_leaves_idea_under_review(services: Services) -> None:
    made = await submitted(services)
    assert await idea_decisions.choose(by(services, SWEDE), made, Choice(IdeaState.ASKED, text="Where?"))
    assert (await idea_decisions.under_review(by(services, SWEDE), made.id)).question == "Where?"


async def test_only_the_first_decision_counts_and_is_told(services: Services, plans: list[str]) -> None:
    made = await submitted(services)
    assert await idea_decisions.choose(by(services, SWEDE), made, DECLINE)
    assert plans == [SWEDE, "all"], "its author hears of it at once"
    assert not await idea_decisions.choose(by(services, MANAGER), made, APPROVE)
    assert plans == [SWEDE, "all"]
    kept = await idea_decisions.find_idea(by(services, MANAGER), made.id)
    assert (kept.state, kept.reason, kept.decided_by) == (IdeaState.DECLINED, "There is one.", SWEDE)


async def test_choice_of_somebody_else_is_not_stored(services: Services, plans: list[str]) -> None:
    made = await submitted(services)
    with pytest.raises(RequestRefusedError) as error:
        await idea_decisions.choose(by(services, NORWEGIAN), made, APPROVE)
    assert (error.value.name, plans) == ("organise.not_yours", [])
    assert await idea_decisions.find_idea(by(services, SWEDE), made.id) == made


async def test_stand_in_decides_until_that_is_ended(services: Services) -> None:
    made, store = await submitted(services), services.store
    actor = Actor(made.campaign, MANAGER, NOW)
    await store.write(store.organisers.name_stand_in, actor, "SE", "U0CAI", date(2027, 3, 19))
    await services.refresh_decisions()
    before = by(services, "U0CAI")
    assert await idea_decisions.find_idea(before, made.id) == made
    await store.write(store.organisers.end_stand_in, actor, "SE", "U0CAI")
    # The screen is of before that, and the database knows.
    with pytest.raises(RequestRefusedError):
        await idea_decisions.choose(before, made, APPROVE)


@pytest.mark.parametrize(
    ("state", "published", "outcome"),
    [
        (IdeaState.NEW, False, None),
        (IdeaState.ASKED, False, "asked"),
        (IdeaState.APPROVED, False, "approved"),
        (IdeaState.APPROVED, True, "published"),
        (IdeaState.PLANNED, True, "planned"),
        (IdeaState.DONE, True, "done"),
        (IdeaState.DECLINED, False, "declined"),
    ],
)
async def test_decision_says_what_came_of_it(
    services: Services, state: IdeaState, outcome: str | None, *, published: bool
) -> None:
    found = idea(state=state, published=published, decided_by=None)
    made = idea_decisions.decision(found, "Europe/Oslo")
    assert (made.outcome if made else None) == outcome
    said = idea_decisions.verdict(by(services, SWEDE), found, "Europe/Oslo")
    assert (said == "") == (outcome is None)
    assert "verdict." not in said
