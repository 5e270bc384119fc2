"""Slack's own markup, made from standard Markdown and cut into what one block takes.

Markdown is read by CommonMark's rules, and every node of the tree is written as Slack marks it up. Two signs without
width stand where Slack's markup is narrower than Markdown:

- Slack reads a mark only at the edge of a word, so a zero-width space makes an edge within one, as in `un*believable*`.
- Slack has no escape for a sign that is meant as itself, so a soft hyphen before it takes its power away.
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

_SECTION = 2900
"""Slack allows 3,000 characters a section."""

_LONGEST_ENTITY = 5
"""Characters of `&amp;`, which is never cut in two."""

ZERO_WIDTH_SPACE = "\u200b"
"""Makes an edge of a word where Slack needs one."""

SOFT_HYPHEN = "\u00ad"
"""Before a sign that is no mark."""

_ADDRESS = re.compile(r"https://[^\s<>]*[^\s<>.,;:!?\"'*_~]")

_MARKS = {"strong": "*", "em": "_", "s": "~"}
_BULLETS = "•◦▪"
_INDENT = "    "
_RULE = "———"
_LINKED = ("https://", "http://", "mailto:")
_OUTSIDE = frozenset(" \n.,;:!?()[]{}\"'\u201c\u201d\u2018\u2019«»…\u2013\u2014/")
"""What may stand beside a mark on its outside."""

_SIGN = re.compile(r"(?<=\w)[*_~](?=\w)|(?<=\s)[*_~](?=\s)|(?P<mark>[*_~`])")
"""A sign that Slack could take for a mark; the first two it does not, within a word and between spaces."""


def mrkdwn(markdown: str) -> str:
    """Slack's own markup of standard Markdown."""
    return "\n\n".join(paragraphs(markdown))


def paragraphs(markdown: str) -> list[str]:
    """The same in its outermost parts: paragraphs, lists, quotations and code."""
    return _blocks(SyntaxTreeNode(_reader().parse(markdown)), depth=0)


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("strikethrough")


def _blocks(node: SyntaxTreeNode, depth: int) -> list[str]:
    return [_block(child, depth) for child in node.children]


def _block(node: SyntaxTreeNode, depth: int) -> str:
    match node.type:
        case "bullet_list" | "ordered_list":
            return "\n".join(map(_item, node.children, _signs(node, depth), [depth] * len(node.children)))
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


def _signs(node: SyntaxTreeNode, depth: int) -> list[str]:
    """What stands before each item of a list."""
    if node.type == "bullet_list":
        return [_BULLETS[min(depth, len(_BULLETS) - 1)]] * len(node.children)
    first = int(node.attrs.get("start", 1))
    return [f"{number}." for number in range(first, first + len(node.children))]


def _item(node: SyntaxTreeNode, sign: str, depth: int) -> str:
    first, *more = "\n".join(_blocks(node, depth + 1)).split("\n")
    return "\n".join([f"{sign} {first}", *(f"{_INDENT}{each}" for each in more)])


class _What(Enum):
    TEXT = auto()
    OPENING = auto()
    CLOSING = auto()


@dataclass(frozen=True)
class _Piece:
    what: _What
    written: str


def _line(nodes: Iterable[SyntaxTreeNode], around: tuple[str, ...] = ()) -> str:
    """Words and marks one after the other, each with an edge where Slack needs it."""
    line, before = "", _What.TEXT
    for each in (*_opened(around), *_pieces_of(nodes, around), *_closed(around)):
        if before is not each.what or each.what is _What.TEXT:
            line += _edge(line, before, each)
        # A quotation begins with this sign, which comes to Slack as an entity.
        quotes = each.what is _What.TEXT and each.written.startswith("&gt;") and line[-1:] in {"", "\n"}
        line += f"{SOFT_HYPHEN if quotes else ''}{each.written}"
        before = each.what
    return line


def _edge(line: str, before: _What, each: _Piece) -> str:
    """A sign without width, where a mark would else touch a word with its outside."""
    if before is _What.CLOSING:
        return "" if each.written[0] in _OUTSIDE else ZERO_WIDTH_SPACE
    if each.what is _What.OPENING:
        return "" if not line or line[-1] in _OUTSIDE else ZERO_WIDTH_SPACE
    return ""


def _pieces_of(nodes: Iterable[SyntaxTreeNode], around: tuple[str, ...]) -> Iterator[_Piece]:
    for node in nodes:
        match node.type:
            case "strong" | "em" | "s":
                # Slack would end it at the first sign of its own; then the words go before the look.
                ends = _MARKS[node.type] in _unmarked(node)
                new = () if ends or node.type in around else (node.type,)
                inside = list(_pieces_of(node.children, (*around, *new)))
                yield from (*_opened(new), *inside, *_closed(new)) if inside else ()
            case "hardbreak":
                # No mark reaches over the end of a line.
                yield from (*_closed(around), _Piece(_What.TEXT, "\n"), *_opened(around))
            case "softbreak":
                yield _Piece(_What.TEXT, " ")
            case "link":
                yield from _link(node, around)
            case "code_inline" if "`" not in node.content:
                yield _Piece(_What.OPENING, "`")
                yield _Piece(_What.TEXT, escape(node.content))
                yield _Piece(_What.CLOSING, "`")
            case "text" | "code_inline" | "image":
                yield from _words(node.content)
            case _:
                yield from _pieces_of(node.children, around)


def _opened(marks: Sequence[str]) -> Iterator[_Piece]:
    return (_Piece(_What.OPENING, _MARKS[mark]) for mark in marks)


def _closed(marks: Sequence[str]) -> Iterator[_Piece]:
    return (_Piece(_What.CLOSING, _MARKS[mark]) for mark in reversed(marks))


def _words(text: str) -> Iterator[_Piece]:
    """A text in which addresses are links, and nothing is a mark."""
    end = 0
    for start, address in find_urls(text):
        yield from _meant(text[end:start])
        yield _Piece(_What.TEXT, link("", address))
        end = start + len(address)
    yield from _meant(text[end:])


def find_urls(text: str) -> Iterator[tuple[int, str]]:
    """The addresses that stand in a text without being marked up as links, with the place at which each begins."""
    return ((found.start(), _balanced(found[0])) for found in _ADDRESS.finditer(text))


def _balanced(address: str) -> str:
    """An address without the brackets after it that were opened before it."""
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1]
    return address


def _meant(text: str) -> Iterator[_Piece]:
    if text:
        yield _Piece(
            _What.TEXT, escape(_SIGN.sub(lambda sign: f"{SOFT_HYPHEN if sign['mark'] else ''}{sign[0]}", text))
        )


def _link(node: SyntaxTreeNode, around: tuple[str, ...]) -> Iterator[_Piece]:
    """A link with its marks around it: within its words, Slack reads none."""
    address, words = str(node.attrs["href"]), _unmarked(node).strip()
    new = [mark for mark in _hung_around(node) if mark not in around and _MARKS[mark] not in words]
    is_link = address.startswith(_LINKED)
    shown = [_Piece(_What.TEXT, link("" if words == address else words, address))] if is_link else _meant(words)
    yield from (*_opened(new), *shown, *_closed(new))


def _hung_around(node: SyntaxTreeNode) -> list[str]:
    """The marks that stand around all that a link says, outermost first."""
    inside = [child for child in node.children if child.type != "text" or child.content]
    if len(inside) != 1 or inside[0].type not in _MARKS:
        return []
    return list(dict.fromkeys([inside[0].type, *_hung_around(inside[0])]))


def _unmarked(node: SyntaxTreeNode) -> str:
    if node.type in {"softbreak", "hardbreak"}:
        return " "
    return node.content if node.type in {"text", "code_inline", "image"} else "".join(map(_unmarked, node.children))


def split_text(text: str, joint: str = "\n\n") -> list[str]:
    """The text in pieces that fit a section, parted at `joint` where that is possible."""
    found = [""]
    for part in text.split(joint):
        joined = f"{found[-1]}{joint}{part}" if found[-1] else part
        if len(joined) <= _SECTION:
            found[-1] = joined
        else:
            found += _cut(part)
    return [piece for piece in found if piece]


def _cut(part: str) -> Iterator[str]:
    """Pieces of a long part, cut between words where there is any space."""
    while len(part) > _SECTION:
        end = _space(part) or _whole_entity(part)
        yield part[:end]
        part = part[end:].lstrip()
    yield part


def _space(part: str) -> int:
    """The last space before which a long part can be cut: not inside a link. 0 where there is none."""
    spaces = (place for place in range(_SECTION, 0, -1) if part[place] in " \n")
    return next((place for place in spaces if part.rfind("<", 0, place) <= part.rfind(">", 0, place)), 0)


def _whole_entity(part: str) -> int:
    """Where to cut a text without spaces: not inside `&amp;`."""
    start = part.rfind("&", _SECTION - _LONGEST_ENTITY + 1, _SECTION)
    return start if start > 0 and ";" not in part[start:_SECTION] else _SECTION
