from __future__ import annotations

from rehearsal.people.habits import Habit
from rehearsal.people.persona import personas
from tests.campaigns import shipped_campaign


def test_larger_company_keeps_its_first_people() -> None:
    few, many = ([*personas(shipped_campaign(), count, 1)] for count in (5, 50))
    assert few == many[:5]
    assert few != [*personas(shipped_campaign(), 5, 2)]


def test_far_colleagues_are_in_no_campaign_country() -> None:
    campaign = shipped_campaign()
    far = [each for each in personas(campaign, 200, 1) if each.has(Habit.IS_FAR)]
    assert far
    assert all(each.home is None for each in far)
    assert not {each.zone for each in far} & {country.zone for country in campaign.countries}
