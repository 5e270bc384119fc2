"""Attributes that every control on a page has: for screen readers, and for the script that hears when it is used."""

from __future__ import annotations

from rehearsal.html.element_context import ElementContext
from rehearsal.html.html import Attributes
from rehearsal.html.render_context import Viewer
from rehearsal.html.text import said, words
from rehearsal.html.untrusted_json import Node, node, string


def label(found: Node, place: ElementContext, otherwise: str = "") -> str:
    """Return the name for screen readers; `otherwise` is for an element that has none."""
    own = string(found.get("accessibility_label")) or place.label or words(found.get("placeholder"))
    return own or otherwise or place.beside or string(found.get("type")).replace("_", " ").capitalize()


def named(found: Node, place: ElementContext, viewer: Viewer) -> Attributes:
    """Return the attributes of a control."""
    return {
        **told(found, place, viewer),
        "aria_label": label(found, place),
        "aria_required": "true" if place.required else None,
        **explained(place),
        # The preview shows the same controls, and nothing can be pressed in it.
        "disabled": not viewer.live,
    }


def told(found: Node, place: ElementContext, viewer: Viewer) -> Attributes:
    """Return the data attributes that the page's script reads: action, type, dispatch, and confirmation."""
    return {
        "data_action": string(found.get("action_id")) or None,
        "data_kind": string(found.get("type")) or None,
        "data_tells": place.tells,
        **_asked(node(found.get("confirm")), viewer),
    }


def explained(place: ElementContext) -> Attributes:
    """Attributes that mark an error, and point to the hint and the error's text."""
    return {"aria_invalid": "true" if place.wrong else None, "aria_describedby": place.described or None}


def _asked(confirm: Node, viewer: Viewer) -> Attributes:
    if not confirm:
        return {}
    return {
        "data_confirm_title": words(confirm.get("title")),
        "data_confirm_text": said(confirm.get("text"), viewer),
        "data_confirm_yes": words(confirm.get("confirm")),
        "data_confirm_no": words(confirm.get("deny")),
        "data_confirm_danger": confirm.get("style") == "danger",
    }
