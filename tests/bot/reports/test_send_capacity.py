from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.model import Audience, Campaign
from bot.reports.send_capacity import Home, Shortfall, Wave, missed, of_askers, of_everybody, sentence, shortfalls
from bot.store.people import MessageDemand
from tests.campaigns import shipped_campaign


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


START = datetime(2027, 3, 20, 19, 15, tzinfo=UTC)
Asked = Mapping[Audience, Mapping[Home, int]]
REMINDER = Audience.EARTH_HOUR_REMINDER


def wave(people: int, minutes: int = 15, after: int = 0) -> Wave:
    due = START + timedelta(minutes=after)
    return Wave(due, due + timedelta(minutes=minutes), people)


def test_window_takes_as_many_as_rate_allows() -> None:
    assert missed([wave(3_000)], 200) == 0
    assert missed([wave(3_001)], 200) == 1


def test_people_in_another_hour_take_no_capacity() -> None:
    assert missed([wave(3_000), wave(3_000, after=60)], 200) == 0


def test_who_is_due_first_comes_first() -> None:
    assert missed([wave(3_000, after=5), wave(3_000)], 200) == 2_000


def test_fifteen_minutes_are_enough_for_a_small_company(campaign: Campaign) -> None:
    asked: Asked = {REMINDER: {("Europe/Oslo", "NO"): 400, ("Europe/Berlin", "DE"): 600}}
    assert shortfalls(campaign, asked, 200) == []


def test_large_company_is_told_needed_lead(campaign: Campaign) -> None:
    asked: Asked = {REMINDER: {("Europe/Stockholm", "SE"): 10_000}}
    [rush] = shortfalls(campaign, asked, 200)
    assert rush == Shortfall("earth-hour-reminder", 10_000, 7_000, timedelta(minutes=35))


def test_no_lead_is_given_for_too_many_people(campaign: Campaign) -> None:
    [rush] = shortfalls(campaign, {REMINDER: {("Europe/Stockholm", "SE"): 1_000_000}}, 200)
    assert rush.lead is None


def one_by_one(waves: list[Wave], rate: int) -> int:
    """The same with every message sent by itself."""
    free_at, lost = START, 0
    for each in sorted(waves, key=lambda one: (one.due_at, one.expires_at)):
        for _ in range(each.people):
            at = max(free_at, each.due_at)
            if at + timedelta(minutes=1 / rate) > each.expires_at:
                lost += 1
            else:
                free_at = at + timedelta(minutes=1 / rate)
    return lost


WAVES = st.lists(st.builds(wave, st.integers(0, 300), st.integers(1, 20), st.integers(0, 60)), max_size=5)


@given(WAVES, st.sampled_from([1, 6, 20, 60]))
def test_missed_count_matches_sending_one_by_one(waves: list[Wave], rate: int) -> None:
    assert abs(missed(waves, rate) - one_by_one(waves, rate)) <= len(waves)


@given(people=st.integers(0, 40_000), rate=st.integers(50, 600))
def test_suggested_lead_is_sufficient_and_minimal(people: int, rate: int) -> None:
    for rush in shortfalls(shipped_campaign(), {REMINDER: {("Europe/Stockholm", "SE"): people}}, rate):
        assert rush.lead is not None
        assert missed([wave(people, 15 + rush.lead // timedelta(minutes=1))], rate) == 0
        assert missed([wave(people, 10 + rush.lead // timedelta(minutes=1))], rate) > 0
