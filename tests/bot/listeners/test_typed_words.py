from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date

import pytest

from bot.campaign.bot_words import BotWords
from bot.listeners import country_and_language_parsing
from bot.listeners.command_parsing import (
    PAUSE_OFF,
    RESUME,
    START,
    STOP,
    SUBCOMMANDS,
    UNKNOWN,
    closest_subcommand,
    parse,
)
from bot.listeners.date_parsing import day
from bot.listeners.typed_words import TypedWords
from bot.listeners.word_splitting import tokens
from bot.locales.catalogues import languages
from tests.campaigns import SHIPPED, shipped_campaign

BROUGHT = BotWords(
    {
        "pl": {
            "typed.join": "dołącz, biorę udział",
            "typed.stop": "wypisz, , stop",
            "typed.leave": "join",
            "typed.please": "proszę",
            "typed.to": "do",
            "typed.days": "dni",
            "typed.tomorrow": "jutro",
            "typed.another_country": "inny kraj",
            "button.join": "Dołącz",
        }
    }
)
OWN, POLISH = TypedWords(BotWords()), TypedWords(BROUGHT)
SUNDAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Dołącz!", "join"),
        ("proszę dolacz", "join"),
        ("biorę udział, proszę", "join"),
        ("WYPISZ", STOP),
        ("polski", "language"),
        ("gå med", "join"),
    ],
)
def test_commands_are_understood_in_a_brought_language(typed: str, meant: str) -> None:
    assert parse(typed, POLISH).route == meant


def test_without_the_words_they_mean_nothing() -> None:
    assert parse("dołącz", OWN).route == UNKNOWN
    assert parse("polski", OWN).route == UNKNOWN


def test_brought_words_take_none_from_the_bot() -> None:
    assert parse("join", POLISH).route == "join"


def test_nearest_command_knows_brought_words() -> None:
    assert closest_subcommand("dolacc", POLISH) == "join"
    assert closest_subcommand("wypisx", POLISH) == "messages off"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1 grudnia 2026", date(2026, 12, 1)),
        ("do wtorku 1.12.", None),
        ("do 1. grudnia", date(2026, 12, 1)),
        ("wtorek", date(2026, 12, 1)),
        ("jutro", date(2026, 11, 30)),
        ("2 dni", date(2026, 12, 1)),
    ],
)
def test_days_are_understood_in_a_brought_language(typed: str, meant: date | None) -> None:
    assert day(typed, SUNDAY, POLISH) == meant
    assert day("tis 1 dec", SUNDAY, POLISH) == date(2026, 12, 1)


def test_countries_are_found_by_brought_names() -> None:
    campaign = replace(shipped_campaign(), languages=("en", "pl"), bot_words=BROUGHT)
    assert country_and_language_parsing.country(campaign, "do Niemcy proszę") == "DE"
    assert country_and_language_parsing.country(campaign, "inny kraj") == "ZZ"
    assert country_and_language_parsing.language(campaign, "polski proszę") == "pl"


def test_the_bots_own_languages_come_first() -> None:
    assert POLISH.languages == (*languages(), "pl")
    assert TypedWords(BotWords({"sv": {"typed.join": "häng på"}})).languages == languages()


FINNISH_TEXTS = tomllib.loads((SHIPPED / "words" / "fi.toml").read_text("utf-8"))
FINNISH = TypedWords(BotWords({"fi": FINNISH_TEXTS}))
MEANT = {"stop": STOP, "leave": STOP, "alone": STOP, "start": START, "resume": RESUME, "pause_off": PAUSE_OFF}


@pytest.mark.parametrize("name", [*SUBCOMMANDS, *MEANT])
def test_every_finnish_word_means_its_command(name: str) -> None:
    wrong = {
        word.strip(): parse(word, FINNISH).route
        for word in FINNISH_TEXTS[f"typed.{name}"].split(",")
        if parse(word, FINNISH).route != MEANT.get(name, name)
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1. joulukuuta", date(2026, 12, 1)),
        ("tiistai", date(2026, 12, 1)),
        ("ti 1.12.", None),
        ("huomenna", date(2026, 11, 30)),
        ("2 viikkoa", date(2026, 12, 13)),
        ("kaksi päivää", date(2026, 12, 1)),
        ("ensi viikkoon asti", date(2026, 11, 30)),
    ],
)
def test_finnish_days(typed: str, meant: date | None) -> None:
    assert day(typed, SUNDAY, FINNISH) == meant


def test_english_still_means_the_same_beside_finnish() -> None:
    for sentence in ("done today", "turn messages off", "how are we doing", "no more messages", "pause until friday"):
        assert parse(sentence, FINNISH) == parse(sentence, OWN)
    assert day("to uker", SUNDAY, FINNISH) == date(2026, 12, 13)


def test_short_names_of_the_bots_languages_come_first() -> None:
    # A German's Sunday is a Czech's Saturday.
    assert day("so", SUNDAY, TypedWords(BotWords({"cs": {}}))) == date(2026, 12, 6)


def test_empty_words_between_commas_are_none() -> None:
    assert "" not in POLISH.spelled("stop")
    assert "" not in POLISH.phrases("stop")


def test_words_are_stripped_from_both_ends() -> None:
    words = tokens("proszę join do proszę")
    assert [token.written for token in POLISH.without(words, "please", "to")] == ["join"]
    assert [token.written for token in POLISH.after(words, "please")] == ["join", "do", "proszę"]
