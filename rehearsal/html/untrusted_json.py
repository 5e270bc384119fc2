"""Read untrusted JSON: every function returns a value of the right type, whatever it gets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

Node = Mapping[str, Any]


def node(value: object) -> Node:
    """Return the object, or an empty one."""
    return value if isinstance(value, Mapping) else {}


def nodes(value: object) -> list[Node]:
    """Return the objects of a list; entries that are no objects become empty ones."""
    return [node(each) for each in value] if isinstance(value, list | tuple) else []


def string(value: object) -> str:
    """Return the text without lone surrogates; empty if it is no text."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def number(value: object) -> float:
    """Return a finite number, or 0."""
    # `bool` is a subclass of `int`.
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    try:
        found = float(value)
    except OverflowError:
        return 0.0
    return found if math.isfinite(found) else 0.0


def figure(value: object) -> str:
    """Return a finite number as it was written, as a number or as text; empty if it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return ""
    try:
        return str(value).strip() if math.isfinite(float(value)) else ""
    except (ValueError, OverflowError):
        return ""
