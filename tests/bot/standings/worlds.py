"""What everybody did in a company day after day, and the method applied to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.campaign.model import Campaign
from bot.standings.published_figures import Standings
from bot.standings.publisher import Tabulation
from bot.store.participation import Contribution

NOON = datetime(2027, 3, 22, 11, tzinfo=UTC)
"""When everything is over, Earth Hour too."""
SECRET = bytes(range(32))

Company = Mapping[str, Contribution]
"""What each person adds by a day."""


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
