"""The elements of blocks: buttons, menus, pickers and fields. Nobody can use them unless the viewer is `live`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from markupsafe import Markup

from bot.rehearsal.render import dates
from bot.rehearsal.render.html import is_https, join, tag
from bot.rehearsal.render.nodes import Node, node, nodes, string
from bot.rehearsal.render.text import line, words
from bot.rehearsal.render.viewer import Viewer

Element = Callable[[Node, Viewer], Markup]
Attributes = dict[str, str | bool | None]

_STYLES = {"primary": "bk-button bk-primary", "danger": "bk-button bk-danger"}


def element(value: object, viewer: Viewer) -> Markup:
    """An element by its type; one that is not known is shown as such."""
    found = node(value)
    kind = string(found.get("type"))
    show = ELEMENTS.get(kind)
    return show(found, viewer) if show else tag("span", f"unknown element: {kind or 'no type'}", class_="bk-unknown")


def label(found: Node) -> str | None:
    """What a screen reader calls the element."""
    return string(found.get("accessibility_label")) or string(found.get("label")) or words(found.get("placeholder"))


def _named(found: Node, viewer: Viewer) -> Attributes:
    return {
        "data_action": string(found.get("action_id")) or None,
        "aria_label": label(found) or None,
        "disabled": not viewer.live,
    }


def button(found: Node, viewer: Viewer) -> Markup:
    """A button, or a link that looks like one."""
    named = _named(found, viewer)
    style = _STYLES.get(string(found.get("style")), "bk-button")
    url = string(found.get("url"))
    if is_https(url):
        del named["disabled"]
        return tag("a", words(found.get("text")), href=url, rel="noopener noreferrer", class_=style, **named)
    value = string(found.get("value")) or None
    return tag("button", words(found.get("text")), type="button", class_=style, data_value=value, **named)


def overflow(found: Node, viewer: Viewer) -> Markup:
    """The menu behind three dots."""
    action = string(found.get("action_id"))
    choices = ({"text": each.get("text"), "value": each.get("value"), "url": each.get("url")} for each in _all(found))
    menu = (button({**choice, "action_id": action}, viewer) for choice in choices)
    dots = tag("summary", "⋯", class_="bk-button", aria_label="More")
    return tag("details", dots, tag("div", *menu, class_="bk-menu"), class_="bk-overflow")


def _all(found: Node) -> list[Node]:
    groups = nodes(found.get("option_groups"))
    return [*nodes(found.get("options")), *(option for group in groups for option in nodes(group.get("options")))]


def select(found: Node, viewer: Viewer, *, many: bool = False) -> Markup:
    """A menu to choose from."""
    chosen = _chosen(found)
    empty = [] if many else [tag("option", words(found.get("placeholder")), value="", selected=not chosen)]
    groups = (
        tag("optgroup", *_options(group, chosen), label=words(group.get("label")))
        for group in nodes(found.get("option_groups"))
    )
    known = join([*_options(found, chosen), *groups, *_members(found, viewer)])
    return tag("select", *empty, known, class_="bk-field", multiple=many, **_named(found, viewer))


def _chosen(found: Node) -> set[str]:
    first = [node(found.get("initial_option")), *nodes(found.get("initial_options"))]
    return {string(option.get("value")) for option in first} - {""}


def _options(found: Node, chosen: set[str]) -> Iterator[Markup]:
    for option in nodes(found.get("options")):
        value = string(option.get("value"))
        yield tag("option", words(option.get("text")), value=value, selected=value in chosen)


def _members(found: Node, viewer: Viewer) -> Iterator[Markup]:
    kind = string(found.get("type"))
    members = viewer.users if "users" in kind else viewer.channels if "channels" in kind else {}
    for slack_id, name in members.items():
        yield tag("option", name, value=slack_id)


def choices(found: Node, viewer: Viewer, *, kind: str) -> Markup:
    """Radio buttons or checkboxes, each with its description."""
    chosen = _chosen(found)
    boxes = (_choice(found, option, chosen, viewer, kind) for option in nodes(found.get("options")))
    return tag("div", *boxes, class_="bk-choices", role="group", aria_label=label(found) or None)


def _choice(found: Node, option: Node, chosen: set[str], viewer: Viewer, kind: str) -> Markup:
    value = string(option.get("value"))
    named: Attributes = {"disabled": not viewer.live, "data_action": string(found.get("action_id")) or None}
    box = tag("input", type=kind, name=string(found.get("action_id")), value=value, checked=value in chosen, **named)
    more = option.get("description")
    small = tag("span", line(more, viewer), class_="bk-description") if more else ""
    return tag("label", box, tag("span", line(option.get("text"), viewer), small))


def typed(found: Node, viewer: Viewer, *, kind: str, first: str = "initial_value") -> Markup:
    """A field of one line: text, a number, a date or a time."""
    named = _named(found, viewer)
    hint = words(found.get("placeholder")) or None
    return tag("input", type=kind, class_="bk-field", value=string(found.get(first)), placeholder=hint, **named)


def written(found: Node, viewer: Viewer) -> Markup:
    """A field for text of one line or of several."""
    if found.get("multiline") is not True:
        return typed(found, viewer, kind="text")
    hint = words(found.get("placeholder")) or None
    begun = string(found.get("initial_value"))
    return tag("textarea", begun, class_="bk-field", rows="4", placeholder=hint, **_named(found, viewer))


def moment(found: Node, viewer: Viewer) -> Markup:
    """A field for a date and a time, in the viewer's zone."""
    first = found.get("initial_date_time")
    at = dates.local(str(first), viewer) if isinstance(first, int) else None
    value = at.replace(tzinfo=None).isoformat(timespec="minutes") if at else ""
    return typed({**found, "initial_date_time": value}, viewer, kind="datetime-local", first="initial_date_time")


def picture(found: Node, _: Viewer) -> Markup:
    """A picture's words; the picture itself is not fetched."""
    return tag("span", string(found.get("alt_text")) or "a picture without a text", class_="bk-picture")


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
    "number_input": partial(typed, kind="number"),
    "image": picture,
}
