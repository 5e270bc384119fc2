"""Documents can be read as they are, in an editor and beside a diff."""

from __future__ import annotations

from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
DOCUMENTS = sorted([*TOP.glob("*.md"), *TOP.glob("campaigns/*.md"), *TOP.glob("docs/**/*.md")])
WIDEST = 100
"""Columns of a line; a row of a table cannot be broken."""

each_document = pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: page.relative_to(TOP).as_posix())


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
