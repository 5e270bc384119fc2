"""Elements in which one chooses: menus, radio buttons and checkboxes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from rehearsal.html.control_attributes import explained, label, named, told
from rehearsal.html.element_context import ElementContext
from rehearsal.html.html import Attributes, join, tag
from rehearsal.html.render_context import Viewer
from rehearsal.html.text import line, words
from rehearsal.html.untrusted_json import Node, node, nodes, string

_ROLES = {"radio": "radiogroup", "checkbox": "group"}


def offered(found: Node) -> list[Node]:
    """Return all options, in groups or not."""
    groups = nodes(found.get("option_groups"))
    return [*nodes(found.get("options")), *(option for group in groups for option in nodes(group.get("options")))]


def select(found: Node, place: ElementContext, viewer: Viewer, *, many: bool = False) -> Markup:
    """Render a menu."""
    chosen = {**_options_chosen(found), **_members_chosen(found, viewer)}
    # A single menu begins with its placeholder, which can be chosen again to empty it.
    empty = [] if many else [tag("option", words(found.get("placeholder")), value="", selected=not chosen)]
    groups = (
        tag("optgroup", *_options(nodes(group.get("options")), chosen), label=words(group.get("label")))
        for group in nodes(found.get("option_groups"))
    )
    known = join([*_options(nodes(found.get("options")), chosen), *groups, *_others(found, chosen, viewer)])
    return tag("select", *empty, known, class_="bk-field", multiple=many, **named(found, place, viewer))


def _options_chosen(found: Node) -> dict[str, str]:
    """Return the chosen options' words by their values."""
    first = [node(found.get("initial_option")), *nodes(found.get("initial_options"))]
    return {string(option.get("value")): words(option.get("text")) for option in first if string(option.get("value"))}


def _members_chosen(found: Node, viewer: Viewer) -> dict[str, str]:
    """Return the names of the chosen people or channels by their ids."""
    ids: list[str] = []
    for kind in ("user", "channel", "conversation"):
        several = found.get(f"initial_{kind}s")
        ids += map(string, several if isinstance(several, list | tuple) else ())
        ids.append(string(found.get(f"initial_{kind}")))
    return {each: viewer.users.get(each) or viewer.channels.get(each) or each for each in ids if each}


def _options(options: Iterable[Node], chosen: Iterable[str]) -> Iterator[Markup]:
    for option in options:
        value = string(option.get("value"))
        yield tag("option", words(option.get("text")), value=value, selected=value in chosen)


def _others(found: Node, chosen: dict[str, str], viewer: Viewer) -> Iterator[Markup]:
    """Render options for people and channels, and for chosen values that are not among the options."""
    listed = {string(option.get("value")) for option in offered(found)}
    members = {**_members(string(found.get("type")), viewer), **chosen}
    for value, name in members.items():
        if value not in listed:
            yield tag("option", name, value=value, selected=value in chosen)


def _members(kind: str, viewer: Viewer) -> dict[str, str]:
    if "conversations" in kind:
        return {**viewer.channels, **viewer.users}
    return dict(viewer.users if "users" in kind else viewer.channels if "channels" in kind else {})


def choices(found: Node, place: ElementContext, viewer: Viewer, *, kind: str) -> Markup:
    """Render radio buttons or checkboxes, each with its description."""
    chosen = _options_chosen(found)
    action = string(found.get("action_id"))
    # The prefix keeps radio buttons of two surfaces on one page in groups of their own.
    shared: Attributes = {"name": f"{viewer.prefix}{place.block} {action}", "disabled": not viewer.live}
    shared["data_action"] = action or None
    boxes = (_choice(option, chosen, viewer, {**shared, "type": kind}) for option in nodes(found.get("options")))
    role: Attributes = {"role": _ROLES[kind], "aria_label": label(found, place)}
    # No ARIA says that one of several boxes must be ticked.
    role["aria_required"] = "true" if place.required and kind == "radio" else None
    return tag("div", *boxes, class_="bk-choices", **role, **explained(place), **told(found, place, viewer))


def _choice(option: Node, chosen: Iterable[str], viewer: Viewer, shared: Attributes) -> Markup:
    value = string(option.get("value"))
    box = tag("input", value=value, checked=value in chosen, **shared)
    more = option.get("description")
    small = tag("span", line(more, viewer), class_="bk-description") if more else ""
    return tag("label", box, tag("span", line(option.get("text"), viewer), small))
