"""The small campaign with what else a campaign can say, as files that are spoilt."""

from __future__ import annotations

from functools import reduce

from tests.campaigns import SMALL_FILES

_MORE = {
    "closes = ": "opens = 2027-03-08\nsmallest_group = 5\ncloses = ",
    "date = 2027-03-20": "date = 2027-03-20\nstarts = 20:30:00",
    'zone = "Europe/London"': 'zone = "Europe/London"\nmanagers = ["U0BOSS"]',
    '["UNORA"]': '["UNORA", "UNILS"]',
    'theme = "energy"': 'theme = "energy"\nuntil = 2027-03-15T15:00:00\ncountries = ["SE"]',
    "time = 14:00:00": "time = 14:00:00\nworking_day = true",
    'source = "A table"': 'source = "A table"\nsource_url = "https://example.org/table"',
    "unit = ": 'about = "It is good, too."\nunit = ',
    "First paragraph.": "A paragraph with **words**.",
}

FILES = {
    file: reduce(lambda text, more: text.replace(*more), _MORE.items(), text) for file, text in SMALL_FILES.items()
}
"""By their paths in the folder."""

SPOILT = ("campaign.toml", "campaign.toml", "pledges.toml", "pledges/sv.toml", "posts/tip/sv.md")
"""Those that are spoilt, the largest more often."""
