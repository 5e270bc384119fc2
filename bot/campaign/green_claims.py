"""Environmental claims in texts for customers and users, which Directive (EU) 2024/825 forbids or limits.

Messages among colleagues are no commercial practice and are not looked at. What must not be said, in each language, is
in `claims_words.toml`. A list finds words, not meaning: what it finds may be lawful where the text says exactly what is
meant, and what it does not find need not be lawful.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from bot.campaign.normalized_text import PlainText, plain_text

WORDS_FILE = "claims_words.toml"
ACCURACY = "accuracy"
"""The rule for kilograms that stand alone."""

_NYNORSK = {"nn": "nb", "no": "nb"}
"""Readers of one form of Norwegian read the other, and the list for Bokmål has the words of both."""

_BLANK = "\x00"
_SPELLINGS = {
    "ä": "(?:ä|ae|a)",
    "å": "(?:å|aa|a)",
    "æ": "(?:æ|ae|ä)",
    "ö": "(?:ö|oe|o)",
    "ø": "(?:ø|oe|ö|o)",
    "ü": "(?:ü|ue|u)",
    "ß": "(?:ß|ss)",
}
"""Letters as they are written on a keyboard that does not have them."""


class ClaimSeverity(StrEnum):
    """The weight of a claim: never allowed, only where the text says what is meant, or for a person to judge."""

    BAN = "ban"
    UNLESS_SPECIFIED = "ban unless specified"
    CHECK = "check"


@dataclass(frozen=True)
class Claim:
    """A claim in a text, as it was written, where it begins, and what to write instead in the text's language."""

    words: str
    why: str
    instead: str
    rule: str
    severity: ClaimSeverity
    position: int

    @property
    def is_refused(self) -> bool:
        """True if nothing with it may leave the house. The others are for a person to look at."""
        return self.severity is not ClaimSeverity.CHECK


def has_list(language: str) -> bool:
    """Return whether texts in a language can be looked through."""
    return _base(language) in _lists()


# The same texts are read again and again while somebody edits a campaign.
@lru_cache(maxsize=4096)
def claims_in(text: str, language: str, *, is_sourced: bool = False) -> tuple[Claim, ...]:
    """Return the claims in a text, in the order in which they stand there; none in a language without a list.

    `is_sourced` says that the text stands beside the source of its figures, such as a tip or a measured value. Without
    one, each kilogram of CO2 needs "colleagues estimate", a measurement, or a source in its own sentence.
    """
    words = _lists().get(_base(language))
    if words is None:
        return ()
    plain = plain_text(text)
    # Names of goals and of public labels say what they say in law.
    searched = words.allowed.sub(lambda found: _BLANK * len(found[0]), plain.text)
    found = [*_by_words(searched, words), *([] if is_sourced else _kilograms(plain, words))]
    return tuple(_claim(each, plain, words) for each in _apart(found))


@dataclass(frozen=True)
class _Found:
    """The place of a claim in the text as it is searched."""

    rule: str
    start: int
    end: int


@dataclass(frozen=True)
class _Rule:
    severity: ClaimSeverity
    why: str


@dataclass(frozen=True)
class _List:
    """The words of a language: what is forbidden, by rule, and how kilograms are written."""

    allowed: re.Pattern[str]
    forbidden: Mapping[str, re.Pattern[str]]
    instead: Mapping[str, str]
    mass: re.Pattern[str]
    bare_mass: re.Pattern[str]
    equation: re.Pattern[str]
    about_carbon: re.Pattern[str]
    colleagues: re.Pattern[str]
    estimate: re.Pattern[str]
    measured: re.Pattern[str]


def _by_words(text: str, words: _List) -> Iterator[_Found]:
    for rule, pattern in words.forbidden.items():
        for found in pattern.finditer(text):
            yield _Found(rule, *found.span())


def _kilograms(plain: PlainText, words: _List) -> Iterator[_Found]:
    """Yield the masses of CO2 that neither colleagues have estimated nor anybody has measured."""
    for start, end in plain.sentences():
        said = plain.text[start:end]
        if words.measured.search(said) or (words.colleagues.search(said) and words.estimate.search(said)):
            continue
        patterns = [words.mass]
        if words.about_carbon.search(said):
            patterns.append(words.bare_mass)
        for pattern in patterns:
            for found in pattern.finditer(said):
                if not words.equation.match(said, found.start()):
                    yield _Found(ACCURACY, start + found.start(), start + found.end())


def _apart(found: Iterable[_Found]) -> list[_Found]:
    """Return one claim a place: the heaviest, then the longest."""
    order = tuple(ClaimSeverity)
    kept: list[_Found] = []
    for each in sorted(found, key=lambda one: (order.index(_rules()[one.rule].severity), one.start - one.end)):
        if not any(each.start < other.end and other.start < each.end for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda one: one.start)


def _claim(found: _Found, plain: PlainText, words: _List) -> Claim:
    rule = _rules()[found.rule]
    said = plain.original(found.start, found.end)
    return Claim(said, rule.why, words.instead[found.rule], found.rule, rule.severity, plain.position(found.start))


def _base(language: str) -> str:
    base = language.replace("_", "-").split("-")[0].lower()
    return _NYNORSK.get(base, base)


@cache
def _file() -> Mapping[str, Any]:
    return tomllib.loads((resources.files(__package__) / WORDS_FILE).read_text(encoding="utf-8"))


@cache
def _rules() -> Mapping[str, _Rule]:
    return {name: _Rule(ClaimSeverity(rule["severity"]), rule["why"]) for name, rule in _file()["rules"].items()}


@cache
def _lists() -> Mapping[str, _List]:
    return {language: _read(table) for language, table in _file().items() if language != "rules"}


def _read(table: Mapping[str, Any]) -> _List:
    said = table["kilograms"]
    mass = rf"(?:\d(?:[\d., ]*\d)?[ -]?|(?<!\w){said['article']}[ -]){said['unit']}"
    carbon = f"{mass}[ -]{said['carbon']}"
    return _List(
        allowed=_pattern(*table["allowed"]),
        forbidden={rule: _pattern(*words) for rule, words in table["words"].items()},
        instead=table["instead"],
        mass=_pattern(carbon),
        # Not before another noun: twelve kilograms of apples are no CO2.
        bare_mass=_pattern(rf"{mass}(?=\W*$|[.,;:!?)]| {said['follows']}(?!\w))"),
        equation=_pattern(rf"1[ -]?{said['unit']}(?: {said['carbon']})? {said['equals']}"),
        about_carbon=_pattern(said["context"]),
        colleagues=_pattern(said["colleagues"]),
        estimate=_pattern(said["estimate"]),
        measured=re.compile(f"{_pattern(said['measured']).pattern}|{said['source']}", re.IGNORECASE),
    )


def _pattern(*alternatives: str) -> re.Pattern[str]:
    """Compile alternatives of whole words, with each way to write their umlauts."""
    spelled = "".join(_SPELLINGS.get(letter, letter) for letter in "|".join(alternatives))
    return re.compile(rf"(?<!\w)(?:{spelled})(?!\w)", re.IGNORECASE)
