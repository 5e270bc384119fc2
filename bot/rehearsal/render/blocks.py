"""Blocks as HTML, one small function a block; https://docs.slack.dev/reference/block-kit/blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from bot.rehearsal.render.charts import chart
from bot.rehearsal.render.elements import element, picture
from bot.rehearsal.render.html import join, link, tag
from bot.rehearsal.render.markdown import markdown
from bot.rehearsal.render.nodes import Node, node, nodes, string
from bot.rehearsal.render.rich import rich_text
from bot.rehearsal.render.tables import table
from bot.rehearsal.render.text import line, text, words
from bot.rehearsal.render.viewer import Viewer

Block = Callable[[Node, Viewer], Markup]


def render(blocks: Sequence[Node], viewer: Viewer) -> Markup:
    """All blocks of a message, a modal or a Home tab, for one viewer. Never raises, whatever the blocks hold."""
    return join(_shown(node(block), viewer, BLOCKS) for block in blocks)


def _shown(block: Node, viewer: Viewer, known: dict[str, Block]) -> Markup:
    kind = string(block.get("type"))
    show = known.get(kind)
    if show is None:
        return tag("div", f"unknown block: {kind or 'no type'}", class_="bk-unknown")
    name = string(block.get("block_id")) or None
    return tag("div", show(block, viewer), class_=f"bk-block bk-{kind.replace('_', '-')}", data_block=name)


def header(block: Node, _: Viewer) -> Markup:
    """A title."""
    return tag("div", words(block.get("text")), role="heading", aria_level="5")


def section(block: Node, viewer: Viewer) -> Markup:
    """Text, fields in two columns, and an element beside them."""
    said = tag("div", text(block["text"], viewer)) if "text" in block else ""
    fields = [tag("div", text(field, viewer)) for field in nodes(block.get("fields"))]
    columns = tag("div", *fields, class_="bk-fields") if fields else ""
    beside = tag("div", element(block["accessory"], viewer), class_="bk-accessory") if "accessory" in block else ""
    return join([tag("div", said, columns, class_="bk-said"), beside])


def context(block: Node, viewer: Viewer) -> Markup:
    """Small print."""
    return join(
        tag("div", picture(each, viewer) if each.get("type") == "image" else text(each, viewer))
        for each in nodes(block.get("elements"))
    )


def actions(block: Node, viewer: Viewer) -> Markup:
    """A row of buttons and menus."""
    return join(element(each, viewer) for each in nodes(block.get("elements")))


def image(block: Node, viewer: Viewer) -> Markup:
    """A picture's title and words."""
    title = words(block.get("title"))
    return join([tag("p", title) if title else "", picture(block, viewer)])


def field(block: Node, viewer: Viewer) -> Markup:
    """A labelled field of a form."""
    name = words(block.get("label"))
    found = node(block.get("element"))
    shown = element({**found, "label": name}, viewer)
    optional = tag("span", " (optional)", class_="bk-description") if block.get("optional") is True else ""
    title = tag("span", name, optional, class_="bk-label")
    many = string(found.get("type")) in {"radio_buttons", "checkboxes"}
    hint = tag("span", line(block["hint"], viewer), class_="bk-description") if "hint" in block else ""
    return join([tag("div" if many else "label", title, shown), hint])


def card(block: Node, viewer: Viewer) -> Markup:
    """A picture's words, a title, a text and buttons."""
    pictures = (picture(node(block[name]), viewer) for name in ("hero_image", "icon") if name in block)
    texts = (
        tag("div", text(block[name], viewer), class_=f"bk-{name}")
        for name in ("title", "subtitle", "body", "subtext")
        if name in block
    )
    return join([*pictures, *texts, tag("div", actions({"elements": block.get("actions")}, viewer))])


def container(block: Node, viewer: Viewer) -> Markup:
    """Blocks in a frame with a title; a container holds no containers."""
    title = rich_text(node(block["rich_text_title"]), viewer) if "rich_text_title" in block else ""
    heading = tag("div", title or line(block.get("title"), viewer), class_="bk-title")
    more = tag("div", line(block["subtitle"], viewer), class_="bk-description") if "subtitle" in block else ""
    return join([heading, more, *(_shown(each, viewer, _SIMPLE) for each in nodes(block.get("child_blocks")))])


def carousel(block: Node, viewer: Viewer) -> Markup:
    """Cards side by side."""
    return join(_shown(each, viewer, {"card": card}) for each in nodes(block.get("elements")))


def video(block: Node, viewer: Viewer) -> Markup:
    """A video's title and description; the video itself is not fetched."""
    title = link(string(block.get("title_url")), words(block.get("title")))
    return join([tag("p", title), tag("p", line(block.get("description"), viewer)), picture(block, viewer)])


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
    "data_visualization": lambda block, _: chart(block),
    "alert": lambda block, viewer: text(block.get("text"), viewer),
    "file": lambda block, _: tag("span", f"File {string(block.get('external_id'))}", class_="bk-picture"),
    "video": video,
    "card": card,
}
BLOCKS: dict[str, Block] = {**_SIMPLE, "carousel": carousel, "container": container}
