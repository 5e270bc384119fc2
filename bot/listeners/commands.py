"""From what somebody typed to what they ask for."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from bot.listeners import place_names
from bot.listeners.tokens import Token, after, key, leading, phrases, spelled, tokens, without, written
from bot.slack.manifest import COMMAND

SUBCOMMANDS = (
    "help", "join", "pledge", "done", "my", "standings", "tip", "earthhour", "idea", "country", "language", "messages",
    "pause", "data", "forget", "settings",
)  # fmt: skip
"""What may follow the command; each is the name of an errand."""

STOP, START, RESUME, PAUSE_OFF, UNKNOWN = "messages_stop", "messages_on", "resume", "pause_off", "unknown"

_OTHERS = {"stop": STOP, "leave": STOP, "alone": STOP, "start": START, "resume": RESUME, PAUSE_OFF: PAUSE_OFF}
"""Words that are no subcommand, and the errand that they ask for."""

_SHOWN = {STOP: "messages off", START: "messages on", RESUME: "pause off"}

_WHOLE = ("leave", "alone", "start", "resume", "my")
"""These say little: they count only where nothing else is said."""

_NAMES = (*SUBCOMMANDS, *_OTHERS)
_COURTESY = ("please",)
_LIKE = 0.6
_SENTENCE = 8
"""Words of a sentence in which the wish to stop is looked for; in a longer one the word may mean anything."""


@dataclass(frozen=True)
class Command:
    """The errand, and what it is about as it was typed."""

    route: str
    argument: str = ""


def parse(text: str) -> Command:
    """What is asked for. Nothing is `help`; whoever may want to stop is taken to want it."""
    words = _addressed(tokens(text))
    if not words:
        return Command("help")
    for read in (words, after(words, *_COURTESY), without(words, *_COURTESY)):
        if found := _command(read):
            return found
    if _wants_to_stop(text):
        return Command(STOP)
    if not (bare := without(words, *_COURTESY)):
        return Command("help")
    if _joined(without(bare, "to", *_COURTESY)) in place_names.spoken():
        return Command("language", written(bare))
    return Command(UNKNOWN, written(bare))


def closest_subcommand(word: str) -> str | None:
    """The subcommand that was probably meant."""
    found = next(iter(get_close_matches(key(word), list(_known()), n=1, cutoff=_LIKE)), None)
    errand = _known()[found] if found else None
    return _SHOWN.get(errand, errand) if errand else None


def _addressed(words: list[Token]) -> list[Token]:
    """The words without the bot's own name before them."""
    name = key(COMMAND)
    rests = (rest for found, rest in leading(words) if found == name)
    return next(rests, words)


def _command(words: list[Token]) -> Command | None:
    for found, rest in leading(words):
        name = _names().get(found)
        if name in _WHOLE and (more := without(rest, *_COURTESY, "to", "messages")):
            # As in: cancel my pledge.
            return _command(more)
        if name:
            return _with_value(name, rest)
    return None


def _with_value(name: str, rest: list[Token]) -> Command:
    if name in _OTHERS:
        return Command(_OTHERS[name])
    about = without(rest, *_COURTESY)
    joined = _joined(about)
    if name == "messages" and joined in phrases("off") | phrases("stop") | phrases("alone"):
        return Command(STOP)
    if name == "messages" and joined in phrases("on"):
        return Command(START)
    if name == "pause" and joined in phrases("off") | phrases("resume"):
        return Command(PAUSE_OFF)
    return Command(name, written(about or rest))


def _wants_to_stop(text: str) -> bool:
    """Whether a sentence that is no command says so, and does not say that it is not so."""
    # What is parted by nothing but a stop is parted here.
    words = tokens("".join(sign if sign.isalnum() or sign in "'\u2019" else " " for sign in text))
    if len(words) > _SENTENCE:
        return False
    says_stop = any(
        found in phrases("stop_within") for place in range(len(words)) for found, _ in leading(words[place:])
    )
    if any(word.key in phrases("not") | phrases("none") for word in words):
        return not says_stop and _wants_none(words)
    return says_stop or _turns_off(without(words, *_COURTESY))


def _wants_none(words: list[Token]) -> bool:
    """Whether what is not to be is messages, as in: I do not want any more messages; do not write to me."""
    keys = {word.key for word in words}
    return sum(not keys.isdisjoint(phrases(name)) for name in ("messages", "want", "me")) > 1


def _turns_off(words: list[Token]) -> bool:
    """Whether a sentence ends so, as in: turn messages off."""
    about, off = words[-2:-1], words[-1:]
    return any(word.key in phrases("messages") for word in about) and any(word.key in phrases("off") for word in off)


def _joined(words: list[Token]) -> str:
    return "".join(token.key for token in words)


@cache
def _names() -> dict[str, str]:
    """What stands under which name, by its key; the subcommands themselves among them."""
    return {key(word): name for name in _NAMES for word in (name, *spelled(name))}


@cache
def _known() -> dict[str, str]:
    return {found: _OTHERS.get(name, name) for found, name in _names().items()}
