"""A text as a pattern reads it, with the place of everything in what was written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.normalized_text import control_character, plain_text, without_control_characters

PIECES = st.sampled_from(
    [
        "Vi är", "klimat", " ", "\n", "\n\n", "- ", "**", "_", "`", "[", "](https://a.se)", "](a 'Titel')", "][b]",
        "&shy;", "&amp;", "&#110;", "https://a.se/b", "a\u0308", "\u00ad", "\u200b", "\u2011", "\u2019", "\u3164",
        "ﬁ", "½", ". Och", "! Nu", "1. ", "å", "日本", "\ud83c", "🌍",
    ]
)  # fmt: skip
WRITTEN = st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("We are **car**bon-_neutral_", "We are carbon-neutral"),
        ("cafe\u0301 naïve", "café naïve"),
        ("klimat\u00adneutral", "klimatneutral"),
        ("\u201cwe\u2019re\u201d 100\u00a0% ﬁne", "\u201cwe're\u201d 100 % fine"),
        ("a \u2013 b \u2014 c\u2011d", "a - b - c-d"),
        ("\u0441\u043b\u0456m\u0430t", "c\u043bimat"),
        ("[words](https://a.se/x_y) after", "words after"),
        ('[words](<a> "A title") after', 'words "A title" after'),
        ("[words][label] after", "words after"),
        ("See https://a.se/climate-neutral.", "See "),
        ("&lt;b&gt; &amp; &#x61;&shy;b&nbsp;c", "<b> & ab c"),
        ("&zzz; & &#1;", "&zzz; & "),
        ("one\ntwo   three\t four", "one two three four"),
        ("one\n\ntwo\n- three\n1. four\nfive", "one\n two\n- three\n1. four five"),
        ("  \n words ", "words "),
        ("", ""),
    ],
)
def test_text_is_as_somebody_reads_it(written: str, plain: str) -> None:
    assert plain_text(written).text == plain


@given(WRITTEN)
def test_every_sign_knows_its_place(written: str) -> None:
    found = plain_text(written)
    assert found.written == written
    assert len(found.places) == len(found.text)
    assert [*found.places] == sorted(found.places)
    assert all(0 <= found.position(at) < len(written) for at in range(len(found.text)))


@given(WRITTEN)
def test_no_space_follows_a_space(written: str) -> None:
    found = plain_text(written)
    assert "  " not in found.text
    assert not found.text.startswith(" ")
    assert {sign for sign in found.text if sign.isspace()} <= {" ", "\n"}
    assert not set(found.text) & set("*_~`[]\\\u00ad\u200b\u2019\u2011")


@given(WRITTEN)
def test_form_of_letters_makes_no_difference(written: str) -> None:
    composed, apart = (unicodedata.normalize(form, written) for form in ("NFC", "NFD"))
    assert plain_text(composed).text == plain_text(apart).text


@given(WRITTEN)
def test_sentences_are_the_whole_text(written: str) -> None:
    found = plain_text(written)
    pieces = [found.text[start:end] for start, end in found.sentences()]
    assert "".join(pieces) == found.text
    assert all(pieces[:-1]), "only the last may be empty"


@pytest.mark.parametrize(
    ("written", "sentences"),
    [
        ("One. Two! Three? four", ["One. ", "Two! ", "Three? four"]),
        ("Das kostet 2.5 kg. Öl ist teuer.", ["Das kostet 2.5 kg. ", "Öl ist teuer."]),
        ("Vi sade: ”Nej.” Så blev det.", ["Vi sade: ”Nej.” ", "Så blev det."]),
        ("Ca. tio. är få", ["Ca. tio. är få"]),
        ("Klart.\n\n- en sak\n- en till", ["Klart.\n\n", "- en sak\n", "- en till"]),
        ("", [""]),
    ],
)
def test_sentence_ends_before_a_capital_or_paragraph(written: str, sentences: list[str]) -> None:
    found = plain_text(written)
    assert [found.text[start:end] for start, end in found.sentences()] == sentences


def test_found_words_are_shown_as_written() -> None:
    written = "Vi är **klimat**neutrale\u0301 nu"
    found = plain_text(written)
    start = found.text.index("klimat")
    assert found.original(start, start + len("klimatneutralé")) == "klimat**neutrale\u0301"
    assert found.position(start) == written.index("klimat")
    coded = plain_text("Vi är klimatneutral&#97;.")
    assert coded.original(6, len(coded.text) - 1) == "klimatneutral&#97;"


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f", "\x80", "\x9f"])
def test_control_characters_are_found_and_replaced(sign: str) -> None:
    assert control_character(f"ab{sign}c{sign}") == 2
    assert without_control_characters(f"ab{sign}c") == "ab\ufffdc"


@given(st.text())
def test_tabs_and_ends_of_lines_steer_nothing(text: str) -> None:
    assert control_character("\t\r\n\x85\u2028") is None
    mended = without_control_characters(text)
    assert control_character(mended) is None
    assert len(mended) == len(text)
    assert (mended == text) == (control_character(text) is None)
