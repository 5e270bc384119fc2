"""The count under a tip, as it may be shown."""

from __future__ import annotations


def shown(people: int, smallest_group: int, headcount: int | None) -> int | None:
    """How many people at least did something, in whole steps of the smallest group; `None` when nothing is shown.

    It counts the whole company, so that no country can be seen in it, and in steps, so that nobody can be seen
    arriving. As for every figure, those who did not must be as many as the smallest group, too.
    """
    most = people if headcount is None else min(people, headcount - smallest_group)
    step = most // smallest_group * smallest_group
    return step if step >= smallest_group else None
