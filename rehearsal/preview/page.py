"""The page of `earthweek preview`: every post in every language, as Slack will show it, and the pledges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path

from babel.numbers import format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.campaign.model import Campaign, Pledge, PledgeWords
from bot.campaign.problems import Problem, Severity
from bot.locales.catalogues import campaign_words, words
from bot.messages.campaign_texts import campaign_title, pledge_words
from bot.messages.words import Words
from rehearsal.preview.language_names import PAGE, country_name, language_name
from rehearsal.preview.post_entries import entries


def write(campaign: Campaign, folder: Path) -> Path:
    """Write the page into the folder as `index.html`, complete in itself; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "index.html"
    path.write_text(page(campaign), encoding="utf-8")
    return path


@dataclass(frozen=True)
class PagePlace:
    """A place on the page: a post in a language, the pledges, or the top."""

    post: str = ""
    language: str = ""
    is_pledges: bool = False


@dataclass(frozen=True)
class PlacedProblem:
    """A problem of the campaign's files, with the place at which it is shown and the file's path in the folder."""

    place: PagePlace
    file: str
    problem: Problem

    @property
    def kind(self) -> str:
        """The severity, as the page says it."""
        return _SEVERITIES[self.problem.weight]


_SEVERITIES = {
    Severity.ERROR: "To be mended",
    Severity.WARNING: "Look at this",
    Severity.OUTSIDE: "Not for customers",
    Severity.EXAMPLE: "Still an example",
}

_STATIC = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""The policy of a page that is a file."""


def page(
    campaign: Campaign, problems: Sequence[PlacedProblem] = (), version: str = "", *, policy: str = _STATIC
) -> str:
    """Render the page as HTML, with each problem at its place. One with a version loads itself again."""
    values = _values(campaign)
    shown = _places_of(campaign)
    by_place: dict[PagePlace, list[PlacedProblem]] = defaultdict(list)
    for each in problems:
        by_place[each.place if each.place in shown else PagePlace()].append(each)
    drawn = _templates().get_template("preview.html")
    return drawn.render(values, at=by_place, place=PagePlace, version=version, policy=policy)


def problems_page(problems: Sequence[PlacedProblem], version: str) -> str:
    """Render what keeps a campaign from being read, where there is no week to show yet."""
    return _templates().get_template("preview_problems.html").render(problems=problems, version=version)


def reload_script() -> str:
    """Return the script that loads the page again when the campaign has changed."""
    return files("rehearsal").joinpath("templates", "reload.js").read_text(encoding="utf-8")


def _places_of(campaign: Campaign) -> set[PagePlace]:
    pledges = {PagePlace(is_pledges=True)} if campaign.pledges else set()
    return pledges | {PagePlace(post.post, language) for post in campaign.posts for language in campaign.languages}


def _values(campaign: Campaign) -> dict[str, object]:
    own = words(PAGE)
    posts = entries(campaign)
    return {
        "campaign": campaign,
        "title": campaign_title(campaign, own),
        "week": f"{own.day(campaign.first_day)} \N{EN DASH} {own.day(campaign.last_day)}",
        "earth_hour": own.day(campaign.earth_hour.day),
        "languages": [(language, language_name(language)) for language in campaign.languages],
        # `groupby` needs its input in order, which `entries` has.
        "days": [(own.day(day), list(group)) for day, group in groupby(posts, key=lambda post: post.starts.date())],
        "unfinished": [post for post in posts if post.examples],
        "books": pledge_lists(campaign),
    }


@cache
def _templates() -> Environment:
    loader = PackageLoader("rehearsal", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@dataclass(frozen=True)
class PledgeEntry:
    """A pledge in one language. `figures` are kilograms and `impacts` their labels, by country where these differ.

    `listed` says below which theme it stands, and as what it may be proposed first.
    """

    pledge: Pledge
    words: PledgeWords
    figures: tuple[tuple[str, str], ...]
    impacts: tuple[tuple[str, str], ...]
    listed: str
    range: str
    goals: tuple[str, ...]


@dataclass(frozen=True)
class PledgeList:
    """All pledges in one language."""

    words: Words
    name: str
    offers: tuple[PledgeEntry, ...]


def pledge_lists(campaign: Campaign) -> list[PledgeList]:
    """Return the pledges in every language of the campaign; no lists where there is nothing to pledge."""
    return [
        PledgeList(spoken, language_name(spoken.language), tuple(_offers(campaign, spoken)))
        for spoken in (campaign_words(campaign, language) for language in campaign.languages)
        if campaign.pledges
    ]


def _offers(campaign: Campaign, spoken: Words) -> Iterator[PledgeEntry]:
    for pledge in campaign.pledges:
        yield PledgeEntry(
            pledge=pledge,
            words=pledge_words(campaign, pledge.id, spoken),
            figures=tuple(_figures(campaign, pledge, spoken)),
            impacts=tuple(_impacts(campaign, pledge, spoken)),
            listed=_listed(campaign, pledge, spoken),
            range=f"{_kilograms(pledge.low, spoken)} \N{EN DASH} {_kilograms(pledge.high, spoken)}",
            goals=tuple(f"{goal} {spoken(f'sdg.{goal}')}" for goal in pledge.sdgs),
        )


def _listed(campaign: Campaign, pledge: Pledge, spoken: Words) -> str:
    theme = [campaign.themes[pledge.theme][spoken.language]] if pledge.theme else []
    return " · ".join([*theme, *(name for name in ("easy", "fun") if getattr(pledge, name))])


def _figures(campaign: Campaign, pledge: Pledge, spoken: Words) -> Iterator[tuple[str, str]]:
    if pledge.high == 0:
        return
    figures = {code: pledge.kilograms(code) for code in _offered_in(campaign, pledge)}
    if pledge.kg is not None and set(figures.values()) <= {pledge.kg}:
        yield "", _kilograms(pledge.kg, spoken)
        return
    for code, figure in figures.items():
        if figure is not None:
            yield country_name(spoken, code), _kilograms(figure, spoken)


def _impacts(campaign: Campaign, pledge: Pledge, spoken: Words) -> Iterator[tuple[str, str]]:
    impacts = {code: pledge.impact(code).value for code in _offered_in(campaign, pledge)}
    if len(set(impacts.values())) == 1:
        yield "", next(iter(impacts.values()))
        return
    for code, impact in impacts.items():
        yield country_name(spoken, code), impact


def _offered_in(campaign: Campaign, pledge: Pledge) -> list[str]:
    return [country.code for country in campaign.countries if pledge.is_offered(country.code)]


def _kilograms(kilograms: float, spoken: Words) -> str:
    return format_decimal(kilograms, format="#,##0.###", locale=spoken.locale)
