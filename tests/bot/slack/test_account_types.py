"""Who is a colleague, by what Slack shows of a user."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack.account_types import Membership, Team, membership_of

TEAM = Team("T0OURS")
GRID = Team("T0OURS", "E0ALL")


@pytest.mark.parametrize(
    ("shown", "standing"),
    [
        ({"id": "U0ANN", "team_id": "T0OURS"}, Membership.COLLEAGUE),
        ({"id": "U0ANN"}, Membership.COLLEAGUE),
        ({"id": "U0ANN", "team_id": "T0OURS", "deleted": True, "is_bot": True}, Membership.LEFT),
        ({"id": "U0BOT", "team_id": "T0OURS", "is_bot": True}, Membership.BOT),
        ({"id": "USLACKBOT", "team_id": "T0OURS", "is_bot": False}, Membership.BOT),
        ({"id": "U0ANN", "team_id": "T0THEIRS"}, Membership.STRANGER),
        ({"id": "U0ANN", "team_id": "T0OURS", "is_stranger": True}, Membership.STRANGER),
        ({"id": "U0ANN", "team_id": "T0OURS", "is_restricted": True}, Membership.GUEST),
        ({"id": "U0ANN", "team_id": "T0OURS", "is_ultra_restricted": True}, Membership.GUEST),
        ({"id": "U0ANN", "team_id": "T0THEIRS", "is_restricted": True}, Membership.STRANGER),
        ({"id": "U0ANN", "team_id": "T0THEIRS", "enterprise_user": {"enterprise_id": "E0ALL"}}, Membership.STRANGER),
    ],
)
def test_what_slack_shows_says_who_is_a_colleague(shown: dict[str, Any], standing: Membership) -> None:
    assert membership_of(shown, TEAM, guests=False) is standing


@pytest.mark.parametrize("kind", ["is_restricted", "is_ultra_restricted"])
def test_where_guests_take_part_they_are_colleagues(kind: str) -> None:
    guest = {"id": "U0ANN", "team_id": "T0OURS", kind: True}
    assert membership_of(guest, TEAM, guests=True) is Membership.COLLEAGUE
    assert membership_of({**guest, "team_id": "T0THEIRS"}, TEAM, guests=True) is Membership.STRANGER


@pytest.mark.parametrize(
    ("shown", "standing"),
    [
        ({"team_id": "T0OTHER", "enterprise_user": {"enterprise_id": "E0ALL", "teams": ["T0OTHER"]}}, "colleague"),
        ({"team_id": "T0OTHER", "enterprise_user": {"teams": ["T0OTHER", "T0OURS"]}}, "colleague"),
        ({"team_id": "E0ALL"}, "colleague"),
        ({"team_id": "T0THEIRS", "enterprise_user": {"enterprise_id": "E0THEIRS"}}, "stranger"),
        ({"team_id": "T0THEIRS"}, "stranger"),
    ],
)
def test_all_workspaces_of_an_organisation_are_one_company(shown: dict[str, Any], standing: str) -> None:
    assert membership_of(shown, GRID, guests=False) == standing


def test_without_own_team_only_other_membership_signs_count() -> None:
    assert membership_of({"team_id": "T0THEIRS"}, None, guests=False) is Membership.COLLEAGUE
    assert membership_of({"team_id": "T0THEIRS", "is_stranger": True}, None, guests=False) is Membership.STRANGER
