from __future__ import annotations

import pytest

from bot.campaign.bot_words import file_of, nearest, plural_forms
from bot.locales.catalogues import vocabulary
from tests.campaigns import Folder

FILE = "words/fi.toml"


@pytest.fixture
def finnish(folder: Folder) -> Folder:
    """The small campaign, in Finnish in place of Swedish."""
    for file in [each for each in folder.files if "/sv." in each]:
        folder.write(file.replace("/sv.", "/fi."), folder.text(file))
        (folder.root / file).unlink()
    plan = folder.text("campaign.toml").replace("\nsv =", "\nfi =").replace('"sv"', '"fi"')
    folder.write("campaign.toml", plan)
    return folder


def brought(folder: Folder, *lines: str) -> list[str]:
    folder.write(FILE, "\n".join(lines))
    return folder.errors()


def test_translated_words_are_part_of_the_campaign(finnish: Folder) -> None:
    assert brought(finnish, '"button.join" = "Tule mukaan"', '"button.pledge" = ""') == []
    assert finnish.campaign().bot_words.by_language == {"fi": {"button.join": "Tule mukaan"}}


def test_without_a_file_one_line_names_the_command(finnish: Folder) -> None:
    line = finnish.at("campaign.toml", "languages =")
    (warning,) = [each for each in finnish.warnings() if "words of its own" in each]
    assert warning.startswith(
        f"{line}: the bot has no words of its own in 'fi', so its buttons and forms are in English"
    )
    assert warning.endswith(f"run `earthweek words fi --campaign {finnish.root}` and translate what is empty")


def test_missing_words_are_counted_in_one_line(finnish: Folder) -> None:
    total = len(vocabulary().by_key("fi"))
    brought(finnish, '"join.welcome" = "Tervetuloa."', '"trouble.join_first" = "  "')
    (warning,) = [each for each in finnish.warnings() if each.startswith(FILE)]
    assert f"{FILE}:1: {total - 1} of the bot's {total} words are missing" in warning
    assert "the first is 'trouble.join_first'" in warning


def test_of_its_own_languages_nothing_is_missing(folder: Folder) -> None:
    folder.write("words/sv.toml", '"button.join" = "Häng på"')
    assert not [each for each in folder.warnings() if "words" in each]
    assert folder.campaign().bot_words.by_language["sv"] == {"button.join": "Häng på"}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (
            '"country.changed" = "Maa: {maa}"',
            "`country.changed` has {maa}; keep exactly {country}",
        ),
        ('"country.changed" = "Maa"', "`country.changed` has nothing to fill in; keep exactly {country}"),
        ('"settings.saved" = "{x}"', "`settings.saved` has {x}; take it away: braces are for {names}"),
        (
            '"country.changed" = "{country!r}"',
            "`country.changed` has {country!r}; keep exactly {country}",
        ),
        (
            '"settings.saved" = "Ok}"',
            "`settings.saved` has a brace that stands alone; take it away: braces are for {names}",
        ),
        (
            f'"button.join" = "{"a" * 31}"',
            "`button.join` has 31 characters, and there is room for 30; shorten it",
        ),
        (
            f'"form.join.title" = "{"a" * 25}"',
            "`form.join.title` has 25 characters, and there is room for 24; shorten it",
        ),
        ('"button.join" = 1', '`button.join` is no text; write the whole name in quotes: "button.join" = "…"'),
        ('button.join = "Mukaan"', '`button` is no text; write the whole name in quotes: "button.join" = "…"'),
    ],
)
def test_what_does_not_fit_is_an_error(finnish: Folder, line: str, problem: str) -> None:
    assert brought(finnish, "# a note", line) == [f"{FILE}:2: {problem}"]


def test_plural_forms_are_checked_one_by_one(finnish: Folder) -> None:
    found = brought(finnish, '"my.count.one" = "Yksi"', '"my.count.other" = "{count} lupausta"')
    assert found == [f"{FILE}:1: `my.count.one` has nothing to fill in; keep exactly {{count}}"]


def test_unknown_names_are_warned_of(finnish: Folder) -> None:
    assert brought(finnish, '"button.joim" = "Mukaan"', '"xyz" = "Z"', '"my.count.few" = "{count}"') == []
    found = [each for each in finnish.warnings() if "no words named" in each]
    assert found[0] == f"{FILE}:1: the bot has no words named 'button.joim'; did you mean 'button.join'?"
    assert found[1].endswith("'xyz'; take the line away")
    assert "my.count.few" in found[2]


def test_words_of_another_language_wait_until_it_is_there(folder: Folder) -> None:
    folder.write(file_of("pl"), '"button.join" = "Dołącz {x}"')
    assert folder.errors() == []
    assert not [each for each in folder.warnings() if "words" in each]
    assert folder.campaign().bot_words.by_language == {}


def test_file_of_no_language_is_warned_of(folder: Folder) -> None:
    folder.write("words/finnish.toml", '"button.join" = "Mukaan"')
    assert (
        "words/finnish.toml:1: there is no language 'finnish'; name the file after its code, such as fi.toml"
        in folder.warnings()
    )


def test_other_files_in_the_folder_are_left_alone(folder: Folder) -> None:
    folder.write("words/notes.md", "Who translates what")
    assert not [each for each in folder.warnings() if "words" in each]


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("fi", {"one": (1,), "other": (0, 2, 3, 4)}),
        ("pl", {"one": (1,), "few": (2, 3, 4, 22), "many": (0, 5, 6, 7)}),
        ("fr", {"one": (0, 1), "other": (2, 3, 4, 5)}),
        ("ja", {"other": (0, 1, 2, 3)}),
        ("pt-BR", {"one": (0, 1), "other": (2, 3, 4, 5)}),
    ],
)
def test_plural_forms_are_those_of_cldr(language: str, forms: dict[str, tuple[int, ...]]) -> None:
    assert plural_forms(language) == forms


@pytest.mark.parametrize(
    ("language", "found"), [("nn-NO", "nb"), ("no", "nb"), ("de-AT", "de"), ("de_AT", "de"), ("fi", None), ("", None)]
)
def test_a_related_language_is_the_nearest(language: str, found: str | None) -> None:
    assert nearest(language, ("de", "nb")) == found
