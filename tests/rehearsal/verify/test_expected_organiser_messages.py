"""What organisers should get by the calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.campaign.model import Campaign
from rehearsal import workspace_builder
from rehearsal.slack.workspace import Workspace
from rehearsal.verify.expected_organiser_messages import organiser_messages

EARLY, FRIDAY, LATE = (datetime(2027, 3, day, 6, tzinfo=UTC) for day in (1, 12, 18))
REPRESENTATIVE, MANAGER = "U0EXAMPLESE", "U0EXAMPLE0"


@pytest.fixture
def town(campaign: Campaign) -> Workspace:
    return workspace_builder.build_workspace(campaign, [])


def due(campaign: Campaign, town: Workspace, start: datetime, user: str = REPRESENTATIVE) -> list[tuple[str, str]]:
    found = (each for each in organiser_messages(campaign, town, start) if each.channel == town.im(user))
    return sorted((each.kind, f"{each.due_at:%d %H:%M}") for each in found)


@pytest.mark.parametrize("user", [REPRESENTATIVE, MANAGER])
def test_each_organiser_is_written_to_by_the_calendar(campaign: Campaign, town: Workspace, user: str) -> None:
    assert due(campaign, town, EARLY, user) == [
        *(("countdown", f"{day} 08:00") for day in ("04", "10", "12")),
        *(("digest", f"{day} 15:00") for day in (15, 16, 17, 18, 19)),
        ("reach", "22 08:00"),
    ]


def test_what_was_too_late_at_the_start_is_not_expected(campaign: Campaign, town: Workspace) -> None:
    assert due(campaign, town, FRIDAY)[0] == ("countdown", "12 08:00")
    assert due(campaign, town, FRIDAY + timedelta(hours=10))[0] == ("digest", "15 15:00")
    assert due(campaign, town, LATE) == [("digest", "18 15:00"), ("digest", "19 15:00"), ("reach", "22 08:00")]


def test_one_person_in_two_countries_is_written_to_once(campaign: Campaign, town: Workspace) -> None:
    both = [each.model_copy(update={"representatives": (REPRESENTATIVE,)}) for each in campaign.countries]
    assert due(replace(campaign, countries=tuple(both)), town, LATE) == due(campaign, town, LATE)


def test_approvals_may_come_where_they_are_required(campaign: Campaign, town: Workspace) -> None:
    required = replace(campaign, approval_required=True)
    extra = [each for each in organiser_messages(required, town, LATE) if each.kind == "approval_waiting"]
    assert extra
    assert not any(each.certain for each in extra)
