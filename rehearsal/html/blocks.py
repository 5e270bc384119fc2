"""Blocks as HTML, one small function a block; https://docs.slack.dev/reference/block-kit/blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from markupsafe import Markup

from rehearsal.html.element_context import inline_context, input_context, part_id
from rehearsal.html.elements import element, picture
from rehearsal.html.html import Attributes, join, link, region, tag, unknown
from rehearsal.html.markdown import markdown
from rehearsal.html.render_context import Viewer
from rehearsal.html.rich_text import rich_text
from rehearsal.html.text import line, text, words
from rehearsal.html.untrusted_json import Node, node, nodes, number, string

Block = Callable[[Node, Viewer], Markup]


def render(blocks: Sequence[Node], viewer: Viewer) -> Markup:
    """Render all blocks of a message, a modal or a Home tab for one viewer. Never raises, whatever they hold."""
    return join(_shown(node(block), viewer, BLOCKS) for block in blocks)


def _shown(block: Node, viewer: Viewer, known: dict[str, Block]) -> Markup:
    kind = string(block.get("type"))
    show = known.get(kind)
    if show is None:
        return tag("div", f"unknown block: {kind or 'no type'}", class_="bk-unknown")
    name = string(block.get("block_id")) or None
    return tag("div", show(block, viewer), class_=f"bk-block bk-{kind.replace('_', '-')}", data_block=name)


def header(block: Node, _: Viewer) -> Markup:
    """Render a title."""
    title = words(block.get("text"))
    # An empty heading confuses screen readers.
    return tag("div", title, role="heading", aria_level="5") if title.strip() else tag("div")


def section(block: Node, viewer: Viewer) -> Markup:
    """Render text, fields in two columns, and an element beside them."""
    said = tag("div", text(block["text"], viewer)) if "text" in block else ""
    fields = [tag("div", text(field, viewer)) for field in nodes(block.get("fields"))]
    columns = tag("div", *fields, class_="bk-fields") if fields else ""
    return join([tag("div", said, columns, class_="bk-said"), _accessory(block, viewer)])


def _accessory(block: Node, viewer: Viewer) -> Markup | str:
    if "accessory" not in block:
        return ""
    return tag("div", element(block["accessory"], inline_context(block, viewer), viewer), class_="bk-accessory")


def context(block: Node, viewer: Viewer) -> Markup:
    """Render small print."""
    return join(tag("div", _small(each, viewer)) for each in nodes(block.get("elements")))


def _small(part: Node, viewer: Viewer) -> Markup:
    match part.get("type"):
        case "image":
            return picture(part, None, viewer)
        case "plain_text" | "mrkdwn":
            return text(part, viewer)
        case kind:
            return unknown("element", string(kind))


def actions(block: Node, viewer: Viewer) -> Markup:
    """Render a row of buttons and menus."""
    place = inline_context(block, viewer)
    return join(element(each, place, viewer) for each in nodes(block.get("elements")))


def image(block: Node, viewer: Viewer) -> Markup:
    """Render an image below its title."""
    title = words(block.get("title"))
    return join([tag("p", title) if title else "", picture(block, None, viewer)])


def field(block: Node, viewer: Viewer) -> Markup:
    """Render a labelled field of a form with its error and its hint."""
    place = input_context(block, viewer)
    optional = "" if place.required else tag("span", " (optional)", class_="bk-description")
    title = tag("span", place.label, optional, class_="bk-label")
    # A `label` around several inputs would name only the first.
    many = string(node(block.get("element")).get("type")) in {"radio_buttons", "checkboxes"}
    shown = tag("div" if many else "label", title, element(block.get("element"), place, viewer))
    return join([shown, *_notes(block, place.block, viewer)])


def _notes(block: Node, name: str, viewer: Viewer) -> Iterator[Markup]:
    if name in viewer.errors:
        yield tag("span", string(viewer.errors[name]), class_="bk-error", id=part_id(name, "error", viewer))
    if words(block.get("hint")):
        hint = line(block["hint"], viewer)
        yield tag("span", hint, class_="bk-description bk-hint", id=part_id(name, "hint", viewer))


def card(block: Node, viewer: Viewer) -> Markup:
    """Render a card: the alt text of its images, a title, a text and buttons."""
    pictures = (picture(node(block[name]), None, viewer) for name in ("hero_image", "icon") if name in block)
    texts = (
        tag("div", text(block[name], viewer), class_=f"bk-{name}")
        for name in ("title", "subtitle", "body", "subtext")
        if name in block
    )
    buttons = actions({**block, "elements": block.get("actions")}, viewer)
    return join([*pictures, *texts, tag("div", buttons, class_="bk-row")])


def container(block: Node, viewer: Viewer) -> Markup:
    """Render blocks in a frame with a title; a container holds no containers."""
    icon = picture(node(block["icon"]), None, viewer) if "icon" in block else ""
    title = rich_text(node(block["rich_text_title"]), viewer) if "rich_text_title" in block else ""
    heading = tag("div", icon, title or line(block.get("title"), viewer), class_="bk-title")
    more = tag("div", line(block["subtitle"], viewer), class_="bk-description") if "subtitle" in block else ""
    # Only simple blocks inside, which also ends the recursion for forged nesting.
    return join([heading, more, *(_shown(each, viewer, _SIMPLE) for each in nodes(block.get("child_blocks")))])


def carousel(block: Node, viewer: Viewer) -> Markup:
    """Render cards side by side."""
    cards = (_shown(each, viewer, {"card": card}) for each in nodes(block.get("elements")))
    return region("Cards", *cards)


def video(block: Node, viewer: Viewer) -> Markup:
    """Render a video's title and description; the video itself is not fetched."""
    title = link(string(block.get("title_url")), words(block.get("title")))
    return join([tag("p", title), tag("p", line(block.get("description"), viewer)), picture(block, None, viewer)])


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


_SIMPLE: dict[str, Block] = {
    "header": header,
    "markdown": lambda block, _: markdown(string(block.get("text"))),
    "section": section,
    "context": context,
    "actions": actions,
    "divider": lambda _, __: tag("hr"),
    "image": image,
    "input": field,
    "rich_text": rich_text,
    "table": table,
    "data_table": table,
    "data_visualization": chart,
    "alert": lambda block, viewer: text(block.get("text"), viewer),
    "file": lambda block, _: tag("span", f"File {string(block.get('external_id'))}", class_="bk-picture"),
    "video": video,
    "card": card,
}
BLOCKS: dict[str, Block] = {**_SIMPLE, "carousel": carousel, "container": container}
