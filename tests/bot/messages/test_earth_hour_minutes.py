"""The form about the minutes of Earth Hour, and what is read from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locales.catalogues import languages, words
from bot.messages.modals import earth_hour_minutes
from bot.messages.modals.modal import InvalidFieldsError

from .modal_samples import ENGLISH, back, element, errors

FORM = earth_hour_minutes.draw(ENGLISH, None)


@pytest.mark.parametrize(("given_minutes", "shown"), [(None, "60"), (15, "15"), (0, "1"), (600, "60")])
def test_minutes_suggest_whole_hour_or_the_earlier_answer(given_minutes: int | None, shown: str) -> None:
    assert element(earth_hour_minutes.draw(ENGLISH, given_minutes), "minutes")["initial_value"] == shown


@pytest.mark.parametrize(("written", "read_as"), [("1", 1), (" 30 ", 30), ("60", 60)])
def test_minutes_are_read(written: str, read_as: int) -> None:
    assert earth_hour_minutes.read(back(earth_hour_minutes.draw(ENGLISH, None), {"minutes": written})) == read_as


@pytest.mark.parametrize("written", ["", "0", "61", "-5", "1.5", "1_0", "ten", "٣", "9" * 20, "²", "3 0", "+5"])
def test_invalid_minutes_are_asked_for_again(written: str) -> None:
    sent = back(earth_hour_minutes.draw(ENGLISH, None), {"minutes": written})
    assert errors(earth_hour_minutes.read, sent) == {"minutes": "form.minutes.range"}


def test_endless_digits_are_refused_before_they_count() -> None:
    sent = back(FORM, {"minutes": "1" * 21})
    assert errors(earth_hour_minutes.read, sent) == {"minutes": "form.too_long"}


@given(st.integers() | st.integers(-1, 62), st.integers(0, 3))
def test_only_minutes_of_the_hour_count(minutes: int, zeros: int) -> None:
    sent = back(FORM, {"minutes": "0" * zeros + str(minutes)})
    if 1 <= minutes <= 60:
        assert earth_hour_minutes.read(sent) == minutes
    else:
        with pytest.raises(InvalidFieldsError):
            earth_hour_minutes.read(sent)


@pytest.mark.parametrize("language", languages())
def test_answer_as_it_opened_is_the_suggestion(language: str) -> None:
    assert earth_hour_minutes.read(back(earth_hour_minutes.draw(words(language), 25))) == 25
