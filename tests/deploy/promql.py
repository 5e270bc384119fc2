"""What a query of Prometheus asks for, as far as tests have to know it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_NAME = re.compile(r"(?<![\w\"])(?P<name>(?:earthweek|process|python)_\w+|up)\b(?!\s*\()(?:\{(?P<matchers>[^}]*)\})?")
_MATCHER = re.compile(r"(\w+)\s*(=~|!~|!=|=)\s*\"([^\"]*)\"")
_BY_LABELS = re.compile(r"\b(?:by|on|ignoring|without|group_left|group_right)\s*\(([^)]*)\)")


@dataclass(frozen=True)
class Selector:
    """A metric, and for each label the values that it is asked for; of a pattern, its alternatives."""

    name: str
    labels: Mapping[str, tuple[str, ...]]


def selectors(query: str) -> Iterator[Selector]:
    """Every metric that a query asks for."""
    for found in _NAME.finditer(query):
        matchers = _MATCHER.findall(found["matchers"] or "")
        yield Selector(found["name"], {label: tuple(value.split("|")) for label, _how, value in matchers})


def grouped_by(query: str) -> set[str]:
    """Every label by which a query groups or matches."""
    return {label.strip() for found in _BY_LABELS.findall(query) for label in found.split(",") if label.strip()}
