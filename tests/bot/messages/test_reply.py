from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.messages.modals import idea_reply
from rehearsal.slack.block_validation import view_problems

from .modal_samples import ENGLISH


@given(st.text(max_size=1000))
def test_quoted_text_in_reply_form_mentions_nobody(text: str) -> None:
    view = idea_reply.draw(ENGLISH, purpose="ask", idea="i1", shown=text)
    assert view_problems(view, "modal") == []
    shown = [each["text"]["text"] for each in view["blocks"] if each["type"] == "section"]
    for line in "\n".join(shown).split("\n"):
        assert line.startswith("> ") or not line
        assert not re.search(r"[<>]", line.removeprefix("> "))
