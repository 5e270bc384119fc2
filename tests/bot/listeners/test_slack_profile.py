"""What Slack says of a person, and what is made of it where it says nothing."""

from __future__ import annotations

import asyncio
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.listeners import slack_profile
from bot.listeners.slack_profile import Profile, profile
from bot.slack.account_types import Membership, Team
from bot.slack.installation import Installation
from rehearsal.slack.workspace import BOT, User
from tests.rehearsal.slack.helpers import Desk


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Stockholm", "SE"),
        ("Europe/Oslo", "NO"),
        ("Europe/Copenhagen", "DK"),
        ("Europe/Berlin", "DE"),
        ("Europe/Busingen", "DE"),
        ("Arctic/Longyearbyen", "SJ"),
        ("Asia/Calcutta", "IN"),
        ("Asia/Kolkata", "IN"),
        ("Europe/Kiev", "UA"),
        ("Europe/Kyiv", "UA"),
        ("UTC", None),
        ("Etc/GMT+1", None),
        ("Mars/Phobos", None),
        ("", None),
        (None, None),
    ],
)
def test_country_is_that_of_the_zone(zone: str | None, country: str | None) -> None:
    assert Profile(zone).country == country


@given(st.sampled_from(sorted(available_timezones())) | st.text())
def test_any_zone_has_a_country_or_none(zone: str) -> None:
    found = Profile(zone).country
    assert found is None or (len(found) == 2 and found.isupper() and found != "ZZ")


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ("U1", Profile("Europe/Oslo", "nb-NO", Membership.COLLEAGUE)),
        ("U2", Profile("Asia/Calcutta", "en-GB", Membership.COLLEAGUE)),
        ("U4", Profile(membership=Membership.LEFT)),
        ("U9", Profile(membership=Membership.STRANGER)),
    ],
)
async def test_profile_is_what_slack_says(desk: Desk, user: str, expected: Profile) -> None:
    assert await profile(desk.client, Installation(desk.client), user, guests=False) == expected


async def test_bots_are_no_colleagues(desk: Desk) -> None:
    found = await profile(desk.client, Installation(desk.client), BOT.id, guests=True)
    assert found.membership is Membership.BOT


async def test_zone_that_nobody_knows_is_left_out(desk: Desk) -> None:
    desk.slack.workspace.add_user(User("U5", "eva", tz="Mars/Phobos"))
    found = await profile(desk.client, Installation(desk.client), "U5", guests=False)
    assert (found.zone, found.country, found.membership) == (None, None, Membership.COLLEAGUE)


@pytest.mark.parametrize(("guests", "membership"), [(True, Membership.COLLEAGUE), (False, Membership.GUEST)])
async def test_guests_are_colleagues_where_they_take_part(desk: Desk, membership: Membership, *, guests: bool) -> None:
    desk.slack.workspace.add_user(User("U5", "gast", is_guest=True))
    found = await profile(desk.client, Installation(desk.client), "U5", guests=guests)
    assert found.membership is membership


async def test_people_of_another_company_are_strangers(desk: Desk) -> None:
    desk.slack.workspace.add_user(User("U5", "partner", team_id="T0THEIRS"))
    installation = Installation(desk.client)
    assert (await profile(desk.client, installation, "U5", guests=True)).membership is Membership.STRANGER


@pytest.mark.parametrize("trouble", ["ratelimited", "missing_scope", "internal_error"])
async def test_where_slack_refuses_nothing_is_known(desk: Desk, trouble: str) -> None:
    desk.slack.faults.answer(trouble, method="users.info")
    assert await profile(desk.client, Installation(desk.client), "U1", guests=False) == Profile()


async def test_silence_about_the_team_hides_no_profile(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.slack.faults.silence(method="auth.test")
    limits: list[asyncio.Timeout] = []
    timeout_at = asyncio.timeout_at

    def noted(when: float | None) -> asyncio.Timeout:
        limits.append(timeout_at(when))
        return limits[-1]

    class Slow(Installation):
        """Asked for the team just before the time is over."""

        async def known_team(self) -> Team | None:
            limits[-1].reschedule(asyncio.get_running_loop().time())
            return await super().known_team()

    monkeypatch.setattr(asyncio, "timeout_at", noted)
    found = await profile(desk.client, Slow(desk.client), "U1", guests=False)
    assert found == Profile("Europe/Oslo", "nb-NO", Membership.UNKNOWN)


async def test_nobody_waits_for_a_slow_slack(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack_profile, "_PROFILE_SECONDS", 0.01)
    desk.slack.faults.silence(method="users.info")
    assert await profile(desk.client, Installation(desk.client), "U1", guests=False) == Profile()


async def test_without_own_team_nobody_is_certain(desk: Desk) -> None:
    desk.slack.faults.answer("internal_error", method="auth.test", times=2)
    installation = Installation(desk.client)
    found = await profile(desk.client, installation, "U1", guests=False)
    assert found == Profile("Europe/Oslo", "nb-NO", Membership.UNKNOWN)
    assert (await profile(desk.client, installation, "U4", guests=False)).membership is Membership.LEFT
    assert (await profile(desk.client, installation, "U1", guests=False)).membership is Membership.COLLEAGUE
