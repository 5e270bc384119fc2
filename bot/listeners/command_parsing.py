"""Parses what people type, after the command or in a message to the bot.

People type sentences, in any language of the bot or of the campaign. The command is looked for at the beginning; a wish
to stop messages is looked for anywhere, because it must never be missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from bot.campaign.bot_words import BotWords
from bot.listeners import country_and_language_parsing
from bot.listeners.typed_words import TypedWords, leading
from bot.listeners.word_splitting import Token, key, tokens, written
from bot.slack.manifest import COMMAND

SUBCOMMANDS = (
    "help", "join", "pledge", "done", "my", "standings", "measures", "tip", "earthhour", "idea", "country", "language",
    "messages", "pause", "data", "forget", "settings", "organise",
)  # fmt: skip
"""The subcommands, each the name of a route."""

STOP, START, RESUME, PAUSE_OFF, UNKNOWN = "messages_stop", "messages_on", "resume", "pause_off", "unknown"

_SYNONYMS = {"stop": STOP, "leave": STOP, "alone": STOP, "start": START, "resume": RESUME, PAUSE_OFF: PAUSE_OFF}
"""Words that are no subcommand, and their routes."""

_SHOWN = {STOP: "messages off", START: "messages on", RESUME: "pause off"}

_ONLY_ALONE = ("leave", "alone", "start", "resume", "my")
"""Words that mean little by themselves: they count only where nothing else follows."""

_NAMES = (*SUBCOMMANDS, *_SYNONYMS)
_COURTESY = ("please",)
_MIN_SIMILARITY = 0.6
_CACHED = 8
_MAX_SENTENCE_WORDS = 8
"""Words of the longest sentence in which a wish to stop is looked for; in longer ones the word can mean anything."""


@dataclass(frozen=True)
class Command:
    """The name of a route, and the rest of the text as its argument."""

    route: str
    argument: str = ""


def parse(text: str, known: TypedWords) -> Command:
    """Parse a text. An empty one asks for help, and any sign of a wish to stop counts as one."""
    words = _without_bot_name(tokens(text))
    if not words:
        return Command("help")
    # As typed first, because a command may itself contain a courtesy word.
    for read in (words, known.after(words, *_COURTESY), known.without(words, *_COURTESY)):
        if found := _command(read, known):
            return found
    if _wants_to_stop(text, known):
        return Command(STOP)
    if not (bare := known.without(words, *_COURTESY)):
        return Command("help")
    # Last, and only alone: a person who types nothing but "Deutsch" wants that language.
    if _joined(known.without(bare, "to", *_COURTESY)) in country_and_language_parsing.language_keys(known.languages):
        return Command("language", written(bare))
    return Command(UNKNOWN, written(bare))


def closest_subcommand(word: str, known: TypedWords) -> str | None:
    """Find the subcommand that was probably meant."""
    routes = {found: _SYNONYMS.get(name, name) for found, name in _names(known).items()}
    found = next(iter(get_close_matches(key(word), list(routes), n=1, cutoff=_MIN_SIMILARITY)), None)
    route = routes[found] if found else None
    return _SHOWN.get(route, route) if route else None


def doubled(texts: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield the words of a campaign's language that stand under two commands: the word, what it means, and the other.

    Words that mean something in one of the bot's own languages are among them.
    """
    meant = dict(_names(TypedWords(BotWords())))
    for name in _NAMES:
        for word in filter(key, texts.get(f"typed.{name}", "").split(",")):
            if (other := meant.setdefault(key(word), name)) != name:
                yield word.strip(), other, name


def _without_bot_name(words: list[Token]) -> list[Token]:
    """Drop the bot's own name from the beginning."""
    name = key(COMMAND)
    rests = (rest for found, rest in leading(words) if found == name)
    return next(rests, words)


def _command(words: list[Token], known: TypedWords) -> Command | None:
    for found, rest in leading(words):
        name = _names(known).get(found)
        if name in _ONLY_ALONE and (more := known.without(rest, *_COURTESY, "to", "messages")):
            # As in "cancel my pledge".
            return _command(more, known)
        if name:
            return _with_value(name, rest, known)
    return None


def _with_value(name: str, rest: list[Token], known: TypedWords) -> Command:
    if name in _SYNONYMS:
        return Command(_SYNONYMS[name])
    about, phrases = known.without(rest, *_COURTESY), known.phrases
    joined = _joined(about)
    if name == "messages" and joined in phrases("off") | phrases("stop") | phrases("alone"):
        return Command(STOP)
    if name == "messages" and joined in phrases("on"):
        return Command(START)
    if name == "pause" and joined in phrases("off") | phrases("resume"):
        return Command(PAUSE_OFF)
    return Command(name, written(about or rest))


def _wants_to_stop(text: str, known: TypedWords) -> bool:
    """Return whether a sentence asks for an end to messages, and does not say the opposite."""
    # Words may be separated by a full stop alone, as in "no.stop".
    words = tokens("".join(sign if sign.isalnum() or sign in "'\u2019" else " " for sign in text))
    if len(words) > _MAX_SENTENCE_WORDS:
        return False
    says_stop = any(
        found in known.phrases("stop_within") for place in range(len(words)) for found, _ in leading(words[place:])
    )
    # "Do not stop" is no wish to stop, and "no messages" is one: a negation turns the sentence round.
    if any(word.key in known.phrases("not") | known.phrases("none") for word in words):
        return not says_stop and _wants_none(words, known)
    return says_stop or _turns_off(known.without(words, *_COURTESY), known)


def _wants_none(words: list[Token], known: TypedWords) -> bool:
    """Return whether a negation is about messages, as in "I do not want any more messages" or "do not write to me"."""
    keys = {word.key for word in words}
    return sum(not keys.isdisjoint(known.phrases(name)) for name in ("messages", "want", "me")) > 1


def _turns_off(words: list[Token], known: TypedWords) -> bool:
    """Return whether a sentence ends like "turn messages off"."""
    about, off = words[-2:-1], words[-1:]
    says_messages = any(word.key in known.phrases("messages") for word in about)
    return says_messages and any(word.key in known.phrases("off") for word in off)


def _joined(words: list[Token]) -> str:
    return "".join(token.key for token in words)


@lru_cache(_CACHED)
def _names(known: TypedWords) -> Mapping[str, str]:
    """Return the subcommands by the keys of everything that people may type for them."""
    found: dict[str, str] = {}
    # The bot's own words first: those of a campaign take none of them away.
    for spelled in (TypedWords(BotWords()).spelled, known.spelled):
        for name in _NAMES:
            # The English names work in every language: they stand in documentation and in screenshots.
            for word in (name, *spelled(name)):
                found.setdefault(key(word), name)
    return found
