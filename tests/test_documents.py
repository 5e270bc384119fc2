"""Documents can be read as they are, in an editor and beside a diff."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.store.tables import metadata
from rehearsal.slack.methods import METHODS
from tests.references import DOTTED, NAME, file_exists, is_file, is_ours, name_exists, references, words

TOP = Path(__file__).parents[1]
DOCUMENTS = sorted([*TOP.glob("*.md"), *TOP.glob("campaigns/*.md"), *TOP.glob("docs/**/*.md")])
WORDS_OF_THE_FIELD = 25
WIDEST = 100
"""Columns of a line; a row of a table cannot be broken."""

GUIDES = [page for page in DOCUMENTS if page.name != "CHANGELOG.md"]
ACTION = re.compile(r"^\| `([a-z_]+\.[a-z_]+)` \|", re.MULTILINE)
OF_OTHERS = {
    *METHODS,
    "chat.scheduleMessage",
    "slack.com",
    *ACTION.findall((TOP / "docs" / "operations.md").read_text(encoding="utf-8")),
}
"""Slack's methods, the log's actions and an address: some begin like a module of ours."""

each_document = pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: page.relative_to(TOP).as_posix())
each_guide = pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.relative_to(TOP).as_posix())


def lines(page: Path) -> list[str]:
    return page.read_text(encoding="utf-8").splitlines()


@each_document
def test_a_document_says_something(page: Path) -> None:
    heading, *rest = (line for line in lines(page) if line.strip())
    assert heading.startswith("# ")
    assert rest


@each_document
def test_a_line_fits_beside_another(page: Path) -> None:
    wide = [number for number, line in enumerate(lines(page), 1) if len(line) > WIDEST and not line.startswith("|")]
    assert wide == []


@each_document
def test_each_file_a_document_names_exists(page: Path) -> None:
    missing = {each for each in references(page.read_text("utf-8")) if is_file(each) and not file_exists(each, page)}
    assert missing == set()


@each_guide
def test_each_module_and_class_a_document_names_exists(page: Path) -> None:
    named = {each for each in references(page.read_text("utf-8")) if DOTTED.fullmatch(each) and is_ours(each)}
    assert {each for each in named - OF_OTHERS if not name_exists(each)} == set()


@each_guide
def test_each_word_in_backticks_stands_in_the_sources(page: Path) -> None:
    named = {each for each in references(page.read_text("utf-8")) if NAME.fullmatch(each)}
    assert named - words() == set()


def test_every_table_is_explained_and_no_other() -> None:
    page = (TOP / "docs" / "architecture.md").read_text("utf-8")
    [section] = re.findall(r"^## Tables\n(.*?)^## ", page, re.MULTILINE | re.DOTALL)
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == set(metadata.tables)


def test_the_glossary_is_short() -> None:
    page = (TOP / "docs" / "architecture.md").read_text("utf-8")
    rows = [line for line in page.partition("## Glossary")[2].splitlines() if line.startswith("| ")]
    assert 0 < len(rows) - 1 <= WORDS_OF_THE_FIELD
