"""Tables: the first row holds the headings."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from bot.rehearsal.render.html import tag
from bot.rehearsal.render.nodes import Node, nodes, number, string
from bot.rehearsal.render.rich import rich_text
from bot.rehearsal.render.viewer import Viewer


def table(found: Node, viewer: Viewer) -> Markup:
    """A table with its caption, in a box of its own that scrolls where the screen is narrow."""
    caption = string(found.get("caption"))
    head, *body = list(_rows(found)) or [[]]
    inside = tag(
        "table",
        tag("caption", caption) if caption else "",
        tag("thead", tag("tr", *(tag("th", _cell(cell, viewer), scope="col") for cell in head))),
        tag("tbody", *(tag("tr", *(tag("td", _cell(cell, viewer)) for cell in row)) for row in body)),
    )
    name = caption or "Table"
    return tag("div", inside, class_="bk-scroll", role="region", aria_label=name, tabindex="0")


def _rows(found: Node) -> Iterator[list[Node]]:
    rows = found.get("rows")
    yield from (nodes(row) for row in rows) if isinstance(rows, list | tuple) else ()


def _cell(cell: Node, viewer: Viewer) -> Markup:
    match cell.get("type"):
        case "raw_text":
            return tag("span", string(cell.get("text")))
        case "raw_number":
            return tag("span", string(cell.get("text")) or f"{number(cell.get('value')):g}")
        case "rich_text":
            return rich_text(cell, viewer)
        case kind:
            return tag("span", f"unknown cell: {string(kind) or 'no type'}", class_="bk-unknown")
