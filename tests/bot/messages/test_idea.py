from __future__ import annotations

from bot.messages.modals import idea

from .modal_samples import (
    ENGLISH,
    block,
    element,
)


def test_idea_form_names_recipients_and_is_anonymous_initially() -> None:
    view = idea.draw(ENGLISH, "Sweden")
    assert "representatives of your country (Sweden)" in block(view, "text")["hint"]["text"]
    assert "those who run Earth Week" in block(idea.draw(ENGLISH, None), "text")["hint"]["text"]
    assert "initial_options" not in element(view, "named")
