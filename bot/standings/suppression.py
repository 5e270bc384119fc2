"""Which places stand alone in a measure, and which are hidden in the rest.

The method and its reasons are in docs/decisions/0015-small-groups.md. Published of a measure is a row for each place
that stands alone, and one sum for the pool of the others. Here is decided what the pool has to be.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.standings.basis import Past

Pool = frozenset[str]

_NOBODY: Pool = frozenset()


@dataclass(frozen=True)
class Cell:
    """One place in one measure: the figure (`value`), and how many people are behind it.

    A cell that is not `open` never stands alone. One that is `empty` has nobody in it to hide.
    """

    people: int
    value: float
    open: bool = True
    empty: bool = False


@dataclass(frozen=True)
class Bounds:
    """What a measure can be at most as far as anybody outside knows: place by place, and the pool's places together."""

    most: Mapping[str, float]
    pool: Pool = _NOBODY
    together: float = math.inf

    def of(self, places: Pool) -> float:
        """What some places can be together at most."""
        alone = sum(self.most[place] for place in places - self.pool)
        return alone + min(self.together, sum(self.most[place] for place in places & self.pool))

    def times(self, each: float) -> Bounds:
        """The bounds of what each person can add so much to."""
        most = {place: _times(each, value) for place, value in self.most.items()}
        return Bounds(most, self.pool, _times(each, self.together))

    def fitting(self, values: Mapping[str, float]) -> Bounds:
        """The bounds without those that do not hold: who has moved may be counted here and not there."""
        hidden = sum(values[place] for place in self.pool)
        most = {place: value if values[place] <= value else math.inf for place, value in self.most.items()}
        return Bounds(most, self.pool, self.together if hidden <= self.together else math.inf)


def _times(each: float, value: float) -> float:
    return math.inf if math.inf in {each, value} else each * value


@dataclass(frozen=True)
class Suppression:
    """One measure to be published: its cells, what can be known of them, and what was published before.

    `each` is how much one person adds at most. `two_sided` measures are numbers of people: those who are not counted
    must be as many as the smallest group, too. Figures that are not `exact` are rounded, which blurs what they tell.
    """

    cells: Mapping[str, Cell]
    bounds: Bounds
    past: Past
    smallest: int
    each: float = 1
    two_sided: bool = True
    exact: bool = True

    def pool(self) -> Pool | None:
        """The places that are hidden in the rest, or `None` where nothing of the measure may be published."""
        pool = frozenset(place for place in self.cells if not self._may_stand_alone(place))
        while more := self._missing(pool):
            pool |= more
        return pool if self._is_safe(pool) else None

    def _may_stand_alone(self, place: str) -> bool:
        cell = self.cells[place]
        if not cell.open or self._tells_nothing_new(place):
            return cell.open
        visible = place not in self.bounds.pool
        return visible and (cell.empty or self._is_large(cell.people, self.bounds.most[place]))

    def _tells_nothing_new(self, place: str) -> bool:
        """Whether the place stood alone with this very figure when the measure was last published."""
        return place not in self.past.pooled and self.past.known.get(place) == self.cells[place].value

    def _is_large(self, people: int, most: float) -> bool:
        return people >= self.smallest and (not self.two_sided or most - people >= self.smallest)

    def _missing(self, pool: Pool) -> Pool:
        """Places that have to join a pool: those that may not leave it yet, else the smallest that stood alone."""
        if held_back := self._held_back(pool):
            return held_back
        return _NOBODY if self._is_safe(pool) else self._smallest(self._alone - pool)

    def _held_back(self, pool: Pool) -> Pool:
        """Places of the last pool that may not leave it, because what they were in it would show.

        The places that leave, each by itself, and together those that stay must all have grown, and all of them by the
        smallest group.
        """
        last = frozenset(self.past.pooled)
        leaving, staying = last - pool, last & pool
        if not leaving or self._joined(last) < self.smallest:
            return leaving
        if staying and not self._has_grown(staying):
            return self._smallest(leaving)
        return frozenset(place for place in leaving if not self._has_grown(frozenset({place})))

    def _joined(self, places: Pool) -> int:
        """How many people more there are than in the last pool."""
        return sum(self.cells[place].people - self.past.pooled[place] for place in places)

    def _has_grown(self, places: Pool) -> bool:
        # Where everybody had added the most, the figure told how many they were; it may tell that no more.
        was_full = [place for place in places if place in self.past.full]
        grown = sum(self.cells[place].value - self.past.full[place] for place in was_full)
        return self._joined(places) >= 1 and (not was_full or grown >= self.each)

    @cached_property
    def _alone(self) -> Pool:
        return frozenset(place for place, cell in self.cells.items() if not cell.empty)

    def _smallest(self, places: Pool) -> Pool:
        return frozenset(sorted(places, key=lambda place: (self.cells[place].people, place))[:1])

    def _is_safe(self, pool: Pool) -> bool:
        if not pool:
            return True
        people = sum(self.cells[place].people for place in pool)
        several = len(pool) > 1 and self._is_large(people, self.bounds.of(pool))
        return several and not (self.exact and any(self._is_pinned(place, pool) for place in pool))

    def _is_pinned(self, place: str, pool: Pool) -> bool:
        """Whether the sum of a pool says too much about one of its places."""
        others = pool - {place}
        total, most = self._value(pool), self.bounds.of(frozenset({place}))
        least = total - self.bounds.of(others)
        room = min(most, total) - max(0.0, least)
        news = min(most, total - self._known(others)) - max(self._known(frozenset({place})), least)
        return room < min(self.smallest, most) or news < 1

    def _value(self, pool: Pool) -> float:
        return sum(self.cells[place].value for place in pool)

    def _known(self, places: Pool) -> float:
        """What places have at least, because they once stood alone or made up the rest with so much."""
        last = frozenset(self.past.pooled)
        if not last or not last <= places:
            return self._known_alone(places)
        return self._known_alone(places - last) + self._still(self.past.together, last)

    def _known_alone(self, places: Pool) -> float:
        return sum(self._still(self.past.known.get(place, 0.0), frozenset({place})) for place in places)

    def _still(self, figure: float, places: Pool) -> float:
        """A figure of the past; of places that have shrunk since, because somebody left, nothing is known."""
        return figure if figure <= self._value(places) else 0.0

    def learned(self, pool: Pool | None) -> Bounds:
        """What anybody can know of the measure once it is published with that pool; for what depends on it."""
        if pool is None:
            return Bounds(self.bounds.most, frozenset(self.cells), self.bounds.of(frozenset(self.cells)))
        total = self._value(pool)
        hidden = {place: min(self.bounds.most[place], total - self._known(pool - {place})) for place in pool}
        return Bounds({place: cell.value for place, cell in self.cells.items()} | hidden, pool, total)

    def remembered(self, pool: Pool | None) -> Past:
        """What the next publication has to be held against."""
        if pool is None:
            return self.past
        values = {place: cell.value for place, cell in self.cells.items()}
        alone = {place: value for place, value in values.items() if place not in pool}
        full = {place: value for place, value in self.past.full.items() if place in pool}
        if self.bounds.of(pool) - self._value(pool) < self.each < math.inf:
            full = {place: values[place] for place in pool}
        people = {place: self.cells[place].people for place in pool}
        return Past(pooled=people, together=self._value(pool), full=full, known={**self.past.known, **alone})
