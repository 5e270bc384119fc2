"""Writes the file in which a campaign has the bot's own words in a new language, for a translator to fill in."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping

from babel import Locale

from bot.campaign.bot_words import Sentence, Vocabulary, plural_forms

_HEAD = """\
# The bot's own words in {name} ({language}). What your campaign says is in posts/ and pledges/.
#
# How to translate:
# - Write between the quotes:  "button.join" = "…"
#   What is left empty ("") is not translated yet. Lines that begin with # are notes, and the bot does not read them.
# - The English words stand above, after "en:". They need not be followed word for word: write as a friendly colleague
#   would say it, short and warm, with one word for one thing throughout.
# - {{words in braces}} are filled in by the bot: keep each exactly as it is. It may stand anywhere in the sentence.
#   Names of countries, dates and numbers do not change their endings: build the sentence around them, if need be with
#   a colon, such as "Country: {{country}}".
# - What stands between ` ` is typed by people: leave it as it is. * * makes bold and _ _ italic: keep the signs.
# - Straight quotes inside a text would end it: use your language's own quotation marks.
# - Some texts have little room; the note above says how many characters.
# - Names that begin with "typed." hold words that people type, parted by commas. Write what people would try in your
#   language, as many as you like; they need not be translations. No word may stand under two of those names
#   that are commands.
{plural}#
# After a change, run:  earthweek check --campaign {campaign}
# It names what does not fit. `earthweek words {language} --campaign {campaign}` adds what is new since then.
"""

_PLURAL_HEAD = """\
# - Sentences with a number come in the forms of your language:
"""

_GONE = "# The bot no longer has these. They can be deleted."
_NOTE = "# "


def write(language: str, vocabulary: Vocabulary, given: Mapping[str, str], campaign: str) -> str:
    """Return the file with every sentence, filled in where a translation is given.

    What is given and no sentence of the bot comes last, as notes, so that nobody's work is lost.
    """
    known = vocabulary.by_key(language)
    gone = [f"{_NOTE}{_entry(key, text)}" for key, text in given.items() if key not in known and text.strip()]
    parts = [_head(language, campaign), *(_part(language, sentence, given) for sentence in vocabulary.sentences)]
    if gone:
        parts.append("\n".join([_GONE, *gone, ""]))
    return "\n".join(parts)


def noted(text: str) -> dict[str, str]:
    """Return the translations that a file has as notes at its end, because the bot had no use for them."""
    _, _, notes = text.partition(f"{_GONE}\n")
    lines = (line.removeprefix(_NOTE) for line in notes.splitlines())
    try:
        return {key: str(value) for key, value in tomllib.loads("\n".join(lines)).items()}
    except tomllib.TOMLDecodeError:
        # Somebody has written something else there.
        return {}


def _head(language: str, campaign: str) -> str:
    locale = Locale.parse(language, sep="-")
    name = locale.get_display_name("en") or language
    return _HEAD.format(name=name, language=language, campaign=campaign, plural=_plural(language))


def _plural(language: str) -> str:
    lines = (f'#   "….{form}" for {_numbers(numbers)}\n' for form, numbers in plural_forms(language).items())
    return _PLURAL_HEAD + "".join(lines)


def _numbers(numbers: tuple[int, ...]) -> str:
    return ", ".join([*map(str, numbers), *(["…"] if len(numbers) > 1 else [])])


def _part(language: str, sentence: Sentence, given: Mapping[str, str]) -> str:
    return "\n".join([*_notes(sentence), *(_entry(key, given.get(key, "")) for key in sentence.keys(language)), ""])


def _notes(sentence: Sentence) -> Iterator[str]:
    yield from (f"{_NOTE}{line}" for line in sentence.note.splitlines())
    if sentence.longest:
        yield f"{_NOTE}At most {sentence.longest} characters."
    labels = ("en, for 1: ", "en, for 2: ") if sentence.is_counted else ("en: ",)
    yield from (f"{_NOTE}{label}{text}" for label, text in zip(labels, sentence.texts, strict=True))


def _entry(key: str, text: str) -> str:
    return f'"{key}" = {_quoted(text)}'


def _quoted(text: str) -> str:
    """Write a text as TOML does, on one line and without escapes for letters."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
