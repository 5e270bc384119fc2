"""The schedule of a new campaign: days, countries and languages change, and all else stays as somebody wrote it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.campaign.new_schedule import Renewal, Wanted, new_schedule
from tests.campaigns import Folder

FILE = "campaign.toml"


def renewed(folder: Folder, *, year: int = 2028, countries: str = "SE NO", languages: str = "en sv") -> Folder:
    """The folder with its schedule for a new campaign."""
    wanted = Wanted(year, countries.split(), languages.split())
    made = Folder(folder.root)
    made.write(FILE, new_schedule(folder.text(FILE), Renewal(folder.campaign(), wanted)))
    return made


def test_days_move_and_everything_else_stays(folder: Folder) -> None:
    before = folder.text(FILE)
    after = renewed(folder).text(FILE)
    changes = {
        'id = "small-week"': 'id = "small-week-2028"',
        "first_day = 2027-03-15": "first_day = 2028-03-20",
        "last_day = 2027-03-20": "last_day = 2028-03-25",
        "\ndate = 2027-03-20": '\ndate = 2028-03-25\nexamples = ["date"]',
        "\nday = 2027-03-15": "\nday = 2028-03-20",
        "\nday = 2027-03-19": "\nday = 2028-03-24",
        "\nday = 2027-03-20": "\nday = 2028-03-25",
        "\nday = 2027-04-22": "\nday = 2028-04-21",
        "closes = 2027-04-22": "closes = 2028-04-22",
        "headcount = 50\nheadcount_date = 2027-01-01\n": "headcount = 50\nheadcount_date = 2027-01-01\n"
        'examples = ["headcount", "headcount_date"]\n',
        "headcount = 40\nheadcount_date = 2027-01-01\n": "headcount = 40\nheadcount_date = 2027-01-01\n"
        'examples = ["representatives", "headcount", "headcount_date"]\n',
    }
    for old, new in changes.items():
        before = before.replace(old, new)
    assert after == before


def test_campaign_is_named_after_its_year(folder: Folder) -> None:
    folder.change(FILE, '"small-week"', '"week-2027"')
    folder.change(FILE, '"Small week"', '"Small week 2027"')
    made = renewed(folder).campaign()
    assert made.id == "week-2028"
    assert made.title == {"en": "Small week {year}", "sv": "Liten vecka"}


def test_campaign_opens_and_closes_around_its_posts(folder: Folder) -> None:
    folder.change(FILE, "closes = 2027-04-22", "opens = 2027-03-12\ncloses = 2027-04-22")
    made = renewed(folder, year=2030).campaign()
    # Earth Day is Easter Monday.
    assert (made.opens, made.closes, made.posts[-1].day) == (date(2030, 3, 22), date(2030, 4, 23), date(2030, 4, 23))


def test_campaign_closes_after_the_last_working_day(folder: Folder) -> None:
    results = 'post = "results"\nkind = "results"\naudience = "countries"\nworking_day = true'
    folder.change(FILE, 'post = "results"\nkind = "results"\naudience = "company"', results)
    # Friday 21 April is a holiday in Brazil.
    assert "closes = 2028-04-24 " in f"{renewed(folder, countries='SE BR').text(FILE)} ".replace("\n", " ")


def test_limit_with_a_date_moves_with_its_post(folder: Folder) -> None:
    folder.change(FILE, "time = 09:00:00", "time = 09:00:00\nuntil = 2027-03-16T12:00:00")
    until = renewed(folder).campaign().posts[0].until
    assert until
    assert until.isoformat() == "2028-03-21T12:00:00"


def test_same_year_keeps_its_days_and_earth_hour(folder: Folder) -> None:
    made = renewed(folder, year=2027, countries="NO").campaign()
    assert (made.first_day, made.earth_hour.day, made.earth_hour.confirmed) == (
        date(2027, 3, 15),
        date(2027, 3, 20),
        True,
    )


def test_countries_that_are_gone_leave_no_trace(folder: Folder) -> None:
    folder.change(FILE, 'post = "notice"', 'post = "notice"\ncountries = ["SE"]')
    folder.change(FILE, 'post = "tip"', 'post = "tip"\nleft_out = ["SE"]')
    folder.change(FILE, 'audience = "joined"', 'audience = "joined"\ncountries = ["SE", "NO"]')
    folder.change(FILE, 'zone = "Europe/London"', 'zone = "Europe/Stockholm"')
    made = renewed(folder, countries="NO")
    assert "SE" not in made.text(FILE)
    campaign = made.campaign()
    assert [post.post for post in campaign.posts] == ["tip", "check", "reminder", "results"]
    assert [post.countries for post in campaign.posts] == [(), ("NO",), (), ()]
    assert campaign.company
    assert (campaign.company.zone, campaign.company.examples) == ("Europe/Oslo", ("zone",))


def test_new_country_gets_what_is_known_of_it(folder: Folder) -> None:
    made = renewed(folder, countries="NO FI BR DE", languages="en fi")
    assert made.text(FILE).count("works_council_informed = false") == 1
    block = """
[[countries]]
code = "FI"
zone = "Europe/Helsinki"
languages = ["fi"]
channel = "week-fi"
representatives = ["U0EXAMPLEFI"]
headcount = 100
headcount_date = 2028-01-01
board = true
examples = ["channel", "representatives", "headcount", "headcount_date"]

"""
    assert block in made.text(FILE)
    brazil = block.replace("FI", "BR").replace("fi", "br").replace("Europe/Helsinki", "America/Sao_Paulo")
    brazil = brazil.replace('["br"]', '["en"]').replace('["channel"', '["zone", "channel"')
    assert brazil in made.text(FILE)
    order = [made.text(FILE).index(f'code = "{code}"') for code in ("NO", "FI", "BR", "DE")]
    assert sorted(order) == order
    assert order[-1] < made.text(FILE).index("[themes.energy]")


def test_all_countries_may_be_new(folder: Folder) -> None:
    made = renewed(folder, countries="FI")
    assert [made.text(FILE).count(each) for each in ("[[countries]]", "[[posts]]")] == [1, 5]


def test_works_council_is_asked_again(folder: Folder) -> None:
    folder.change(FILE, 'code = "NO"', 'code = "NO"\nworks_council_informed = true')
    assert not renewed(folder).campaign().countries[1].works_council_informed


LAMPS = """\
[[measures]]
id = "lamps"
status = "done"
ends = 2026-12-31
sdgs = [7]
figure = "not measured yet"
"""


def test_measure_of_another_year_is_an_example(folder: Folder) -> None:
    folder.write("measures.toml", LAMPS)
    for language in ("en", "sv"):
        folder.write(f"measures/{language}.toml", '[lamps]\ntitle = "…"\nabout = "…"\nresponsible = "…"\n')
    folder.change(FILE, 'kind = "tip"', 'kind = "measure"\nmeasure = "lamps"')
    assert renewed(folder).campaign().posts[0].examples == ("text",)


@pytest.mark.parametrize("title", ['[title]\nen = "Small week"\nsv = "Liten vecka"', None])
def test_languages_are_exchanged(folder: Folder, title: str | None) -> None:
    if title:
        folder.change(FILE, f"\n{title}\n", "")
        folder.change(FILE, "first_day", 'title = { en = "Small week", sv = "Liten vecka" }\nfirst_day')
    made = renewed(folder, languages="fi en").text(FILE)
    assert 'languages = ["fi", "en"]' in made
    assert "sv" not in made
    assert ('title = { fi = "Small week", en = "Small week" }' in made) == bool(title)
    assert '[themes.energy]\nen = "Energy"\nfi = "Energy"\n' in made


def test_language_of_the_company_is_one_that_is_there(folder: Folder) -> None:
    company = renewed(folder, languages="sv").campaign().company
    assert company
    assert company.language == "sv"
