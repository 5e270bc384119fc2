from __future__ import annotations

import pytest

from bot.locales.catalogues import campaign_words
from bot.reports.outside.kit_texts import kit_texts
from tests.campaigns import shipped_campaign

URL = "https://example.com/week"


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    campaign = shipped_campaign()
    return {each.name: each.plain for each in kit_texts(campaign, campaign_words(campaign, "en"), URL)}


def test_newsletter_says_what_when_and_where_more(texts: dict[str, str]) -> None:
    _, what, days, *_ = texts["newsletter"].split("\n\n")
    assert what.startswith("We have Earth Week: Monday 15 March to Saturday 20 March. Every day our colleagues try")
    assert [line.partition(" \N{EN DASH} ") for line in days.split("\n")][:2] == [
        ("- Monday", " \N{EN DASH} ", "Today's challenge: one load, no dryer"),
        ("- Tuesday", " \N{EN DASH} ", "One trip, another way"),
    ]
    assert days.count("\n") == 4
    assert "Saturday 20 March, 20:30 to 21:30 local time" in texts["newsletter"]
    assert texts["newsletter"].endswith(f"Read more: {URL}\n")


def test_intranet_names_the_command_and_the_choice(texts: dict[str, str]) -> None:
    assert "type /earthweek in Slack" in texts["intranet"]
    assert "voluntary" in texts["intranet"]


def test_signature_is_two_lines(texts: dict[str, str]) -> None:
    assert texts["signature"] == (
        f"Earth Week 2027: Monday 15 March to Saturday 20 March · Earth Hour: Saturday 20 March, 20:30\n{URL}\n"
    )


def test_lesson_has_numbered_steps_and_spares_pupils(texts: dict[str, str]) -> None:
    assert "1. Monday: " in texts["lesson"]
    assert "\n5. Last lesson: " in texts["lesson"]
    assert "never one pupil's plate" in texts["lesson"]
