"""Slack's native charts, https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block.

Slack's page says at most six series and segments, some newer libraries say twelve: what keeps to six is right by
both.
"""

from __future__ import annotations

from collections.abc import Iterator

from rehearsal.slack.schema import Rule, items, kind, problem, shape, string

MOST_SERIES = 6
LABEL = string(20)


def _number(value: object, where: str) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield problem("must provide a number", where)


def _slice(value: object, where: str) -> Iterator[str]:
    yield from _number(value, where)
    if isinstance(value, int | float) and value <= 0:
        yield problem("must be more than 0", where)


_AXIS = shape({"categories": items(LABEL, 20)}, {"x_label": string(50), "y_label": string(50)})
_SERIES = shape({"name": LABEL, "data": items(shape({"label": LABEL, "value": _number}), 20)})
_PLAIN_PLOT = shape({"series": items(_SERIES, MOST_SERIES), "axis_config": _AXIS})


def _plot(value: object, where: str) -> Iterator[str]:
    """Series over categories: well formed first, then one point for every category."""
    found = list(_PLAIN_PLOT(value, where))
    yield from found
    if found or not isinstance(value, dict):
        return
    categories = sorted(value["axis_config"]["categories"])
    for place, series in enumerate(value["series"]):
        if sorted(point["label"] for point in series["data"]) != categories:
            yield problem("must have one point for every category", f"{where}/series/{place}/data")


CHART: Rule = kind(
    {
        "pie": shape({"segments": items(shape({"label": LABEL, "value": _slice}), MOST_SERIES)}),
        **dict.fromkeys(("bar", "area", "line"), _plot),
    }
)
