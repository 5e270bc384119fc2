"""The stages of ideas: which state belongs where, how many there are, and the buttons between them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locales.catalogues import languages, words
from bot.messages.organise.idea_stages import (
    STAGES,
    counts_sentence,
    ideas_value,
    stage_and_page,
    stage_label,
    stage_of,
)
from bot.store.ideas import OPEN, IdeaState

CODES = st.sampled_from(["SE", "NO", "DK", "DE"])


def test_every_state_is_in_one_stage() -> None:
    assert Counter(state for states in STAGES.values() for state in states) == Counter(map(str, IdeaState))
    assert {stage_of(state) for state in OPEN} == {"new"}
    assert all(stage_of(state) == state for state in IdeaState if state not in OPEN)


@given(CODES, st.sampled_from([*STAGES]), st.integers(0, 999))
def test_button_leads_where_it_says(country: str, stage: str, page: int) -> None:
    assert stage_and_page(ideas_value(country, stage, page)) == (country, stage, page)
    assert stage_and_page(ideas_value(country, stage)) == (country, stage, 0)
    assert stage_and_page(ideas_value(country)) == (country, None, 0)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", ("", None, 0)),
        ("SE/", ("SE", None, 0)),
        ("SE/asked", ("SE", None, 0)),
        ("SE/new/-1", ("SE", "new", 0)),
        ("SE/new/٣", ("SE", "new", 0)),
        ("SE/new/²", ("SE", "new", 0)),
        ("SE/new/1000", ("SE", "new", 0)),
        ("SE/new/1/2", ("SE", "new", 0)),
        ("SE/done/007", ("SE", "done", 7)),
    ],
)
def test_odd_values_lead_to_a_first_page(value: str, expected: tuple[str, str | None, int]) -> None:
    assert stage_and_page(value) == expected


@given(st.text(max_size=30))
def test_any_value_is_read(value: str) -> None:
    _, stage, page = stage_and_page(value)
    assert stage is None or stage in STAGES
    assert 0 <= page < 1000


def test_counts_name_only_stages_with_ideas() -> None:
    counts = {"done": 1, "new": 1200, "approved": 0}
    assert counts_sentence(words("en"), counts) == "New: 1,200 · Done: 1"
    assert counts_sentence(words("en"), {}) == counts_sentence(words("en"), {"new": 0}) == "No ideas have come yet."


@pytest.mark.parametrize("language", languages())
def test_stages_have_names_of_their_own(language: str) -> None:
    labels = [stage_label(words(language), stage, 3) for stage in STAGES]
    assert len(set(labels)) == len(STAGES)
    assert not any("organise." in label for label in labels)
