from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.unicode_text import graphemes, is_visible, storable, truncate

INVISIBLE = [
    "", " ", "\0", "\ufffd", "\u3164", "\u115f\u1160\uffa0", "\u2800", "\u200b\u200c\u200d\u2060\ufeff", "\u00ad",
    "\u0301", "\u0301\u0302", "\ufe0f", "\u034f", "\u180e", "\u2028\u2029", "\u00a0\u3000", "\U000e0041\U000e007f",
    "\ue000", "\ud800", "\U0001d159", "\ufffc", "\u061c", "\t\r\n\x0b\x1f\x7f",
]  # fmt: skip


@pytest.mark.parametrize("text", INVISIBLE)
def test_what_no_reader_sees_says_nothing(text: str) -> None:
    assert not is_visible(storable(text))


@pytest.mark.parametrize(
    "text", ["a", "é", "e\u0301", "1", "?", "👍", "❤️", "👨‍👩‍👧", "🇸🇪", "中", "한", "\u200bx\u3164", "ﷺ"]
)
def test_what_a_reader_sees_says_something(text: str) -> None:
    assert is_visible(storable(text))


@given(st.text(st.characters(categories=["Cc", "Cf", "Cn", "Co", "Mn", "Mc", "Me", "Zs", "Zl", "Zp"])))
def test_characters_without_a_shape_are_not_visible(text: str) -> None:
    assert not is_visible(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("abc", 3),
        ("e\u0301e", 2),
        ("👨‍👩‍👧", 1),
        ("🇸🇪🇳🇴", 2),
        ("👍🏽", 1),
        ("❤️", 1),
        ("a\u200b", 1),
        ("x" * 9, 9),
    ],
)
def test_length_as_a_reader_counts(text: str, count: int) -> None:
    assert len(graphemes(text)) == count


@given(st.text())
def test_characters_are_the_whole_text(text: str) -> None:
    found = graphemes(text)
    assert "".join(found) == text
    assert len(found) <= max(len(unicodedata.normalize("NFC", text)), len(text))


@given(st.text(), st.integers(1, 20))
def test_a_shortened_text_is_cut_between_characters(text: str, most: int) -> None:
    short = truncate(text, most)
    assert len(graphemes(short)) <= most
    assert short == text or text.startswith(short.removesuffix("…"))
