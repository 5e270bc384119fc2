"""Slack's native charts as lists of labelled bars, which a screen reader can read too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from markupsafe import Markup

from rehearsal.html.html import Attributes, region, tag, unknown
from rehearsal.html.nodes import Node, node, nodes, number, string
from rehearsal.html.render_context import Viewer

_HIDDEN: Attributes = {"preserveAspectRatio": "none", "aria_hidden": "true"}
_KINDS = frozenset({"bar", "line", "area", "pie"})


def chart(found: Node, viewer: Viewer) -> Markup:
    """Render a title and a list of bars for each series; the segments of a pie are one series."""
    drawing = node(found.get("chart"))
    kind, name = string(drawing.get("type")), string(found.get("title"))
    title = tag("figcaption", name) if name else ""
    if kind not in _KINDS:
        return tag("figure", title, unknown("chart", kind))
    axis = _axes(node(drawing.get("axis_config")))
    about = tag("p", axis, class_="bk-description") if axis else ""
    return tag("figure", title, *_lists(drawing, name, viewer), about, class_="bk-chart")


def _lists(drawing: Node, name: str, viewer: Viewer) -> Iterator[Markup]:
    """Columns stand side by side in a box that scrolls; bars lie below each other."""
    series = [*nodes(drawing.get("series"))]
    if "segments" in drawing:
        series.append({"data": drawing["segments"]})
    stands = drawing.get("type") == "bar"
    draw = partial(_point, viewer, _column if stands else _bar, _most(series))
    for one in series:
        own = string(one.get("name"))
        drawn = tag("ul", *map(draw, nodes(one.get("data"))), class_="bk-columns" if stands else "bk-bars")
        box = region(own or name or "Chart", drawn) if stands else drawn
        yield tag("div", tag("p", own) if own else "", box, class_="bk-series")


def _most(series: list[Node]) -> float:
    return max((_size(point) for one in series for point in nodes(one.get("data"))), default=0.0)


def _axes(axes: Node) -> str:
    return " · ".join(name for name in (string(axes.get("x_label")), string(axes.get("y_label"))) if name)


def _point(viewer: Viewer, draw: Callable[[int], Markup], most: float, point: Node) -> Markup:
    drawn = draw(round(100 * (_size(point) / most)) if most else 0)
    value = tag("span", viewer.number(number(point.get("value"))), class_="bk-value")
    return tag("li", tag("span", string(point.get("label")), class_="bk-name"), drawn, value)


def _column(share: int) -> Markup:
    # SVG and not CSS: the page's security policy allows no inline styles.
    return tag("svg", tag("rect", y=str(100 - share), width="8", height=str(share)), viewBox="0 0 8 100", **_HIDDEN)


def _bar(share: int) -> Markup:
    return tag("svg", tag("rect", width=str(share), height="8"), viewBox="0 0 100 8", **_HIDDEN)


def _size(point: Node) -> float:
    return abs(number(point.get("value")))
