"""Finds dates, years, countries and channels that stand in a campaign's words by hand, where a placeholder would do.

What fits the campaign stays; what does not is of another year or another company. The names of months, weekdays and
countries are those of the text's language, as CLDR has them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache

from babel import Locale

from bot.campaign.country_codes import is_country
from bot.campaign.model import Campaign
from bot.campaign.parsed_campaign import ParsedCampaign
from bot.campaign.placeholders import without_placeholders
from bot.campaign.text_checks import text_files

_NEAR = 3
"""Years before and after the campaign that may be of another campaign; earlier ones are history."""

_SHORTEST_NAME = 5
"""Letters of a country's name. Shorter ones are words of other languages too, such as Oman in Finnish."""

_ADDRESS = re.compile(r"https?://\S+")
_YEAR = re.compile(r"(?<![\w.,-])(20\d\d)(?![\w%-]|[.,]\d)")
_CHANNEL = re.compile(r"(?<![\w&/#])#([^\W\d_][\w-]*)")
_NUMERIC = re.compile(r"(?<![\w.])(?:(20\d\d)-(\d\d)-(\d\d)|(\d{1,2})[./](\d{1,2})[./](20\d\d))(?!\w)")
_CASE_ENDING = r"[^\W\d_]{0,4}"


class Kind(Enum):
    """The kind of what is written by hand, with what to write."""

    DATE = "write {first_day}, {earth_hour} or {day:…} with the name of a post"
    YEAR = "write {year}"
    COUNTRY = "write {country} or {countries}, or put it into [local]"
    CHANNEL = "name one of this campaign's channels"


@dataclass(frozen=True)
class Mention:
    """A piece of a text, and what it says: a day with or without weekday and year, a year, a country or a channel."""

    kind: Kind
    written: str
    day: tuple[int, int] | None = None
    year: int | None = None
    weekday: int | None = None
    name: str = ""


def warn_of_stale_words(draft: ParsedCampaign, campaign: Campaign) -> None:
    """Report what stands in texts by hand and does not fit, as when last year's campaign was copied."""
    problems, folder = draft.document.problems, draft.folder
    for file in text_files(campaign):
        for words in file.words:
            for mention, what in stale(words.text, file.language, campaign):
                line = file.line_of(mention.written, folder)
                kind = f"written by hand: {mention.kind.name}"
                problems.warn(folder.name(file.path), line, what, mention.kind.value, kind)


def stale(text: str, language: str, campaign: Campaign) -> Iterator[tuple[Mention, str]]:
    """Yield what a text says that is not so in the campaign, with a sentence about it."""
    for each in mentions(text, language):
        if sentence := _SENTENCES[each.kind](each, campaign):
            yield each, sentence


# Of all texts that are read again after an edit, nearly all say what they said before.
@lru_cache(maxsize=4096)
def mentions(text: str, language: str) -> tuple[Mention, ...]:
    """Return everything in a text that a placeholder could say."""
    plain = _ADDRESS.sub("", without_placeholders(text))
    names = _names(language)
    dated = tuple(_dates(plain, names))
    # A year within a date is part of it.
    rest = plain
    for each in dated:
        rest = rest.replace(each.written, "")
    years = (Mention(Kind.YEAR, found[1], year=int(found[1])) for found in _YEAR.finditer(rest))
    channels = (Mention(Kind.CHANNEL, found[0], name=found[1]) for found in _CHANNEL.finditer(plain))
    return (*dated, *years, *_countries(plain, names), *channels)


@dataclass(frozen=True)
class _Names:
    """The names of a language, and patterns that find them. Months and weekdays are in small letters."""

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    countries: Mapping[str, str]
    dates: re.Pattern[str]
    country: re.Pattern[str]


@lru_cache(maxsize=64)
def _names(language: str) -> _Names:
    locale = Locale.parse(language, sep="-")
    months = {name.lower(): number for width in _wide(locale.months) for number, name in width.items()}
    weekdays = {name.lower(): number for width in _wide(locale.days) for number, name in width.items()}
    countries = {
        name: code
        for code, name in locale.territories.items()
        if is_country(code) and (len(name) >= _SHORTEST_NAME or name.isupper())
    }
    month, weekday = _any_of(months), _any_of(weekdays)
    day, year = r"(?P<{}>[0-3]?\d)(?:\.|st|nd|rd|th)?", r"(?:,?\s+(?:de\s+)?(?P<{}>20\d\d))?"
    before = rf"(?<!\w)(?:(?P<weekday>{weekday}){_CASE_ENDING},?\s+(?:[^\W\d_]{{1,3}}\.?\s+)?)?"
    first = rf"{day.format('day1')}\s+(?:[^\W\d_]{{1,2}}\s+)?(?P<month1>{month})(?!\w){year.format('year1')}"
    second = rf"(?P<month2>{month})\s+{day.format('day2')}(?!\w){year.format('year2')}"
    dates = re.compile(rf"{before}(?:{first}|{second})", re.IGNORECASE)
    # Names in other cases have endings in some languages; short names with them would be other words.
    longer = _any_of(name for name in countries if len(name) > _SHORTEST_NAME)
    country = re.compile(rf"(?<!\w)(?:(?P<long>{longer}){_CASE_ENDING}|(?P<short>{_any_of(countries)})s?)(?!\w)")
    return _Names(months, weekdays, countries, dates, country)


def _wide(names: Mapping[str, Mapping[str, Mapping[int, str]]]) -> Iterator[Mapping[int, str]]:
    """Yield the full names, as they stand within a date and alone."""
    return (widths["wide"] for widths in names.values() if "wide" in widths)


def _any_of(names: Iterator[str] | Mapping[str, object]) -> str:
    # The longest first: Guinea-Bissau is not Guinea.
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) or "(?!)"


def _dates(text: str, names: _Names) -> Iterator[Mention]:
    for found in names.dates.finditer(text):
        month = names.months[(found["month1"] or found["month2"]).lower()]
        number, year = int(found["day1"] or found["day2"]), found["year1"] or found["year2"]
        weekday = names.weekdays[found["weekday"].lower()] if found["weekday"] else None
        written = found[0].strip()
        yield Mention(Kind.DATE, written, (month, number), int(year) if year else None, weekday)
    for found in _NUMERIC.finditer(text):
        y, m, d = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
        yield Mention(Kind.DATE, found[0], (int(m), int(d)), int(y))


def _countries(text: str, names: _Names) -> Iterator[Mention]:
    for found in names.country.finditer(text):
        yield Mention(Kind.COUNTRY, found[0], name=names.countries[found["long"] or found["short"]])


def _of_date(said: Mention, campaign: Campaign) -> str | None:
    month, number = said.day or (0, 0)
    try:
        day = date(said.year or campaign.first_day.year, month, number)
    except ValueError:
        return f"names {said.written}, which is in no calendar"
    posted = {post.day for post in campaign.posts}
    if not campaign.opens <= day <= campaign.closes and day not in posted:
        return f"names {said.written}, which is no day of this campaign"
    if said.weekday not in {None, day.weekday()}:
        return f"names {said.written}, which is a {day:%A} in {day.year}"
    return None


def _of_year(said: Mention, campaign: Campaign) -> str | None:
    years = {campaign.first_day.year, campaign.closes.year}
    is_near = any(abs((said.year or 0) - year) <= _NEAR for year in years)
    return f"names {said.year}, and the week is in {min(years)}" if is_near and said.year not in years else None


def _of_country(said: Mention, campaign: Campaign) -> str | None:
    return None if campaign.country(said.name) else f"names {said.written}, which is no country of this campaign"


def _of_channel(said: Mention, campaign: Campaign) -> str | None:
    channels = {channel for country in campaign.countries for channel in country.channels.values()}
    channels |= {campaign.company.channel} if campaign.company else set()
    return None if said.name in channels else f"names {said.written}, which is no channel of this campaign"


_SENTENCES: Mapping[Kind, Callable[[Mention, Campaign], str | None]] = {
    Kind.DATE: _of_date,
    Kind.YEAR: _of_year,
    Kind.COUNTRY: _of_country,
    Kind.CHANNEL: _of_channel,
}
