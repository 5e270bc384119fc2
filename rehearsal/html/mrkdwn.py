"""Slack's own markup, https://docs.slack.dev/messaging/formatting-message-text; the rest is shown as it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby

from markupsafe import Markup

from rehearsal.html.emoji import emoji
from rehearsal.html.html import join, link, tag
from rehearsal.html.references import reference, unescape
from rehearsal.html.render_context import Viewer

_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_QUOTE = re.compile(r"(?:>|&gt;) ?")
_BULLET = re.compile(r"\s*[•◦▪] ")


def _style(name: str, mark: str) -> str:
    """Text between two marks on one line, with a word on the inside of each and none on the outside.

    A soft hyphen before a mark counts as part of a word: that is how one writes a sign that is no mark.

    The possessive `++` gives nothing back, so that no text takes longer than its length.
    """
    inner = rf"(?:<[^<>\n]*>|`[^`\n]+`|[^{mark}\n])++"
    sign = re.escape(mark)
    return rf"(?<![\w{mark}\u00ad]){sign}(?=[^\s{mark}])(?P<{name}>{inner})(?<!\s){sign}(?![\w{mark}])"


_TOKEN = re.compile(
    "|".join(
        (
            r"(?<!\u00ad)`(?P<code>[^`\n]+)`",
            r"<(?P<reference>[^<>\n]+)>",
            r":(?P<emoji>[a-z0-9_+'-]{1,60}):",
            r"(?P<url>https://(?:(?!&[lg]t;)[^\s<>|])+(?<![.,;:!?)*_~'\"]))",
            _style("bold", "*"),
            _style("italic", "_"),
            _style("strike", "~"),
        )
    )
)


def _styled(name: str) -> Callable[[str, Viewer], Markup]:
    return lambda inside, viewer: tag(name, inline(inside, viewer))


_SHOWN: dict[str, Callable[[str, Viewer], Markup]] = {
    "code": lambda inside, _: tag("code", unescape(inside)),
    "reference": reference,
    "emoji": lambda name, _: Markup("{}").format(emoji(name)),
    "url": lambda url, _: link(unescape(url), unescape(url)),
    "bold": _styled("b"),
    "italic": _styled("i"),
    "strike": _styled("s"),
}


def mrkdwn(text: str, viewer: Viewer) -> Markup:
    """Render mrkdwn with paragraphs, quotes, lists and fenced code."""
    parts = _FENCE.split(text)
    return join(
        # `split` with one group alternates between text and code.
        tag("pre", unescape(part)) if place % 2 else join(_paragraphs(part, viewer))
        for place, part in enumerate(parts)
    )


def inline(text: str, viewer: Viewer) -> Markup:
    """Render mrkdwn on the level of words: styles, references and emoji; a new line stays one."""
    return join(_pieces(text, viewer))


def _pieces(text: str, viewer: Viewer) -> Iterator[Markup]:
    end = 0
    for match in _TOKEN.finditer(text):
        yield _plain(text[end : match.start()])
        name = match.lastgroup or ""
        yield _SHOWN[name](match[name], viewer)
        end = match.end()
    yield _plain(text[end:])


def _plain(text: str) -> Markup:
    # `join` escapes for HTML what was unescaped from mrkdwn.
    return join(unescape(text).split("\n"), "<br>")


def _paragraphs(text: str, viewer: Viewer) -> Iterator[Markup]:
    for kind, lines in groupby(text.split("\n"), key=_kind):
        if kind == "quote":
            yield tag("blockquote", inline("\n".join(_QUOTE.sub("", line, count=1) for line in lines), viewer))
        elif kind == "list":
            yield tag("ul", *(tag("li", inline(_BULLET.sub("", line, count=1), viewer)) for line in lines))
        elif words := "\n".join(lines).strip("\n"):
            yield tag("p", inline(words, viewer))


def _kind(line: str) -> str:
    if _QUOTE.match(line):
        return "quote"
    return "list" if _BULLET.match(line) else "text"
