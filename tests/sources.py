"""The syntax trees of source files, parsed once for all checks that look at the sources."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of a file; walking a tree takes longer than parsing it."""
    return tuple(ast.walk(tree(path)))
