from __future__ import annotations

from rehearsal.html.render_context import Viewer
from rehearsal.html.text import line, said, text, words

ANN = Viewer(users={"U1": "Ann"})
HELLO = {"type": "mrkdwn", "text": "*Hello* <@U1>\n& all"}


def test_plain_text_has_emoji_unless_they_are_off() -> None:
    assert words({"type": "plain_text", "text": ":wave:"}) == "👋"
    assert words({"type": "plain_text", "text": ":wave:", "emoji": False}) == ":wave:"


def test_plain_text_is_escaped_and_keeps_its_lines() -> None:
    assert line({"type": "plain_text", "text": "a < b\nc"}, ANN) == "a &lt; b<br>c"


def test_mrkdwn_is_styled_and_names_people() -> None:
    assert "Ann" in text(HELLO, ANN)
    assert "<" in text(HELLO, ANN)
    assert "<" not in said(HELLO, ANN)
    assert "\n" not in said(HELLO, ANN)
