"""Country codes: their names and zones, and guesses at what an invalid code was meant to be."""

from __future__ import annotations

from collections.abc import Iterator

from babel import Locale
from babel.core import get_global

from bot.campaign.model import ANOTHER_COUNTRY

_LENGTH = 2
_NO_COUNTRIES = frozenset({ANOTHER_COUNTRY, "EU", "EZ", "QO", "UN", "XA", "XB"})
"""Two-letter codes in CLDR that are groups of countries, tests, or no country."""

_MEANT = {"EN": "GB", "SW": "SE", "EL": "GR"}
"""Common mistakes, besides language codes and the aliases that Babel knows."""


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
