"""Campaigns for tests: folders that are written from a few words or spoilt in one place, and campaigns as values.

A folder says what a `Week` says, or it is the small campaign, whose text stands here in full because tests of the
reader look at its lines. Values need no files, so that thousands of them can be made; nothing checks them.
"""

from __future__ import annotations

import datetime as dt
import shutil
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from bot.campaign import model
from bot.campaign.campaign_reader import Reading, read
from bot.campaign.earth_hour import EarthHour
from bot.campaign.model import Audience, Campaign, Country, Evidence, ParticipationGoal, Per, Pledge
from bot.locales.catalogues import vocabulary
from bot.messages.post_kinds import KINDS

SHIPPED = Path(__file__).parents[1] / "campaigns" / "earth-week-2027"
NAME = "a-week"


@cache
def shipped_campaign() -> Campaign:
    """The campaign that is shipped, with its examples."""
    return Folder(SHIPPED).campaign()


@dataclass(frozen=True)
class Folder:
    """A campaign's folder. Files are named as a problem names them, without the folder."""

    root: Path

    @property
    def files(self) -> list[str]:
        return sorted(path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file())

    def write(self, file: str, content: str | bytes) -> None:
        """Make a file say this. One that says it already stays as it is, so that nobody reads it again."""
        path, raw = self.root / file, content.encode() if isinstance(content, str) else content
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != raw:
            # The bot may be reading: a file is there as a whole or not at all.
            draft = path.with_name(f".{path.name}.draft")
            draft.write_bytes(raw)
            draft.replace(path)

    def write_all(self, files: Mapping[str, str | bytes]) -> None:
        for file, content in files.items():
            self.write(file, content)

    def text(self, file: str) -> str:
        return self.raw(file).decode()

    def raw(self, file: str) -> bytes:
        """A file as it is on the disk, such as a picture."""
        return (self.root / file).read_bytes()

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
        return read(self.root, KINDS, vocabulary())

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


def shipped(root: Path) -> Folder:
    """A copy of the shipped campaign's folder, for a test to change something in it."""
    shutil.copytree(SHIPPED, root)
    return Folder(root)


# A campaign from a few words


@dataclass(frozen=True)
class Place:
    """A country, its clock, its language and its channel."""

    code: str
    zone: str
    language: str
    channel: str
    representative: str | None = None
    deputy: str | None = None
    headcount: int | None = None
    more_channels: tuple[str, ...] = ()


SWEDEN = Place("SE", "Europe/Stockholm", "sv", "week-se")
GERMANY = Place("DE", "Europe/Berlin", "de", "week-de")
NORWAY = Place("NO", "Europe/Oslo", "nb", "week-no")


@dataclass(frozen=True)
class Post:
    """An entry of the schedule; its text is its own name and language."""

    name: str
    day: dt.date
    time: dt.time
    kind: str = "note"
    audience: str = "countries"
    until: dt.time | dt.datetime | None = None
    countries: tuple[str, ...] = ()
    picture: str = ""
    guess: str = ""
    wave: str = ""


@dataclass(frozen=True)
class Promise:
    """Something people can pledge, with one plan; its title is its own name and language."""

    name: str
    kg: float = 2
    per: str = "occurrence"
    lasting: bool = False
    kg_by_country: Mapping[str, float] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


WALK = Promise("walk")
"""What whoever is there from the beginning has pledged, where it can be: nobody else is asked how it went."""


@dataclass(frozen=True)
class Week:
    """A whole campaign."""

    posts: Sequence[Post]
    places: Sequence[Place] = (SWEDEN,)
    first: dt.date = dt.date(2027, 3, 15)
    last: dt.date = dt.date(2027, 3, 21)
    earth_hour: dt.date = dt.date(2027, 3, 20)
    title: str = field(default="A week")
    promises: Sequence[Promise] = ()
    managers: tuple[str, ...] = ()
    opens: dt.date | None = None
    closes: dt.date | None = None
    guests: bool = False
    company: bool = True
    organisers_channel: str = ""
    figures: Sequence[str] = ()

    def saying(self, *posts: Post) -> Week:
        """The same campaign with other posts."""
        return replace(self, posts=posts)


def said(post: str, language: str) -> str:
    """The text that a post shows in a notification."""
    return f"The post {post} in {language}."


def seen(picture: str, language: str) -> str:
    """The alternative text of a picture."""
    return f"The picture {picture} in {language}."


def png(width: int = 1000, height: int = 500, shade: int = 0) -> bytes:
    """A picture of one colour."""
    rows = zlib.compress(bytes([0, *[shade] * width]) * height)
    parts = {b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0), b"IDAT": rows, b"IEND": b""}
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts.items()
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def promised(promise: str, language: str) -> str:
    """The title of a pledge."""
    return f"The pledge {promise} in {language}"


def planned(promise: str, language: str) -> str:
    """The plan that a pledge proposes."""
    return f"The plan of {promise} in {language}"


RIGHT = 2
"""The number of the answer that is right in every guess."""


def guessed(post: str, answer: int, language: str) -> str:
    """An answer to a guess, by its number."""
    return f"{answer} of {post} in {language}"


def write(folder: Path, week: Week) -> None:
    """Make the folder say this; what it said before is replaced."""
    made = Folder(folder)
    if week.promises:
        made.write("pledges.toml", "\n".join(['version = "1"', *map(_promise, week.promises)]))
        for language in _languages(week):
            made.write(f"pledges/{language}.toml", "\n".join(_titles(week, language)))
    for post in week.posts:
        for language in _languages(week):
            made.write(f"posts/{post.name}/{language}.md", _words(post, language))
        if post.picture:
            made.write(f"pictures/{post.picture}.png", png())
    made.write("campaign.toml", "\n".join(_lines(week)))


def _words(post: Post, language: str) -> str:
    drawn = f'picture = "{post.picture}"\nalt = "{seen(post.picture, language)}"\n' if post.picture else ""
    answers = [guessed(post.name, number, language) for number in (1, 2, 3)]
    drawn += f"answers = {answers}\n" if post.kind == "guess" else ""
    front = f'+++\ntitle = "{post.name}"\nsummary = "{said(post.name, language)}"\n{drawn}+++\n\n'
    return f"{front}Something **to do** about {post.name}.\n"


def _promise(promise: Promise) -> str:
    symbolic = promise.kg == 0
    lines = [
        "[[pledges]]",
        f'id = "{promise.name}"',
        f'per = "{promise.per}"',
        *(["lasting = true"] if promise.lasting else []),
        f"left_out = {list(promise.left_out)}",
        f"kg = {promise.kg}",
        f"low = {0 if symbolic else 1}",
        f"high = {0 if symbolic else 9}",
        "sdgs = [13]",
        f'evidence = "{"symbolic" if symbolic else "published"}"',
        'source = "A study, 2024"',
        "[pledges.kg_by_country]",
        *(f"{code} = {kg}" for code, kg in promise.kg_by_country.items()),
    ]
    return "\n".join(lines)


def _titles(week: Week, language: str) -> Iterator[str]:
    for promise in week.promises:
        yield f"[{promise.name}]"
        yield f'title = "{promised(promise.name, language)}"'
        yield 'unit = "each time"'
        yield f'plans = ["{planned(promise.name, language)}"]'


def _languages(week: Week) -> list[str]:
    return sorted({*(["en"] if week.company else []), *(place.language for place in week.places)})


def _lines(week: Week) -> Iterator[str]:
    yield f'id = "{NAME}"'
    yield f"first_day = {week.first}"
    yield f"last_day = {week.last}"
    yield from ([f"opens = {week.opens}"] if week.opens else [])
    yield from ([f"closes = {week.closes}"] if week.closes else [])
    yield f"languages = {_languages(week)}"
    yield from (["guests = true"] if week.guests else [])
    yield "[title]"
    yield from (f'{language} = "{week.title}"' for language in _languages(week))
    yield "[earth_hour]"
    yield f"date = {week.earth_hour}"
    if any(post.kind == "tip" for post in week.posts):
        yield "[themes.energy]"
        yield from (f'{language} = "Energy"' for language in _languages(week))
    yield from ([f"[figures]\ndays = {list(week.figures)}"] if week.figures else [])
    if week.company:
        yield '[company]\nchannel = "week-all"\nlanguage = "en"\nzone = "Europe/Stockholm"'
        yield f"managers = {list(week.managers)}"
        yield from ([f'organisers_channel = "{week.organisers_channel}"'] if week.organisers_channel else [])
    for place in week.places:
        yield from _place(place)
    for post in week.posts:
        yield from _post(post)


def _place(place: Place) -> Iterator[str]:
    yield "[[countries]]"
    yield f'code = "{place.code}"'
    yield f'zone = "{place.zone}"'
    yield f'languages = ["{place.language}"]'
    yield f'channel = "{place.channel}"'
    if place.representative:
        yield f"representatives = {[user for user in (place.representative, place.deputy) if user]}"
    if place.headcount:
        yield f"headcount = {place.headcount}"
        yield "headcount_date = 2027-01-01"
    if place.more_channels:
        yield f"more_channels = {list(place.more_channels)}"


def _post(post: Post) -> Iterator[str]:
    yield "[[posts]]"
    yield f'post = "{post.name}"'
    yield f'kind = "{post.kind}"'
    yield f'audience = "{post.audience}"'
    yield f"day = {post.day}"
    yield f"time = {post.time}"
    if post.kind == "tip":
        yield 'theme = "energy"\nsource = "A study, 2024"'
    if post.kind == "guess":
        yield f"right = {RIGHT}"
    if post.wave:
        yield f'wave = "{post.wave}"'
    if post.guess:
        yield f'guess = "{post.guess}"\nsource = "A study, 2024"'
    if post.until:
        yield f"until = {post.until}"
    if post.countries:
        yield f"countries = {list(post.countries)}"


# The small campaign, which is right in everything


SMALL = """\
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

_PLEDGES = """\
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

_WORDS = """\
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

_TEXT = """\
+++
title = "A title"
summary = "One full sentence."
+++

First paragraph.

- [a link](https://example.org)
"""

SMALL_FILES: Mapping[str, str] = {
    "campaign.toml": SMALL,
    "pledges.toml": _PLEDGES,
    "pledges/en.toml": _WORDS,
    "pledges/sv.toml": _WORDS.replace("On Tuesday", "På tisdag"),
    **{
        f"posts/{post}/{language}.md": text
        for post in ("tip", "notice", "check", "reminder", "results")
        for language, text in {"en": _TEXT, "sv": _TEXT.replace("[a link]", "[en länk]")}.items()
    },
}


def small(root: Path) -> Folder:
    """The folder of the small campaign, for a test to spoil one thing in it."""
    made = Folder(root)
    made.write_all(SMALL_FILES)
    return made


# Campaigns as values


MONDAY = dt.date(2027, 3, 15)
CODES = ("SE", "NO", "DK", "DE")


def country(code: str, headcount: int | None = 100, *, zone: str = "Europe/Stockholm", board: bool = True) -> Country:
    return Country(
        code=code,
        zone=zone,
        languages=("en",),
        channel=f"week-{code.lower()}",
        headcount=headcount,
        headcount_date=dt.date(2027, 1, 1) if headcount else None,
        board=board,
    )


def pledge(name: str, per: Per = Per.OCCURRENCE, kg: float = 2) -> Pledge:
    return Pledge(
        id=name,
        per=per,
        kg=kg,
        low=kg / 2,
        high=kg * 1.5,
        sdgs=(13,),
        evidence=Evidence.PHYSICS,
        source="Physics",
    )


def tip(name: str, *countries: str) -> model.Post:
    audience = Audience.COUNTRIES
    return model.Post(post=name, kind="tip", audience=audience, day=MONDAY, time=dt.time(9), countries=countries)


def awareness(wave: str) -> model.Post:
    """The questions of a wave, on the Thursday before or the Monday after."""
    asked: dict[str, Any] = {"audience": Audience.COUNTRIES, "time": dt.time(10), "wave": wave}
    day = MONDAY + dt.timedelta(days=-4 if wave == "before" else 7)
    return model.Post(post=f"awareness-{wave}", kind="awareness", day=day, **asked)


def guess(name: str, *countries: str) -> model.Post:
    """A guess on the morning of the first day; its text is in `guess_texts`."""
    asked: dict[str, Any] = {"audience": Audience.COUNTRIES, "day": MONDAY, "time": dt.time(9), "until": dt.time(14)}
    return model.Post(post=name, kind="guess", right=RIGHT, countries=countries, **asked)


def guess_texts(*names: str) -> dict[tuple[str, str], model.Text]:
    return {(name, "en"): model.Text(title=name, summary="Guess.", answers=("1", "2", "3")) for name in names}


def campaign(*countries: Country, **more: Any) -> Campaign:
    """A week without texts, in four countries unless told."""
    made = Campaign(
        id=NAME,
        title={"en": "A week"},
        first_day=MONDAY,
        last_day=MONDAY + dt.timedelta(days=5),
        opens=MONDAY - dt.timedelta(days=3),
        closes=MONDAY + dt.timedelta(days=10),
        languages=("en",),
        earth_hour=EarthHour(MONDAY + dt.timedelta(days=5)),
        goal=ParticipationGoal(participation_percent=20),
        company=None,
        countries=countries or tuple(country(code) for code in CODES),
        themes={},
        posts=(),
        texts={},
        deadlines={},
        smallest_group=5,
        pledges=(pledge("bike"),),
        factors_version="2026-1",
    )
    return replace(made, **more)


# The shipped campaign in one language more


def also_in(root: Path, language: str) -> Folder:
    """A copy of the shipped campaign in which Sweden reads another language, with the bot's words that are shipped.

    Its own texts in that language are signs, so that whatever is a word comes from the bot.
    """
    made = shipped(root)
    for post in {file.split("/")[1] for file in made.files if file.startswith("posts/")}:
        guess = 'answers = ["§ 1", "§ 2", "§ 3"]\n' if "answers = [" in made.text(f"posts/{post}/en.md") else ""
        front = f'+++\ntitle = "§ {post}"\nsummary = "§ {post}."\n{guess}+++\n\n'
        made.write(f"posts/{post}/{language}.md", f"{front}§ {post}\n")
    ids = [each.id for each in shipped_campaign().pledges]
    made.write(f"pledges/{language}.toml", "\n".join(map(_signs, ids)))
    measures = [each.id for each in shipped_campaign().commitments]
    signs = 'title = "§"\nabout = "§"\nresponsible = "§"\nunit = "§"\n'
    made.write(f"measures/{language}.toml", "".join(f"[{each}]\n{signs}" for each in measures))
    plan = made.text("campaign.toml").replace('\nen = "', f'\n{language} = "§"\nen = "')
    plan = plan.replace('languages = ["sv"]', f'languages = ["{language}"]')
    made.write("campaign.toml", plan.replace('languages = ["en", ', f'languages = ["en", "{language}", ', 1))
    return made


def _signs(pledge: str) -> str:
    return f'[{pledge}]\ntitle = "§ {pledge}"\nunit = "§"\nplans = ["§ 1", "§ 2"]\n'
