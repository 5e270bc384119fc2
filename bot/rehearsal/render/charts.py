"""Slack's native charts as lists of labelled bars, which a screen reader can read too."""

from __future__ import annotations

from markupsafe import Markup

from bot.rehearsal.render.html import tag
from bot.rehearsal.render.nodes import Node, node, nodes, number, string


def chart(found: Node) -> Markup:
    """A title and one list of bars a series; the segments of a pie are one series."""
    drawing = node(found.get("chart"))
    series = [*nodes(drawing.get("series"))]
    if "segments" in drawing:
        series.append({"name": "", "data": drawing["segments"]})
    most = max((_size(point) for one in series for point in nodes(one.get("data"))), default=0.0)
    title = tag("figcaption", string(found.get("title")))
    axis = tag("p", _axes(node(drawing.get("axis_config"))), class_="bk-description")
    return tag("figure", title, *(_series(one, most) for one in series), axis, class_="bk-chart")


def _axes(axes: Node) -> str:
    return " · ".join(name for name in (string(axes.get("x_label")), string(axes.get("y_label"))) if name)


def _series(one: Node, most: float) -> Markup:
    name = string(one.get("name"))
    bars = (_bar(point, most) for point in nodes(one.get("data")))
    return tag("div", tag("p", name) if name else "", tag("ul", *bars))


def _bar(point: Node, most: float) -> Markup:
    width = round(100 * (_size(point) / most)) if most else 0
    value = tag("span", f"{number(point.get('value')):g}", class_="bk-value")
    return tag("li", tag("span", string(point.get("label"))), _line(width), value)


def _line(width: int) -> Markup:
    bar = tag("rect", width=str(width), height="8")
    return tag("svg", bar, viewBox="0 0 100 8", preserveAspectRatio="none", aria_hidden="true")


def _size(point: Node) -> float:
    return abs(number(point.get("value")))
