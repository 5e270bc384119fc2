from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.campaigns import Folder

FILE = "campaign.toml"


class Doubt(NamedTuple):
    """What is exchanged for what, beside which text it is doubted, and how."""

    old: str
    new: str
    at: str
    says: str


DOUBTS = {
    "nobody has confirmed Earth Hour": Doubt(
        "date = 2027-03-20\n",
        "",
        "[earth_hour]",
        "Earth Hour 2027 is not confirmed: 2027-03-20 is what the rule gives; "
        "look it up at earthhour.org and write `date = …` under [earth_hour]",
    ),
    "notice on another day than the one before": Doubt(
        "day = 2027-03-19\ntime = 11:00:00",
        "day = 2027-03-18\ntime = 11:00:00",
        "day = 2027-03-18",
        "Earth Hour is on 2027-03-20, so a post of kind earth_hour_notice belongs on 2027-03-19, not on 2027-03-18; "
        "move it, or correct the date under [earth_hour]",
    ),
    "reminder on another day": Doubt(
        "day = 2027-03-20\ntime = 20:15:00",
        "day = 2027-03-17\ntime = 20:15:00",
        "day = 2027-03-17",
        "Earth Hour is on 2027-03-20, so a post of kind earth_hour_reminder belongs on 2027-03-20, not on 2027-03-17; "
        "move it, or correct the date under [earth_hour]",
    ),
    "post on a weekend": Doubt(
        "day = 2027-03-15\ntime",
        "day = 2027-03-20\ncountries = ['SE']\ntime",
        "day = 2027-03-20\ncountries",
        "2027-03-20 is no working day in SE; move it, or add `working_day = true`",
    ),
    "post on a holiday of one country": Doubt(
        "day = 2027-03-15\ntime",
        "day = 2027-03-25\ntime",
        "day = 2027-03-25",
        "2027-03-25 is no working day in NO; move it, or add `working_day = true`",
    ),
    "representatives where there are none": Doubt(
        'representatives = ["UNORA"]\n',
        "",
        '[[posts]]\npost = "tip"',
        "nobody gets 'tip'; look at its `audience` and `countries`",
    ),
    "company post for some countries only": Doubt(
        "day = 2027-04-22",
        'countries = ["SE"]\nday = 2027-04-22',
        '[[posts]]\npost = "results"',
        "nobody gets 'results'; look at its `audience` and `countries`",
    ),
}


@pytest.mark.parametrize("doubt", DOUBTS.values(), ids=DOUBTS)
def test_doubt_is_warning_on_line_and_campaign_runs(folder: Folder, doubt: Doubt) -> None:
    if "representatives" in doubt.old:
        folder.change(FILE, 'audience = "countries"', 'audience = "representatives"')
    folder.change(FILE, doubt.old, doubt.new)
    assert folder.warnings() == [f"{folder.at(FILE, doubt.at)}: {doubt.says}"]
    assert folder.read().campaign is not None


def test_date_differing_from_known_past_one_is_doubted(folder: Folder) -> None:
    folder.change(FILE, "date = 2027-03-20", "date = 2025-03-29")
    says = f"{FILE}:12: Earth Hour 2025 was held on 2025-03-22, not on 2025-03-29; correct the date"
    assert says in folder.warnings()


def test_another_date_than_the_rule_gives_is_doubted(folder: Folder) -> None:
    folder.change(FILE, "date = 2027-03-20", "date = 2027-03-27")
    says = "Earth Hour 2027 would be on 2027-03-20 by the rule, and this says 2027-03-27; "
    todo = "look it up at earthhour.org; if that is the date, leave it"
    assert f"{FILE}:12: {says}{todo}" in folder.warnings()


def test_follow_up_with_unknown_holidays_is_doubted(folder: Folder) -> None:
    folder.change(FILE, 'code = "NO"', 'code = "IC"')
    folder.change("pledges.toml", "NO = 0.1", "IC = 0.1")
    folder.change(FILE, "time = 14:00:00", "time = 14:00:00\nworking_day = true")
    at = folder.at(FILE, "day = 2027-03-19\ntime = 14")
    assert folder.warnings() == [f"{at}: the holidays of IC are not known; only weekends are avoided there"]


def test_a_text_that_nobody_schedules_is_doubted(folder: Folder) -> None:
    folder.write("posts/forgotten/en.md", "words")
    assert folder.warnings() == [
        "posts/forgotten:1: this post is in no [[posts]]; schedule it, or take the folder away"
    ]


def test_text_in_unpromised_language_is_doubted(folder: Folder) -> None:
    folder.write("posts/tip/de.md", "words")
    assert folder.warnings() == [
        "posts/tip/de.md:1: this file is never read; name it after a language of the campaign",
    ]


def test_remaining_example_is_listed_with_its_line(folder: Folder) -> None:
    folder.change(FILE, 'channel = "week-se"', 'channel = "week-se"\nexamples = ["channel", "headcount"]')
    folder.change(FILE, 'channel = "all"', 'channel = "all"\nexamples = ["managers"]')
    folder.change(FILE, "source_url", 'examples = ["text"]\nsource_url')
    todo = "put in your own, then take"
    assert folder.examples() == [
        f'{FILE}:19: company: managers is still an example; {todo} "managers" out of `examples`',
        f'{FILE}:27: SE: channel is still an example; {todo} "channel" out of `examples`',
        f'{FILE}:29: SE: headcount is still an example; {todo} "headcount" out of `examples`',
        f'{FILE}:54: tip: text is still an example; {todo} "text" out of `examples`',
    ]
    assert folder.errors() == []
