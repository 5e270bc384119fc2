"""Reads JSON of which nothing is known: every question has an answer of the right type."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

Node = Mapping[str, Any]


def node(value: object) -> Node:
    """The object, or an empty one."""
    return value if isinstance(value, Mapping) else {}


def nodes(value: object) -> list[Node]:
    """The objects of a list, as many as it has entries."""
    return [node(each) for each in value] if isinstance(value, list | tuple) else []


def string(value: object) -> str:
    """The text, without the half characters that no file can hold; nothing where there is none."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def number(value: object) -> float:
    """The finite number; 0 where there is none."""
    # `bool` is a subclass of `int`.
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    try:
        found = float(value)
    except OverflowError:
        return 0.0
    return found if math.isfinite(found) else 0.0


def figure(value: object) -> str:
    """A finite number as it was written, whether it came as one or as text; nothing where there is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return ""
    try:
        return str(value).strip() if math.isfinite(float(value)) else ""
    except (ValueError, OverflowError):
        return ""
