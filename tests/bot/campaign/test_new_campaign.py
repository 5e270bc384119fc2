"""The files of a new campaign, made from those of another one."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

from bot.campaign.new_campaign import NewCampaign, is_in_one_language, make_new
from bot.campaign.new_schedule import Wanted
from tests.campaigns import Folder, shipped

TIP = "posts/tip/en.md"


def made_from(folder: Folder, countries: str = "SE NO", languages: str = "en sv") -> NewCampaign:
    files = {file: folder.text(file) for file in folder.files}
    return make_new(files, folder.campaign(), Wanted(2028, countries.split(), languages.split()))


def unchanged(folder: Folder, made: NewCampaign) -> list[str]:
    return [file for file, text in made.files.items() if file in folder.files and folder.text(file) == text]


def languages_of(made: NewCampaign, folder: str) -> Sequence[str]:
    return sorted(file.removeprefix(f"{folder}/") for file in made.files if file.startswith(f"{folder}/"))


def test_words_stay_as_they_are(folder: Folder) -> None:
    made = made_from(folder)
    assert sorted(made.files) == folder.files
    assert unchanged(folder, made) == [file for file in made.files if file != "campaign.toml"]
    assert (made.unknown, made.dropped) == ({}, [])


def test_new_language_begins_with_the_words_of_the_first(folder: Folder) -> None:
    folder.change(TIP, "A title", "In English")
    made = made_from(folder, languages="fi en")
    assert languages_of(made, "posts/tip") == ["en.md", "fi.md"]
    assert languages_of(made, "pledges") == ["en.toml", "fi.toml"]
    assert made.files["posts/tip/fi.md"] == folder.text(TIP)
    assert made.files["pledges/fi.toml"] == folder.text("pledges/en.toml")


def test_new_language_begins_with_words_that_stay(folder: Folder) -> None:
    # Then `check` can see which of them are not translated yet.
    folder.change("posts/tip/sv.md", "A title", "På svenska")
    made = made_from(folder, languages="fi sv")
    assert made.files["posts/tip/fi.md"] == folder.text("posts/tip/sv.md")
    alone = made_from(folder, languages="fi")
    assert alone.files["posts/tip/fi.md"] == folder.text(TIP)


def test_own_words_of_the_bot_come_along_and_are_no_model(folder: Folder) -> None:
    for language in ("fi", "pl"):
        folder.write(f"words/{language}.toml", '"button.join" = "…"\n')
    assert languages_of(made_from(folder, languages="en fi"), "words") == ["fi.toml"]
    folder.write("words/en.toml", '"button.join" = "…"\n')
    assert languages_of(made_from(folder, languages="en nl"), "words") == ["en.toml"]


LINES = """\
+++
title = "A title"
summary = "One full sentence."

[local]
SE = "Om Sverige."
NO = "Om Norge."  # new
+++

Before.

{local}

After.
"""


def test_lines_for_countries_that_are_gone_are_left_out(folder: Folder) -> None:
    folder.write(TIP, LINES)
    made = made_from(folder, countries="NO FI", languages="en fi")
    assert made.files[TIP] == made.files["posts/tip/fi.md"] == LINES.replace('SE = "Om Sverige."\n', "")
    assert made.unsaid == {"tip": ["FI"]}


def test_place_of_a_line_goes_with_the_last_line(folder: Folder) -> None:
    folder.write(TIP, LINES)
    made = made_from(folder, countries="FI", languages="en")
    assert made.files[TIP] == LINES.partition("\n[local]")[0] + "+++\n\nBefore.\n\nAfter.\n"
    assert made.unsaid == {"tip": ["FI"]}


def test_figures_of_countries_that_are_gone_are_left_out(folder: Folder) -> None:
    made = made_from(folder, countries="NO FI")
    dryer = tomllib.loads(made.files["pledges.toml"])["pledges"][1]
    assert (dryer["kg_by_country"], dryer["left_out"]) == ({"NO": 0.1}, ["FI"])
    assert made.unknown == {"dryer": ["FI"]}


def test_pledge_without_any_figure_is_dropped(folder: Folder) -> None:
    made = made_from(folder, countries="FI", languages="en fi")
    assert (made.unknown, made.dropped) == ({}, ["dryer"])
    for file in ("pledges.toml", "pledges/en.toml", "pledges/fi.toml"):
        assert "bike" in made.files[file]
        assert "dryer" not in made.files[file]


def test_pledge_in_kilowatt_hours_is_known_by_the_grid(folder: Folder) -> None:
    figures = "[pledges.kg_by_country]\nSE = 0.2\nNO = 0.1\n"
    folder.change("pledges.toml", figures, "")
    folder.change("pledges.toml", "low = 0.1\nhigh = 2\n", "kwh = 4\n")
    made = made_from(folder, countries="FI", languages="en")
    assert made.unknown == {}
    assert made.files["pledges.toml"] == folder.text("pledges.toml")
    # Andorra's electricity is in no table.
    assert made_from(folder, countries="FI AD", languages="en").unknown == {"dryer": ["AD"]}


def test_posts_for_countries_that_are_gone_are_dropped(folder: Folder) -> None:
    folder.change("campaign.toml", 'post = "notice"', 'post = "notice"\ncountries = ["SE"]')
    made = made_from(folder, countries="NO")
    assert made.dropped == ["notice"]
    assert languages_of(made, "posts/notice") == []


def test_campaign_without_pledges_has_none(folder: Folder) -> None:
    for file in [file for file in folder.files if file.startswith("pledges")]:
        (folder.root / file).unlink()
    assert "pledges.toml" not in made_from(folder).files


def test_files_in_one_language_are_told_from_others() -> None:
    paths = ["campaign.toml", "README.md", "pledges.toml", "pledges/en.toml", "posts/tip/fi.md", "words/fi.toml"]
    assert [path for path in paths if is_in_one_language(path)] == paths[3:]
    assert not is_in_one_language("posts/tip/picture.png")


def test_measures_and_goals_come_along(tmp_path: Path) -> None:
    folder = shipped(tmp_path / "week")
    files = {file: folder.text(file) for file in folder.files if not file.startswith("pictures/")}
    made = make_new(files, folder.campaign(), Wanted(2028, ["NO", "DK"], ["nb", "fi"]))
    written = tomllib.loads(made.files["measures.toml"])
    assert {each["id"]: each["examples"] for each in (*written["measures"], *written["goals"])} == {
        "repaired-laptops": ["text", "figure"],
        "train-between-offices": ["text", "figure", "status"],
        "trips-by-train": ["text", "latest"],
        "electricity-per-workplace": ["text", "latest"],
    }
    # Of Sweden, which is not there.
    assert "vaxjo-declaration" in made.dropped
    assert made.files["measures/fi.toml"] == made.files["measures/nb.toml"]
    assert "vaxjo-declaration" not in made.files["measures/nb.toml"]
    assert 'measure = "repaired-laptops"' in made.files["campaign.toml"]
