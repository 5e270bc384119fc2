from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.campaign.measures import Measure, MeasureFigure, MeasureStatus, MeasureWords
from bot.campaign.model import Campaign
from bot.locales.catalogues import words
from bot.messages import measures
from bot.messages.replies import measures as reply

from .reply_samples import LANGUAGES

EN = words("en")


def shown(campaign: Campaign, language: str = "en", country: str | None = "SE") -> str:
    return "\n".join(block["text"]["text"] for block in reply.draw(words(language), campaign, country).blocks)


def with_latest(campaign: Campaign, value: float) -> Campaign:
    goal = campaign.goals[0]
    latest = goal.latest.model_copy(update={"value": value})
    return replace(campaign, goals=(goal.model_copy(update={"latest": latest}),))


def test_answer_lists_goals_and_measures(shipped: Campaign) -> None:
    text = shown(shipped)
    assert "▰▰▰▰▱▱▱▱▱▱  52% of trips between our offices now; the goal is 70% by 31 Dec 2028" in text
    assert "We began at 40% (31 Dec 2025); the latest figure is from 31 Dec 2026." in text
    assert "120 laptops repaired in a year (measured, 31 Dec 2026)" in text
    assert "About 35 flights fewer since autumn (an estimate, between 30 and 40, 31 Dec 2026)" in text
    assert "Not measured yet\nPlanned, by 20 Mar 2027 · Responsible: Office in Växjö · Sweden" in text
    assert "UN goals: 12 Responsible consumption and production\nSource: Example AB, 2026" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_are_written_as_the_language_writes_them(shipped: Campaign, language: str) -> None:
    assert shown(shipped, language).count("52% " if language == "en" else "52\N{NO-BREAK SPACE}% ") == 1
    assert "measures." not in shown(shipped, language)


@pytest.mark.parametrize(("country", "headings"), [("SE", 0), ("DE", 1), (None, 0)])
def test_measures_of_other_countries_come_last(shipped: Campaign, country: str | None, headings: int) -> None:
    text = shown(shipped, country=country)
    assert text.count("In other countries") == headings
    assert text.index("Växjö declaration") > text.index("flights fewer")


def test_bar_is_full_only_at_the_goal(shipped: Campaign) -> None:
    bars = {value: measures.bar(with_latest(shipped, value).goals[0]) for value in (30, 40, 40.1, 69.9, 70, 80)}
    assert [bars[value].count("▰") for value in bars] == [0, 0, 1, 9, 10, 10]
    assert "the goal of 70% is reached" in shown(with_latest(shipped, 71))


def test_without_any_the_answer_says_so(shipped: Campaign) -> None:
    bare = replace(shipped, measures=(), goals=())
    assert EN("measures.none") in shown(bare)
    assert measures.brief(EN, bare, "SE", "measures") == []


@pytest.mark.parametrize("country", ["SE", "DE"])
def test_many_long_ones_fit_a_message(shipped: Campaign, country: str) -> None:
    figure = MeasureFigure.model_validate(
        {"value": 1, "range": [0, 2], "date": date(2026, 12, 31), "source": "&" * 300}
    )
    said = MeasureWords(title="&" * 75, about="&" * 300, responsible="&" * 60, unit="&" * 40)
    names = [f"measure-{number}" for number in range(60)]
    many = tuple(
        Measure(id=each, status=MeasureStatus.DONE, ends=date(2026, 1, 1), sdgs=(1, 17), countries=codes, figure=figure)
        for each, codes in zip(names, [(), ("SE",), ("NO", "DK")] * 20, strict=True)
    )
    goals = tuple(shipped.goals[0].model_copy(update={"id": f"goal-{number}"}) for number in range(20))
    texts = {(each, "en"): said for each in [*names, *(goal.id for goal in goals)]}
    message = reply.draw(EN, replace(shipped, measures=many, goals=goals, measure_words=texts), country)
    assert len(message.blocks) <= 50
    assert all(len(block["text"]["text"]) <= 3000 for block in message.blocks)
    assert "and 12 more" in "\n".join(block["text"]["text"] for block in message.blocks)
