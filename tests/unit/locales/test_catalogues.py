from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.locales.catalogues import languages, words

LOCALES = Path(__file__).parents[3] / "bot" / "locales"
LANGUAGES = ("da", "de", "en", "nb", "sv")
OTHERS = [language for language in LANGUAGES if language != "en"]
DAY = date(2027, 3, 20)


def catalogue(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / "earthweek.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def messages(language: str) -> dict[str, Message]:
    """The messages by name; the first one of a file is its header."""
    return {name(message): message for message in catalogue(language) if message.id}


def name(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> list[str]:
    """What is said: one form, or one for each number."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def said(language: str) -> Iterator[tuple[str, str]]:
    for key, message in messages(language).items():
        for form in forms(message):
            yield key, form


def test_the_bot_speaks_the_five_languages() -> None:
    assert languages() == LANGUAGES


@pytest.mark.parametrize("language", OTHERS)
def test_every_catalogue_has_the_same_messages_as_the_english_one(language: str) -> None:
    assert set(messages(language)) == set(messages("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty_or_only_guessed(language: str) -> None:
    assert [key for key, form in said(language) if not form.strip()] == []
    assert [key for key, message in messages(language).items() if message.fuzzy] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_placeholders_of_the_original(language: str) -> None:
    english = messages("en")
    for key, form in said(language):
        assert placeholders(form) == placeholders(forms(english[key])[-1]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_button_is_at_most_thirty_characters_long_so_that_a_phone_shows_it_whole(language: str) -> None:
    labels = {key: form for key, form in said(language) if key.startswith("button.")}
    assert labels
    assert {key: form for key, form in labels.items() if len(form) > 30} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_seventeen_goals_have_seventeen_names(language: str) -> None:
    assert len({words(language)(f"sdg.{goal}") for goal in range(1, 18)}) == 17


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_says_which_language_it_is(language: str) -> None:
    assert str(catalogue(language).locale) == language
    assert f'"Language: {language}\\n"' in (LOCALES / language / "LC_MESSAGES" / "earthweek.po").read_text("utf-8")


@pytest.mark.parametrize(
    ("asked", "join"),
    [
        ("en", "Join"),
        ("en-GB", "Join"),
        ("en-US", "Join"),
        ("sv", "Gå med"),
        ("sv-SE", "Gå med"),
        ("nb", "Bli med"),
        ("nb-NO", "Bli med"),
        ("nb_NO", "Bli med"),
        ("no", "Bli med"),
        ("no-NO", "Bli med"),
        ("nn", "Bli med"),
        ("nn-NO", "Bli med"),
        ("da-DK", "Vær med"),
        ("de-AT", "Mitmachen"),
        ("fi", "Join"),
        ("ja-JP", "Join"),
        ("xx", "Join"),
        ("", "Join"),
        ("../../etc", "Join"),
    ],
)
def test_a_language_is_spoken_as_near_to_it_as_the_bot_can(asked: str, join: str) -> None:
    assert words(asked)("button.join") == join


@pytest.mark.parametrize(
    ("asked", "day"),
    [
        ("en", "Saturday, 20 March 2027"),
        ("en-US", "Saturday, March 20, 2027"),
        ("sv", "lördag 20 mars 2027"),
        ("nn-NO", "laurdag 20. mars 2027"),
        ("fi", "lauantai 20. maaliskuuta 2027"),
        ("xx", "Saturday, 20 March 2027"),
    ],
)
def test_a_day_is_written_as_the_language_writes_it_even_where_the_words_are_another_ones(asked: str, day: str) -> None:
    assert words(asked).day(DAY) == day


def test_a_message_is_filled_in_as_it_is_given() -> None:
    assert words("de")("line.theme", theme="{Essen}") == "Thema: {Essen}"
