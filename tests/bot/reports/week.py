"""What was published of a week, made up by hand: two countries with numbers, one with few, one in the total only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.campaign.pledges import OBSTACLE, OBSTACLES
from bot.standings.published_figures import ELSEWHERE, WHOLE, Band, Kilograms, Standing, Standings

NOON = datetime(2027, 3, 15, 11, tzinfo=UTC)

FULL: Mapping[str, Any] = {
    "pledges": 41,
    "pledged": Kilograms(low=120, about=230, high=410),
    "confirmed_pledges": 17,
    "confirmed": Kilograms(low=0.3, about=0.5, high=1.2),
    "response_rate": 46,
    "continuing": 13,
    "earth_hour_people": 29,
    "earth_hour_minutes": 1540,
    "opted_out": 7,
    **{OBSTACLE + each: 10 for each in OBSTACLES},
}


def standing(place: str, people: int | None = None, headcount: int | None = 100, **more: Any) -> Standing:
    rate = round(100 * people / headcount) if people is not None and headcount else None
    day = date(2027, 1, 1) if headcount else None
    given = {"headcount": headcount, "headcount_date": day, "participants": people, "rate": rate, **more}
    return Standing(place=place, **given)


def standings(*places: Standing, whole: Standing, after: int = 0, **more: Any) -> Standings:
    given = {"definition": "1", "factors": "2027.1", "smallest_group": 5, "goal_percent": 20, **more}
    taken_at = NOON + timedelta(days=after)
    return Standings(campaign="earth-week-2027", taken_at=taken_at, whole=whole, places=places, **given)


def day(after: int, people: int) -> Standings:
    """A day on which so many took part in Sweden, and a few more in all others."""
    return standings(
        standing("SE", people, **FULL),
        standing("NO", 20, pledges=12, opted_out=0),
        standing("DK").model_copy(update={"participants": Band.FEW}),
        whole=standing(WHOLE, people + 37, 400, **FULL),
        elsewhere=Standing(place=ELSEWHERE, participants=6, pledges=None),
        after=after,
    )


def nothing(after: int) -> Standings:
    """A day on which nothing could be shown."""
    return standings(standing("SE"), standing("NO"), whole=standing(WHOLE, headcount=400), after=after)


def week() -> list[Standings]:
    """Six days, of which the first has nothing to show."""
    return [nothing(0), *(day(after, 10 + 4 * after) for after in range(1, 6))]
