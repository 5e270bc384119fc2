"""Countries by their codes, and which one was meant where a code is none."""

from __future__ import annotations

from collections.abc import Iterator

from babel import Locale
from babel.core import get_global

from bot.campaign.model import ANOTHER_COUNTRY

_LENGTH = 2
_NO_COUNTRIES = frozenset({ANOTHER_COUNTRY, "EU", "EZ", "QO", "UN", "XA", "XB"})
"""Two letters that CLDR knows, and that are many countries or none."""

_MEANT = {"EN": "GB", "SW": "SE", "EL": "GR"}
"""What people write for a country, beside its language and what Babel knows as another code for it."""


def is_country(code: str) -> bool:
    """Whether it is the code of a country, in capital letters."""
    known = len(code) == _LENGTH and code.isalpha() and code in Locale("en").territories
    return known and code not in _NO_COUNTRIES


def name(code: str) -> str:
    """Its name in English, for whoever writes the files."""
    return str(Locale("en").territories.get(code, code))


def meant(written: str) -> str | None:
    """The code of the country that somebody meant who wrote it in another way, where that can be told."""
    return next(filter(is_country, _candidates(written.strip())), None)


def _candidates(written: str) -> Iterator[str]:
    code = written.upper()
    yield code
    if code in _MEANT:
        yield _MEANT[code]
    yield from get_global("territory_aliases").get(code, [])[:1]
    # Of a language, the country in which most speak it: `da` is Denmark's.
    yield get_global("likely_subtags").get(written.lower(), "").rpartition("_")[2]
    yield from (known for known, called in Locale("en").territories.items() if called.lower() == written.lower())


def of_zone(zone: str) -> str | None:
    """The country in which a time zone lies, where it lies in one."""
    known = get_global("zone_territories")
    found = known.get(zone) or known.get(get_global("zone_aliases").get(zone, ""))
    return found if found and is_country(found) else None


def zones(code: str) -> list[str]:
    """The time zones of a country."""
    return list(get_global("territory_zones").get(code, []))
