from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.locales.catalogues import words
from bot.messages.replies.reply_blocks import action_button, inline_quote, quote_lines, text_message
from rehearsal.slack.block_validation import problems

from .reply_samples import (
    HOSTILE,
    pressable,
    taken,
    texts,
)


@given(st.text() | st.sampled_from(HOSTILE))
def test_quoted_text_stays_on_its_line_in_quotation(text: str) -> None:
    lines = quote_lines(text)
    assert lines
    assert all(line.startswith("> ") and not set("<>") & set(line[1:]) for line in lines)
    assert all(len(line.splitlines()) == 1 for line in lines)
    assert len(inline_quote(text).splitlines()) <= 1
    assert not set("<>") & set(inline_quote(text))


def test_a_quotation_keeps_every_word() -> None:
    assert quote_lines(" one\n\ntwo & three ") == ["> one", "> ", "> two &amp; three"]
    assert "".join(line[2:] for line in quote_lines("x" * 1800)) == "x" * 1800


def test_long_plan_is_cut_before_escaping() -> None:
    assert inline_quote("&" * 10, 5) == "&amp;" * 4 + "…"
    assert inline_quote("short\n plan", 10) == "short plan"


def test_a_sentence_is_told_as_it_is() -> None:
    message = text_message("Your pledge is noted.")
    assert message.text == "Your pledge is noted."
    assert texts(message.blocks) == ["Your pledge is noted."]
    taken(message.blocks)


def test_text_message_can_have_buttons() -> None:
    message = text_message(
        "Noted.", action_button(words("en"), "my", "told", primary=True), action_button(words("en"), "pledge", "told")
    )
    assert pressable(message.blocks) == {"my": "told", "pledge": "told"}
    taken(message.blocks)


def test_a_very_long_sentence_takes_several_blocks() -> None:
    message = text_message("word " * 2000)
    assert problems(message.blocks, message.text) == []
    assert " ".join(texts(message.blocks)).split() == ["word"] * 2000
