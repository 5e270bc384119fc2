"""The form for a reply about an idea, and what is read from it."""

from __future__ import annotations

import json
import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.modals import idea_reply
from bot.messages.modals.idea_reply import Purpose
from bot.messages.modals.modal import StaleViewError
from rehearsal.slack.block_validation import view_problems

from .modal_samples import ENGLISH, back, block, errors

FAMILY = "👩\u200d👩\u200d👧"


@given(st.text(max_size=1000))
def test_quoted_text_in_reply_form_mentions_nobody(text: str) -> None:
    view = idea_reply.draw(ENGLISH, purpose="ask", idea="i1", shown=text)
    assert view_problems(view, "modal") == []
    shown = [each["text"]["text"] for each in view["blocks"] if each["type"] == "section"]
    for line in "\n".join(shown).split("\n"):
        assert line.startswith("> ") or not line
        assert not re.search(r"[<>]", line.removeprefix("> "))


@pytest.mark.parametrize("purpose", get_args(Purpose))
def test_reply_is_read_with_purpose_and_limits(purpose: Purpose) -> None:
    view = idea_reply.draw(ENGLISH, purpose=purpose, idea="i1", shown="An idea")
    assert idea_reply.read(back(view, {"text": "Because."})) == idea_reply.ReplyAnswers(purpose, "i1", "Because.")
    on_page = idea_reply.draw(ENGLISH, purpose=purpose, idea="i1", shown="An idea", page="SE", seen="approved")
    told = idea_reply.ReplyAnswers(purpose, "i1", "So.", "SE", "approved")
    assert idea_reply.read(back(on_page, {"text": "So."})) == told
    assert errors(idea_reply.read, back(view)) == {"text": "form.empty"}
    assert errors(idea_reply.read, back(view, {"text": "x" * 501})) == {"text": "form.too_long"}


def test_each_purpose_asks_in_its_own_words() -> None:
    views = [idea_reply.draw(ENGLISH, purpose=purpose, idea="i1", shown="An idea") for purpose in get_args(Purpose)]
    assert len({block(view, "text")["label"]["text"] for view in views}) == len(views)
    assert len({view["title"]["text"] for view in views}) == len(views)


@pytest.mark.parametrize("text", [f"{FAMILY * 500}", "å" * 500, "e\u0301" * 500])
def test_length_counts_characters_as_readers_do(text: str) -> None:
    view = idea_reply.draw(ENGLISH, purpose="answer", idea="i1", shown="A question")
    assert idea_reply.read(back(view, {"text": text})).text == text
    assert errors(idea_reply.read, back(view, {"text": text + "x"})) == {"text": "form.too_long"}


@pytest.mark.parametrize("text", [" \n ", "\u200b\u2060", "\x00"])
def test_reply_that_nobody_sees_is_empty(text: str) -> None:
    view = idea_reply.draw(ENGLISH, purpose="plan", idea="i1", shown="An idea")
    assert errors(idea_reply.read, back(view, {"text": text})) == {"text": "form.empty"}


@pytest.mark.parametrize("forged", [{"purpose": "approve"}, {"purpose": ""}, {"idea": None}, {"page": 7}, {"seen": {}}])
def test_forged_metadata_is_stale(forged: dict[str, object]) -> None:
    view = idea_reply.draw(ENGLISH, purpose="ask", idea="i1", shown="An idea")
    metadata = json.dumps({**json.loads(view["private_metadata"]), **forged})
    with pytest.raises(StaleViewError):
        idea_reply.read({**back(view, {"text": "Why?"}), "private_metadata": metadata})
