# ruff: noqa: RUF001 - people type these signs
from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.campaign.bot_words import BotWords
from bot.listeners.command_parsing import (
    PAUSE_OFF,
    RESUME,
    START,
    STOP,
    SUBCOMMANDS,
    UNKNOWN,
    Command,
    closest_subcommand,
    parse,
)
from bot.listeners.routes import COMMANDS, HELP_COMMANDS
from bot.listeners.typed_words import TypedWords
from bot.listeners.word_splitting import key
from bot.locales.catalogues import languages, words

OWN = TypedWords(BotWords())
COMMAND_WORDS = (*SUBCOMMANDS, "stop", "leave", "alone", "start", "resume", "pause_off")
STOPS = sorted({word for name in ("stop", "leave", "alone") for word in OWN.spelled(name)})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("\u201cjoin\u201d", "join"),
        ("«join»", "join"),
        ("join.", "join"),
        ("Join!", "join"),
        ("/earthweek join", "join"),
        ("@earthweek join", "join"),
        ("<@U0BOT> join", "join"),
        ("please join", "join"),
        ("*join*", "join"),
        ("`join`", "join"),
        ("my\u00a0", "my"),
        ("earth hour", "earthhour"),
        ("Earth\u2011Hour?", "earthhour"),
        ("stunde der erde", "earthhour"),
        ("hjälp", "help"),
        ("hja\u0308lp", "help"),
        ("", "help"),
        ("🚲", "help"),
        (":wave:", "help"),
        ("settings", "settings"),
        ("cancel my pledge", "my"),
        ("löften", "pledge"),
        ("ställning", "standings"),
        ("Vorschlag", "idea"),
        ("gem mig", UNKNOWN),
        ("glem mig", "forget"),
        ("delete my data", "forget"),
        ("start", START),
        ("subscribe", START),
        ("start with a tip", UNKNOWN),
        ("messages on.", START),
        ("resume", RESUME),
        ("fortsätt", RESUME),
        ("pause off", PAUSE_OFF),
        ("Pause aus", PAUSE_OFF),
        ("avsluta pausen", PAUSE_OFF),
        ("Pause beenden bitte", PAUSE_OFF),
        ("pause end", PAUSE_OFF),
        ("xyzzy", UNKNOWN),
        ("don't stop", UNKNOWN),
        ("bitte nicht abmelden", UNKNOWN),
        ("end of the week", UNKNOWN),
        ("off we go", UNKNOWN),
        ("ich will mitmachen", "join"),
        ("jeg vil gjerne være med", "join"),
        ("jag vill vara med!", "join"),
        ("Jeg vil gerne være med", "join"),
        ("I'm in!", "join"),
        ("language:english", "language"),
        ("norsk", "language"),
        ("auf Deutsch, bitte", "language"),
        ("English please", "language"),
        ("no", UNKNOWN),
        ("da", UNKNOWN),
        ("10:30", UNKNOWN),
        ("I get no messages", UNKNOWN),
        ("warum bekomme ich keine Nachrichten?", UNKNOWN),
        ("jeg får ingen beskeder fra jer", UNKNOWN),
        ("I do not want to stop messages", UNKNOWN),
    ],
)
def test_what_people_try(typed: str, meant: str) -> None:
    assert parse(typed, OWN).route == meant


@pytest.mark.parametrize(
    "typed",
    [
        "stop", "unsubscribe", "leave", "messages “off”", "messages 'off'.", "messages OFF!", "messages: off",
        "messages aus", "messages fra", "messages av", "Stop sending me messages", "please stop", "can you stop this?",
        "turn off messages", "stop.please", "s t o p", "st\u200bop", "ＳＴＯＰ", "STOPP!!!", "sluta nu", "hoer auf",
        "messages=off", "messages:off", "turn messages off", "slå beskeder fra", "schalte Nachrichten aus bitte",
        "Nachrichten abstellen", "slutt å sende meg meldinger", "jeg vil ikke ha flere meldinger",
        "ich möchte keine Nachrichten mehr", "jag vill inte ha fler meddelanden", "ikke send meg flere beskeder",
        "I don't want any more reminders", "schreib mir nicht mehr", "do not message me", "keine Erinnerungen mehr",
        "lass mich in Ruhe", "la meg være i fred", "frameld", "stummschalten",
        "meld meg av", "keine Nachrichten mehr, bitte", "unsubscribe from tips", "stop pledge", "off",
    ],
)  # fmt: skip
def test_a_wish_to_stop(typed: str) -> None:
    assert parse(typed, OWN) == Command(STOP)


SIGNS = st.sampled_from(
    [*" .,!?;:'\"()[]*_~`\u201c\u201d\u2018\u2019«»…–—-\u00a0\u2009\u200b\u200d\u2060\ufeff\u00ad", "🙏", "🛑", "❤️"]
)
AROUND = st.lists(SIGNS, max_size=6).map("".join)
COURTESY = st.sampled_from(["", "please ", "/earthweek ", "<@U0BOT> ", "/", "bitte ", "snälla "])
FORMS = st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"])
CASES = st.sampled_from([str, str.upper, str.lower, str.title])


@pytest.mark.thorough
@given(st.sampled_from(STOPS), AROUND, AROUND, COURTESY, FORMS, CASES)
@settings(max_examples=600, deadline=None)
def test_any_decoration_of_stop_opts_out(
    word: str, before: str, after: str, first: str, form: str, case: object
) -> None:
    assert callable(case)
    # Between colons it is the name of an emoji.
    assume(":" not in before or ":" not in after)
    typed = first + before + unicodedata.normalize(form, case(word)) + after  # type: ignore[arg-type]
    assert parse(typed, OWN).route == STOP


@given(st.sampled_from(STOPS))
def test_messages_command_followed_by_stop_opts_out(word: str) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in word)
    assert parse(wide, OWN).route == STOP


@pytest.mark.thorough
@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_whatever_is_typed_is_read(text: str) -> None:
    assert parse(text, OWN).route in COMMANDS
    closest_subcommand(text, OWN)


def test_no_word_stands_for_two_commands() -> None:
    meant: dict[str, set[str]] = {}
    for name in COMMAND_WORDS:
        for word in {name if name in SUBCOMMANDS else "", *OWN.spelled(name)} - {""}:
            meant.setdefault(key(word), set()).add(name)
    assert {word: names for word, names in meant.items() if len(names) > 1} == {}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", COMMAND_WORDS)
def test_every_word_in_the_catalogue_is_understood(language: str, name: str) -> None:
    meant = {"stop": STOP, "leave": STOP, "alone": STOP, "start": START, "resume": RESUME, "pause_off": PAUSE_OFF}.get(
        name, name
    )
    for word in words(language)(f"typed.{name}").split(","):
        assert parse(word, OWN).route == meant, word


def test_every_subcommand_has_a_route() -> None:
    assert {*HELP_COMMANDS, "settings", "organise"} == set(SUBCOMMANDS)
    assert all(parse(name, OWN) == Command(name) for name in SUBCOMMANDS)


@pytest.mark.parametrize(
    ("word", "shown"), [("plegde", "pledge"), ("EartHour", "earthhour"), ("unsubscrbe", "messages off"), ("qqq", None)]
)
def test_the_nearest_command(word: str, shown: str | None) -> None:
    assert closest_subcommand(word, OWN) == shown


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("country to Sweden", "to Sweden"),
        ("pause 2026\u201112\u201101", "2026\u201112\u201101"),
        ("language \u201cNorsk\u201d, please", "\u201cNorsk\u201d"),
        ("country <!channel>", "<!channel>"),
    ],
)
def test_argument_keeps_its_typed_form(typed: str, value: str) -> None:
    assert parse(typed, OWN).argument == value
