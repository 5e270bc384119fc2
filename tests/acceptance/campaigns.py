"""Writes small campaign folders: who they are for, what is said and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

NAME = "a-week"


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


@dataclass(frozen=True)
class Promise:
    """Something people can pledge, with one plan; its title is its own name and language."""

    name: str
    kg: float = 2
    per: str = "occurrence"
    lasting: bool = False
    kg_by_country: Mapping[str, float] = field(default_factory=dict)


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

    def saying(self, *posts: Post) -> Week:
        """The same campaign with other posts."""
        return replace(self, posts=posts)


def said(post: str, language: str) -> str:
    """The text that a post shows in a notification."""
    return f"The post {post} in {language}."


def promised(promise: str, language: str) -> str:
    """The title of a pledge."""
    return f"The pledge {promise} in {language}"


def planned(promise: str, language: str) -> str:
    """The plan that a pledge proposes."""
    return f"The plan of {promise} in {language}"


def write(folder: Path, week: Week) -> None:
    """Make the folder say this; what it said before is replaced."""
    if week.promises:
        _put(folder / "pledges.toml", "\n".join(['version = "1"', *map(_promise, week.promises)]))
        for language in _languages(week):
            _put(folder / "pledges" / f"{language}.toml", "\n".join(_titles(week, language)))
    for post in week.posts:
        for language in _languages(week):
            _put(folder / "posts" / post.name / f"{language}.md", _words(post, language))
    _put(folder / "campaign.toml", "\n".join(_lines(week)))


def _put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        # The bot may be reading: a file is there as a whole or not at all.
        draft = file.with_name(f".{file.name}.draft")
        draft.write_text(text, encoding="utf-8")
        draft.replace(file)


def _words(post: Post, language: str) -> str:
    front = f'+++\ntitle = "{post.name}"\nsummary = "{said(post.name, language)}"\n+++\n\n'
    return f"{front}Something **to do** about {post.name}.\n"


def _promise(promise: Promise) -> str:
    symbolic = promise.kg == 0
    lines = [
        "[[pledges]]",
        f'id = "{promise.name}"',
        f'per = "{promise.per}"',
        *(["lasting = true"] if promise.lasting else []),
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
    return sorted({"en", *(place.language for place in week.places)})


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
    yield "[themes.energy]"
    yield from (f'{language} = "Energy"' for language in _languages(week))
    yield from ('[company]\nchannel = "week-all"\nlanguage = "en"\nzone = "Europe/Stockholm"',)
    yield f"managers = {list(week.managers)}"
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


def _post(post: Post) -> Iterator[str]:
    yield "[[posts]]"
    yield f'post = "{post.name}"'
    yield f'kind = "{post.kind}"'
    yield f'audience = "{post.audience}"'
    yield f"day = {post.day}"
    yield f"time = {post.time}"
    if post.kind == "tip":
        yield 'theme = "energy"\nsource = "A study, 2024"'
    if post.until:
        yield f"until = {post.until}"
    if post.countries:
        yield f"countries = {list(post.countries)}"
