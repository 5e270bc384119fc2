"""Reads the texts of posts: Markdown files with front matter, one a language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.campaign import toml
from bot.campaign.folder import Folder
from bot.campaign.model import Text
from bot.campaign.pictures import picture_path
from bot.campaign.problems import Problems
from bot.campaign.toml_table_parsing import value

FENCE = "+++"
"""The line before and after the front matter."""

_EXAMPLE = "start the file with +++, then title and summary, then +++ again"
_SENTENCE_END = re.compile(r"""[.!?…]["')»«\u201c\u201d]?\s*$""")
_PLAIN_HTTP = re.compile(r"\bhttp://[^\s<>()\[\]]*[^\s<>()\[\].,;:!?]")
_UNSHOWN = {
    "image": ("picture", "a picture"),
    "html_block": ("html", "HTML"),
    "html_inline": ("html", "HTML"),
    "heading_open": ("heading", "a heading"),
    "table_open": ("table", "a table"),
}


class Misfit(NamedTuple):
    """Something that Slack would not show as it is written: the line within the text, counted from 0, and its kind.

    The kinds are picture, html, heading, table and link.
    """

    line: int
    kind: str
    what: str
    todo: str


def read_text(folder: Folder, path: str, problems: Problems) -> Text | None:
    """Read a post in one language. Returns None after noting every problem."""
    raw = folder.read(path, problems, "write this post in this language too")
    if raw is None:
        return None
    name = folder.name(path)
    parts = split_text(raw)
    if parts is None:
        problems.error(name, 1, "the front matter is missing or not closed", _EXAMPLE)
        return None
    front, body, body_line = parts
    document = toml.parse(name, front, problems, first_line=2)
    if document is None:
        return None
    _check_markdown(name, body, body_line, problems)
    if "body" in document.data:
        document.error(("body",), "`body` is not a key", "write the text below the second +++")
    # So that a body that is too long is reported where it begins; `line` adds the offset of the front matter.
    document = replace(document, more={("body",): body_line - 1})
    text = value(Text, {**document.data, "body": body.strip()}, document, ())
    if text:
        _check_text(text, document)
        _check_picture(text, folder, document)
    return text


def _check_text(text: Text, document: toml.Document) -> None:
    if not is_sentence(text.summary):
        document.error(("summary",), "`summary` is not a full sentence", "end it with a full stop")
    for at, line in ((("ask",), text.ask), *((("local", code), line) for code, line in text.local.items())):
        for misfit in misfits(line):
            document.error(at, misfit.what, misfit.todo)


def _check_picture(text: Text, folder: Folder, document: toml.Document) -> None:
    if text.picture and not folder.exists(picture_path(text.picture)):
        what = f"there is no picture {text.picture!r}"
        document.error(("picture",), what, f"put {picture_path(text.picture)} into the campaign's folder")
    if text.picture and not text.alt:
        what = "`picture` has no `alt`, and some colleagues hear it instead of seeing the picture"
        document.error(("picture",), what, 'add `alt = "…"`, which says what is to be seen')
    if text.alt and not text.picture:
        document.error(("alt",), "`alt` is for a picture, and there is no `picture`", "name one, or take `alt` away")


def split_text(raw: str) -> tuple[str, str, int] | None:
    """Split a file into front matter, body, and the line on which the body starts; None if there is no front matter."""
    lines = raw.split("\n")
    fences = [number for number, line in enumerate(lines) if line.strip() == FENCE]
    if not fences or fences[0] != 0 or len(fences) == 1:
        return None
    end = fences[1]
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2


def _check_markdown(name: str, body: str, first_line: int, problems: Problems) -> None:
    if not body.strip():
        problems.error(name, first_line, "there is no text below the front matter", "write what people shall read")
    for misfit in misfits(body):
        problems.error(name, first_line + misfit.line, misfit.what, misfit.todo)


# After an edit all texts but one say what they said before, and parsing them all would hold up the loop.
@lru_cache(maxsize=1024)
def misfits(body: str) -> tuple[Misfit, ...]:
    """Return what Slack would not show as it is written."""
    return (*_find_misfits(body), *_plain_links(body))


def is_sentence(summary: str) -> bool:
    """Return whether a summary ends as a sentence does: screen readers and notifications have nothing else."""
    return bool(_SENTENCE_END.search(summary))


def _find_misfits(body: str) -> Iterator[Misfit]:
    for token, line in _tokens(body):
        if token.type in _UNSHOWN:
            kind, what = _UNSHOWN[token.type]
            yield Misfit(line, kind, f"Slack does not show {what} here", "write it as plain text")
        href = str(token.attrGet("href") or "")
        if token.type == "link_open" and not href.startswith(("https://", "http://")):
            yield Misfit(line, "link", f"the link {href!r} is not https", "link to an https:// address")


def _plain_links(body: str) -> Iterator[Misfit]:
    # A bare address is no link to CommonMark, but Slack turns it into one.
    for number, line_text in enumerate(body.split("\n")):
        for link in _PLAIN_HTTP.findall(line_text):
            yield Misfit(number, "link", f"the link {link!r} is not https", "use https://")


@cache
def _parser() -> MarkdownIt:
    # Tables are no part of CommonMark. They are recognised here only to be reported.
    return MarkdownIt("commonmark").enable("table")


def _tokens(body: str) -> Iterator[tuple[Token, int]]:
    line = 0
    for token in _parser().parse(body):
        # Closing tokens have no position of their own.
        line = token.map[0] if token.map else line
        yield token, line
        for inner in token.children or ():
            # The parser gives inline tokens no lines, so breaks are counted.
            line += inner.type in {"softbreak", "hardbreak"}
            yield inner, line
