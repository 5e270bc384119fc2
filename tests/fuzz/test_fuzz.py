"""A few thousand of the cases of `make fuzz`, the same ones each time."""

from __future__ import annotations

import asyncio
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from . import door, reading
from .findings import Findings
from .knocks import KINDS
from .world import create


def clean(found: Findings, cases: int) -> None:
    assert found.bad == []
    assert found.cases == cases


def test_spoilt_requests_break_nothing_and_store_nothing() -> None:
    found = door.run("small", 1200)
    clean(found, 1200)
    assert {kind for kind, _ in found.counts} == set(KINDS)


def test_requests_spoilt_only_in_unread_parts_are_accepted() -> None:
    """Were all of it turned down, none of it would have proved anything."""
    found = door.run("small", 600)
    assert sum(count for (_, outcome), count in found.counts.items() if outcome == "200") > 100


@given(random=st.randoms(use_true_random=False))
@settings(max_examples=500)
def test_spoilt_form_is_outdated_unfilled_or_still_good(random: Random) -> None:
    clean(reading.read_forms(random, 3), 3)


@given(random=st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_spoilt_campaign_is_readable_or_has_errors(random: Random) -> None:
    clean(reading.read_campaigns(random, 5), 5)


def test_the_same_seed_makes_the_same_cases() -> None:
    assert reading.run_forms("x", 200).counts == reading.run_forms("x", 200).counts
    seeds = ("x", "y", "z")
    assert len({str(reading.run_forms(seed, 200).counts) for seed in seeds}) > 1


def test_bot_storing_forbidden_rows_is_detected() -> None:
    async def spoil() -> Findings:
        found = Findings()
        async with create() as world:
            world.before = {**world.before, "people": world.before["people"][:1]}
            await door.knock(world, Random("small"), 25, found)  # noqa: S311 - the same seed makes the same cases
        return found

    assert asyncio.run(spoil()).bad
