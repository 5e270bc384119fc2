"""Three hundred companies are attacked: `make attack`, or `python -m tests.attack --companies 50`.

Prints what the attackers found, and how sure they become of an act by the number of draws of noise that it counts in.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from random import Random

from rich.console import Console
from rich.table import Table

from .company import some_company
from .odds import acts, amounts, factor, once, own_accounts, replayed
from .solver import Solver

_BOUND = max(factor(most) for most in (1, 60, 50_000))
_TENTHS = 10


@dataclass
class Found:
    """What came of attacking one company, or several."""

    determined: int = 0
    secrets: int = 0
    broken: int = 0
    likeliest: list[float] = field(default_factory=list)
    posteriors: defaultdict[tuple[str, int], list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, other: Found) -> None:
        """Put two together."""
        self.determined += other.determined
        self.secrets += other.secrets
        self.broken += other.broken
        self.likeliest += other.likeliest
        for key, values in other.posteriors.items():
            self.posteriors[key] += values


def attack(seed: int) -> Found:
    """Every attack on one company."""
    company, found = some_company(seed), Found()
    solver = Solver(company)
    found.secrets, found.determined = len(solver.index), len(solver.found())
    found.likeliest = [likeliest for likeliest, _ in replayed(company)]
    own = own_accounts(company, Random(seed))  # noqa: S311 - accounts are no secrets
    attacks = {"acts": acts(company), "amounts": amounts(company), "published once": once(company), "own accounts": own}
    for name, verdicts in attacks.items():
        for each in verdicts:
            found.broken += abs(each.odds) > each.draws * _BOUND + 1e-9
            if each.draws:
                found.posteriors[name, each.draws].append(each.posterior)
    return found


def main() -> None:
    """Attack, and say what was found."""
    parser = argparse.ArgumentParser(prog="attack", description=__doc__)
    parser.add_argument("--companies", type=int, default=300)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    wanted = parser.parse_args()
    found = Found()
    with ProcessPoolExecutor(wanted.processes) as pool:
        for number, one in enumerate(pool.map(attack, range(wanted.companies)), 1):
            found.add(one)
            sys.stderr.write(f"\r{number} of {wanted.companies} companies ")
    sys.stderr.write("\n")
    _tell(found, wanted.companies)
    sys.exit(1 if found.determined or found.broken else 0)


def _tell(found: Found, companies: int) -> None:
    console = Console()
    console.print(
        f"{companies} companies: of {found.secrets:,} numbers the solver determined {found.determined}; "
        f"{found.broken} acts became likelier than by {_BOUND:.3f} for each draw; "
        f"the likeliest number of participants of a country had a probability of {max(found.likeliest):.2f} at most."
    )
    table = Table("attack", "draws", "verdicts", "mean", "of the truth, by tenths of probability")
    for (name, draws), values in sorted(found.posteriors.items()):
        table.add_row(name, str(draws), f"{len(values):,}", f"{statistics.mean(values):.2f}", _tenths(values))
    console.print(table)


def _tenths(values: Sequence[float]) -> str:
    """How many per cent lie in each tenth from nothing to one."""
    counts = [0] * _TENTHS
    for value in values:
        counts[min(_TENTHS - 1, int(value * _TENTHS))] += 1
    return " ".join(f"{100 * count / len(values):.0f}" for count in counts)


if __name__ == "__main__":
    main()
