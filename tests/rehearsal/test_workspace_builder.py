from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.campaign.live_reload import LiveCampaign
from bot.campaign.model import Campaign
from bot.locales.catalogues import vocabulary
from bot.messages.post_kinds import KINDS
from rehearsal import workspace_builder
from rehearsal.people.persona import personas
from rehearsal.slack.workspace import Workspace
from tests.acceptance.participants import MANAGER, REPRESENTATIVE, VISITED
from tests.campaigns import GERMANY, SWEDEN, Place, Week, write

FINLAND = Place("FI", "Europe/Helsinki", "fi", "week-fi", representative="U0AINO")


def read(folder: Path, week: Week = VISITED) -> Campaign:
    write(folder, week)
    return LiveCampaign(folder, KINDS, vocabulary(), allow_examples=True).campaign


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    return read(tmp_path)


def readers(town: Workspace, name: str) -> list[str]:
    channel = town.channel_named(name)
    assert channel
    return town.members(channel.id)


def test_everybody_is_in_the_channel_of_their_country(campaign: Campaign) -> None:
    town = workspace_builder.build_workspace(campaign, [], list(workspace_builder.guests(campaign)))
    assert readers(town, "week-de") == ["U0GUESTDE"]
    assert set(readers(town, "week-se")) == {"U0GUESTSE", REPRESENTATIVE, "U0DEPUTY"}
    assert set(readers(town, "week-all")) == {user.id for user in town.people()}


def test_without_guests_there_are_colleagues_and_the_responsible(campaign: Campaign) -> None:
    colleagues = list(personas(campaign, 5, 1))
    town = workspace_builder.build_workspace(campaign, colleagues)
    assert {user.id for user in town.people()} == {REPRESENTATIVE, "U0DEPUTY", MANAGER} | {
        each.profile.id for each in colleagues
    }


def test_nobody_has_the_name_of_somebody_else(tmp_path: Path) -> None:
    places = [
        replace(SWEDEN, code=code, channel=f"week-{code.lower()}", representative=f"U0{code}") for code in ["SE", "FI"]
    ]
    campaign = read(tmp_path, replace(VISITED, places=(*places, GERMANY), managers=("U0ONE", "U0TWO")))
    names = [
        user.name
        for user in workspace_builder.build_workspace(campaign, [], list(workspace_builder.guests(campaign))).people()
    ]
    assert len(set(names)) == len(names)
    assert {"Elsa Lindqvist", "Elsa Lindqvist 2", "Robin Ekdal", "Robin Ekdal 2"} <= set(names)


def test_somebody_is_in_no_country_and_far_away(campaign: Campaign) -> None:
    *_, far = workspace_builder.guests(campaign)
    assert far.home is None
    assert far.profile.tz == "America/New_York"


def test_one_who_represents_several_countries_is_counted_once(tmp_path: Path) -> None:
    both = [replace(place, representative="U0BOTH") for place in (SWEDEN, GERMANY)]
    campaign = read(tmp_path, replace(VISITED, places=both, managers=("U0BOTH",)))
    [(user, home)] = workspace_builder.duties(campaign).items()
    assert (user, home and home.code) == ("U0BOTH", "SE")


def test_new_places_in_campaign_are_added_rest_stays(campaign: Campaign, tmp_path: Path) -> None:
    town = workspace_builder.build_workspace(campaign, [], list(workspace_builder.guests(campaign)))
    channels, direct = dict(town.channels), town.im("U0GUESTSE")
    town.archive(channels["C0REHEARSE02"].id)
    later = read(tmp_path, replace(VISITED, places=(*VISITED.places, FINLAND)))
    workspace_builder.furnish(town, later, list(workspace_builder.guests(later)))
    assert {*town.channels} - {*channels} == {"C0REHEARSE05"}
    assert town.channels["C0REHEARSE02"].is_archived
    assert town.im("U0GUESTSE") == direct
    assert set(readers(town, "week-fi")) == {"U0GUESTFI", "U0AINO"}
    assert "U0GUESTFI" in readers(town, "week-all")


def test_furnishing_twice_changes_nothing(campaign: Campaign) -> None:
    guests = list(workspace_builder.guests(campaign))
    town = workspace_builder.build_workspace(campaign, [], guests)
    before = (dict(town.channels), dict(town.users), dict(town.ims), readers(town, "week-all"))
    workspace_builder.furnish(town, campaign, guests)
    assert (dict(town.channels), dict(town.users), dict(town.ims), readers(town, "week-all")) == before
