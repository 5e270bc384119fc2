from __future__ import annotations

from dataclasses import replace

import pytest

from bot.campaign.idea_recipients import readers
from bot.campaign.model import ANOTHER_COUNTRY, Audience, Campaign, Company
from bot.campaign.schedule import Addressee
from tests.campaigns import Folder


@pytest.fixture
def campaign(folder: Folder) -> Campaign:
    """Norway has a representative, Sweden has none."""
    return folder.campaign()


def with_representatives(campaign: Campaign, **of: tuple[str, ...]) -> Campaign:
    countries = [
        each.model_copy(update={"representatives": of.get(each.code, each.representatives)})
        for each in campaign.countries
    ]
    return replace(campaign, countries=tuple(countries))


def managed(campaign: Campaign, *managers: str) -> Campaign:
    company = Company(channel="all", language="en", zone="Europe/London", managers=managers)
    return replace(campaign, company=company)


def test_representatives_read_what_their_country_writes(campaign: Campaign) -> None:
    found = readers(managed(campaign, "UBOSS"), "NO")
    assert found == {"UNORA": Addressee(Audience.REPRESENTATIVES, "UNORA", "Europe/Oslo", "en", "NO")}


def test_every_representative_of_the_country_reads_it(campaign: Campaign) -> None:
    assert [*readers(with_representatives(campaign, SE=("USARA", "USVEN")), "SE")] == ["USARA", "USVEN"]


@pytest.mark.parametrize("country", ["SE", ANOTHER_COUNTRY, "US", None])
def test_where_a_country_has_none_the_managers_do(campaign: Campaign, country: str | None) -> None:
    found = readers(managed(campaign, "UBOSS", "UDEPUTY"), country)
    assert [*found] == ["UBOSS", "UDEPUTY"]
    assert found["UBOSS"] == Addressee(Audience.REPRESENTATIVES, "UBOSS", "Europe/London", "en")


@pytest.mark.parametrize("country", ["SE", ANOTHER_COUNTRY, None])
def test_without_managers_representatives_of_all_countries_read(campaign: Campaign, country: str | None) -> None:
    found = readers(with_representatives(campaign, NO=("UNORA", "UNILS")), country)
    assert {user: to.country for user, to in found.items()} == {"UNORA": "NO", "UNILS": "NO"}
    assert [*readers(replace(campaign, company=None), country)] == ["UNORA"]


def test_who_represents_two_countries_reads_a_thing_once(campaign: Campaign) -> None:
    both = with_representatives(campaign, SE=("UNORA",))
    assert len(readers(both, None)) == 1
    assert readers(both, "SE")["UNORA"].country == "SE"
    assert readers(both, "NO")["UNORA"].country == "NO"


def test_where_there_is_nobody_nobody_reads_it(campaign: Campaign) -> None:
    assert readers(with_representatives(campaign, NO=()), "NO") == {}
