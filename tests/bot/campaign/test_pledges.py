from __future__ import annotations

from typing import NamedTuple

import pytest

from bot.campaign.grid_emissions import intensities
from tests.campaigns import Folder

FIGURES = "pledges.toml"
WORDS = "pledges/sv.toml"


class Mistake(NamedTuple):
    file: str
    old: str
    new: str
    line: int
    says: str


MISTAKES = {
    "no source": Mistake(
        FIGURES,
        'source = "A table"\n',
        "",
        3,
        '`source` is missing; add it, for example `source = "UK DESNZ, 2025"`',
    ),
    "empty source": Mistake(
        FIGURES, '"A table"', '""', 11, '`source` is empty; write it, for example "UK DESNZ, 2025"'
    ),
    "no lower end": Mistake(FIGURES, "low = 0.1\n", "", 3, "`low` is missing; add it, for example `low = 0.1`"),
    "no upper end": Mistake(FIGURES, "high = 3.4\n", "", 3, "`high` is missing; add it, for example `high = 3.4`"),
    "figure above its range": Mistake(
        FIGURES, "kg = 2.1", "kg = 3.5", 3, "the figures of 'bike' do not lie between low and high; correct the range"
    ),
    "country's figure above its range": Mistake(
        FIGURES, "SE = 0.2", "SE = 2.5", 13, "the figures of 'dryer' do not lie between low and high; correct the range"
    ),
    "range upside down": Mistake(
        FIGURES,
        "low = 0.1\nhigh = 2\n",
        "low = 2\nhigh = 0.1\n",
        13,
        "the figures of 'dryer' do not lie between low and high; correct the range",
    ),
    "negative figure": Mistake(
        FIGURES, "kg = 2.1", "kg = -2.1", 6, "`kg` cannot be -2.1; it must be greater than or equal to 0"
    ),
    "no number": Mistake(FIGURES, "kg = 2.1", "kg = nan", 6, "`kg` cannot be nan; it must be a finite number"),
    "number in quotes": Mistake(
        FIGURES, "kg = 2.1", 'kg = "2,1"', 6, "`kg` cannot be '2,1'; it must be a number without quotes"
    ),
    "no figure for a country": Mistake(
        FIGURES,
        "NO = 0.1\n",
        "",
        13,
        "'dryer' has no figure for NO; add it under [pledges.kg_by_country], or write left_out = [\"NO\"]",
    ),
    "left out in no country of the campaign": Mistake(
        FIGURES,
        "high = 3.4\n",
        'high = 3.4\nleft_out = ["FI"]\n',
        9,
        "'FI' is no country of the campaign; correct or remove it",
    ),
    "theme that there is not": Mistake(
        FIGURES,
        "high = 3.4\n",
        'high = 3.4\ntheme = "travl"\n',
        9,
        "there is no theme 'travl'; write one of energy",
    ),
    "effort that is no yes or no": Mistake(
        FIGURES,
        "high = 3.4\n",
        'high = 3.4\neasy = "yes"\n',
        9,
        "`easy` cannot be 'yes'; it must be true or false, without quotes",
    ),
    "source of no country": Mistake(
        FIGURES,
        "NO = 0.1\n",
        'NO = 0.1\n[pledges.source_by_country]\nUK = "A table"\n',
        24,
        "there is no country 'UK'; write \"GB\"",
    ),
    "kilowatt-hours beside kilograms": Mistake(
        FIGURES,
        "low = 0.1\nhigh = 3.4\n",
        "kwh = 4\n",
        6,
        "a pledge with `kwh` has no `kg`; take it away, the grids say it",
    ),
    "no kilowatt-hours": Mistake(
        FIGURES, "kg = 2.1\nlow = 0.1\nhigh = 3.4\n", "kwh = 0\n", 6, "`kwh` cannot be 0; it must be greater than 0"
    ),
    "range of one kilowatt-hour": Mistake(
        FIGURES,
        "kg = 2.1\nlow = 0.1\nhigh = 3.4\n",
        "kwh = 4\nkwh_range = [1]\n",
        7,
        "`kwh_range`: a range has two figures; write it as [0.07, 0.2]",
    ),
    "kilowatt-hours outside their range": Mistake(
        FIGURES,
        "kg = 2.1\nlow = 0.1\nhigh = 3.4\n",
        "kwh = 4\nkwh_range = [5, 6]\n",
        6,
        "`kwh` of 'bike' is outside `kwh_range`; correct the range",
    ),
    "range of a country without a figure": Mistake(
        FIGURES,
        "NO = 0.1\n",
        "NO = 0.1\n[pledges.range_by_country]\nDK = [0.1, 0.2]\n",
        13,
        "'dryer' has a range and no figure for DK; add it in kg_by_country",
    ),
    "country's figure outside its own range": Mistake(
        FIGURES,
        "NO = 0.1\n",
        "NO = 0.1\n[pledges.range_by_country]\nNO = [0.2, 0.3]\n",
        13,
        "the figure of 'dryer' for NO is outside its range; correct the range",
    ),
    "range of three": Mistake(
        FIGURES,
        "NO = 0.1\n",
        "NO = 0.1\n[pledges.range_by_country]\nNO = [0.1]\n",
        25,
        "`range_by_country.NO`: a range has two figures; write it as [0.07, 0.2]",
    ),
    "lasting and counted by the week": Mistake(
        FIGURES,
        'per = "week"',
        'per = "week"\nlasting = true',
        13,
        "'dryer' is lasting and counted per week; write `per = \"once\"`",
    ),
    "no per": Mistake(
        FIGURES,
        'per = "occurrence"\n',
        "",
        3,
        '`per` is missing; add it, for example `per = "occurrence"`',
    ),
    "unknown per": Mistake(
        FIGURES,
        '"occurrence"',
        '"hour"',
        5,
        "`per` cannot be 'hour'; choose one of 'occurrence', 'day', 'week' or 'once'",
    ),
    "unknown evidence": Mistake(
        FIGURES,
        '"published"',
        '"hearsay"',
        10,
        "`evidence` cannot be 'hearsay'; choose one of 'published', 'partly judgement', 'physics' or 'symbolic'",
    ),
    "no goal": Mistake(FIGURES, "sdgs = [11]", "sdgs = []", 9, "`sdgs` is empty; write it, for example [11, 13]"),
    "goal that no UN goal has": Mistake(
        FIGURES, "sdgs = [11]", "sdgs = [0]", 9, "`sdgs` cannot be 0; it must be greater than or equal to 1"
    ),
    "link that is not https": Mistake(
        FIGURES,
        'source = "A table"',
        'source_url = "http://example.org"\nsource = "A table"',
        11,
        "`source_url`: the link 'http://example.org' is not https; write it as https://…",
    ),
    "no version": Mistake(
        FIGURES,
        'version = "1"\n',
        "",
        1,
        '`version` is missing; add it at the top, for example `version = "2027.1"`',
    ),
    "unknown key at the top": Mistake(
        FIGURES, "[[pledges]]", "author = 1\n[[pledges]]", 3, "the key `author` is not known here; take it away"
    ),
    "unknown key": Mistake(
        FIGURES,
        "high = 3.4",
        "high = 3.4\nunits = 1",
        9,
        "the key `units` is not known here; take it away; the keys "
        "here are examples, id, per, kg, kwh, kwh_range, low, high, sdgs, evidence, source, source_url, kg_by_country, "
        "range_by_country, source_by_country, left_out, theme, easy, fun, lasting, by_car",
    ),
    "no unit": Mistake(
        WORDS, 'unit = "per 10 km"\n', "", 1, '`unit` is missing; add it, for example `unit = "per 10 km"`'
    ),
    "title too long": Mistake(
        WORDS, "Cycle", "x" * 76, 2, "`title` is too long (76); keep it to 75, Slack shows no more"
    ),
    "unit too long": Mistake(
        WORDS, "per 10 km", "x" * 41, 3, "`unit` is too long (41); keep it to 40, Slack shows no more"
    ),
    "plan too long": Mistake(
        WORDS, "On Monday", "x" * 76, 4, "`plans` is too long (76); keep it to 75, Slack shows no more"
    ),
    "too many plans": Mistake(
        WORDS, '"On Monday",', '"a", "b", "c", "d",', 4, "`plans` is too long (5); keep it to 4, Slack shows no more"
    ),
    "plans given twice": Mistake(
        WORDS, "[dryer]", 'plans = [\n    "Never",\n]\n\n[dryer]', 9, "`plans = [` is given twice; keep one of the two"
    ),
    "words that are no table": Mistake(
        WORDS,
        '[dryer]\ntitle = "Hang it up"\nunit = "per load"\n',
        '[[dryer]]\ntitle = "Hang it up"\n',
        9,
        "`dryer` cannot be [{'title': 'Hang it up'}]; it must be a table of its own, with its keys below it",
    ),
    "pledge without words": Mistake(
        WORDS,
        '[dryer]\ntitle = "Hang it up"\nunit = "per load"\n',
        "",
        1,
        "the pledge 'dryer' is missing; add [dryer] with its words",
    ),
    "words without a pledge": Mistake(
        WORDS, "[dryer]", '[drier]\ntitle = "x"\n[dryer]', 9, "there is no pledge 'drier'; compare with pledges.toml"
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_pledge_mistake_is_reported_and_gives_no_campaign(folder: Folder, mistake: Mistake) -> None:
    folder.change(mistake.file, mistake.old, mistake.new)
    assert folder.errors() == [f"{mistake.file}:{mistake.line}: {mistake.says}"]
    assert folder.read().campaign is None


def test_a_pledge_that_is_there_twice_is_reported(folder: Folder) -> None:
    folder.change(FIGURES, 'id = "dryer"', 'id = "bike"')
    assert folder.errors()[0] == "pledges.toml:13: the pledge 'bike' is there twice; keep one of the two"


def test_pledges_are_asked_for_in_every_promised_language(folder: Folder) -> None:
    (folder.root / WORDS).unlink()
    assert folder.errors() == [f"{WORDS}:1: the file is missing; write the pledges in this language too"]


def test_pledges_keep_file_order_and_version(folder: Folder) -> None:
    campaign = folder.campaign()
    assert [pledge.id for pledge in campaign.pledges] == ["bike", "dryer"]
    assert campaign.factors_version == "1"
    assert campaign.pledge_words["bike", "sv"].plans == ("On Monday", "På tisdag")


def test_kilowatt_hours_become_kilograms_by_grid(folder: Folder) -> None:
    folder.change(FIGURES, "kg = 2.1\nlow = 0.1\nhigh = 3.4\n", "kwh = 4\nkwh_range = [2, 5]\n")
    bike = folder.campaign().pledges[0]
    grid = intensities()
    assert [bike.kilograms(code) for code in ("SE", "NO", "FI")] == [
        round(4 * grid["SE"].kg_per_kwh, 3),
        round(4 * grid["NO"].kg_per_kwh, 3),
        None,
    ]
    assert bike.span("SE") == (round(2 * grid["SE"].kg_per_kwh, 3), round(5 * grid["SE"].kg_per_kwh, 3))
    assert (bike.low, bike.high) == (bike.span("NO")[0], bike.span("SE")[1])


def test_countries_without_a_grid_or_figure_are_named(folder: Folder) -> None:
    folder.change(FIGURES, "kg = 2.1\nlow = 0.1\nhigh = 3.4\n", "kwh = 4\n")
    # Neither Åland nor Guernsey has a grid of its own in the table.
    for code, zone in (("GG", "Europe/Guernsey"), ("AX", "Europe/Mariehamn")):
        block = f'[[countries]]\ncode = "{code}"\nzone = "{zone}"\nlanguages = ["sv"]\nchannel = "{code.lower()}"\n\n'
        folder.change("campaign.toml", "[themes.energy]", f"{block}[themes.energy]")
    assert folder.errors()[0] == (
        "pledges.toml:3: 'bike' has no figure for GG, AX; "
        'add it under [pledges.kg_by_country], or write left_out = ["GG", "AX"]'
    )
    folder.change(FIGURES, "kwh = 4\n", 'kwh = 4\nleft_out = ["AX"]\nkg_by_country = { GG = 0.9 }\n')
    folder.change(FIGURES, 'id = "dryer"\n', 'id = "dryer"\nleft_out = ["AX", "GG"]\n')
    campaign = folder.campaign()
    assert [pledge.id for pledge in campaign.offered("AX")] == []
    assert [pledge.id for pledge in campaign.offered("GG")] == ["bike"]
    assert campaign.pledges[0].kilograms("GG") == 0.9


def test_pledge_left_out_everywhere_is_warned_of(folder: Folder) -> None:
    folder.change(FIGURES, "high = 3.4\n", 'high = 3.4\nleft_out = ["SE", "NO"]\n')
    assert "pledges.toml:9: 'bike' is left out everywhere; take the pledge away" in folder.warnings()


def test_only_electricity_pledges_weigh_differently_by_country(folder: Folder) -> None:
    bike, dryer = folder.campaign().pledges
    assert [bike.kilograms(country) for country in ("SE", "NO", "FI", None)] == [2.1] * 4
    assert [dryer.kilograms(country) for country in ("SE", "NO", "FI", None)] == [0.2, 0.1, None, None]
