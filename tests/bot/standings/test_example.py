"""The worked example at the head of the package comes out as it says."""

from __future__ import annotations

import doctest

from bot import standings


def test_the_worked_example_is_true() -> None:
    found = doctest.testmod(standings)
    assert found.attempted > 10
    assert found.failed == 0
