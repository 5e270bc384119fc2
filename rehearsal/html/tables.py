"""Tables: the first row holds the headings."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from rehearsal.html.html import region, tag, unknown
from rehearsal.html.nodes import Node, nodes, number, string
from rehearsal.html.render_context import Viewer
from rehearsal.html.rich import rich_text

_SIDES = {"center": "bk-centred", "right": "bk-right"}


def table(found: Node, viewer: Viewer) -> Markup:
    """Render a table with its caption, in a box that scrolls on a narrow screen."""
    caption = string(found.get("caption"))
    head, *body = list(_rows(found)) or [[]]
    inside = tag(
        "table",
        tag("caption", caption) if caption else "",
        tag("thead", tag("tr", *_cells(head, found, viewer, is_head=True))),
        tag("tbody", *(tag("tr", *_cells(row, found, viewer)) for row in body)),
    )
    return region(caption or "Table", inside)


def _rows(found: Node) -> Iterator[list[Node]]:
    rows = found.get("rows")
    yield from (nodes(row) for row in rows) if isinstance(rows, list | tuple) else ()


def _cells(row: list[Node], found: Node, viewer: Viewer, *, is_head: bool = False) -> Iterator[Markup]:
    """Render the cells of a row; one column may hold headings, and each has its alignment."""
    columns = nodes(found.get("column_settings"))
    sides = [_SIDES.get(string(column.get("align"))) for column in columns]
    for place, cell in enumerate(row):
        scope = "col" if is_head else "row" if place == _naming(found) else None
        side = sides[place] if place < len(sides) else None
        yield tag("th" if scope else "td", _cell(cell, viewer), scope=scope, class_=side)


def _naming(found: Node) -> int | None:
    place = found.get("row_header_column_index")
    return place if isinstance(place, int) else None


def _cell(cell: Node, viewer: Viewer) -> Markup:
    match cell.get("type"):
        case "raw_text":
            return tag("span", string(cell.get("text")))
        case "raw_number":
            return tag("span", string(cell.get("text")) or viewer.number(number(cell.get("value"))), class_="bk-value")
        case "rich_text":
            return rich_text(cell, viewer)
        case kind:
            return unknown("cell", string(kind))
