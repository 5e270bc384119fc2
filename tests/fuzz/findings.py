"""What a run found out: how many cases of each kind there were, what became of them, and what should not have."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

MOST = 20
"""Findings that are kept of one batch; whoever has so many has enough to do."""


@dataclass
class Findings:
    """Cases by kind and outcome, and the bad ones with what shows them again."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)

    def note(self, kind: str, outcome: str) -> None:
        self.counts[kind, outcome] += 1

    def blame(self, what: str, case: object) -> None:
        """Something that must never be."""
        if len(self.bad) < MOST:
            self.bad.append(f"{what}\n    {repr(case)[:1500]}")

    def add(self, other: Findings) -> None:
        """Take in another batch."""
        self.counts.update(other.counts)
        self.bad += other.bad

    @property
    def cases(self) -> int:
        return self.counts.total()
