"""An attacker with an exact solver, who has every figure of every publication and knows how they come about.

They know the headcounts, that nothing shrinks, that nobody does anything without taking part, what one act can add at
most, that countries add up to the company, and how far noise and rounding can reach. They look for every number that
can only be what it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from random import Random

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from bot.campaign.awareness import ANSWERS, BEFORE, QUESTIONS
from bot.standings import displayed_figures
from bot.standings.cell_key_noise import STEPS
from bot.standings.indicators import Measure, measures
from bot.standings.published_figures import AwarenessFigures, Band, Figure, Kilograms
from bot.store.awareness import awareness_measure
from bot.store.closing_contributions import CHOSEN, IDEA, KEPT, MESSAGED

from .company import Company
from .odds import table

MANY = 1_000_000.0

_SHARE_BLUR = 3
"""Per cent by which a share can be off: it is rounded to whole ones, and these to steps of five."""

Secret = tuple[str, str, int]
"""A measure, a place and a publication."""


@dataclass
class Solver:
    """All that is known, as inequalities over the secrets."""

    company: Company
    index: dict[Secret, int] = field(default_factory=dict)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.measures = {each.name: each for each in measures(self.company.campaign)}
        self.places = [country.code for country in self.company.campaign.countries]
        for day in range(len(self.company.days)):
            for name in self.measures:
                for place in (*self.places, "ZZ"):
                    self.index[name, place, day] = len(self.index)
            self._know_the_parts(day)
            self._know_what_is_shown(day)
        self._know_what_comes_once(len(self.company.days) - 1)
        self._know_awareness(len(self.company.days) - 1)
        self._constraints = self._inequalities()

    def _know(self, terms: Mapping[Secret, float], least: float, most: float) -> None:
        self.rows.append(({self.index[secret]: factor for secret, factor in terms.items()}, least, most))

    def _know_the_parts(self, day: int) -> None:
        for name, measure in self.measures.items():
            for place in (*self.places, "ZZ"):
                here = name, place, day
                if measure.unit == "people" and measure.part_of:
                    self._know({here: 1, (measure.part_of, place, day): -1}, -math.inf, 0)
                if day:
                    self._know({here: 1, (name, place, day - 1): -1}, 0, math.inf)
                country = self.company.campaign.country(place)
                if name == "participants" and country and country.headcount:
                    self._know({here: 1}, 0, country.headcount)

    def _know_what_is_shown(self, day: int) -> None:
        for standing in self.company.published[day].rows():
            places = self.places if standing.place == "all" else [standing.place]
            for name in self.measures:
                figure = getattr(standing, name, None)
                if figure is not None:
                    least, most = self._reach(name, figure, standing.headcount)
                    self._know({(name, place, day): 1.0 for place in places}, least, most)

    def _know_what_comes_once(self, last: int) -> None:
        """Pledges by name, ideas and messages, of all countries together."""
        closing, company = self.company.closing, ("all", last)
        shown_once = {
            **{CHOSEN + each: figure for each, figure in closing.chosen.items()},
            **{KEPT + each: figure for each, figure in closing.kept.items()},
            **{IDEA + stage: figure for stage, figure in closing.ideas.items()},
            MESSAGED: closing.messaged,
        }
        for name in shown_once:
            self.index[(name, *company)] = len(self.index)
        everybody: dict[Secret, float] = {("participants", place, last): -1.0 for place in self.places}
        for name, figure in shown_once.items():
            here: dict[Secret, float] = {(name, *company): 1.0}
            if not name.startswith(IDEA):
                self._know({**here, **everybody}, -math.inf, 0)
            if figure is not None:
                self._know(here, *self._reach(name, figure, self.company.published[last].whole.headcount))
        for each in closing.chosen:
            self._know({(KEPT + each, *company): 1, (CHOSEN + each, *company): -1}, -math.inf, 0)
        chosen: dict[Secret, float] = {(CHOSEN + each, *company): 1.0 for each in closing.chosen}
        if chosen:
            self._know({**chosen, **{("pledges", place, last): -1.0 for place in self.places}}, -math.inf, 0)

    def _know_awareness(self, last: int) -> None:
        """Each question is answered once by each of those who work there, and a share is of all who have answered."""
        sizes = {each.code: each.headcount for each in self.company.campaign.countries}
        for question, place in product(QUESTIONS, (*self.places, "ZZ")):
            names = [awareness_measure(BEFORE, question, answer) for answer in ANSWERS]
            for name in names:
                self.index[name, place, last] = len(self.index)
            self._know({(name, place, last): 1.0 for name in names}, 0, sizes.get(place) or math.inf)
        for each in self.company.published[last].awareness:
            self._know_answers(each, last, self.places if each.place == "all" else [each.place])

    def _know_answers(self, found: AwarenessFigures, last: int, places: Sequence[str]) -> None:
        names = {answer: awareness_measure(BEFORE, found.question, answer) for answer in ANSWERS}
        known = [each.headcount for each in self.company.campaign.countries if each.code in places]
        for answer, name in names.items():
            figure: Figure = getattr(found, answer)
            if figure is not None:
                size = sum(filter(None, known)) if all(known) else None
                self._know({(name, place, last): 1.0 for place in places}, *self._reach(name, figure, size))
        if found.share is not None:
            noise = len(table(1)) - 1
            for sign in (1, -1):
                # Noise can take a share beyond nothing or all, which are shown then.
                if found.share == (100 if sign == 1 else 0):
                    continue
                part = (found.share + sign * _SHARE_BLUR) / 100
                weights = {name: sign * ((answer == ANSWERS[0]) - part) for answer, name in names.items()}
                terms = {(name, place, last): weight for name, weight in weights.items() for place in places}
                self._know(terms, -math.inf, noise * sum(map(abs, weights.values())))

    def _reach(self, name: str, figure: Figure | Kilograms, headcount: int | None) -> tuple[float, float]:
        """What a total can be that is shown as this."""
        measure = self.measures.get(name) or Measure(name, part_of=_part_of(name))
        smallest = self.company.campaign.smallest_group
        step = 1 if measure.max_per_act == 1 else measure.max_per_act / STEPS
        noise = (len(table(measure.max_per_act)) - 1) * step
        # A part that would be more than its whole is shown as that: it can be any amount above.
        above = math.inf if measure.part_of and measure.unit == "people" else noise
        match figure:
            case Band.FEW:
                return -math.inf, smallest - 1 + above
            case Band.NEARLY_ALL:
                return (headcount or 0) - smallest + 1 - noise, math.inf
            case Kilograms():
                blur = 500 * 10.0 ** (math.floor(math.log10(max(1.0, figure.about))) - 1) + step
                return 1000 * figure.about - blur - noise, 1000 * figure.about + blur + noise
            case int() if measure.unit == "minutes":
                blur = 0.5 * 10.0 ** (math.floor(math.log10(max(1, figure))) - 1) + step
                return figure - blur - noise, figure + blur + noise
            case _:
                blur = displayed_figures.STEP // 2
                return float(figure or 0) - blur - noise, float(figure or 0) + blur + above

    def found(self) -> set[Secret]:
        """The secrets that can only be what they are, and are more than nothing."""
        left = {secret for secret in self.index if self._truth(secret)}
        random = Random(len(self.index))  # noqa: S311 - any wishes will do
        for sign in (1, -1, 0):
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
        return {secret for secret in left if abs(other[self.index[secret]] - self._truth(secret)) < 1e-3}

    def _truth(self, secret: Secret) -> float:
        name, place, day = secret
        if place == "all":
            once = self.company.once.values()
            return float(sum(adds.get((name, code), 0) for adds in once for code in self.places))
        people = self.company.days[day].values()
        return float(sum(adds.get((name, place), 0) for adds in people))

    def _solve(self, wish: Mapping[Secret, float]) -> np.ndarray:
        objective = np.zeros(len(self.index))
        for secret, weight in wish.items():
            objective[self.index[secret]] = -weight
        solved = milp(
            objective,
            integrality=np.ones(len(self.index)),
            bounds=Bounds(0, MANY * 50),
            constraints=self._constraints,
            options={"mip_rel_gap": 0.5},
        )
        assert solved.x is not None, f"what is shown contradicts itself: {solved.message}"
        return np.asarray(solved.x)

    def _inequalities(self) -> LinearConstraint:
        found = [(row, column, value) for row, (terms, _, _) in enumerate(self.rows) for column, value in terms.items()]
        rows, columns, values = zip(*found, strict=True)
        matrix = csr_array((values, (rows, columns)), shape=(len(self.rows), len(self.index)))
        return LinearConstraint(matrix, [least for _, least, _ in self.rows], [most for _, _, most in self.rows])


def _part_of(name: str) -> str | None:
    """What a figure is shown as a part of that is published once; ideas and answers are of nobody who takes part."""
    return "participants" if name.startswith((CHOSEN, KEPT, MESSAGED)) else None
