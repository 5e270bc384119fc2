from __future__ import annotations

import tomllib

from bot.campaign.bot_words import Sentence, Vocabulary, missing
from bot.locales.catalogues import vocabulary
from bot.locales.words_file import noted, write
from tests.campaigns import SHIPPED

SMALL = Vocabulary(
    (
        Sentence("button.join", ("Join",), "A button.\nIt is pressed."),
        Sentence("my.count", ("{count} pledge", "{count} pledges")),
        Sentence("line.theme", ("Theme: {theme}",)),
    ),
    ("en",),
)


def written(language: str, **given: str) -> str:
    """The file without what stands above its first entry."""
    text = write(language, SMALL, {key.replace("__", "."): value for key, value in given.items()}, "my-week")
    return text[text.index("\n\n") + 2 :]


def test_english_words_and_notes_stand_above_each_name() -> None:
    assert written("fi") == (
        "# A button.\n# It is pressed.\n# At most 30 characters.\n# en: Join\n"
        '"button.join" = ""\n\n'
        "# en, for 1: {count} pledge\n# en, for 2: {count} pledges\n"
        '"my.count.one" = ""\n"my.count.other" = ""\n\n'
        '# en: Theme: {theme}\n"line.theme" = ""\n'
    )


def test_plural_forms_follow_the_language() -> None:
    keys = list(tomllib.loads(write("pl", SMALL, {}, "my-week")))
    assert keys == ["button.join", "my.count.one", "my.count.few", "my.count.many", "line.theme"]
    assert '"….few" for 2, 3, 4, 22, …' in write("pl", SMALL, {}, "my-week")


def test_translations_are_kept_as_they_are() -> None:
    given = {"button.join": 'Tule "mukaan"\n\\ täältä', "my.count.one": "{count} lupaus"}
    assert tomllib.loads(write("fi", SMALL, given, "my-week")) == {
        "button.join": given["button.join"],
        "my.count.one": "{count} lupaus",
        "my.count.other": "",
        "line.theme": "",
    }


def test_gone_words_become_notes_at_the_end() -> None:
    text = written("fi", button__old="Vanha\nteksti", button__empty="", line__theme="Teema: {theme}")
    assert text.endswith(
        '"line.theme" = "Teema: {theme}"\n\n'
        '# The bot no longer has these. They can be deleted.\n# "button.old" = "Vanha\\nteksti"\n'
    )
    assert noted(text) == {"button.old": "Vanha\nteksti"}


def test_other_notes_at_the_end_are_no_translations() -> None:
    assert noted(f"{written('fi', button__old='Vanha')}\n# Ask Helmi.") == {}
    assert noted(written("fi")) == {}


def test_the_head_names_language_and_commands() -> None:
    text = write("fi", SMALL, {}, "campaigns/my-week")
    assert text.startswith("# The bot's own words in Finnish (fi).")
    assert "earthweek check --campaign campaigns/my-week" in text
    assert "`earthweek words fi --campaign campaigns/my-week`" in text


def test_the_shipped_finnish_file_is_complete() -> None:
    """And it is as the command writes it, with the English words of today beside."""
    text = (SHIPPED / "words" / "fi.toml").read_text("utf-8")
    given = tomllib.loads(text)
    assert missing(vocabulary(), "fi", given) == []
    assert write("fi", vocabulary(), given, "campaigns/earth-week-2027") == text


def test_every_word_of_the_bot_is_in_the_file() -> None:
    found = tomllib.loads(write("pl", vocabulary(), {}, "my-week"))
    assert missing(vocabulary(), "pl", found) == list(found)
    assert len(found) > 800
