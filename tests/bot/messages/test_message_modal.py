from __future__ import annotations

from bot.messages.modals import message_modal
from rehearsal.slack.block_validation import view_problems

from .modal_samples import (
    ENGLISH,
    text_of,
)


def test_a_long_word_to_somebody_takes_several_sections() -> None:
    view = message_modal.draw(ENGLISH, "word " * 2000)
    assert view_problems(view, "modal") == []
    assert text_of(view).split() == ["word"] * 2000
