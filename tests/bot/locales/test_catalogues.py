from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.campaign.bot_words import BotWords
from bot.locales.catalogues import campaign_words, languages, words
from bot.messages.replies.phrases import join_names as listed_in
from bot.messages.replies.phrases import medium_date
from tests.campaigns import shipped_campaign

LOCALES = Path(__file__).parents[3] / "bot" / "locales"
LANGUAGES = ("da", "de", "en", "nb", "sv")
OTHERS = [language for language in LANGUAGES if language != "en"]
DAY = date(2027, 3, 20)


def files(language: str) -> list[Path]:
    return sorted((LOCALES / language / "LC_MESSAGES").glob("*.po"))


def catalogue(file: Path, language: str) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened, locale=language, abort_invalid=True)


def listed(language: str) -> list[Message]:
    """The messages of every file; the nameless one of each is its header."""
    return [message for file in files(language) for message in catalogue(file, language) if message.id]


def messages(language: str) -> dict[str, Message]:
    """The messages by name."""
    return {name(message): message for message in listed(language)}


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_stands_in_two_files(language: str) -> None:
    names = [name(message) for message in listed(language)]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("language", OTHERS)
def test_every_file_has_its_counterpart_in_english(language: str) -> None:
    english = {file.name: {name(each) for each in catalogue(file, "en") if each.id} for file in files("en")}
    theirs = {file.name: {name(each) for each in catalogue(file, language) if each.id} for file in files(language)}
    assert theirs == english


@pytest.mark.parametrize("language", OTHERS)
def test_every_catalogue_has_the_english_messages(language: str) -> None:
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
def test_button_labels_have_at_most_thirty_characters(language: str) -> None:
    labels = {key: form for key, form in said(language) if key.startswith("button.")}
    assert labels
    assert {key: form for key, form in labels.items() if len(form) > 30} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_seventeen_goals_have_seventeen_names(language: str) -> None:
    assert len({words(language)(f"sdg.{goal}") for goal in range(1, 18)}) == 17


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_says_which_language_it_is(language: str) -> None:
    for file in files(language):
        assert str(catalogue(file, language).locale) == language
        assert f'"Language: {language}\\n"' in file.read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_counted_messages_have_both_plural_forms(language: str) -> None:
    counted = [message for message in listed(language) if not isinstance(message.id, str)]
    assert counted
    assert [name(message) for message in counted if len(forms(message)) != 2 or not all(forms(message))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_form_titles_and_buttons_fit_slacks_limits(language: str) -> None:
    ends = (".title", "_title", ".submit", ".close", ".cancel")
    short = {key: form for key, form in said(language) if key.startswith("form.") and key.endswith(ends)}
    assert short
    assert {key: form for key, form in short.items() if len(form) > 24} == {}


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
def test_nearest_available_language_is_used(asked: str, join: str) -> None:
    assert words(asked)("button.join") == join


@pytest.mark.parametrize(
    ("asked", "day"),
    [
        ("en", "Saturday, 20 March 2027"),
        ("en-US", "Saturday, March 20, 2027"),
        ("sv", "lördag 20 mars 2027"),
        ("nb-NO", "lørdag 20. mars 2027"),
        ("nn-NO", "lørdag 20. mars 2027"),
        ("de-AT", "Samstag, 20. März 2027"),
        ("fi", "Saturday, 20 March 2027"),
        ("xx", "Saturday, 20 March 2027"),
    ],
)
def test_dates_are_in_the_language_of_the_words(asked: str, day: str) -> None:
    assert words(asked).day(DAY) == day


BROUGHT = replace(
    shipped_campaign(),
    bot_words=BotWords(
        {
            "pl": {
                "button.join": "Dołącz",
                "my.count.few": "{count} zobowiązania",
                "my.count.many": "{count} zobowiązań",
            },
            "sv": {"button.join": "Häng på"},
        }
    ),
)


def test_words_of_the_campaign_come_first() -> None:
    polish = campaign_words(BROUGHT, "pl-PL")
    assert polish("button.join") == "Dołącz"
    assert [polish.plural("my.count", count) for count in (3, 5)] == ["3 zobowiązania", "5 zobowiązań"]
    assert polish.day(DAY) == "sobota, 20 marca 2027"
    assert polish.country("DE") == "Niemcy"


def test_single_words_of_a_known_language_can_change() -> None:
    swedish = campaign_words(BROUGHT, "sv")
    assert (swedish("button.join"), swedish("button.pledge")) == ("Häng på", words("sv")("button.pledge"))
    assert campaign_words(BROUGHT, "nb")("button.join") == "Bli med"
    assert campaign_words(shipped_campaign(), "sv")("button.join") == "Gå med"


def test_what_is_not_translated_is_english() -> None:
    polish = campaign_words(BROUGHT, "pl")
    assert polish("button.pledge") == "Make a pledge"
    assert polish.plural("my.more", 2) == words("en").plural("my.more", 2)
    # The form for one is missing, and another Polish one is nearer than English.
    assert polish.plural("my.count", 1) == "1 zobowiązań"


def test_values_in_braces_are_filled_in_literally() -> None:
    assert words("de")("line.theme", theme="{Essen}") == "Thema: {Essen}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_ends_in_two_full_stops(language: str) -> None:
    spoken = words(language)
    days = [date(2027, 1, 1) + timedelta(days=after) for after in range(365)]
    drawn = {write(day) for day in days for write in (spoken.day, spoken.short_day, partial(medium_date, spoken))}
    drawn |= {listed_in(spoken, [spoken.short_day(day) for day in days[start : start + 3]]) for start in range(300)}
    for key, form in said(language):
        names = placeholders(form)
        for value in drawn if names & {"day", "days", "date", "from", "to"} else ():
            assert ".." not in form.format(**dict.fromkeys(names, value)), (key, value)


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("en", r"\baccounts\b"),
        ("sv", r"\bredovisning"),
        ("nb", r"\bregnskap"),
        ("da", r"\bregnskab"),
        ("de", r"(?<!CO₂-)\bBilanz"),
    ],
)
def test_climate_figures_are_never_called_the_accounts(language: str, word: str) -> None:
    assert [key for key, form in said(language) if re.search(word, form, re.IGNORECASE)] == []


@pytest.mark.parametrize(
    ("language", "before"),
    [
        ("en", "in|of|from|for|to"),
        ("sv", "i|på|från"),
        ("nb", "i|på|fra"),
        ("da", "i|på|fra"),
        ("de", "in|im|für|aus|von|nach"),
    ],
)
def test_no_preposition_stands_before_a_country(language: str, before: str) -> None:
    # CLDR has names without articles: "in Netherlands", "in Schweiz", "i Island".
    pattern = rf"\b(?:{before}) \*?\{{country\}}"
    assert [key for key, form in said(language) if re.search(pattern, form, re.IGNORECASE)] == []
