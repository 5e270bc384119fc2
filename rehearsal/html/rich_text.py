"""Rich text, https://docs.slack.dev/reference/block-kit/blocks/rich-text-block."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from rehearsal.html import dates
from rehearsal.html.emoji import emoji
from rehearsal.html.html import join, link, tag, unknown
from rehearsal.html.references import broadcast, channel, user
from rehearsal.html.render_context import Viewer
from rehearsal.html.untrusted_json import Node, node, nodes, string

_STYLES = {"code": "code", "strike": "s", "italic": "i", "bold": "b", "underline": "u"}


def rich_text(found: Node, viewer: Viewer) -> Markup:
    """Render sections, lists, quotes and code."""
    return join(_part(part, viewer) for part in nodes(found.get("elements")))


def _part(part: Node, viewer: Viewer) -> Markup:
    match part.get("type"):
        case "rich_text_section":
            return tag("p", _pieces(part, viewer))
        case "rich_text_quote":
            return tag("blockquote", _pieces(part, viewer))
        case "rich_text_preformatted":
            return tag("pre", _pieces(part, viewer))
        case "rich_text_list":
            items = (tag("li", _pieces(item, viewer)) for item in nodes(part.get("elements")))
            return tag("ol" if part.get("style") == "ordered" else "ul", *items)
        case kind:
            return unknown("rich text", string(kind))


def _pieces(part: Node, viewer: Viewer) -> Markup:
    return join(_piece(piece, viewer) for piece in nodes(part.get("elements")))


def _piece(piece: Node, viewer: Viewer) -> Markup:
    kind = string(piece.get("type"))
    show = _PIECES.get(kind)
    if show is None:
        return unknown("rich text", kind)
    shown = show(piece, viewer)
    style = node(piece.get("style"))
    for name in (name for name in _STYLES if style.get(name) is True):
        shown = tag(_STYLES[name], shown)
    return shown


def _text(piece: Node, _: Viewer) -> Markup:
    return join(string(piece.get("text")).split("\n"), "<br>")


def _link(piece: Node, _: Viewer) -> Markup:
    url = string(piece.get("url"))
    return link(url, string(piece.get("text")) or url)


def _date(piece: Node, viewer: Viewer) -> Markup:
    seconds = piece.get("timestamp")
    shown = dates.written(str(seconds), string(piece.get("format")), viewer) if isinstance(seconds, int) else None
    return tag("time", shown or string(piece.get("fallback")) or "a date")


_PIECES: dict[str, Callable[[Node, Viewer], Markup]] = {
    "text": _text,
    "link": _link,
    "date": _date,
    "emoji": lambda piece, _: Markup("{}").format(emoji(string(piece.get("name")))),
    "user": lambda piece, viewer: user(string(piece.get("user_id")), "", viewer),
    "channel": lambda piece, viewer: channel(string(piece.get("channel_id")), "", viewer),
    "usergroup": lambda piece, _: broadcast(string(piece.get("usergroup_id"))),
    "broadcast": lambda piece, _: broadcast(string(piece.get("range"))),
    "color": lambda piece, _: tag("code", string(piece.get("value"))),
}
