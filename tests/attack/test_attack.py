"""Twenty companies are attacked, and nothing is found but what was promised; without noise, everything is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from random import Random

import pytest

from bot.standings import cell_key_noise, displayed_figures

from .company import Company, some_company
from .odds import Verdict, acts, amounts, chance_of, factor, once, own_accounts, replayed
from .solver import Solver

COMPANIES = 20
SEEDS = pytest.mark.parametrize("seed", range(COMPANIES))
FEW = range(8)
"""Companies in which an attacker shows what they find without noise."""

MOST = max(factor(most) for most in (1, 60, 50_000))
"""The most that one draw makes an act likelier or less likely, as a logarithm."""


@pytest.fixture
def noiseless(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same method with tables that have no noise in them, and without rounding, which promises nothing."""
    monkeypatch.setattr(cell_key_noise, "table", lambda _max_per_act=1: (2**31,))
    monkeypatch.setattr(displayed_figures, "STEP", 1)
    # What was worked out with the noise must not be taken here, nor what is worked out here by others.
    of_the_tables = (cell_key_noise.deviation, chance_of, factor)
    for each in of_the_tables:
        each.cache_clear()
    yield
    for each in of_the_tables:
        each.cache_clear()


def keep_their_promise(verdicts: Iterable[Verdict]) -> None:
    for each in verdicts:
        assert abs(each.odds) <= each.draws * MOST + 1e-9, each


def own(company: Company) -> Iterator[Verdict]:
    return own_accounts(company, Random(len(company.days[-1])))  # noqa: S311 - accounts are no secrets


WEIGHING: list[Callable[[Company], Iterator[Verdict]]] = [acts, amounts, once, own]
ATTACKS = pytest.mark.parametrize(
    "attack", WEIGHING, ids=["everybody else is known", "amounts", "what comes out once", "own accounts"]
)


def test_one_draw_changes_odds_within_stated_factor() -> None:
    assert 0.5 <= MOST < 0.52


@SEEDS
def test_an_exact_solver_determines_nothing(seed: int) -> None:
    assert Solver(some_company(seed)).found() == set()


@SEEDS
def test_replaying_the_method_tells_no_number(seed: int) -> None:
    for likeliest, gap in replayed(some_company(seed)):
        assert gap <= MOST + 0.01, "what is cut off of the tables"
        assert likeliest < 0.5


@SEEDS
@ATTACKS
def test_odds_change_at_most_by_factor_per_draw(seed: int, attack: Callable[[Company], Iterator[Verdict]]) -> None:
    keep_their_promise(attack(some_company(seed)))


@pytest.mark.usefixtures("noiseless")
def test_without_noise_the_solver_finds_numbers() -> None:
    assert sum(len(Solver(some_company(seed)).found()) for seed in FEW) > 50


@pytest.mark.usefixtures("noiseless")
def test_without_noise_replaying_the_method_tells_numbers() -> None:
    found = [each for seed in FEW for each in replayed(some_company(seed))]
    assert [likeliest for likeliest, gap in found if likeliest > 0.99 and gap == math.inf]


@pytest.mark.usefixtures("noiseless")
@ATTACKS
def test_without_noise_every_act_is_found(attack: Callable[[Company], Iterator[Verdict]]) -> None:
    verdicts = [each for seed in FEW for each in attack(some_company(seed))]
    told_apart = [each for each in verdicts if each.odds]
    assert all(each.posterior > 0.99 for each in told_apart)
    # Some grams more or less are told apart by nobody: amounts are counted in steps.
    assert len(told_apart) > 0.7 * len([each for each in verdicts if each.draws])
