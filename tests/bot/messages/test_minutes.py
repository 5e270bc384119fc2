from __future__ import annotations

import pytest

from bot.messages.modals import earth_hour_minutes

from .modal_samples import (
    ENGLISH,
    element,
)


@pytest.mark.parametrize(("given_minutes", "shown"), [(None, "60"), (15, "15"), (0, "1"), (600, "60")])
def test_minutes_suggest_whole_hour_or_the_earlier_answer(given_minutes: int | None, shown: str) -> None:
    assert element(earth_hour_minutes.draw(ENGLISH, given_minutes), "minutes")["initial_value"] == shown
