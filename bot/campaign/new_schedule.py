"""Rewrites `campaign.toml` for another year, other countries and other languages, and leaves the rest as it stands."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from bot.campaign import earth_hour
from bot.campaign.country_codes import has_several_clocks, languages_of, main_zone, of_zone
from bot.campaign.model import Campaign, Post
from bot.campaign.new_campaign_dates import MovedDays
from bot.campaign.toml import Location, insert_below, quoted, remove, set_table, set_value
from bot.campaign.workdays import first_working_day

_COMPANY_KNOWS = ("representatives", "headcount", "headcount_date")
"""Keys of a country that a company looks at every year. Channels and zones stay what they are."""

_WORKS_COUNCIL = (
    "# In Germany, showing figures for the country can need the works council's agreement.",
    "# Talk to the works council first, then write true. Until then you can also set board to false.",
    "works_council_informed = false",
)


@dataclass(frozen=True)
class Wanted:
    """The year, the countries and the languages of a new campaign."""

    year: int
    countries: Sequence[str]
    languages: Sequence[str]


@dataclass(frozen=True)
class Renewal:
    """A campaign, and what a new one that is made from it shall be."""

    source: Campaign
    wanted: Wanted

    @cached_property
    def days(self) -> MovedDays:
        """The days, in the new year."""
        source, year = self.source, self.wanted.year
        known = source.earth_hour.day
        held = known if year == known.year else earth_hour.settle(year).day
        return MovedDays(source.first_day, source.last_day, known, held)

    @cached_property
    def model_language(self) -> str:
        """The language that texts of a new language are copied from: the first that stays, so that both can be seen."""
        stays = [each for each in self.source.languages if each in self.wanted.languages]
        return [*stays, *self.source.languages][0]

    @cached_property
    def posts(self) -> list[Post]:
        """The posts that reach somebody in the new campaign."""
        reaching = (post for post in self.source.posts if not post.countries or self.staying(post.countries))
        return [post for post in reaching if post.measure not in self.gone_measures]

    @cached_property
    def gone_measures(self) -> frozenset[str]:
        """The IDs of measures and goals of countries that are gone."""
        found = self.source.commitments
        return frozenset(each.id for each in found if each.countries and not self.staying(each.countries))

    def staying(self, codes: Sequence[str]) -> list[str]:
        """Return those of some countries that are in the new campaign."""
        return [code for code in codes if code in self.wanted.countries]

    def spoken(self, names: Mapping[str, Any]) -> dict[str, Any]:
        """Return words by language for the languages of the new campaign."""
        return {each: names.get(each, names.get(self.model_language)) for each in self.wanted.languages}


def new_schedule(text: str, renewal: Renewal) -> str:
    """Return `campaign.toml` for the new campaign.

    1. Change what stays where it stands, since removing a table would change the places of those below it.
    2. Add the new countries below the last one.
    3. Remove countries and posts, from the last to the first.

    Raises:
        LookupError: A table is written in a way that cannot be edited.
    """
    written = tomllib.loads(text)
    text = _with_days(text, written, renewal)
    text = _with_languages(text, renewal)
    text = _with_company(text, written, renewal)
    for index, country in enumerate(written["countries"]):
        text = _with_country(text, ("countries", index), country, renewal)
    for index, post in enumerate(renewal.source.posts):
        text = _with_post(text, ("posts", index), written["posts"][index], post, renewal)
    blocks = "\n\n".join(_new_countries(renewal))
    if blocks:
        text = insert_below(text, ("countries", len(written["countries"]) - 1), blocks)
    for index, post in reversed(list(enumerate(renewal.source.posts))):
        text = text if post in renewal.posts else remove(text, ("posts", index))
    for index, country in reversed(list(enumerate(renewal.source.countries))):
        text = text if country.code in renewal.wanted.countries else remove(text, ("countries", index))
    return text


def _with_days(text: str, written: Mapping[str, Any], renewal: Renewal) -> str:
    source, days, year = renewal.source, renewal.days, renewal.wanted.year
    posted = list(_posted(renewal))
    changed = {
        "first_day": days.moved(source.first_day),
        "last_day": days.moved(source.last_day),
        # Easter moves some posts and not the others.
        "opens": min([days.moved(source.opens), *posted]),
        "closes": max([days.moved_closing(source.closes), *posted]),
    }
    text = set_value(text, ("id",), quoted(_named_anew(source.id, source.first_day.year, year)))
    for key in changed.keys() & written.keys():
        text = set_value(text, (key,), changed[key].isoformat())
    entry = written.get("earth_hour", {})
    if "date" in entry and days.next_earth_hour != days.earth_hour:
        text = set_value(text, ("earth_hour", "date"), days.next_earth_hour.isoformat())
        text = marked(text, ("earth_hour",), entry, ["date"])
    return text


def _posted(renewal: Renewal) -> Iterator[date]:
    """Yield the days on which something is posted, which with `working_day` differ between countries."""
    for post in renewal.posts:
        day = renewal.days.moved(post.day)
        yield day
        yield from (first_working_day(day, code) for code in renewal.wanted.countries if post.working_day)


def _named_anew(name: str, before: int, year: int) -> str:
    # What people did is kept under the campaign's name, so that each year needs its own.
    return name.replace(str(before), str(year)) if str(before) in name else f"{name[:55]}-{year}"


def _with_languages(text: str, renewal: Renewal) -> str:
    source, languages = renewal.source, renewal.wanted.languages
    year = str(source.first_day.year)
    titles = {code: title.replace(year, "{year}") for code, title in renewal.spoken(source.title).items()}
    text = set_value(text, ("languages",), quoted(list(languages)))
    text = set_table(text, ("title",), titles)
    for theme, names in source.themes.items():
        text = set_table(text, ("themes", theme), renewal.spoken(names))
    return text


def _with_company(text: str, written: Mapping[str, Any], renewal: Renewal) -> str:
    company, wanted = written.get("company"), renewal.wanted
    if not company:
        return text
    if company["language"] not in wanted.languages:
        text = set_value(text, ("company", "language"), quoted(wanted.languages[0]))
    place = of_zone(company["zone"])
    if renewal.source.country(place) and place not in wanted.countries:
        text = set_value(text, ("company", "zone"), quoted(_zone(wanted.countries[0], renewal.source)))
        text = marked(text, ("company",), company, ["zone"])
    return text


def _zone(code: str, source: Campaign) -> str:
    country = source.country(code)
    return country.zone if country else main_zone(code)


def _with_country(text: str, at: Location, country: Mapping[str, Any], renewal: Renewal) -> str:
    """Mark again what a company looks at every year, in a country that stays."""
    if country["code"] not in renewal.wanted.countries:
        return text
    languages = [each for each in country["languages"] if each in renewal.wanted.languages]
    if languages != country["languages"]:
        text = set_value(text, (*at, "languages"), quoted(languages or _languages(country["code"], renewal)))
    if "works_council_informed" in country:
        text = set_value(text, (*at, "works_council_informed"), "false")
    return marked(text, at, country, [key for key in _COMPANY_KNOWS if key in country])


def marked(text: str, at: Location, table: Mapping[str, Any], keys: Sequence[str]) -> str:
    """Return the text in which a table lists these keys among its `examples`."""
    before = table.get("examples", [])
    examples = [*before, *(key for key in keys if key not in before)]
    return set_value(text, (*at, "examples"), quoted(examples)) if examples != before else text


def _languages(code: str, renewal: Renewal) -> list[str]:
    return languages_of(code, renewal.wanted.languages) or [renewal.wanted.languages[0]]


def _with_post(text: str, at: Location, table: Mapping[str, Any], post: Post, renewal: Renewal) -> str:
    day = renewal.days.moved(post.day)
    text = set_value(text, (*at, "day"), day.isoformat())
    if isinstance(post.until, datetime):
        text = set_value(text, (*at, "until"), (post.until + (day - post.day)).isoformat())
    for key, codes in (("countries", post.countries), ("left_out", post.left_out)):
        if (left := renewal.staying(codes)) != list(codes):
            text = set_value(text, (*at, key), quoted(left)) if left else remove(text, (*at, key))
    # What the company did in another year is no news in this one.
    return marked(text, at, table, ["text"]) if post.kind == "measure" else text


def _new_countries(renewal: Renewal) -> Iterator[str]:
    known = {country.code for country in renewal.source.countries}
    for code in renewal.wanted.countries:
        if code not in known:
            yield "\n".join(_block(code, renewal))


def _block(code: str, renewal: Renewal) -> Iterator[str]:
    first_day = renewal.days.moved(renewal.source.first_day)
    has_several = has_several_clocks(code, first_day)
    examples = [*(["zone"] if has_several else []), "channel", *_COMPANY_KNOWS]
    yield "[[countries]]"
    yield f"code = {quoted(code)}"
    yield f"zone = {quoted(main_zone(code))}"
    yield f"languages = {quoted(_languages(code, renewal))}"
    yield f"channel = {quoted(_channel(code, renewal.source))}"
    yield f"representatives = {quoted([f'U0EXAMPLE{code}'])}"
    yield "headcount = 100"
    yield f"headcount_date = {date(first_day.year, 1, 1).isoformat()}"
    yield "board = true"
    yield from _WORKS_COUNCIL if code == "DE" else ()
    yield f"examples = {quoted(examples)}"


def _channel(code: str, source: Campaign) -> str:
    """Name a country's channel as those of the other countries are named."""
    names = ((country.channel, country.code.lower()) for country in source.countries)
    alike = (name.removesuffix(ending) for name, ending in names if name.endswith(f"-{ending}"))
    return f"{next(alike, 'earth-week-')}{code.lower()}"
