"""Tables of headcounts, as spreadsheets write them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.campaign.headcounts import Headcount, read_headcounts, with_headcounts
from bot.campaign.problems import Problems
from tests.campaigns import Folder, campaign, country

DAY = date(2027, 1, 1)
WEEK = campaign(country("SE"), country("NO"))


def read(text: str) -> tuple[list[Headcount], list[str]]:
    problems = Problems()
    found = read_headcounts("people.csv", text, WEEK, problems)
    return found, [str(problem) for problem in problems.errors]


@pytest.mark.parametrize(
    "text",
    [
        "country,headcount,date\nSE,1200,2027-01-01\nNO,40,2027-01-01\n",
        "country;headcount;date\nSE;1 200;1.1.2027\nNO;40;01.01.2027\n",
        "\ufeffDate;Country;Headcount\r\n2027-01-01;SE;1200\r\n2027-01-01;NO;40\r\n",
        'headcount,date,country,note\n"1,200",2027-1-1,se,x\n\n40,2027-01-01, Norway ,\n',
        "country\theadcount\tdate\nSE\t1.200\t1. 1. 2027\nNO\t40\t2027-01-01\n",
        "country;headcount;date\nSE;1\u202f200;2027-01-01\nNO;40;2027-01-01;;\n",
    ],
)
def test_table_is_read_as_spreadsheets_write_it(text: str) -> None:
    assert read(text) == ([Headcount("SE", 1200, DAY), Headcount("NO", 40, DAY)], [])


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("XX,40,2027-01-01", "'XX' is no country of the campaign; write one of SE, NO"),
        ("DE,40,2027-01-01", "'DE' is no country of the campaign; write one of SE, NO"),
        (",40,2027-01-01", "'' is no country of the campaign; write one of SE, NO"),
        ("NO,about 40,2027-01-01", "the headcount 'about 40' is no whole number from 1 on; write it as 1200"),
        ("NO,0,2027-01-01", "the headcount '0' is no whole number from 1 on; write it as 1200"),
        ("NO,12.5,2027-01-01", "the headcount '12.5' is no whole number from 1 on; write it as 1200"),
        ("NO,40", "the date '' is no day; write it as 2027-01-01 or 1.1.2027"),
        ("NO,40,31.2.2027", "the date '31.2.2027' is no day; write it as 2027-01-01 or 1.1.2027"),
        ("NO,40,1.1.27", "the date '1.1.27' is no day; write it as 2027-01-01 or 1.1.2027"),
        ("NO,40,1027-01-01", "the date '1027-01-01' is no day; write it as 2027-01-01 or 1.1.2027"),
        ("SE,40,2027-01-01", "SE is there twice; keep one of the two"),
    ],
)
def test_bad_line_is_named_with_what_to_write(row: str, says: str) -> None:
    _found, errors = read(f"country,headcount,date\nSE,50,2027-01-01\n{row}\n")
    assert errors == [f"people.csv:3: {says}"]


def test_every_mistake_of_a_table_is_named() -> None:
    _found, errors = read("country,headcount,date\nXX,no,never\n\nNO,x,2027-01-01\n")
    assert [error.partition(": ")[0] for error in errors] == ["people.csv:2"] * 3 + ["people.csv:4"]


def test_columns_that_are_missing_are_named() -> None:
    todo = "write the names of the columns into the first line: country,headcount,date"
    assert read("country,people\nSE,50\n")[1] == [f"people.csv:1: there is no column headcount, date; {todo}"]
    assert read("")[1] == [f"people.csv:1: the file is empty; {todo}"]


def test_headcounts_are_written_and_no_examples_any_more(folder: Folder) -> None:
    folder.change("campaign.toml", "headcount = 50\n", "headcount = 50  # in Växjö\n")
    marked = 'examples = ["channel", "headcount", "headcount_date"]'
    folder.change("campaign.toml", 'channel = "week-no"', f'channel = "week-no"\n{marked}')
    before = folder.text("campaign.toml")
    made = with_headcounts(before, folder.campaign(), [Headcount("SE", 60, DAY), Headcount("NO", 70, DAY)])
    changes = {"headcount = 50": "headcount = 60", "headcount = 40": "headcount = 70", marked: 'examples = ["channel"]'}
    for old, new in changes.items():
        before = before.replace(old, new)
    assert made == before


def test_headcount_is_added_where_there_was_none(folder: Folder) -> None:
    folder.change("campaign.toml", "headcount = 40\nheadcount_date = 2027-01-01\n", 'examples = ["headcount"]\n')
    made = with_headcounts(folder.text("campaign.toml"), folder.campaign(), [Headcount("NO", 70, DAY)])
    folder.write("campaign.toml", made)
    norway = folder.campaign().countries[1]
    assert (norway.headcount, norway.headcount_date, norway.examples) == (70, DAY, ())
