"""A small campaign that has a little of everything, as its files."""

from __future__ import annotations

from collections.abc import Mapping

_CAMPAIGN = """\
id = "tiny-week"
first_day = 2027-03-15
last_day = 2027-03-21
opens = 2027-03-08
closes = 2027-04-01
smallest_group = 5
languages = ["en", "sv"]

[title]
en = "Tiny week"
sv = "Mini vecka"

[earth_hour]
date = 2027-03-20
starts = 20:30:00

[goal]
participation_percent = 30

[company]
channel = "week-all"
language = "en"
zone = "Europe/Stockholm"
managers = ["U0BOSS"]

[[countries]]
code = "SE"
zone = "Europe/Stockholm"
languages = ["sv"]
channel = "week-se"
representatives = ["U0REP", "U0DEPUTY"]
headcount = 120
headcount_date = 2027-01-01

[themes.food]
en = "Food"
sv = "Mat"

[[posts]]
post = "lunch"
kind = "tip"
audience = "countries"
day = 2027-03-16
time = 11:15:00
until = 2027-03-16T15:00:00
theme = "food"
sdgs = [2, 12]
countries = ["SE"]
source = "A study"
source_url = "https://example.org/study"

[[posts]]
post = "how-was-it"
kind = "check_in"
audience = "joined"
day = 2027-03-19
time = 14:00:00
working_day = true

[[posts]]
post = "the-end"
kind = "results"
audience = "company"
day = 2027-04-01
time = 10:00:00
"""

_PLEDGES = """\
version = "2"

[[pledges]]
id = "lentils"
per = "occurrence"
kg = 1.5
low = 0.5
high = 3
sdgs = [2]
evidence = "published"
source = "A table"
source_url = "https://example.org/table"
[pledges.kg_by_country]
SE = 1.25
"""

_WORDS = """\
[lentils]
title = "Lentils for lunch"
unit = "each lunch"
about = "It is good, too."
plans = [
    "On Monday",
    "On Friday",
]
"""

_POST = """\
+++
title = "A title"
summary = "One whole sentence."
+++

A paragraph with **words** and [a link](https://example.org).

- one
- two
"""

LANGUAGES = ("en", "sv")
POSTS = ("lunch", "how-was-it", "the-end")

FILES: Mapping[str, str] = {
    "campaign.toml": _CAMPAIGN,
    "pledges.toml": _PLEDGES,
    **dict.fromkeys((f"pledges/{language}.toml" for language in LANGUAGES), _WORDS),
    **dict.fromkeys((f"posts/{post}/{language}.md" for post in POSTS for language in LANGUAGES), _POST),
}
"""By their paths in the folder."""

SPOILT = ("campaign.toml", "campaign.toml", "pledges.toml", "pledges/sv.toml", "posts/lunch/sv.md")
"""Those that are spoilt, the largest more often."""
