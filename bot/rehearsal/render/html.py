"""The only place where tags are made. What stands inside is escaped unless it is markup already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from markupsafe import Markup

_VOID = frozenset({"br", "hr", "input"})
_HTTPS = re.compile(r"https://[^\s\x00-\x1f\x7f\"'<>\\`]+", re.IGNORECASE)


def tag(name: str, /, *inside: str, **attributes: str | bool | None) -> Markup:
    """An element. `class_` and `data_action` become class and data-action; None and False leave an attribute out."""
    opening = Markup("<{}{}>").format(Markup(name), join(_attributes(attributes)))  # noqa: S704 - names come from code
    return opening if name in _VOID else Markup("{}{}</{}>").format(opening, join(inside), Markup(name))  # noqa: S704


def _attributes(attributes: Mapping[str, str | bool | None]) -> Iterator[Markup]:
    for name, value in attributes.items():
        written = Markup(name.rstrip("_").replace("_", "-"))  # noqa: S704 - names come from code
        if value is True:
            yield Markup(" {}").format(written)
        elif value not in {None, False}:
            yield Markup(' {}="{}"').format(written, value)


def join(parts: Iterable[str], between: str = "") -> Markup:
    """Parts one after the other, each escaped unless it is markup already."""
    return Markup(between).join(parts)  # noqa: S704 - what stands between comes from code


def is_https(url: str) -> bool:
    """Whether a link may be followed: https, and nothing that could end an attribute."""
    return bool(_HTTPS.fullmatch(url))


def link(url: str, label: str, **attributes: str | bool | None) -> Markup:
    """A link where it is https; anything else is shown and leads nowhere."""
    if is_https(url):
        return tag("a", label, href=url, rel="noopener noreferrer", **attributes)
    return tag("span", label, f" ({url})" if url and url != label else "", class_="bk-dead-link")
