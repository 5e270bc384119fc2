from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.campaign.model import Campaign
from bot.campaign.send_capacity import Shortfall
from bot.reports.send_capacity import of_askers, of_everybody, sentence
from bot.store.people import MessageDemand


def test_people_who_asked_are_counted_by_message_kind(campaign: Campaign) -> None:
    asked = [
        MessageDemand("Europe/Oslo", "NO", messages=9_000, earth_hour=4_000),
        MessageDemand("Asia/Kolkata", None, 0, 100),
    ]
    [rush] = of_askers(campaign, asked, 200)
    assert (rush.post, rush.people, rush.missed) == ("earth-hour-reminder", 4_100, 1_000)


def test_a_small_company_reaches_everybody(campaign: Campaign) -> None:
    assert of_everybody(campaign, 200) == []


def test_forecast_counts_people_missed_with_large_headcounts(campaign: Campaign) -> None:
    large = replace(
        campaign, countries=tuple(each.model_copy(update={"headcount": 2_500}) for each in campaign.countries)
    )
    [rush] = of_everybody(large, 200)
    assert (rush.people, rush.missed, rush.lead) == (10_000, 7_000, timedelta(minutes=35))


def test_the_sentence_says_what_to_do() -> None:
    rush = Shortfall("earth-hour-reminder", 10_000, 7_000, timedelta(minutes=35))
    assert sentence(rush, 200) == (
        "earth-hour-reminder is too late for 7,000 of 10,000 people, because at most 200 messages leave in a minute. "
        "35 minutes earlier everybody would get it in time."
    )
    assert "EARTHWEEK_MESSAGES_PER_MINUTE" in sentence(replace(rush, lead=None), 200)
