"""The bot's own words in a language that it does not speak by itself: `words/fi.toml` in a campaign's folder."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from string import Formatter

from babel import Locale, UnknownLocaleError

from bot.campaign import toml
from bot.campaign.folder import Folder
from bot.campaign.problems import Problems

FOLDER = "words"

_COUNTED = 1000
"""Numbers whose plural forms are asked for. A few languages have a form of its own for a million."""

_EXAMPLES = 4
_NORWEGIAN = {"no": "nb", "nn": "nb"}
"""Slack says `no-NO` for Norwegian, and readers of Nynorsk read Bokmål more easily than English."""

_LIMITS = (
    (re.compile(r"button\..*|withdraw\.(yes|no)"), 30),
    (re.compile(r"form\.(.*[._])?(title|submit|close|cancel)"), 24),
    (re.compile(r"standings\.chart"), 50),
    (re.compile(r"standings\.series"), 20),
    (re.compile(r"obstacle\..*|form\..*_yes|form\.join\.(another_country|not_said)|form\.plan\.own"), 75),
)
"""Characters for which there is room, by the names of sentences: a phone cuts longer buttons, and Slack refuses the
rest."""


@dataclass(frozen=True)
class Sentence:
    """One of the bot's own sentences in English, with a note for translators.

    `texts` has one text, or for a sentence with a number the one for 1 and the one for more.
    """

    name: str
    texts: tuple[str, ...]
    note: str = ""

    @property
    def is_counted(self) -> bool:
        """True if the sentence has plural forms."""
        return len(self.texts) > 1

    @property
    def longest(self) -> int | None:
        """The most characters that there is room for, if there is a limit."""
        return next((limit for names, limit in _LIMITS if names.fullmatch(self.name)), None)

    def keys(self, language: str) -> tuple[str, ...]:
        """Return the keys under which a language's file has it: its name, or one for each plural form."""
        return tuple(f"{self.name}.{form}" for form in plural_forms(language)) if self.is_counted else (self.name,)


@dataclass(frozen=True)
class Vocabulary:
    """The bot's own sentences in English, in the order in which they are translated, and the languages it speaks."""

    sentences: tuple[Sentence, ...]
    languages: tuple[str, ...]

    def by_key(self, language: str) -> dict[str, Sentence]:
        """Return the sentences by the keys of a language's file."""
        return {key: sentence for sentence in self.sentences for key in sentence.keys(language)}


@dataclass(frozen=True)
class BotWords:
    """The words that a campaign brings for the bot, by language and by key."""

    by_language: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __hash__(self) -> int:
        # Catalogues are cached by it. Hashing all of its words at each look-up would take longer than the look-up.
        return hash(tuple((language, len(texts)) for language, texts in self.by_language.items()))


def nearest(language: str, supported: Collection[str]) -> str | None:
    """Find a language or a related one, such as Bokmål for Nynorsk, among those that are supported."""
    # Campaigns write `de-AT`, Babel `de_AT`.
    base = language.replace("-", "_").split("_")[0]
    return next((code for code in (language, base, _NORWEGIAN.get(base)) if code in supported), None)


@cache
def plural_forms(language: str) -> Mapping[str, tuple[int, ...]]:
    """Return CLDR's names of a language's plural forms, with some of the numbers that each is for."""
    rule = _locale(language).plural_form
    forms: dict[str, list[int]] = {}
    # From 1 on, so that the form for one comes first.
    for number in (*range(1, _COUNTED), 0):
        forms.setdefault(rule(number), []).append(number)
    return {form: tuple(sorted(numbers)[:_EXAMPLES]) for form, numbers in forms.items()}


def _locale(language: str) -> Locale:
    # A code that is none is an error of its own, at `languages`.
    return Locale.parse(language, sep="-") if _is_language(language) else Locale("en")


def _is_language(code: str) -> bool:
    try:
        Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


def file_of(language: str) -> str:
    """Return the path of a language's file within the campaign's folder."""
    return f"{FOLDER}/{language}.toml"


def missing(vocabulary: Vocabulary, language: str, given: Mapping[str, str]) -> list[str]:
    """Return the keys that a language's file does not have, or leaves empty."""
    return [key for key in vocabulary.by_key(language) if not given.get(key, "").strip()]


def read_bot_words(folder: Folder, languages: Collection[str], vocabulary: Vocabulary, problems: Problems) -> BotWords:
    """Read the words that the campaign brings, and say what is missing in the languages that need them."""
    found: dict[str, Mapping[str, str]] = {}
    for path in folder.listing(FOLDER):
        if path.suffix != ".toml":
            continue
        language, name = path.stem, folder.name(file_of(path.stem))
        if not _is_language(language):
            problems.warn(
                name, 1, f"there is no language {language!r}", "name the file after its code, such as fi.toml"
            )
        # Words of a language that the campaign does not have yet wait until it does.
        elif language in languages and (texts := _read_file(folder, language, vocabulary, problems)):
            found[language] = texts
    return BotWords(found)


def _read_file(folder: Folder, language: str, vocabulary: Vocabulary, problems: Problems) -> dict[str, str]:
    raw = folder.read(file_of(language), problems, "put the file itself here")
    document = toml.parse(folder.name(file_of(language)), raw, problems) if raw is not None else None
    if document is None:
        return {}
    known = vocabulary.by_key(language)
    texts = texts_of(document)
    for key, text in texts.items():
        if key not in known:
            document.warn((key,), f"the bot has no words named {key!r}", _advice(key, known))
        elif text.strip():
            _check(document, key, text, known[key])
    return {key: text for key, text in texts.items() if key in known and text.strip()}


def texts_of(document: toml.Document) -> dict[str, str]:
    """Return the texts of a file by their keys, and report what is no text."""
    for key, text in document.data.items():
        if not isinstance(text, str):
            document.error((key,), f"`{key}` is no text", f'write the whole name in quotes: "{_name(key, text)}" = "…"')
    return {key: text for key, text in document.data.items() if isinstance(text, str)}


def _name(key: str, value: object) -> str:
    """Return the name that was meant by one without quotes: TOML reads `button.join` as a table in a table."""
    inner = next(iter(value), "") if isinstance(value, dict) else ""
    return f"{key}.{inner}" if inner else key


def _advice(key: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    return f"did you mean {near[0]!r}?" if near else "take the line away"


def _check(document: toml.Document, key: str, text: str, sentence: Sentence) -> None:
    wanted = set(placeholders(sentence.texts[-1]))
    try:
        found = set(placeholders(text))
    except ValueError:
        document.error((key,), f"`{key}` has a brace that stands alone", "take it away: braces are for {names}")
        return
    if found != wanted:
        todo = f"keep exactly {', '.join(sorted(wanted))}" if wanted else "take it away: braces are for {names}"
        document.error((key,), f"`{key}` has {', '.join(sorted(found)) or 'nothing to fill in'}", todo)
    if sentence.longest and len(text) > sentence.longest:
        what = f"`{key}` has {len(text)} characters, and there is room for {sentence.longest}"
        document.error((key,), what, "shorten it")


def placeholders(text: str) -> Iterator[str]:
    """Yield what is filled into a text, such as {count}.

    Raises:
        ValueError: A brace stands alone.
    """
    for _, name, form, conversion in Formatter().parse(text):
        if name is not None:
            yield "{" + name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "") + "}"


def warn_of_missing(
    document: toml.Document, languages: Collection[str], vocabulary: Vocabulary, given: BotWords, folder: Folder
) -> None:
    """Warn, in one line a language, of words that people would read in English."""
    for language in languages:
        if nearest(language, vocabulary.languages):
            continue
        todo = f"run `earthweek words {language} --campaign {folder.root.as_posix()}` and translate what is empty"
        texts = given.by_language.get(language)
        if texts is None:
            what = f"the bot has no words of its own in {language!r}, so its buttons and forms are in English there"
            document.warn(("languages",), what, todo)
        elif keys := missing(vocabulary, language, texts):
            count = f"{len(keys)} of the bot's {len(vocabulary.by_key(language))} words"
            what = f"{count} are missing, and in English for those who read {language!r}; the first is {keys[0]!r}"
            document.problems.warn(folder.name(file_of(language)), 1, what, todo)
