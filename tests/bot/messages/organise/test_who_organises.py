"""Who organises the week, as colleagues are told who do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.campaign.model import Campaign
from bot.locales.catalogues import languages, words
from bot.messages.organise.who_organises import who_organises

EN = words("en")


def named(campaign: Campaign, managers: tuple[str, ...], representatives: tuple[str, ...]) -> Campaign:
    assert campaign.company
    company = campaign.company.model_copy(update={"managers": managers})
    homes = tuple(each.model_copy(update={"representatives": representatives}) for each in campaign.countries)
    return replace(campaign, company=company, countries=homes)


def test_representatives_of_the_country_come_first(shipped: Campaign) -> None:
    said = who_organises(EN, named(shipped, ("U0BOSS", "U0CHEF"), ("U0ANN",)), "SE").split("\n")
    assert said == [
        "This page is for those who organise Earth Week.",
        "Your representative in this Earth Week: <@U0ANN>",
        "In charge of the whole week: <@U0BOSS> and <@U0CHEF>",
    ]


@pytest.mark.parametrize("country", [None, "ZZ", "FR", ""])
def test_without_a_country_only_managers_are_named(shipped: Campaign, country: str | None) -> None:
    said = who_organises(EN, named(shipped, ("U0BOSS",), ("U0ANN",)), country)
    assert "U0BOSS" in said
    assert "U0ANN" not in said


@pytest.mark.parametrize("language", languages())
def test_where_nobody_is_named_it_says_so(shipped: Campaign, language: str) -> None:
    spoken = words(language)
    for campaign in (named(shipped, (), ()), replace(named(shipped, (), ()), company=None)):
        said = who_organises(spoken, campaign, "SE")
        assert said.split("\n") == [spoken("organise.for_organisers"), spoken("organise.nobody")]
