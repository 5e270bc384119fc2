"""Standard Markdown as Slack's `markdown` block shows it: all headings alike, pictures as words, no HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

from rehearsal.html.emoji import with_emoji
from rehearsal.html.html import is_https, join, leading, link, region, tag

_ENDS = ("open", "close")
_ADDRESS = re.compile(r"https://[^\s<>]*[^\s<>.,;:!?\"'*_~]")


class _Reader(MarkdownIt):
    """A Markdown parser for which only https URLs are links."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return is_https(url)


@lru_cache(maxsize=512)
def markdown(text: str) -> Markup:
    """Render Markdown as HTML."""
    return Markup(_reader().render(text))  # noqa: S704 - the reader takes no HTML and escapes the rest


@cache
def _reader() -> MarkdownIt:
    reader = _Reader("commonmark", {"html": False}).enable(["table", "strikethrough"])
    shown = {"text": _text, "image": _image, "link_open": _link}
    boxed = {f"{what}_{end}": rule for what, rule in (("heading", _heading), ("table", _table)) for end in _ENDS}
    for name, rule in (shown | boxed).items():
        reader.add_render_rule(name, rule)
    return reader


def _text(_: RendererHTML, tokens: Sequence[Token], place: int, __: OptionsDict, ___: EnvType) -> str:
    text = with_emoji(tokens[place].content)
    # Inside a link there must be no second one.
    is_label = sum(each.nesting for each in tokens[:place] if each.type in {"link_open", "link_close"})
    return escape(text) if is_label else join(_with_addresses(text))


def _with_addresses(text: str) -> Iterator[Markup]:
    """Turn bare URLs into links, as Slack does."""
    end = 0
    for found in _ADDRESS.finditer(text):
        address = _without_bracket(found[0])
        yield escape(text[end : found.start()])
        yield link(address, address)
        end = found.start() + len(address)
    yield escape(text[end:])


def _without_bracket(address: str) -> str:
    """Strip closing brackets that belong to the text around a URL."""
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1]
    return address


def _image(_: RendererHTML, tokens: Sequence[Token], place: int, __: OptionsDict, ___: EnvType) -> str:
    return tag("span", tokens[place].content, class_="bk-picture")


def _link(_: RendererHTML, tokens: Sequence[Token], place: int, __: OptionsDict, ___: EnvType) -> str:
    # The renderer closes the link itself, after its text.
    return tag("a", **leading(str(tokens[place].attrs["href"]))).removesuffix("</a>")


def _heading(_: RendererHTML, tokens: Sequence[Token], place: int, __: OptionsDict, ___: EnvType) -> str:
    # Slack shows all headings of a markdown block alike.
    return '<p class="bk-heading">' if tokens[place].nesting > 0 else "</p>\n"


def _table(_: RendererHTML, tokens: Sequence[Token], place: int, __: OptionsDict, ___: EnvType) -> str:
    opening = region("Table").removesuffix("</div>")
    return f"{opening}<table>\n" if tokens[place].nesting > 0 else "</table></div>\n"
