"""The figures as values: what was counted (`Tally`), and what of it may be shown (`Standings`)."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

DEFINITION = "2"
"""Which definitions the figures follow; it changes when one of them does, so that years are not compared unawares."""

WHOLE = "all"
ANOTHER = "ZZ"
NOT_SET = ""
REST = "rest"
"""Places that are no country of the campaign: the whole company, "another country", whoever said none, and whatever
is not shown by itself."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Kilograms(_Value):
    """An estimate in kg CO2e with its range, at one or two significant digits."""

    low: float
    about: float
    high: float


class Standing(_Value):
    """The figures of one place. `None` is a figure that is not shown, or that nobody knows.

    `rate` is participants in per cent of the headcount; `response_rate` is people who answered a check-in in per cent
    of people with a pledge. Both are whole per cent, in steps of five where fewer than twenty people are the base.
    """

    place: str
    headcount: int | None = None
    headcount_date: date | None = None
    participants: int | None = None
    rate: int | None = None
    pledges: int | None = None
    pledged: Kilograms | None = None
    confirmed_pledges: int | None = None
    confirmed: Kilograms | None = None
    response_rate: int | None = None
    continuing: int | None = None
    earth_hour_people: int | None = None
    earth_hour_minutes: int | None = None
    opted_out: int | None = None


class Standings(_Value):
    """A snapshot that is safe to show: the whole, each place, and together whatever is not shown by itself.

    For every figure, the places that show it and `rest` add up to `whole`, kilograms within their rounding. Which
    places show a figure differs from figure to figure. Countries whose board is switched off are not among `places`;
    they are in `rest` and in `whole`. `taken_at` is when the figures were counted.
    """

    campaign: str
    taken_at: datetime
    definition: str
    factors: str
    smallest_group: int
    goal_percent: int | None
    whole: Standing
    places: tuple[Standing, ...]
    rest: Standing
