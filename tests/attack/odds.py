"""Attackers who know the method and everything but the secret, and weigh what could have happened.

They see more than anybody does: the blurred number of every cell at every publication, before it is rounded or put into
words. For each they compute how much likelier one story makes it than another.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from random import Random

from bot.campaign.awareness import ANSWERS, BEFORE, QUESTIONS
from bot.standings import awareness, cell_key_noise
from bot.standings.cell_key_noise import STEPS, Cell
from bot.standings.displayed_figures import count
from bot.standings.indicators import measures
from bot.standings.published_figures import ELSEWHERE, Band, Figure
from bot.store.awareness import awareness_measure
from bot.store.participation import Contribution

from .company import WEIGHTS, Company, People

Names = Collection[str]
"""Measures."""

ACTS: Sequence[Names] = (
    {"participants"},
    {"pledgers", "pledges", "pledged"},
    {"answerers", "continuing", "confirmed_pledges", "confirmed"},
    {"earth_hour_people", "earth_hour_minutes"},
    *({awareness_measure(BEFORE, question, answer) for answer in ANSWERS} for question in QUESTIONS),
)
"""The measures in which joining, pledging, answering, Earth Hour and both questions on awareness count."""

_RARE = 1e-4
"""Less likely than this is what comes from the ends of a table, which is cut off there: it is no base for odds."""


@dataclass(frozen=True)
class Verdict:
    """What an attacker concludes of one act.

    `odds` is the logarithm of how much likelier what was seen is if it happened; `draws` is how many independent
    draws of noise it counts in; `happened` is the truth.
    """

    odds: float
    draws: int
    happened: bool

    @property
    def posterior(self) -> float:
        """How sure they are of the truth, if they thought it even at first."""
        odds = self.odds if self.happened else -self.odds
        return 1 / (1 + math.exp(-min(500.0, max(-500.0, odds))))


def table(most: int) -> tuple[int, ...]:
    """The table that a cell's noise is picked from."""
    return cell_key_noise.table(most)


@cache
def chances(picks: tuple[int, ...]) -> Mapping[int, float]:
    """How likely each noise is."""
    each = [above - below for below, above in zip((0, *picks), picks, strict=False)]
    both = {sign * e: times / 2 / picks[-1] for e, times in enumerate(each) for sign in (1, -1) if e}
    return {**both, 0: each[0] / picks[-1]}


def steps_of_act(most: int) -> int:
    """By how many steps of the noise one act can move a total."""
    return 1 if most == 1 else STEPS


@cache
def factor(most: int) -> float:
    """The logarithm of the most that one act can be made likelier by one draw, computed from the table."""
    known, far = chances(table(most)), steps_of_act(most)
    return max(abs(math.log(known[e] / known[e - by])) for e in known for by in range(far + 1) if e - by in known)


def in_steps(amount: int, most: int) -> int:
    """An amount in the steps of its noise."""
    return amount if most == 1 else (2 * amount * STEPS + most) // (2 * most)


def seen_steps(cell: Cell, most: int) -> int:
    """What was seen of a cell, in steps."""
    return cell.blurred() if most == 1 else -(-cell.blurred() * STEPS // most)


def odds(seen: int, one: int, other: int, most: int) -> float:
    """The logarithm of how much likelier a total makes what was seen than another total does."""
    known = chances(table(most))
    likely, less = known.get(seen - in_steps(one, most), 0.0), known.get(seen - in_steps(other, most), 0.0)
    if likely and less:
        return math.log(likely / less)
    return math.inf if likely else -math.inf if less else 0.0


def everybody_else_is_known(
    company: Company, person: str, other: Sequence[Contribution | None], names: Names
) -> Verdict:
    """Weigh what somebody did against what they could have done instead, with everything known of everybody else.

    `other` has for each publication what they would have added to these measures in the other story. A cell with the
    same people and the same contributions as before has the same noise, of which nothing new is learnt.
    """
    total, draws, seen = 0.0, 0, set()
    for day, people in enumerate(company.days):
        truth, story = people.get(person, {}), other[day] or {}
        for name, place, most in _cells(company, names):
            mine, theirs = _in(company, truth, name, place), _in(company, story, name, place)
            cell = company.counted[day].cell(name, place)
            if mine == theirs or (name, place, cell.cell_key) in seen:
                continue
            seen.add((name, place, cell.cell_key))
            draws += math.ceil(abs(mine - theirs) / most)
            total += odds(seen_steps(cell, most), cell.total, cell.total - mine + theirs, most)
    return Verdict(total, draws, happened=True)


def _cells(company: Company, names: Names) -> Iterator[tuple[str, str, int]]:
    places = [each.place for each in company.published[0].rows()]
    for each in measures(company.campaign):
        if each.name in names:
            yield from ((each.name, place, each.max_per_act) for place in places)
    yield from ((name, place, 1) for name, place, _ in awareness.cells(company.campaign) if name in names)


def _in(company: Company, adds: Contribution, name: str, place: str) -> int:
    """What somebody adds to one cell."""
    return sum(
        amount for (measure, country), amount in adds.items() if measure == name and place in company.places_of(country)
    )


def acts(company: Company) -> Iterator[Verdict]:
    """Did this colleague join, pledge, answer, or take part in Earth Hour? Weighed for everybody."""
    for person in sorted({person for day in company.days for person in day}):
        for names in ACTS:
            yield everybody_else_is_known(company, person, [None] * len(company.days), names)


def once(company: Company) -> Iterator[Verdict]:
    """Was it this pledge, was it kept, was there an idea, did a message arrive? Weighed by what comes out once."""
    for _, adds in sorted(company.once.items()):
        for (name, country), amount in adds.items():
            if (cell := company.counted_once.cells.get(name)) and country != ELSEWHERE:
                yield Verdict(odds(cell.blurred(), cell.total, cell.total - amount, 1), amount, happened=True)


def amounts(company: Company) -> Iterator[Verdict]:
    """Which of the pledges was it, or how many minutes? Weighed by the kilograms and minutes alone."""
    for person, last in sorted(company.days[-1].items()):
        for name, others in (("pledged", WEIGHTS), ("earth_hour_minutes", (0, 15, 60))):
            each = [
                sum(n for (what, _), n in people.get(person, {}).items() if what == name) for people in company.days
            ]
            if len(set(each) - {0}) != 1 or each[-1] > max(WEIGHTS):
                continue
            country = next(place for what, place in last if what == name)
            for instead in others:
                if instead != each[-1]:
                    there: Contribution = {(name, country): instead}
                    yield everybody_else_is_known(company, person, [there if n else None for n in each], {name})


def own_accounts(company: Company, random: Random) -> Iterator[Verdict]:
    """Three accounts of the attacker's own join, leave and move, so that the noise is drawn anew as often as can be."""
    codes = [country.code for country in company.campaign.countries]
    person = "VICTIM"
    rest: dict[str, Contribution] = dict(company.days[-1])
    for happened in (True, False):
        days: list[People] = []
        for _ in company.days:
            own: dict[str, Contribution] = {
                f"OWN{n}": {("participants", random.choice(codes)): 1} for n in range(3) if random.random() < 0.7
            }
            victim: dict[str, Contribution] = {person: {("participants", codes[0]): 1}} if happened else {}
            days.append(rest | own | victim)
        watched = replace(company, days=days)
        there: Contribution = {("participants", codes[0]): 1}
        story: list[Contribution | None] = [None if happened else there] * len(days)
        found = everybody_else_is_known(watched, person, story, {"participants"})
        yield replace(found, odds=found.odds if happened else -found.odds, happened=happened)


def replayed(company: Company) -> Iterator[tuple[float, float]]:
    """What can be told of a number of participants from what is shown, by replaying the method for every number.

    The likeliest number's probability, and the largest logarithm of the odds between two numbers that differ by one.
    """
    smallest = company.campaign.smallest_group
    for standings in company.published:
        for each in standings.places:
            if each.headcount and each.participants is not None:
                size = each.headcount
                likely = [chance_of(each.participants, truth, smallest, size) for truth in range(size + 1)]
                gaps = (_gap(one, two) for one, two in pairwise(likely))
                yield max(likely) / sum(likely), max(gaps)


@cache
def chance_of(figure: Figure | Band, truth: int, smallest: int, headcount: int) -> float:
    """How likely a number is to be shown as it is."""
    known = chances(table(1))
    return sum(chance for e, chance in known.items() if count(truth + e, smallest, headcount) == figure)


def _gap(one: float, two: float) -> float:
    if max(one, two) < _RARE:
        return 0.0
    return abs(math.log(one / two)) if one and two else math.inf
