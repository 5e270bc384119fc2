"""A small campaign that is right in everything, on disk, so that a test can spoil one thing in it."""

from __future__ import annotations

from pathlib import Path

from bot.campaign.model import Campaign
from bot.campaign.reader import Reading, read
from bot.messages.post_kinds import KINDS

CAMPAIGN = """\
id = "small-week"
first_day = 2027-03-15
last_day = 2027-03-20
closes = 2027-04-22
languages = ["en", "sv"]

[title]
en = "Small week"
sv = "Liten vecka"

[earth_hour]
date = 2027-03-20

[goal]
participation_percent = 20

[company]
channel = "all"
language = "en"
zone = "Europe/London"

[[countries]]
code = "SE"
zone = "Europe/Stockholm"
languages = ["sv"]
channel = "week-se"
headcount = 50
headcount_date = 2027-01-01

[[countries]]
code = "NO"
zone = "Europe/Oslo"
languages = ["en"]
channel = "week-no"
representatives = ["UNORA"]
headcount = 40
headcount_date = 2027-01-01

[themes.energy]
en = "Energy"
sv = "Energi"

[[posts]]
post = "tip"
kind = "tip"
audience = "countries"
day = 2027-03-15
time = 09:00:00
theme = "energy"
sdgs = [7, 13]
source = "A report"
source_url = "https://example.org/report"

[[posts]]
post = "notice"
kind = "earth_hour_notice"
audience = "countries"
day = 2027-03-19
time = 11:00:00

[[posts]]
post = "check"
kind = "check_in"
audience = "joined"
day = 2027-03-19
time = 14:00:00

[[posts]]
post = "reminder"
kind = "earth_hour_reminder"
audience = "earth_hour_reminder"
day = 2027-03-20
time = 20:15:00

[[posts]]
post = "results"
kind = "results"
audience = "company"
day = 2027-04-22
time = 10:00:00
"""

PLEDGES = """\
version = "1"

[[pledges]]
id = "bike"
per = "occurrence"
kg = 2.1
low = 0.1
high = 3.4
sdgs = [11]
evidence = "published"
source = "A table"

[[pledges]]
id = "dryer"
per = "week"
low = 0.1
high = 2
sdgs = [7]
evidence = "physics"
source = "Physics"
[pledges.kg_by_country]
SE = 0.2
NO = 0.1
"""

WORDS = """\
[bike]
title = "Cycle"
unit = "per 10 km"
plans = [
    "On Monday",
    "On Tuesday",
]

[dryer]
title = "Hang it up"
unit = "per load"
"""

TEXT = """\
+++
title = "A title"
summary = "One full sentence."
+++

First paragraph.

- [a link](https://example.org)
"""

POSTS = ("tip", "notice", "check", "reminder", "results")
LANGUAGES = ("en", "sv")


class Small:
    """The folder of the campaign. Files are named as a problem names them, without the folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("campaign.toml", CAMPAIGN)
        self.write("pledges.toml", PLEDGES)
        for language in LANGUAGES:
            self.write(f"pledges/{language}.toml", WORDS)
            for post in POSTS:
                self.write(f"posts/{post}/{language}.md", TEXT)

    @property
    def files(self) -> list[str]:
        return sorted(path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file())

    def write(self, file: str, content: str | bytes) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def text(self, file: str) -> str:
        return (self.root / file).read_bytes().decode()

    def change(self, file: str, old: str, new: str) -> None:
        """Exchange the first place where `old` stands."""
        before = self.text(file)
        assert old in before, f"{old!r} is not in {file}"
        self.write(file, before.replace(old, new, 1))

    def at(self, file: str, text: str) -> str:
        """Where a text first stands, as `file:line`."""
        before, found, _ = self.text(file).partition(text)
        assert found, f"{text!r} is not in {file}"
        return f"{file}:{before.count(chr(10)) + 1}"

    def read(self) -> Reading:
        return read(self.root, KINDS)

    def campaign(self) -> Campaign:
        """The campaign, which has to be without errors."""
        reading = self.read()
        assert reading.campaign, [str(problem) for problem in reading.problems]
        return reading.campaign

    def errors(self) -> list[str]:
        return [self._short(str(problem)) for problem in self.read().problems.errors]

    def warnings(self) -> list[str]:
        return [self._short(str(problem)) for problem in self.read().problems.warnings]

    def examples(self) -> list[str]:
        return [self._short(str(problem)) for problem in self.read().problems.examples]

    def _short(self, problem: str) -> str:
        return problem.removeprefix(f"{self.root.as_posix()}/")
