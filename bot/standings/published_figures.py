"""The figures as they are published: blurred, and safe to show to everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

DEFINITION = "3"
"""The version of the definitions of figures, which changes with them, so that years are not compared unawares."""

WHOLE = "all"
ELSEWHERE = "ZZ"
"""Places that are no country of the campaign: all its countries together, and people in another country or in none."""


class Band(StrEnum):
    """Words in place of a number: fewer than the smallest group, or all but fewer than that."""

    FEW = "few"
    NEARLY_ALL = "nearly all"


Figure = int | Band | None
"""A number of people or things, `None` where it is not shown."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Kilograms(_Value):
    """An estimate in kg CO2e with its range, at one or two significant digits."""

    low: float
    about: float
    high: float


class Standing(_Value):
    """The figures of one place.

    `rate` is participants in per cent of the headcount; `response_rate` is people who answered a check-in in per cent
    of people with a pledge. Each `obstacle_` is people who named it as what would have made a pledge
    easier. `rank` is the same for countries whose rates the noise cannot tell apart.
    """

    place: str
    headcount: int | None = None
    headcount_date: date | None = None
    participants: Figure = None
    rate: int | None = None
    rank: int | None = None
    pledges: Figure = None
    pledged: Kilograms | None = None
    confirmed_pledges: Figure = None
    confirmed: Kilograms | None = None
    response_rate: int | None = None
    continuing: Figure = None
    earth_hour_people: Figure = None
    earth_hour_minutes: Figure = None
    opted_out: Figure = None
    obstacle_time: Figure = None
    obstacle_cost: Figure = None
    obstacle_no_alternative: Figure = None
    obstacle_forgot: Figure = None
    obstacle_colleagues: Figure = None
    obstacle_rules: Figure = None
    obstacle_information: Figure = None
    obstacle_other: Figure = None


class Arrived(_Value):
    """The number of channels in which a post has arrived, of those in which it was due."""

    arrived: int
    planned: int


IDEA_STAGES = ("new", "approved", "planned", "done", "declined")


class Closing(_Value):
    """Figures that are published once, with the last ones of a campaign, for all countries together.

    `chosen` and `kept` have the colleagues who have chosen a pledge and who say that they have kept it, by its ID.
    `ideas` has the number of ideas by stage, `messaged` the colleagues to whom a direct message has arrived, and
    `posts` the channels that each post has arrived in.
    """

    chosen: Mapping[str, Figure] = {}
    kept: Mapping[str, Figure] = {}
    ideas: Mapping[str, Figure] = {}
    messaged: Figure = None
    posts: Mapping[str, Arrived] = {}


class AwarenessFigures(_Value):
    """The answers of people to a question of a wave in one place.

    `share` is those who said yes, in per cent of all who answered, in steps of five. Where a wave was not asked, or has
    not ended, there are none.
    """

    wave: str
    question: str
    place: str
    yes: Figure = None
    partly: Figure = None
    no: Figure = None
    share: int | None = None


class Standings(_Value):
    """A publication. `places` are the countries that are shown alone; all others are in `whole` only.

    People in `elsewhere` are not in `whole`. `tips` has the figure under each tip, by its cell, and `guesses` that of
    each answer that could be guessed; `awareness` has the waves that have ended, by question and place. Figures are
    blurred one by one, so that parts need not add up. `kilograms` says whether those are published with it. `taken_at`
    is when they were counted. Only the last one has `closing`.
    """

    campaign: str
    taken_at: datetime
    definition: str
    factors: str
    smallest_group: int
    max_kg: int | None = None
    kilograms: bool = True
    goal_percent: int | None
    goal_reached: bool = False
    whole: Standing
    places: tuple[Standing, ...]
    elsewhere: Standing = Standing(place=ELSEWHERE)
    tips: Mapping[str, Figure] = {}
    guesses: Mapping[str, Figure] = {}
    closing: Closing | None = None
    awareness: tuple[AwarenessFigures, ...] = ()

    def aware(self, question: str, place: str) -> dict[str, AwarenessFigures]:
        """Return what was answered to a question in a place, by wave, the one before the week first."""
        return {each.wave: each for each in self.awareness if (each.question, each.place) == (question, place)}

    def rows(self) -> Iterator[Standing]:
        """Every place there are figures of."""
        yield from (self.whole, *self.places, self.elsewhere)
