"""What was published so far, as the next publication needs it. It holds hidden figures and is never shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic import BaseModel, ConfigDict


class Past(BaseModel):
    """One measure as it was last published.

    `pooled` has the people of each place that was in the rest, and `together` the figure of the rest; `full` has the
    figure of each of its places when last everybody there had added as much as one can. `known` has the figure with
    which a place last stood alone: everybody may remember it.
    """

    model_config = ConfigDict(frozen=True)

    pooled: Mapping[str, int] = {}
    together: float = 0
    full: Mapping[str, float] = {}
    known: Mapping[str, float] = {}

    def folded(self, into: Callable[[str], str]) -> Past:
        """The same, with everything under the place it is counted in now."""
        places = {name: _folded(getattr(self, name), into) for name in ("pooled", "full", "known")}
        return Past.model_validate({**places, "together": self.together})


def _folded(figures: Mapping[str, float], into: Callable[[str], str]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for place, figure in figures.items():
        sums[into(place)] = sums.get(into(place), 0) + figure
    return sums


class Basis(BaseModel):
    """The past of every measure, by its name."""

    model_config = ConfigDict(frozen=True)

    measures: Mapping[str, Past] = {}

    def of(self, measure: str) -> Past:
        """The past of one measure."""
        return self.measures.get(measure, Past())

    def folded(self, into: Callable[[str], str]) -> Basis:
        """The past of every measure, with everything under the place it is counted in now."""
        return Basis(measures={name: past.folded(into) for name, past in self.measures.items()})
