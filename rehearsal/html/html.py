"""Make HTML tags, here and nowhere else. Content is escaped unless it is markup already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from markupsafe import Markup, escape

_VOID = frozenset({"br", "hr", "img", "input"})
_HTTPS = re.compile(r"https://[^\s\x00-\x1f\x7f\"'<>\\`]+", re.IGNORECASE)

Attributes = dict[str, str | bool | None]


def tag(name: str, /, *inside: str, **attributes: str | bool | None) -> Markup:
    """Make an element. `class_` becomes class and `data_action` data-action; None and False omit an attribute."""
    opening = f"<{name}{''.join(_attributes(attributes))}>"
    closing = "" if name in _VOID else f"{join(inside)}</{name}>"
    return Markup(opening + closing)  # noqa: S704 - names come from code, all else is escaped


def _attributes(attributes: Mapping[str, str | bool | None]) -> Iterator[str]:
    for name, value in attributes.items():
        written = name.rstrip("_").replace("_", "-")
        if value is True:
            yield f" {written}"
        elif value not in {None, False}:
            yield f' {written}="{escape(value)}"'


def join(parts: Iterable[str], between: str = "") -> Markup:
    """Join parts, each escaped unless it is markup already."""
    return Markup(between).join(parts)  # noqa: S704 - what stands between comes from code


def region(name: str, *inside: str) -> Markup:
    """Make a box that scrolls on a narrow screen and can be reached by keyboard."""
    return tag("div", *inside, class_="bk-scroll", role="region", aria_label=name, tabindex="0")


def unknown(what: str, kind: str) -> Markup:
    """Make a placeholder for an element or block that has no renderer."""
    return tag("span", f"unknown {what}: {kind or 'no type'}", class_="bk-unknown")


def is_https(url: str) -> bool:
    """Return whether a link may be followed: it is https, and nothing in it could end an attribute."""
    return bool(_HTTPS.fullmatch(url))


def leading(url: str) -> Attributes:
    """Return the attributes of a link to another page, which is not told where its reader came from."""
    return {"href": url, "target": "_blank", "rel": "noopener noreferrer"}


def link(url: str, label: str, **attributes: str | bool | None) -> Markup:
    """Make a link if the URL is https; anything else is shown as text."""
    # `javascript:` and `data:` URLs would run in the page, so everything but https is text.
    if is_https(url):
        return tag("a", label, **leading(url), **attributes)
    return tag("span", label, f" ({url})" if url and url != label else "", class_="bk-dead-link")
