"""Translates standard Markdown into mrkdwn, Slack's own markup, and splits it into texts that fit a block.

Markdown is parsed by CommonMark's rules, and every node of the tree is written as mrkdwn. Two invisible characters help
where mrkdwn can say less than Markdown:

- Slack reads a mark only at the edge of a word, so a zero-width space makes an edge within one, as in `un*believable*`.
- mrkdwn has no escape for a character that is meant literally, so a soft hyphen before it keeps it from being a mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from bot.messages.blocks import escape, link

_MAX_SECTION_LENGTH = 2900
"""A little less than the 3,000 characters that Slack allows in a section."""

_MAX_ENTITY_LENGTH = 5
"""The length of `&amp;`, which is never cut in two."""

ZERO_WIDTH_SPACE = "\u200b"
"""Makes an edge within a word, where Slack needs one."""

SOFT_HYPHEN = "\u00ad"
"""Stands before a character that must not be read as a mark."""

_URL = re.compile(r"https://[^\s<>]*[^\s<>.,;:!?\"'*_~]")

_MARKS = {"strong": "*", "em": "_", "s": "~"}
_BULLETS = "•◦▪"
_INDENT = "    "
_RULE = "———"
_LINKED = ("https://", "http://", "mailto:")
_OUTSIDE = frozenset(" \n.,;:!?()[]{}\"'\u201c\u201d\u2018\u2019«»…\u2013\u2014/")
"""The characters that Slack accepts on the outside of a mark."""

_SIGN = re.compile(r"(?<=\w)[*_~](?=\w)|(?<=\s)[*_~](?=\s)|(?P<mark>[*_~`])")
"""A character that can be a mark. Within a word and between spaces, which come first here, Slack takes it literally."""


def mrkdwn(markdown: str) -> str:
    """Translate Markdown into mrkdwn."""
    return "\n\n".join(paragraphs(markdown))


def paragraphs(markdown: str) -> list[str]:
    """Translate Markdown into mrkdwn, block by block: paragraphs, lists, quotations and code."""
    return _blocks(SyntaxTreeNode(_reader().parse(markdown)), depth=0)


@cache
def _reader() -> MarkdownIt:
    # HTML stays text: Slack shows none, and tags that vanish would take words with them.
    return MarkdownIt("commonmark", {"html": False}).enable("strikethrough")


def _blocks(node: SyntaxTreeNode, depth: int) -> list[str]:
    return [_block(child, depth) for child in node.children]


def _block(node: SyntaxTreeNode, depth: int) -> str:
    match node.type:
        case "bullet_list" | "ordered_list":
            return "\n".join(map(_item, node.children, _bullets(node, depth), [depth] * len(node.children)))
        case "blockquote":
            return "\n".join(f"> {line}".rstrip() for line in "\n\n".join(_blocks(node, depth)).split("\n"))
        case "fence" | "code_block":
            content = escape(node.content)
            return f"```\n{content}```"
        case "heading":
            return _line(node.children, ("strong",))
        case "hr":
            return _RULE
        case _:
            return _line(node.children)


def _bullets(node: SyntaxTreeNode, depth: int) -> list[str]:
    """Return the bullet or number of each item of a list."""
    if node.type == "bullet_list":
        return [_BULLETS[min(depth, len(_BULLETS) - 1)]] * len(node.children)
    first = int(node.attrs.get("start", 1))
    return [f"{number}." for number in range(first, first + len(node.children))]


def _item(node: SyntaxTreeNode, sign: str, depth: int) -> str:
    first, *more = "\n".join(_blocks(node, depth + 1)).split("\n")
    return "\n".join([f"{sign} {first}", *(f"{_INDENT}{each}" for each in more)])


class _Role(Enum):
    TEXT = auto()
    OPENING = auto()
    CLOSING = auto()


@dataclass(frozen=True)
class _Piece:
    role: _Role
    written: str


def _line(nodes: Iterable[SyntaxTreeNode], around: tuple[str, ...] = ()) -> str:
    """Join words and marks, with an edge between them where Slack needs one."""
    line, before = "", _Role.TEXT
    for each in (*_opening(around), *_pieces_of(nodes, around), *_closing(around)):
        if before is not each.role or each.role is _Role.TEXT:
            line += _edge(line, before, each)
        # A quotation begins with this sign, which comes to Slack as an entity.
        quotes = each.role is _Role.TEXT and each.written.startswith("&gt;") and line[-1:] in {"", "\n"}
        line += f"{SOFT_HYPHEN if quotes else ''}{each.written}"
        before = each.role
    return line


def _edge(line: str, before: _Role, each: _Piece) -> str:
    """Return a zero-width space, where the outside of a mark would touch a word."""
    if before is _Role.CLOSING:
        return "" if each.written[0] in _OUTSIDE else ZERO_WIDTH_SPACE
    if each.role is _Role.OPENING:
        return "" if not line or line[-1] in _OUTSIDE else ZERO_WIDTH_SPACE
    return ""


def _pieces_of(nodes: Iterable[SyntaxTreeNode], around: tuple[str, ...]) -> Iterator[_Piece]:
    for node in nodes:
        match node.type:
            case "strong" | "em" | "s":
                # Slack would end the mark at the first such sign inside it; the words matter more than their style.
                ends = _MARKS[node.type] in _unmarked(node)
                new = () if ends or node.type in around else (node.type,)
                inside = list(_pieces_of(node.children, (*around, *new)))
                yield from (*_opening(new), *inside, *_closing(new)) if inside else ()
            case "hardbreak":
                # No mark reaches over the end of a line.
                yield from (*_closing(around), _Piece(_Role.TEXT, "\n"), *_opening(around))
            case "softbreak":
                # A single line end is a space in Markdown, and would break the line in mrkdwn.
                yield _Piece(_Role.TEXT, " ")
            case "link":
                yield from _link(node, around)
            case "code_inline" if "`" not in node.content:
                yield _Piece(_Role.OPENING, "`")
                yield _Piece(_Role.TEXT, escape(node.content))
                yield _Piece(_Role.CLOSING, "`")
            case "text" | "code_inline" | "image":
                yield from _words(node.content)
            case _:
                yield from _pieces_of(node.children, around)


def _opening(marks: Sequence[str]) -> Iterator[_Piece]:
    return (_Piece(_Role.OPENING, _MARKS[mark]) for mark in marks)


def _closing(marks: Sequence[str]) -> Iterator[_Piece]:
    return (_Piece(_Role.CLOSING, _MARKS[mark]) for mark in reversed(marks))


def _words(text: str) -> Iterator[_Piece]:
    """Literal text, in which only URLs are links."""
    end = 0
    for start, address in find_urls(text):
        yield from _literal(text[end:start])
        yield _Piece(_Role.TEXT, link("", address))
        end = start + len(address)
    yield from _literal(text[end:])


def find_urls(text: str) -> Iterator[tuple[int, str]]:
    """Find the URLs in a text that are not marked up as links, each with its position."""
    return ((found.start(), _balanced(found[0])) for found in _URL.finditer(text))


def _balanced(address: str) -> str:
    """Return the URL without closing brackets that belong to the text around it."""
    # As in "(see https://example.com/a_(b))": brackets that are opened inside belong to the URL.
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1]
    return address


def _literal(text: str) -> Iterator[_Piece]:
    if text:
        yield _Piece(
            _Role.TEXT, escape(_SIGN.sub(lambda sign: f"{SOFT_HYPHEN if sign['mark'] else ''}{sign[0]}", text))
        )


def _link(node: SyntaxTreeNode, around: tuple[str, ...]) -> Iterator[_Piece]:
    """Yield a link with its marks outside it, because Slack reads none within its words."""
    address, words = str(node.attrs["href"]), _unmarked(node).strip()
    new = [mark for mark in _marks_around(node) if mark not in around and _MARKS[mark] not in words]
    # Other schemes are shown as text, because Slack makes no links of them.
    is_link = address.startswith(_LINKED)
    shown = [_Piece(_Role.TEXT, link("" if words == address else words, address))] if is_link else _literal(words)
    yield from (*_opening(new), *shown, *_closing(new))


def _marks_around(node: SyntaxTreeNode) -> list[str]:
    """Return the marks around all words of a link, outermost first."""
    inside = [child for child in node.children if child.type != "text" or child.content]
    if len(inside) != 1 or inside[0].type not in _MARKS:
        return []
    return list(dict.fromkeys([inside[0].type, *_marks_around(inside[0])]))


def _unmarked(node: SyntaxTreeNode) -> str:
    if node.type in {"softbreak", "hardbreak"}:
        return " "
    return node.content if node.type in {"text", "code_inline", "image"} else "".join(map(_unmarked, node.children))


def split_text(text: str, joint: str = "\n\n") -> list[str]:
    """Split a text into pieces that fit a section, at `joint` where that is possible."""
    found = [""]
    for part in text.split(joint):
        joined = f"{found[-1]}{joint}{part}" if found[-1] else part
        if len(joined) <= _MAX_SECTION_LENGTH:
            found[-1] = joined
        else:
            found += _cut(part)
    return [piece for piece in found if piece]


def _cut(part: str) -> Iterator[str]:
    """Cut a long part into pieces, between words where possible."""
    while len(part) > _MAX_SECTION_LENGTH:
        end = _space(part) or _whole_entity(part)
        yield part[:end]
        part = part[end:].lstrip()
    yield part


def _space(part: str) -> int:
    """Return the last position at which a long part can be cut, outside of links; 0 if there is none."""
    spaces = (place for place in range(_MAX_SECTION_LENGTH, 0, -1) if part[place] in " \n")
    return next((place for place in spaces if part.rfind("<", 0, place) <= part.rfind(">", 0, place)), 0)


def _whole_entity(part: str) -> int:
    """Return the position at which to cut a text without spaces, outside of entities such as `&amp;`."""
    start = part.rfind("&", _MAX_SECTION_LENGTH - _MAX_ENTITY_LENGTH + 1, _MAX_SECTION_LENGTH)
    return start if start > 0 and ";" not in part[start:_MAX_SECTION_LENGTH] else _MAX_SECTION_LENGTH
