"""The elements of blocks: buttons, menus, pickers and fields. Nobody can use them unless the viewer is `live`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from markupsafe import Markup

from rehearsal.html import dates
from rehearsal.html.control_attributes import label, named
from rehearsal.html.element_context import ElementContext
from rehearsal.html.html import Attributes, is_https, leading, tag, unknown
from rehearsal.html.menus import choices, offered, select
from rehearsal.html.render_context import Viewer
from rehearsal.html.text import words
from rehearsal.html.untrusted_json import Node, figure, node, string

Element = Callable[[Node, ElementContext, Viewer], Markup]

_STYLES = {"primary": "bk-button bk-primary", "danger": "bk-button bk-danger"}


def element(value: object, place: ElementContext, viewer: Viewer) -> Markup:
    """Render an element by its type; an unknown type is shown as such."""
    found = node(value)
    kind = string(found.get("type"))
    show = ELEMENTS.get(kind)
    return show(found, place, viewer) if show else unknown("element", kind)


def button(found: Node, place: ElementContext, viewer: Viewer) -> Markup:
    """Render a button, or a link that looks like one."""
    style = _STYLES.get(string(found.get("style")), "bk-button")
    value = string(found.get("value")) or None
    shared = {**named(found, place, viewer), "aria_label": string(found.get("accessibility_label")) or None}
    url = string(found.get("url"))
    if not is_https(url):
        return tag("button", words(found.get("text")), type="button", class_=style, data_value=value, **shared)
    # Links have no such attribute, and lead away from the page in the preview too.
    del shared["disabled"]
    return tag("a", words(found.get("text")), class_=style, **leading(url), **shared)


def overflow(found: Node, place: ElementContext, viewer: Viewer) -> Markup:
    """Render the menu behind three dots."""
    shared = {name: found[name] for name in ("type", "action_id", "confirm") if name in found}
    entries = ({name: each.get(name) for name in ("text", "value", "url")} for each in offered(found))
    menu = (tag("li", button({**entry, **shared}, place, viewer)) for entry in entries)
    dots = tag("summary", "⋯", class_="bk-button", aria_label=label(found, place, "More options"))
    return tag("details", dots, tag("ul", *menu, class_="bk-menu"), class_="bk-overflow")


def typed(found: Node, place: ElementContext, viewer: Viewer, *, kind: str, first: str = "initial_value") -> Markup:
    """Render a field of one line: text, a date or a time."""
    return tag("input", type=kind, value=string(found.get(first)), **_written(found, place, viewer))


def written(found: Node, place: ElementContext, viewer: Viewer) -> Markup:
    """Render a field for text of one line or of several."""
    if found.get("multiline") is not True:
        return typed(found, place, viewer, kind="text")
    begun = string(found.get("initial_value"))
    # HTML drops a new line right after the opening tag.
    inside = f"\n{begun}" if begun.startswith("\n") else begun
    return tag("textarea", inside, rows="4", **_written(found, place, viewer))


def _written(found: Node, place: ElementContext, viewer: Viewer) -> Attributes:
    hint = words(found.get("placeholder")) or None
    most = figure(found.get("max_length")) or None
    return {"class_": "bk-field", "placeholder": hint, "maxlength": most, **named(found, place, viewer)}


def counted(found: Node, place: ElementContext, viewer: Viewer) -> Markup:
    """Render a field for a number."""
    step = "any" if found.get("is_decimal_allowed") is True else "1"
    bounds: Attributes = {name: figure(found.get(f"{name}_value")) or None for name in ("min", "max")}
    shared = {**_written(found, place, viewer), **bounds, "step": step}
    return tag("input", type="number", value=string(found.get("initial_value")), **shared)


def moment(found: Node, place: ElementContext, viewer: Viewer) -> Markup:
    """Render a field for a date and a time, in the viewer's zone."""
    first = found.get("initial_date_time")
    at = dates.local(str(first), viewer) if isinstance(first, int) else None
    value = at.replace(tzinfo=None).isoformat(timespec="minutes") if at else ""
    begun = {**found, "initial_date_time": value}
    return typed(begun, place, viewer, kind="datetime-local", first="initial_date_time")


def picture(found: Node, _: object, viewer: Viewer) -> Markup:
    """Render an image from a file in Slack; of any other one its alt text, since nothing is fetched from elsewhere."""
    alt = string(found.get("alt_text"))
    source = viewer.pictures.get(string(node(found.get("slack_file")).get("id")))
    if source:
        return tag("img", src=source, alt=alt, class_="bk-image-file")
    return tag("span", alt or "a picture without a text", class_="bk-picture")


_PICKED = ("static", "external", "users", "conversations", "channels")

ELEMENTS: dict[str, Element] = {
    "button": button,
    "workflow_button": button,
    "overflow": overflow,
    **{f"{what}_select": select for what in _PICKED},
    **{f"multi_{what}_select": partial(select, many=True) for what in _PICKED},
    "radio_buttons": partial(choices, kind="radio"),
    "checkboxes": partial(choices, kind="checkbox"),
    "datepicker": partial(typed, kind="date", first="initial_date"),
    "timepicker": partial(typed, kind="time", first="initial_time"),
    "datetimepicker": moment,
    "plain_text_input": written,
    "email_text_input": partial(typed, kind="email"),
    "url_text_input": partial(typed, kind="url"),
    "number_input": counted,
    "image": picture,
}
