"""Text objects: plain text, or Slack's mrkdwn."""

from __future__ import annotations

from markupsafe import Markup

from rehearsal.html import mrkdwn
from rehearsal.html.emoji import with_emoji
from rehearsal.html.html import join
from rehearsal.html.render_context import Viewer
from rehearsal.html.untrusted_json import node, string


def words(value: object) -> str:
    """Return the plain text of a text object, for labels and attributes."""
    found = node(value)
    text = string(found.get("text"))
    return text if found.get("emoji") is False else with_emoji(text)


def said(value: object, viewer: Viewer) -> str:
    """Return the text of a text object on one line, with names for mentions and without styling."""
    # Attributes take no tags.
    return line(value, viewer).replace("<br>", " ").striptags()


def line(value: object, viewer: Viewer) -> Markup:
    """Render a text object without paragraphs."""
    if node(value).get("type") == "mrkdwn":
        return mrkdwn.inline(string(node(value).get("text")), viewer)
    return join(words(value).split("\n"), "<br>")


def text(value: object, viewer: Viewer) -> Markup:
    """Render a text object with its paragraphs, quotes and lists."""
    if node(value).get("type") == "mrkdwn":
        return mrkdwn.mrkdwn(string(node(value).get("text")), viewer)
    return line(value, viewer)
