# ruff: noqa: RUF001 - people type these signs
"""Words of what people type, and the keys by which they are looked up."""

from __future__ import annotations

import unicodedata
from typing import Literal, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.listeners.word_splitting import key, plain, tokens, written

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
FORMS: tuple[Form, ...] = get_args(Form)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("one two", ["one", "two"]),
        ("one,two;three…four", ["one", "two", "three", "four"]),
        ("really?! yes", ["really", "yes"]),
        ("what?is", ["what?is"]),
        ("messages:off messages=off", ["messages", "off", "messages", "off"]),
        ("10:30", ["10:30"]),
        ("“Norsk”, «dansk»!", ["Norsk", "dansk"]),
        ("_join_ *now*", ["join", "now"]),
        ("2026-12-01.", ["2026-12-01"]),
        ("<@U0BOT> join", ["join"]),
        ("<@U0BOT|earth week> join", ["join"]),
        (":wave: join :+1:", ["join"]),
        ("at 9:wave:", ["at", "9:wave"]),
        ("a\u00a0b\u2009c\u3000d", ["a", "b", "c", "d"]),
        ("st\u200bop", ["stop"]),
        ("Earth\u2011Hour Earth–Hour", ["Earth-Hour", "Earth-Hour"]),
        ("Earth\ufe32Hour", ["Earth-Hour"]),
        ("１２ ٣ ３", ["12", "3", "3"]),
        ("🚲 😀", []),
        ("🇸🇪 🇩🇰", ["SE", "DK"]),
        ("… ?! --- \u200b", []),
    ],
)
def test_words_are_found_without_what_surrounds_them(text: str, words: list[str]) -> None:
    assert [token.clean for token in tokens(text)] == words


def test_words_can_be_joined_as_they_were_typed() -> None:
    assert written(tokens("to  “Norsk”, please!")) == "to “Norsk” please"
    assert written([]) == ""


@pytest.mark.parametrize(
    "spellings",
    [
        ("Österreich", "Osterreich", "OESTERREICH", "o\u0308sterreich", "öster-reich", "Öster reich"),
        ("Færøerne", "Faeroeerne", "Faeroerne", "FAROERNE", "færøerne"),
        ("Ålesund", "Aalesund", "ALESUND", "A\u030alesund"),
        ("Straße", "STRASSE", "strasse"),
        ("Łódź", "lodz"),
        ("İstanbul", "ıstanbul", "istanbul", "ISTANBUL"),
        ("ＳＴＯＰ", "s-t-o-p", "st\u00adop", "stop."),
        ("œuvre", "ouvre", "OEUVRE"),
    ],
)
def test_spellings_of_one_word_have_one_key(spellings: tuple[str, ...]) -> None:
    assert len({key(each) for each in spellings}) == 1, [key(each) for each in spellings]


@pytest.mark.parametrize(
    ("one", "other"), [("is", "its"), ("mat", "måte"), ("två", "tvi"), ("1", "10"), ("nej", "nei")]
)
def test_other_words_have_other_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_vowels_of_two_words_stay_apart() -> None:
    assert key("no end") == key("no-end") == "noend"
    assert key("noend") != key("no end")


@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S", "Zs"]), max_size=40))
def test_ascii_has_the_key_of_any_text(text: str) -> None:
    assert key(text) == key(f"{text}\u200b"), "an invisible sign takes the longer way"


@given(st.text(max_size=60))
def test_any_text_has_words_with_keys(text: str) -> None:
    for token in tokens(text):
        assert token.key == key(token.clean) != ""
        assert not any(sign.isspace() for sign in token.written)


@given(st.text(max_size=40), st.sampled_from(FORMS))
def test_key_is_the_same_however_accents_are_written(text: str, form: Form) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert key(unicodedata.normalize(form, composed)) == key(composed)


@given(st.text(max_size=60))
def test_plain_text_is_visible_and_stays_plain(text: str) -> None:
    made = plain(text)
    assert plain(made) == made
    assert not any(unicodedata.category(sign) in {"Cf", "Cs", "Co"} for sign in made)
