from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.campaigns import Folder

FILE = "campaign.toml"
KINDS = (
    "invitation, tip, guess, guess_answer, awareness, pledge_call, measure, idea_call, progress, earth_hour_notice, "
    "earth_hour_reminder, earth_hour_check, check_in, results, note, glance"
)
COMPANY = '[company]\nchannel = "all"\nlanguage = "en"\nzone = "Europe/London"\n'
OUTSIDE = "is outside the campaign, which runs from 2027-03-15 to 2027-04-22"


class Mistake(NamedTuple):
    """What is exchanged for what, beside which text it is reported, and how."""

    old: str
    new: str
    at: str
    says: str


MISTAKES = {
    "unknown key": Mistake(
        "sdgs = [7, 13]",
        "sdg = [7, 13]",
        "sdg = ",
        "the key `sdg` is not known here; did you mean `sdgs`?",
    ),
    "unknown key, like no other": Mistake(
        "[goal]",
        "[goal]\ncolour = 1",
        "colour",
        "the key `goal.colour` is not known here; take it away; the keys here are examples, participation_percent",
    ),
    "unknown key, in a table of its own": Mistake(
        "date = 2027-03-20",
        "dat = 2027-03-20",
        "dat = ",
        "the key `earth_hour.dat` is not known here; did you mean `date`?",
    ),
    "unknown table": Mistake(
        "[goal]",
        "[[gaol]]\nx = 1\n[goal]",
        "[[gaol]]",
        "the key `gaol` is not known here; did you mean `goal`?",
    ),
    "missing key": Mistake(
        "time = 09:00:00\n",
        "",
        "[[posts]]",
        "`time` is missing; add it, for example `time = 09:00:00`",
    ),
    "missing key, at the top": Mistake(
        'id = "small-week"\n',
        "",
        "first_day",
        '`id` is missing; add it, for example `id = "earth-week-2027"`',
    ),
    "missing key, in a table of its own": Mistake(
        'channel = "all"\n',
        "",
        "[company]",
        '`company.channel` is missing; add it, for example `channel = "earth-week"`',
    ),
    "time in quotes": Mistake(
        "time = 09:00:00",
        'time = "09:00"',
        'time = "',
        "`time` cannot be '09:00'; it must be a time with seconds and without quotes, such as 09:00:00",
    ),
    "time instead of a day": Mistake(
        "\nday = 2027-03-15",
        "\nday = 09:00:00",
        "day = 09",
        "`day` cannot be 09:00:00; it must be a date without quotes, such as 2027-03-15",
    ),
    "number in quotes": Mistake(
        "headcount = 50",
        'headcount = "50"',
        "headcount",
        "`headcount` cannot be '50'; it must be a whole number without quotes",
    ),
    "true instead of a number": Mistake(
        "headcount = 50",
        "headcount = true",
        "headcount",
        "`headcount` cannot be true; it must be a whole number without quotes",
    ),
    "text instead of a list": Mistake(
        'languages = ["sv"]',
        'languages = "sv"',
        'languages = "',
        '`languages` cannot be \'sv\'; it must be a list in square brackets, such as ["…", "…"]',
    ),
    "text instead of true": Mistake(
        'channel = "week-se"',
        'channel = "week-se"\nboard = "yes"',
        "board",
        "`board` cannot be 'yes'; it must be true or false, without quotes",
    ),
    "table instead of a list": Mistake(
        '[[countries]]\ncode = "SE"',
        '[[elsewhere.countries]]\ncode = "SE"',
        "[[elsewhere",
        "the key `elsewhere` is not known here; take it away; the keys here are examples, id, first_day, last_day, "
        "opens, closes, languages, title, smallest_group, guests, earth_hour, goal, figures, approval, company",
    ),
    "themes in a list": Mistake(
        COMPANY,
        f'{COMPANY}[themes]\nfood = "Food"',
        "food",
        '`themes.food` is not readable; write [themes.energy], then en = "Energy" and so on',
    ),
    "empty list": Mistake(
        'languages = ["sv"]',
        "languages = []",
        "languages = []",
        '`languages` is empty; write it, for example ["sv"]',
    ),
    "late limit in quotes": Mistake(
        "source_url",
        'until = "12:00"\nsource_url',
        "until",
        "`until` cannot be '12:00'; it must be a time such as 12:00:00, or a date and time such as 2027-03-15T12:00:00",
    ),
    "late limit in another zone": Mistake(
        "source_url",
        "until = 2027-03-15T12:00:00Z\nsource_url",
        "until",
        "`until`: a time here is local everywhere; take away Z or the hours after + or -",
    ),
    "late limit before the post": Mistake(
        "source_url",
        "until = 08:00:00\nsource_url",
        "until",
        "`until` is not after the time of the post; make it later",
    ),
    "late limit at the very time of the post": Mistake(
        "source_url",
        "until = 2027-03-15T09:00:00\nsource_url",
        "until",
        "`until` is not after the time of the post; make it later",
    ),
    "reminder when Earth Hour has begun": Mistake(
        "time = 20:15:00",
        "time = 20:30:00",
        "time = 20:30:00",
        "at 20:30:00 it is already too late for a post of kind earth_hour_reminder; make it earlier",
    ),
    "day before the campaign": Mistake(
        "\nday = 2027-03-15",
        "\nday = 2027-03-14",
        "day = 2027-03-14",
        f"2027-03-14 {OUTSIDE}; move the post, or change `opens` or `closes`",
    ),
    "day after the campaign": Mistake(
        "\nday = 2027-04-22",
        "\nday = 2027-04-23",
        "day = 2027-04-23",
        f"2027-04-23 {OUTSIDE}; move the post, or change `opens` or `closes`",
    ),
    "day in no sensible year": Mistake(
        "\nday = 2027-03-15",
        "\nday = 9999-12-31",
        "day = 9999-12-31",
        "`day`: 9999-12-31 is in no year of an Earth Hour; write it as 2027-03-15",
    ),
    "unknown zone": Mistake(
        "Europe/Oslo",
        "Europe/Olso",
        "Europe/Olso",
        "there is no time zone 'Europe/Olso'; use a name such as Europe/Stockholm",
    ),
    "unknown zone of the company": Mistake(
        "Europe/London",
        "London",
        "London",
        "there is no time zone 'London'; use a name such as Europe/Stockholm",
    ),
    "country's language that is not promised": Mistake(
        'languages = ["sv"]',
        'languages = ["de"]',
        'languages = ["de"]',
        "'de' is not among the campaign's `languages`; add it there, or change it here",
    ),
    "company's language that is not promised": Mistake(
        'language = "en"',
        'language = "fi"',
        'language = "fi"',
        "'fi' is not among the campaign's `languages`; add it there, or change it here",
    ),
    "theme without one of the languages": Mistake(
        'sv = "Energi"\n',
        "",
        "[themes.energy]",
        'themes.energy has no sv; add `sv = "…"`',
    ),
    "title without one of the languages": Mistake(
        'sv = "Liten vecka"',
        'sv = " "',
        "[title]",
        'title has no sv; add `sv = "…"`',
    ),
    "title that is too long": Mistake(
        "Liten vecka",
        "x" * 76,
        "xxx",
        "`title.sv` is too long (76); keep it to 75, Slack shows no more",
    ),
    "goal that no UN goal has": Mistake(
        "sdgs = [7, 13]",
        "sdgs = [7, 18]",
        "sdgs",
        "`sdgs` cannot be 18; it must be less than or equal to 17",
    ),
    "unknown kind": Mistake(
        'kind = "tip"',
        'kind = "tipp"',
        "tipp",
        f"there is no kind 'tipp'; choose one of {KINDS}",
    ),
    "unknown audience": Mistake(
        'audience = "countries"',
        'audience = "everyone"',
        "everyone",
        "`audience` cannot be 'everyone'; "
        "choose one of 'countries', 'company', 'joined', 'earth_hour_reminder' or 'representatives'",
    ),
    "audience that the kind is not for": Mistake(
        'audience = "earth_hour_reminder"',
        'audience = "joined"',
        'audience = "joined"\nday = 2027-03-20',
        "a post of kind earth_hour_reminder cannot go to joined; choose one of earth_hour_reminder",
    ),
    "unknown theme": Mistake(
        'theme = "energy"',
        'theme = "enrgy"',
        "enrgy",
        "there is no theme 'enrgy'; add [themes.enrgy]",
    ),
    "tip without a source": Mistake(
        'source = "A report"\n',
        "",
        "[[posts]]",
        "a post of kind tip needs `source`; add `source = …` to this post",
    ),
    "source that is too long": Mistake(
        "A report",
        "x" * 301,
        "xxx",
        "`source` is too long (301); keep it to 300, Slack shows no more",
    ),
    "link that is not https": Mistake(
        "https://example.org/report",
        "http://example.org/report",
        "http://",
        "`source_url`: the link 'http://example.org/report' is not https; write it as https://…",
    ),
    "post left out in a country that takes no part": Mistake(
        "sdgs = [7, 13]",
        'left_out = ["FI"]',
        'left_out = ["FI"]',
        "'FI' is no country of the campaign; correct or remove it",
    ),
    "post for a country that takes no part": Mistake(
        "sdgs = [7, 13]",
        'countries = ["FI"]',
        'countries = ["FI"]',
        "'FI' is no country of the campaign; correct or remove it",
    ),
    "company post without a company": Mistake(
        COMPANY,
        "",
        'audience = "company"',
        "there is no [company]; add it with its channel, or choose another audience",
    ),
    "headcount without its date": Mistake(
        "headcount_date = 2027-01-01\n",
        "",
        "headcount",
        "`headcount` has no date; add `headcount_date = 2027-01-01`",
    ),
    "headcount of nobody": Mistake(
        "headcount = 50",
        "headcount = 0",
        "headcount",
        "`headcount` cannot be 0; it must be greater than or equal to 1",
    ),
    "post that leaves the folder": Mistake(
        'post = "tip"',
        'post = "../tip"',
        "../tip",
        "`post` cannot be '../tip'; use small letters, digits and hyphens only, 60 at most",
    ),
    "time without seconds": Mistake(
        "time = 09:00:00",
        "time = 09:00  # local",
        "time = 09:00 ",
        "`time = 09:00  # local` has a time without seconds; write it as 09:00:00",
    ),
    "curly quotes": Mistake(
        '"Small week"',
        "\u201cSmall week\u201d",
        "Small week",
        '`en = \u201cSmall week\u201d` has curly quotes; use straight ones: "',
    ),
    "line that cannot be read": Mistake(
        'id = "small-week"',
        'id = "small-week',
        "id",
        "`id = \"small-week` cannot be read (Illegal character '\\n'); compare it with its neighbours",
    ),
    "day that no calendar has": Mistake(
        "last_day = 2027-03-20",
        "last_day = 2027-03-32",
        "last_day",
        "`last_day = 2027-03-32` cannot be read (Expected newline or end of document after a statement); "
        "compare it with its neighbours",
    ),
    "key given twice": Mistake(
        "headcount = 50",
        "headcount = 50\nheadcount = 51",
        "headcount = 51",
        "`headcount = 51` is given twice; keep one of the two",
    ),
    "list over several lines, given twice": Mistake(
        "sdgs = [7, 13]",
        "sdgs = [7, 13]\nsdgs = [\n  7,\n]",
        "sdgs = [\n",
        "`sdgs = [` is given twice; keep one of the two",
    ),
    "examples that name nothing": Mistake(
        'representatives = ["UNORA"]',
        'representatives = ["UNORA"]\nexamples = ["channle"]',
        "examples",
        "`examples` names 'channle', which is no key of this table; take it out of the list",
    ),
    "organisers' channel by its name": Mistake(
        'zone = "Europe/London"',
        'zone = "Europe/London"\norganisers_channel = "organisers"',
        "organisers_channel",
        "`organisers_channel` is a name (organisers), and of a private channel the bot knows only the ID; "
        'copy the ID from the end of the channel\'s details in Slack, such as "C012ABCDEF"',
    ),
    "organisers' channel that colleagues read": Mistake(
        COMPANY,
        COMPANY.replace("all", "C012ABCDEF") + 'organisers_channel = "C012ABCDEF"\n',
        "organisers_channel",
        "`organisers_channel` is a channel that colleagues read; make a private one for organisers alone",
    ),
    "two posts in one channel at one time": Mistake(
        '[[posts]]\npost = "notice"',
        '[[posts]]\npost = "results"\nkind = "note"\naudience = "countries"\nday = 2027-03-15\n'
        'time = 09:00:00\ncountries = ["NO"]\n\n[[posts]]\npost = "notice"',
        'time = 09:00:00\ncountries = ["NO"]',
        "'results' and 'tip' are posted at the same time in week-no; move one of them by a few minutes",
    ),
    "the same post twice for one audience on one day": Mistake(
        '[[posts]]\npost = "notice"',
        '[[posts]]\npost = "tip"\nkind = "note"\naudience = "countries"\nday = 2027-03-15\n'
        'time = 15:00:00\ncountries = ["NO"]\n\n[[posts]]\npost = "notice"',
        '[[posts]]\npost = "tip"\nkind = "note"',
        "'tip' is scheduled twice for countries on 2027-03-15; keep one of the two",
    ),
    "the same post twice, since a holiday moves one of them": Mistake(
        '[[posts]]\npost = "results"',
        '[[posts]]\npost = "check"\nkind = "check_in"\naudience = "joined"\nday = 2027-03-29\ntime = 10:00:00\n'
        'working_day = true\n\n[[posts]]\npost = "check"\nkind = "check_in"\naudience = "joined"\nday = 2027-03-30\n'
        'time = 11:00:00\n\n[[posts]]\npost = "results"',
        '[[posts]]\npost = "check"\nkind = "check_in"\naudience = "joined"\nday = 2027-03-30',
        "'check' is scheduled twice for joined on 2027-03-30; keep one of the two",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_plan_mistake_is_reported_on_line_with_advice(folder: Folder, mistake: Mistake) -> None:
    folder.change(FILE, mistake.old, mistake.new)
    assert folder.errors() == [f"{folder.at(FILE, mistake.at)}: {mistake.says}"]


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_plan_with_mistake_gives_no_campaign(folder: Folder, mistake: Mistake) -> None:
    folder.change(FILE, mistake.old, mistake.new)
    assert folder.read().campaign is None


def test_the_small_campaign_itself_is_without_any_problem(folder: Folder) -> None:
    assert list(folder.read().problems) == []
    assert folder.campaign().id == "small-week"


def test_every_duplicate_key_is_reported_and_reading_continues(folder: Folder) -> None:
    folder.change(FILE, "headcount = 50", "headcount = 50\nheadcount = 51\nheadcount = 52")
    folder.change(FILE, 'source = "A report"', 'source = "A report"\nsource = "Another"')
    folder.change(FILE, "time = 10:00:00", 'time = "10"')
    assert [error.split("; ")[0] for error in folder.errors()] == [
        folder.at(FILE, "headcount = 51") + ": `headcount = 51` is given twice",
        folder.at(FILE, "headcount = 52") + ": `headcount = 52` is given twice",
        folder.at(FILE, "Another") + ': `source = "Another"` is given twice',
        folder.at(FILE, 'time = "10"') + ": `time` cannot be '10'",
    ]


def test_many_mistakes_are_reported_together_in_order(folder: Folder) -> None:
    folder.change(FILE, "Europe/Oslo", "Europe/Olso")
    folder.change(FILE, 'kind = "tip"', 'kind = "tipp"')
    folder.change(FILE, "time = 14:00:00", 'time = "14"')
    folder.change("pledges.toml", "kg = 2.1", "kg = 5")
    folder.change("pledges/en.toml", "Cycle", "x" * 80)
    folder.change("posts/tip/sv.md", "One full sentence.", "No sentence")
    folder.change("posts/results/en.md", "https://", "http://")
    places = [error.split(": ")[0] for error in folder.errors()]
    assert places == [
        folder.at(FILE, "Europe/Olso"),
        folder.at(FILE, "tipp"),
        folder.at(FILE, 'time = "14"'),
        "pledges.toml:3",
        "pledges/en.toml:2",
        "posts/results/en.md:8",
        "posts/tip/sv.md:3",
    ]


def test_duplicate_country_is_reported_in_both_places(folder: Folder) -> None:
    folder.change(FILE, 'code = "NO"', 'code = "SE"')
    says = "the country SE is there twice; keep one of the two"
    assert folder.errors() == [f"{FILE}:23: {says}", f"{FILE}:31: {says}"]


def test_an_unknown_country_is_reported_on_its_line(folder: Folder) -> None:
    folder.change(FILE, 'code = "SE"', 'code = "XQ"')
    assert f"{FILE}:23: there is no country 'XQ'; write \"SE\" for Sweden" in folder.errors()


def test_an_unknown_language_is_reported_on_its_line(folder: Folder) -> None:
    folder.change(FILE, '["en", "sv"]', '["en", "sv", "qq"]')
    assert f"{FILE}:5: there is no language 'qq'; use a code such as sv, nb, da, de, en" in folder.errors()


def test_a_last_day_before_the_first_is_reported(folder: Folder) -> None:
    folder.change(FILE, "first_day = 2027-03-15", "first_day = 2027-03-21")
    assert folder.errors()[0] == f"{FILE}:3: `last_day` is before `first_day`; exchange them, or correct one"


def test_opening_after_the_first_day_is_reported(folder: Folder) -> None:
    folder.change(FILE, "closes = 2027-04-22", "opens = 2027-03-16\ncloses = 2027-04-22")
    says = f"{FILE}:4: `opens` is after `first_day`; let it open on the first day or earlier"
    assert folder.errors()[0] == says


def test_closing_before_the_last_day_is_reported(folder: Folder) -> None:
    folder.change(FILE, "closes = 2027-04-22", "closes = 2027-03-19")
    says = f"{FILE}:4: `closes` is before `last_day`; let it close on the last day or later"
    assert folder.errors()[0] == says


def test_follow_up_moved_past_end_is_reported(folder: Folder) -> None:
    folder.change(FILE, "closes = 2027-04-22", "closes = 2027-03-28")
    folder.change(FILE, "\nday = 2027-04-22", "\nday = 2027-03-25")
    folder.change(FILE, "day = 2027-03-19\ntime = 14:00:00", "day = 2027-03-26\ntime = 14:00:00\nworking_day = true")
    says = "it moves to 2027-03-30, after the campaign closes; move `closes`"
    assert folder.errors() == [folder.at(FILE, "day = 2027-03-26") + f": in {code} {says}" for code in ("NO", "SE")]


def test_a_plan_without_posts_is_reported(folder: Folder) -> None:
    before, _, _ = folder.text(FILE).partition("[[posts]]")
    folder.write(FILE, before)
    assert f"{FILE}:1: there is no [[posts]]; add at least one [[posts]]" in folder.errors()


@pytest.mark.parametrize("value", ["[" * 3000, "1" * 5000, ".n" * 3000])
def test_overlong_value_is_reported_without_crash(folder: Folder, value: str) -> None:
    folder.change(FILE, "closes", f"n{value} = 1\ncloses" if value.startswith(".") else f"n = {value}\ncloses")
    assert folder.errors() == [f"{FILE}:1: a number or a list in it is far too long; take it away"]


def test_channel_named_twice_for_a_country_is_error(folder: Folder) -> None:
    folder.change(FILE, 'channel = "week-no"', 'channel = "week-no"\nmore_channels = ["week-no"]')
    errors = folder.errors()
    assert errors
    assert all("is posted twice in week-no, for NO alone; take the channel" in error for error in errors)


def test_shared_channel_of_two_countries_is_error(folder: Folder) -> None:
    folder.change(FILE, 'channel = "week-no"', 'channel = "week-se"')
    assert folder.errors()
    assert all(
        error.endswith("is posted twice in week-se, for SE and NO; give each of them a channel of its own")
        for error in folder.errors()
    )


def test_post_that_is_there_twice_is_one_error(folder: Folder) -> None:
    text = folder.text(FILE)
    head, block, rest = text.split("[[posts]]", 2)
    folder.write(FILE, f"{head}[[posts]]{block}[[posts]]{block}[[posts]]{rest}")
    assert [error.partition(": ")[2] for error in folder.errors()] == [
        "'tip' is scheduled twice for countries on 2027-03-15; keep one of the two"
    ]
