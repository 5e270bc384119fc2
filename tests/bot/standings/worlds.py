"""Made-up companies, with what everybody did there day after day, and the method applied to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from bot.campaign.earth_hour import EarthHour
from bot.campaign.model import Audience, Campaign, Country, Evidence, Goal, Per, Pledge, Post
from bot.standings.figures import Standings
from bot.standings.publisher import Tabulation
from bot.store.participation import Contribution

MONDAY = date(2027, 3, 15)
NOON = datetime(2027, 3, 22, 11, tzinfo=UTC)
"""When everything is over, Earth Hour too."""
SECRET = bytes(range(32))
CODES = ("SE", "NO", "DK", "DE")

Company = Mapping[str, Contribution]
"""What each person adds by a day."""


def country(code: str, headcount: int | None = 100, *, board: bool = True) -> Country:
    return Country(
        code=code,
        zone="Europe/Stockholm",
        languages=("en",),
        channel=f"week-{code.lower()}",
        headcount=headcount,
        headcount_date=date(2027, 1, 1) if headcount else None,
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


def tip(name: str, *countries: str) -> Post:
    return Post(post=name, kind="tip", audience=Audience.COUNTRIES, day=MONDAY, time=time(9), countries=countries)


def campaign(*countries: Country, smallest: int = 5, posts: Sequence[Post] = ()) -> Campaign:
    return Campaign(
        id="a-week",
        title={"en": "A week"},
        first_day=MONDAY,
        last_day=MONDAY + timedelta(days=5),
        opens=MONDAY - timedelta(days=3),
        closes=MONDAY + timedelta(days=10),
        languages=("en",),
        earth_hour=EarthHour(MONDAY + timedelta(days=5)),
        goal=Goal(participation_percent=20),
        company=None,
        countries=countries or tuple(country(code) for code in CODES),
        themes={},
        posts=tuple(posts),
        texts={},
        late={},
        smallest_group=smallest,
        pledges=(pledge("bike"),),
        factors_version="2026-1",
    )


def published(
    of: Campaign, people: Company, before: Standings | None = None, *, secret: bytes = SECRET, kilograms: bool = True
) -> Standings:
    """What is shown of what everybody did."""
    counted = Tabulation(of, secret)
    for person, adds in people.items():
        counted.add(person, adds)
    return counted.standings(NOON, before, kilograms=kilograms)


def joined(**numbers: int) -> dict[str, Contribution]:
    """So many people of each country who take part; `ZZ` is another one, and nothing more is known of them."""
    return {f"{code}{n}": {("participants", code): 1} for code, number in numbers.items() for n in range(number)}
