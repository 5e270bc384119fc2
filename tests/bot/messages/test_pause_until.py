from __future__ import annotations

from bot.messages.modals import pause_own_messages

from .modal_samples import (
    ENGLISH,
    MONDAY,
    element,
)


def test_a_pause_suggests_tomorrow() -> None:
    assert element(pause_own_messages.draw(ENGLISH, MONDAY), "day")["initial_date"] == "2027-03-15"
