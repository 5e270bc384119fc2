"""HTML of reports and of pages for outside: templates, and Markdown in which nothing is loaded from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from bot.messages.words import Words

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_TYPED = re.compile("`([^`]+)`")
_LINK = re.compile(r"https://[^\s<>\"']+[^\s<>\"'.,;:!?)]")

_SOURCE = Markup('<a href="{url}" rel="noopener noreferrer">{name}</a>')


def render(template: str, **values: object) -> str:
    """Render a template. A name that it does not know is an error, and what it is given is escaped."""
    # No document may have them, be it HTML or SVG, and a campaign's words may.
    return _CONTROL.sub("", _templates().get_template(template).render(values))


def markdown(text: str) -> Markup:
    """Render Markdown. HTML in it stays text, and pictures become their words: a page asks no other address."""
    return Markup(_parser().render(text))  # noqa: S704 - the parser escapes what it is given


def typed(text: str) -> Markup:
    """Mark what people type, which stands between backticks, and make links of addresses."""
    marked = _TYPED.sub(r"<code>\1</code>", str(escape(text)))
    return Markup(_LINK.sub(r'<a href="\g<0>">\g<0></a>', marked))  # noqa: S704 - escaped before it is marked


def source_line(words: Words, sources: Iterable[tuple[str, str | None]]) -> Markup:
    """Name sources in a line, as links where they have an address."""
    named = Markup(" · ").join(_SOURCE.format(url=url, name=name) if url else name for name, url in sources)
    # A catalogue's words are as good as a template's; what is put into them is escaped.
    return Markup(words("line.source", source="{source}")).format(source=named)  # noqa: S704


def attributes(words: Words) -> Mapping[str, str]:
    """Return the language of a page and its direction. Without words of its own, a page is read out in English."""
    return {"language": words.locale.language, "direction": words.locale.text_direction}


@cache
def _templates() -> Environment:
    made = Environment(
        loader=ChoiceLoader([PackageLoader("bot.reports"), PackageLoader("bot.reports.outside")]),
        autoescape=True,
        # A mistyped name would otherwise leave an empty place where a figure should be.
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["typed"] = typed
    return made


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("strikethrough").disable("image")
