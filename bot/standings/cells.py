"""Cells, their keys, and the noise that a key picks.

A cell is a measure in a place. Its key is a number that comes from the secret of the campaign, the cell's name, and
everybody who adds something to it, with what they add. So the same people with the same contributions have the same
noise whenever and wherever they are counted, and any other set of people or contributions has another.
"""

from __future__ import annotations

import hmac
from bisect import bisect_right
from functools import cache
from math import sqrt

from bot.standings.perturbation import AMOUNTS, COUNTS, STEPS

_KEYS = 2**32
_BYTES = 4


class Cell:
    """What is in one cell, and its key."""

    def __init__(self, secret: bytes, name: str, most: int = 1) -> None:
        """An empty cell. `most` is the most that one act can add to it."""
        self._records = hmac.new(secret, name.encode(), "sha256")
        self._most = most
        self.total = 0
        self.key = int.from_bytes(self._records.digest()[:_BYTES])

    def add(self, person: str, amount: int) -> None:
        """Count what one person adds, all at once."""
        record = self._records.copy()
        record.update(f"\0{person}\0{amount}".encode())
        self.key = (self.key + int.from_bytes(record.digest()[:_BYTES])) % _KEYS
        self.total += amount

    def blurred(self) -> int:
        """The total with its noise, which may take it below nothing."""
        drawn = noise(self.key, self._most)
        if self._most == 1:
            return self.total + drawn
        steps = (2 * self.total * STEPS + self._most) // (2 * self._most)
        return (steps + drawn) * self._most // STEPS


def noise(key: int, most: int = 1) -> int:
    """The noise that a key picks, in the steps of its table: the last bit is the sign, all others the magnitude."""
    magnitude = bisect_right(COUNTS if most == 1 else AMOUNTS, key >> 1)
    return -magnitude if key & 1 else magnitude


@cache
def deviation(most: int = 1) -> float:
    """The standard deviation of the noise where one act adds at most so much."""
    table, step = (COUNTS, 1.0) if most == 1 else (AMOUNTS, most / STEPS)
    picks = [above - below for below, above in zip((0, *table), table, strict=False)]
    return step * sqrt(sum(times * magnitude**2 for magnitude, times in enumerate(picks)) / table[-1])
