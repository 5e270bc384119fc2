"""What handlers know about people without asking: languages and profiles, until they are forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from bot.listeners import services as module
from bot.listeners.services import Services
from bot.slack.account_types import Membership
from rehearsal.slack.workspace import User
from tests.bot.delivery.correspondence import person
from tests.rehearsal.slack.helpers import Desk


def asked(desk: Desk) -> int:
    return sum(call.method == "users.info" for call in desk.slack.calls)


@pytest.mark.parametrize(
    ("more", "language"),
    [
        ({"language": "de"}, "de"),
        ({"language": "fi"}, "sv"),
        ({"language": None, "country": "NO"}, "nb"),
        ({"language": None, "country": None}, "en"),
        ({"language": "tlh", "country": "ZZ"}, "en"),
    ],
)
async def test_member_reads_a_language_of_the_campaign(services: Services, more: dict[str, Any], language: str) -> None:
    services.cache_language(person("U1", **more))
    assert services.cached_language("U1") == language


async def test_profile_tells_the_language_of_others(services: Services) -> None:
    assert services.cached_language("U1") is None
    await services.profile("U1")
    assert services.cached_language("U1") == "nb"
    services.cache_language(person("U1", language="da"))
    assert services.cached_language("U1") == "da", "what somebody has chosen is over what Slack says"


async def test_slack_is_asked_once_of_a_colleague(services: Services, desk: Desk) -> None:
    first = await services.profile("U1")
    desk.slack.workspace.add_user(User("U1", "ann", tz="Europe/Paris"))
    assert await services.profile("U1") == first
    assert asked(desk) == 1


@pytest.mark.parametrize("user", ["U4", "U9"])
async def test_who_is_no_colleague_may_become_one(services: Services, desk: Desk, user: str) -> None:
    assert (await services.profile(user)).membership in {Membership.LEFT, Membership.STRANGER}
    desk.slack.workspace.add_user(User(user, "dag", tz="Europe/Oslo"))
    assert (await services.profile(user)).membership is Membership.COLLEAGUE
    assert asked(desk) == 2


async def test_guests_take_part_where_the_campaign_says_so(services: Services, desk: Desk) -> None:
    desk.slack.workspace.add_user(User("U5", "gast", is_guest=True))
    assert (await services.profile("U5")).membership is Membership.GUEST
    assert services.profiles == {}


async def test_whoever_is_forgotten_is_asked_about_anew(services: Services, desk: Desk) -> None:
    await services.profile("U1")
    services.cache_language(person("U1"))
    for _ in range(2):
        services.forget("U1")
        assert services.cached_language("U1") is None
    await services.profile("U1")
    assert asked(desk) == 2


async def test_full_cache_loses_the_oldest(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CACHE_SIZE", 3)
    for number in range(5):
        services.cache_language(person(f"U{number}"))
    assert list(services.member_languages) == ["U2", "U3", "U4"]
    services.cache_language(person("U2", language="de"))
    assert services.member_languages == {"U2": "de", "U3": "sv", "U4": "sv"}
    for user in ("U1", "U2", "U3"):
        await services.profile(user)
    monkeypatch.setattr(module, "_CACHE_SIZE", 2)
    await services.profile("U1")
    assert list(services.profiles) == ["U1", "U2", "U3"], "what is known already pushes nothing out"
