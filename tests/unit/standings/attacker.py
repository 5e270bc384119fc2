"""Somebody who has kept every figure that was ever shown, and works out what was not.

They know the headcounts, that nothing shrinks, that nobody does anything without taking part, that nobody makes more
pledges than there are, keeps more than were made, or does more than sixty minutes. What they cannot know they take for
a whole number, and ask a solver for every value it can have.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from bot.standings.figures import ANOTHER, NOT_SET, Kilograms, Standing, Standings
from bot.store.participation import Tally

from .worlds import World

COUNTS = (
    "participants",
    "continuing",
    "earth_hour_people",
    "opted_out",
    "pledges",
    "confirmed_pledges",
    "earth_hour_minutes",
)
WEIGHTS = ("pledged", "confirmed")
UNSHOWN = ("pledgers", "answerers")
MANY, HEAVY = 400.0, 1e5

# What is never more than so many times something else; `pledges` stands for as many as can be chosen from.
PARTS = (
    ("continuing", "participants", 1),
    ("earth_hour_people", "participants", 1),
    ("opted_out", "participants", 1),
    ("pledgers", "participants", 1),
    ("pledgers", "pledges", 1),
    ("pledges", "pledgers", None),
    ("answerers", "pledgers", 1),
    ("confirmed_pledges", "pledges", 1),
    ("earth_hour_minutes", "earth_hour_people", 60),
    ("pledged", "pledges", 250),
    ("confirmed", "confirmed_pledges", 250),
)

Secret = tuple[str, str, int]
"""A measure, a place and a day."""


@dataclass
class Attacker:
    """All that is known, as equations over the secrets."""

    world: World
    shown: Sequence[Standings]
    index: dict[Secret, int] = field(default_factory=dict)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        names = (*COUNTS, *WEIGHTS, *UNSHOWN)
        places = list(self.world.headcounts)
        for day in range(len(self.shown)):
            for name in names:
                for place in places:
                    self.index[name, place, day] = len(self.index)
        self._most = np.array([self._limit(*secret) for secret in self.index])
        for day, standings in enumerate(self.shown):
            self._know_the_parts(day)
            self._know_what_is_shown(day, standings)
            self._know_that_nothing_shrinks(day)
        self._constraints = self._equations()

    def _limit(self, name: str, place: str, _day: int) -> float:
        if name == "participants":
            return float(self.world.headcounts[place] or MANY)
        return HEAVY if name in WEIGHTS else 60 * MANY

    def _know(self, terms: Mapping[Secret, float], least: float, most: float) -> None:
        self.rows.append(({self.index[secret]: factor for secret, factor in terms.items()}, least, most))

    def _know_the_parts(self, day: int) -> None:
        for part, whole, each in PARTS:
            times = each or len(self.world.campaign.pledges)
            for place in self.world.headcounts:
                self._know({(whole, place, day): times, (part, place, day): -1}, 0, math.inf)

    def _know_that_nothing_shrinks(self, day: int) -> None:
        for name, place, on in list(self.index):
            if on == day and day:
                self._know({(name, place, day): 1, (name, place, day - 1): -1}, 0, math.inf)

    def _know_what_is_shown(self, day: int, standings: Standings) -> None:
        for name in (*COUNTS, *WEIGHTS):
            alone = {each.place for each in standings.places if getattr(each, name) is not None}
            for each in standings.places:
                self._know_sum(name, [each.place], day, getattr(each, name))
            self._know_sum(name, set(self.world.headcounts) - alone, day, getattr(standings.rest, name))
            self._know_sum(name, self.world.headcounts, day, getattr(standings.whole, name))
        for standing, places in self._rated(standings):
            self._know_share(standing, places, day)

    def _know_sum(self, name: str, places: Iterable[str], day: int, figure: float | Kilograms | None) -> None:
        if figure is not None:
            about = figure.about if isinstance(figure, Kilograms) else figure
            blur = 0.5 * 10.0 ** (math.floor(math.log10(about)) - 1) if isinstance(figure, Kilograms) and about else 0
            self._know({(name, place, day): 1.0 for place in places}, about - blur, about + blur)

    def _rated(self, standings: Standings) -> list[tuple[Standing, list[str]]]:
        rows = [(standings.whole, list(self.world.headcounts)), *((each, [each.place]) for each in standings.places)]
        return [(standing, places) for standing, places in rows if standing.response_rate is not None]

    def _know_share(self, standing: Standing, places: list[str], day: int) -> None:
        """They are even told whether the share is in whole per cent or in steps of five."""
        base = sum(self.world.days[day][place].pledgers for place in places)
        blur = 0.5 if base >= 20 else 2.5
        for sign in (1, -1):
            edge = (standing.response_rate or 0) + sign * blur
            pledgers = {("pledgers", place, day): sign * edge / 100 for place in places}
            self._know({**pledgers, **{("answerers", place, day): -sign for place in places}}, -1e-6, math.inf)

    def secrets(self) -> set[Secret]:
        """What is not shown, as far as it is one: not what was shown before, and not that nobody elsewhere did it."""
        return {secret for secret in self.index if self._is_secret(*secret)}

    def _is_secret(self, name: str, place: str, day: int) -> bool:
        figure = {"answerers": "response_rate"}.get(name, name)
        if name == "pledgers" or self._seen(figure, place, day) is not None:
            return False
        real = truth(self.world.days[day][place], name)
        nobody_elsewhere = place in {ANOTHER, NOT_SET} and not real
        return not nobody_elsewhere and real not in [self._seen(figure, place, earlier) for earlier in range(day)]

    def _seen(self, name: str, place: str, day: int) -> object:
        return next((getattr(each, name) for each in self.shown[day].places if each.place == place), None)

    def found(self) -> set[Secret]:
        """The secrets that can only be what they are."""
        left, random = self.secrets(), Random(len(self.index))  # noqa: S311 - any wishes will do
        for sign in (1, -1, 0, 0):
            wish = {secret: sign or random.choice((1, -1)) for secret in left}
            left = self._still_possible(left, wish)
        for secret in sorted(left):
            for sign in (1, -1):
                if secret in left:
                    left -= {secret} - self._still_possible({secret}, {secret: sign})
        return left

    def _still_possible(self, left: set[Secret], wish: Mapping[Secret, float]) -> set[Secret]:
        """The secrets that have their true value also in the world that fulfils a wish best."""
        if not left:
            return left
        other = self._solve(wish)
        return {secret for secret in left if abs(other[self.index[secret]] - self._truth(secret)) < 1e-4}

    def _truth(self, secret: Secret) -> float:
        name, place, day = secret
        return truth(self.world.days[day][place], name)

    def _solve(self, wish: Mapping[Secret, float]) -> np.ndarray:
        objective = np.zeros(len(self.index))
        for secret, weight in wish.items():
            objective[self.index[secret]] = -weight
        whole = np.array([0 if name in WEIGHTS else 1 for name, _, _ in self.index])
        # The solver's shortcuts now and then overlook every world there is.
        for shortcuts in (True, False):
            solved = milp(
                objective,
                integrality=whole,
                bounds=Bounds(0, self._most),
                constraints=self._constraints,
                options={"presolve": shortcuts},
            )
            if solved.x is not None:
                break
        assert solved.x is not None, f"what is shown contradicts itself: {solved.message}"
        return np.asarray(solved.x)

    def _equations(self) -> LinearConstraint:
        cells = [(row, column, value) for row, (terms, _, _) in enumerate(self.rows) for column, value in terms.items()]
        rows, columns, values = zip(*cells, strict=True)
        matrix = csr_array((values, (rows, columns)), shape=(len(self.rows), len(self.index)))
        return LinearConstraint(matrix, [least for _, least, _ in self.rows], [most for _, _, most in self.rows])


def truth(tally: Tally, name: str) -> float:
    """What was really counted."""
    value = getattr(tally, name)
    return float(value.about if name in WEIGHTS else value)
