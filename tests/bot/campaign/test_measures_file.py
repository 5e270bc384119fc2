from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from bot.campaign.campaign_reader import Reading
from bot.campaign.folder import Folder
from bot.campaign.measures import MeasureStatus
from bot.campaign.measures_file import read_measures
from bot.campaign.problems import Problems
from tests.campaigns import SHIPPED, shipped, shipped_campaign
from tests.campaigns import Folder as Files

FIGURES = "measures.toml"
WORDS = "measures/sv.toml"


class Mistake(NamedTuple):
    file: str
    old: str
    new: str
    at: str
    says: str


LAPTOPS, TRAINS, TRIPS = '[[measures]]\nid = "repaired', 'id = "train-between', 'id = "trips'

MISTAKES = {
    "figure of three hundred digits": Mistake(
        FIGURES,
        "value = 120\n",
        "value = 1e300\n",
        "value = 1e300",
        "`figure.value` cannot be 1e+300; it must be less than or equal to 1000000000000",
    ),
    "figure that would be read as nothing": Mistake(
        FIGURES,
        "value = 120\n",
        "value = 0.0004\n",
        "value = 0.0004",
        "`figure.value`: 0.0004 would be read as 0; write it in a smaller unit",
    ),
    "address of nobody": Mistake(
        FIGURES,
        'source = "Example AB, 2026"',
        'source = "Example AB, 2026"\nsource_url = "https://"',
        "source_url",
        "`figure.source_url`: the link 'https://' is no address; write it without spaces and quotes, as https://…",
    ),
    "no figure": Mistake(
        FIGURES,
        'figure = "not measured yet"\n',
        "",
        '[[measures]]\nid = "vaxjo',
        '`figure` is missing; add it, for example `figure = "not measured yet"`',
    ),
    "another word for it": Mistake(
        FIGURES,
        '"not measured yet"\n',
        '"unknown"\n',
        "figure = ",
        "`figure`: a figure is a table, not 'unknown'; write [measures.figure], or \"not measured yet\"",
    ),
    "neither measured nor a range": Mistake(
        FIGURES,
        "measured = true\n",
        "",
        "[measures.figure]\nvalue",
        "a figure that was not measured has a range; add `range = [120, 160]`, or measured = true",
    ),
    "measured, with a range": Mistake(
        FIGURES,
        "range = [30, 40]",
        "measured = true\nrange = [30, 40]",
        "range = [30, 40]",
        "what was measured has no range; take `range` or `measured` away",
    ),
    "outside of its range": Mistake(
        FIGURES,
        "range = [30, 40]",
        "range = [36, 40]",
        "range = [36",
        "the figure does not lie in its range; correct the range",
    ),
    "no source": Mistake(
        FIGURES,
        'source = "Example AB, 2026"\n',
        "",
        "[measures.figure]\nvalue",
        '`figure.source` is missing; add it, for example `source = "Our IT inventory, January 2027"`',
    ),
    "another status": Mistake(
        FIGURES,
        'status = "done"',
        'status = "ready"',
        'status = "ready"',
        "`status` cannot be 'ready'; choose one of 'planned', 'under way', 'done' or 'stopped'",
    ),
    "done without a day": Mistake(
        FIGURES,
        "ends = 2026-09-30\n",
        "",
        LAPTOPS,
        "'repaired-laptops' is done and has no `ends`; add the day, such as `ends = 2027-03-31`",
    ),
    "over before it begins": Mistake(
        FIGURES,
        "ends = 2026-09-30",
        "ends = 2025-09-30",
        "ends = 2025",
        "`ends` is before `begins`; exchange them, or correct one",
    ),
    "another country": Mistake(
        FIGURES, '["SE"]', '["FI"]', "countries =", "'FI' is no country of the campaign; correct or remove it"
    ),
    "no latest value": Mistake(
        FIGURES,
        'latest = { value = 52, date = 2026-12-31, source = "Example Travel, 2026" }\n',
        "",
        f"[[goals]]\n{TRIPS}",
        '`latest` is missing; add it, for example `latest = { value = 52, date = 2026-12-31, source = "…" }`',
    ),
    "reached without a source": Mistake(
        FIGURES,
        ', source = "Example Travel, 2026"',
        "",
        "latest = ",
        "`latest` of 'trips-by-train' has no source; add `source = \"…\"` to it",
    ),
    "target in the past": Mistake(
        FIGURES,
        "date = 2028-12-31",
        "date = 2024-12-31",
        "target = ",
        "`target` is not after `baseline`; correct one of the dates",
    ),
    "nothing to reach": Mistake(
        FIGURES,
        "target = { value = 70",
        "target = { value = 40",
        "target = ",
        "'trips-by-train' wants nothing to change; correct `baseline` or `target`",
    ),
    "one name twice": Mistake(
        FIGURES,
        TRIPS + "-by-train",
        'id = "repaired-laptops',
        "# What the company",
        "'repaired-laptops' is there twice; give each measure and each goal an `id` of its own",
    ),
    "no such list": Mistake(
        FIGURES,
        "[[goals]]",
        "[[aims]]",
        "[[aims]]",
        "the key `aims` is not known here; write [[measures]] or [[goals]]",
    ),
    "words of nothing": Mistake(
        WORDS,
        "[trips-by-train]",
        "[trips]",
        "[trips]",
        "there is no measure or goal 'trips'; compare with measures.toml",
    ),
    "no words": Mistake(
        WORDS, "[trips-by-train]", "[trips]", "# ", "'trips-by-train' is missing; add [trips-by-train] with its words"
    ),
    "no unit": Mistake(
        WORDS,
        'unit = "lagade datorer på ett år"\n',
        "",
        "[repaired",
        "the figure of 'repaired-laptops' has no unit; add `unit = \"…\"`",
    ),
    "nobody answers for it": Mistake(
        WORDS,
        'responsible = "IT"\n',
        "",
        "[repaired",
        '`responsible` is missing; add it, for example `responsible = "IT"`',
    ),
}

OF_THE_WHOLE = {
    "a placeholder of posts": Mistake(
        WORDS,
        "EXEMPEL: Vi lagar",
        "{button:join} Vi lagar",
        "title",
        "{button:join} names a button, which only posts do; take it away",
    ),
    "a post about another one": Mistake(
        "campaign.toml",
        'measure = "repaired-laptops"',
        'measure = "repaired-laptop"',
        "measure = ",
        "there is no measure 'repaired-laptop'; did you mean 'repaired-laptops'?",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_each_mistake_is_named_at_its_line(tmp_path: Path, mistake: Mistake) -> None:
    root, problems = tmp_path / "week", Problems()
    for file in (FIGURES, WORDS):
        Files(root).write(file, (SHIPPED / file).read_bytes())
    Files(root).change(mistake.file, mistake.old, mistake.new)
    read_measures(Folder(root), ["sv"], ["SE"], problems)
    assert f"{root.as_posix()}/{Files(root).at(mistake.file, mistake.at)}: {mistake.says}" in map(str, problems)


@pytest.mark.parametrize("mistake", OF_THE_WHOLE.values(), ids=OF_THE_WHOLE)
def test_mistakes_of_whole_campaign_are_named(tmp_path: Path, mistake: Mistake) -> None:
    folder = shipped(tmp_path / "week")
    folder.change(mistake.file, mistake.old, mistake.new)
    assert f"{folder.at(mistake.file, mistake.at)}: {mistake.says}" in folder.errors()


def test_shipped_measures_are_three_marked_examples(shipped_reading: Reading) -> None:
    campaign = shipped_campaign()
    assert [each.status for each in campaign.measures] == [
        MeasureStatus.DONE,
        MeasureStatus.UNDER_WAY,
        MeasureStatus.PLANNED,
    ]
    named = {problem.what for problem in shipped_reading.problems.examples}
    for each in [each.id for each in campaign.commitments]:
        assert f"{each}: text is still an example" in named
        for language in campaign.languages:
            assert campaign.measure_words[each, language].title.partition(":")[0].isupper()


def test_campaign_without_measures_is_read(tmp_path: Path) -> None:
    folder = shipped(tmp_path / "week")
    (folder.root / FIGURES).unlink()
    folder.change("campaign.toml", 'kind = "measure"\nmeasure = "repaired-laptops"', 'kind = "note"')
    campaign = folder.campaign()
    assert (campaign.measures, campaign.goals, campaign.measure_words) == ((), (), {})
