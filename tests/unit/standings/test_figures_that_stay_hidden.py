"""Whoever has kept everything that was ever shown cannot work out a figure that was not."""

from __future__ import annotations

import pytest

from .attacker import Attacker
from .worlds import some_world

WORLDS, IN_ONE_TEST = 100, 10
TOLD = (124, 161, 600, 1034, 1109, 1150, 1665, 2112, 2140)
"""Worlds in which something could be worked out before the method was what it is."""


@pytest.mark.parametrize("first", range(0, WORLDS, IN_ONE_TEST))
def test_no_hidden_figure_can_be_worked_out(first: int) -> None:
    for seed in range(first, first + IN_ONE_TEST):
        assert worked_out(seed) == set(), f"in world {seed}"


@pytest.mark.parametrize("seed", TOLD)
def test_no_hidden_figure_can_be_worked_out_where_one_could_be(seed: int) -> None:
    assert worked_out(seed) == set()


def worked_out(seed: int) -> set[tuple[str, str, int]]:
    world = some_world(seed)
    return Attacker(world, world.published()).found()
