"""Country codes: their names and zones, and guesses at what an invalid code was meant to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from babel import Locale
from babel.core import get_global
from babel.languages import get_official_languages

from bot.campaign.localtime import instant
from bot.campaign.model import ANOTHER_COUNTRY

_LENGTH = 2
_NO_COUNTRIES = frozenset({ANOTHER_COUNTRY, "EU", "EZ", "QO", "UN", "XA", "XB"})
"""Two-letter codes in CLDR that are groups of countries, tests, or no country."""

_MEANT = {"EN": "GB", "SW": "SE", "EL": "GR"}
"""Common mistakes, besides language codes and the aliases that Babel knows."""


_MOST_PEOPLE = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo",
    "CA": "America/Toronto", "CD": "Africa/Kinshasa", "CL": "America/Santiago", "CY": "Asia/Nicosia",
    "EC": "America/Guayaquil", "ES": "Europe/Madrid", "FM": "Pacific/Chuuk", "GL": "America/Nuuk",
    "ID": "Asia/Jakarta", "KI": "Pacific/Tarawa", "KZ": "Asia/Almaty", "MH": "Pacific/Majuro",
    "MN": "Asia/Ulaanbaatar", "MX": "America/Mexico_City", "MY": "Asia/Kuala_Lumpur", "PF": "Pacific/Tahiti",
    "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "US": "America/New_York", "UZ": "Asia/Tashkent",
}  # fmt: skip
"""The zone in which most people live, of countries for which CLDR lists another one first."""


def is_country(code: str) -> bool:
    """Return whether it is the code of a country, in capital letters."""
    # CLDR's territories include continents as numbers, such as 150 for Europe.
    known = len(code) == _LENGTH and code.isalpha() and code in Locale("en").territories
    return known and code not in _NO_COUNTRIES


def name(code: str) -> str:
    """Return the English name of a country, for messages to the people who write the files."""
    return str(Locale("en").territories.get(code, code))


def meant(written: str) -> str | None:
    """Guess the code of a country that was written in another way. Returns None without a guess."""
    return next(filter(is_country, _candidates(written.strip())), None)


def _candidates(written: str) -> Iterator[str]:
    code = written.upper()
    yield code
    if code in _MEANT:
        yield _MEANT[code]
    yield from get_global("territory_aliases").get(code, [])[:1]
    # For a language, the country in which most of its speakers live: DK for `da`.
    yield get_global("likely_subtags").get(written.lower(), "").rpartition("_")[2]
    yield from (known for known, called in Locale("en").territories.items() if called.lower() == written.lower())


def of_zone(zone: str) -> str | None:
    """Return the country of a time zone, or None where it has none, as UTC."""
    known = get_global("zone_territories")
    found = known.get(zone) or known.get(get_global("zone_aliases").get(zone, ""))
    return found if found and is_country(found) else None


def zones(code: str) -> list[str]:
    """List the time zones of a country."""
    return list(get_global("territory_zones").get(code, []))


def main_zone(code: str) -> str:
    """Return the time zone in which most people of a country live."""
    return _MOST_PEOPLE.get(code) or next(iter(zones(code)), "Etc/UTC")


def has_several_clocks(code: str, day: date) -> bool:
    """Return whether clocks in a country differ on a day, so that one zone is not right for everybody there."""
    noon = datetime.combine(day, time(12))
    return len({instant(noon, zone) for zone in zones(code)}) > 1


def languages_of(code: str, among: Sequence[str]) -> list[str]:
    """List the official languages of a country, as far as they are among some, and in their own order there."""
    official = get_official_languages(code, de_facto=True)
    return [language for each in official for language in among if language.split("-")[0] == each]
