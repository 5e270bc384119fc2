"""Cells, their keys, and the noise that a key picks from the perturbation table.

A cell is a measure in a place. Its key comes from the campaign's secret, the cell's name, and everybody who adds
something to it, with what they add. So the same people with the same contributions have the same noise whenever and
wherever they are counted, and any other set of people or contributions has another.

`perturbation.csv` says for the magnitudes 0, 1, 2, ... how many of 2^31 picks have at most that magnitude. Magnitudes
fall by e^-0.5 for each unit that one act can make a difference of; those that would come less often than once in a
million together are cut off. `tests/bot/standings/test_perturbation.py` computes the table anew.
"""

from __future__ import annotations

import csv
import hmac
from bisect import bisect_right
from functools import cache
from importlib import resources
from itertools import pairwise
from math import sqrt

FACTOR = 0.5
"""No single figure makes any one act likelier than by e to the power of it, beside what the cutting costs."""

STEPS = 12
"""Steps that the most that one act can add to an amount is divided into."""

_KEYS = 2**32
_BYTES = 4


class Cell:
    """The total of a measure in a place, and the key that picks its noise."""

    def __init__(self, secret: bytes, name: str, max_per_act: int = 1) -> None:
        """An empty cell. Amounts have a `max_per_act` of more than one."""
        # The name goes into every key, so that cells with the same people have independent noise.
        self._hmac = hmac.new(secret, name.encode(), "sha256")
        self._max_per_act = max_per_act
        self.total = 0
        self.cell_key = int.from_bytes(self._hmac.digest()[:_BYTES])

    def add(self, person: str, amount: int) -> None:
        """Count what one person adds, all at once."""
        record = self._hmac.copy()
        # A zero byte, which is in none of the parts, keeps "AB" with 1 apart from "A" with "B1".
        record.update(f"\0{person}\0{amount}".encode())
        record_key = int.from_bytes(record.digest()[:_BYTES])
        # A sum, so that the key does not depend on the order in which people are counted.
        self.cell_key = (self.cell_key + record_key) % _KEYS
        self.total += amount

    def blurred(self) -> int:
        """Return the total with its noise, which may take it below nothing."""
        drawn, most = noise(self.cell_key, self._max_per_act), self._max_per_act
        if most == 1:
            return self.total + drawn
        # Rounded in integers, halves up: `round` would take halves to the even neighbour.
        steps = (2 * self.total * STEPS + most) // (2 * most)
        return (steps + drawn) * most // STEPS


@cache
def table(max_per_act: int = 1) -> tuple[int, ...]:
    """Read the perturbation table of counts, to which one act adds one, or that of amounts."""
    column = "counts" if max_per_act == 1 else "amounts"
    with (resources.files(__package__) / "perturbation.csv").open(encoding="ascii") as file:
        return tuple(int(row[column]) for row in csv.DictReader(file) if row[column])


def noise(cell_key: int, max_per_act: int = 1) -> int:
    """Pick the noise of a key, in steps: its last bit is the sign, and all others pick the magnitude."""
    magnitude = bisect_right(table(max_per_act), cell_key >> 1)
    return -magnitude if cell_key & 1 else magnitude


@cache
def deviation(max_per_act: int = 1) -> float:
    """Compute the standard deviation of the noise, in what is counted."""
    picks, step = table(max_per_act), 1 if max_per_act == 1 else max_per_act / STEPS
    squares = sum((above - below) * magnitude**2 for magnitude, (below, above) in enumerate(pairwise(picks), 1))
    return step * sqrt(squares / picks[-1])
