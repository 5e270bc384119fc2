"""Finds what a document names in backticks: files, modules, and what stands in modules."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.sources import tree

TOP = Path(__file__).parents[1]
PACKAGES = ("bot", "rehearsal", "tests", "benchmarks")
CAMPAIGNS = [path for path in (TOP / "campaigns").iterdir() if path.is_dir()]
SOURCES = (
    "*.py",
    "*.toml",
    "*.po",
    "*.html",
    "*.js",
    "*.mako",
    "*.lock",
    "Makefile",
    "Dockerfile",
    "*.yaml",
    ".env.example",
)
FILE = re.compile(r"[\w.*/-]+")
FILE_ENDINGS = (".py", ".md", ".po", ".csv", ".html", ".css", ".js")
NAME = re.compile(r"[A-Za-z_]\w*")
DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")


def references(text: str) -> list[str]:
    """Everything between backticks, outside of blocks of code."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^(    |\t).*$", "", text, flags=re.MULTILINE))


def is_file(reference: str) -> bool:
    in_a_folder = "/" in reference and reference.split("/", maxsplit=1)[0] in {*PACKAGES, "docs", "campaigns"}
    looks = reference.endswith(FILE_ENDINGS) or in_a_folder
    return bool(FILE.fullmatch(reference)) and looks and reference not in FILE_ENDINGS


def file_exists(reference: str, page: Path) -> bool:
    """Return whether a path is there from the top or from the page; a bare name may be anywhere in the packages."""
    if any(any(folder.glob(reference)) for folder in (TOP, page.parent, *CAMPAIGNS)):
        return True
    return "/" not in reference and any(any((TOP / package).rglob(reference)) for package in (*PACKAGES, "campaigns"))


@cache
def modules() -> dict[str, set[str]]:
    """What each module defines, by its dotted name; what a class has is written `Class.attribute`."""
    found: dict[str, set[str]] = {}
    for package in ("bot", "rehearsal"):
        for path in (TOP / package).rglob("*.py"):
            name = ".".join(path.relative_to(TOP).with_suffix("").parts).removesuffix(".__init__")
            found[name] = set(_defined(tree(path)))
    return found


def _defined(scope: ast.Module | ast.ClassDef) -> Iterator[str]:
    for node in scope.body:
        if isinstance(node, ast.ClassDef):
            yield node.name
            own = {*_defined(node), *(each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute))}
            yield from (f"{node.name}.{attribute}" for attribute in own)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (target.id for target in targets if isinstance(target, ast.Name))


@cache
def by_ending() -> dict[str, list[str]]:
    """The full names of modules by each of their endings: `rate_limit` and `delivery.rate_limit`."""
    found = defaultdict(list)
    for name in modules():
        parts = name.split(".")
        for start in range(len(parts)):
            found[".".join(parts[start:])].append(name)
    return found


@cache
def classes() -> dict[str, set[str]]:
    found = defaultdict(set)
    for names in modules().values():
        for name in names:
            owner, _, attribute = name.partition(".")
            if owner[:1].isupper():
                found[owner].add(attribute)
    return found


def is_ours(reference: str) -> bool:
    """Return whether a dotted name begins with a module or class of ours, so that all of it has to be there."""
    if reference.endswith((*FILE_ENDINGS, ".toml", ".db")):
        return False
    first = reference.partition(".")[0]
    return first in classes() or first in by_ending()


def name_exists(reference: str) -> bool:
    """Return whether a dotted name is a module, something in a module, or something of a class."""
    owner, _, attribute = reference.partition(".")
    if attribute in classes().get(owner, ()):
        return True
    parts = reference.split(".")
    for end in range(len(parts), 0, -1):
        inside = ".".join(parts[end:])
        if any(not inside or inside in modules()[name] for name in by_ending().get(".".join(parts[:end]), ())):
            return True
    return False


@cache
def words() -> frozenset[str]:
    """Every word of the sources, the names of modules among them."""
    files = {path for package in PACKAGES for ending in SOURCES for path in (TOP / package).rglob(ending)}
    files |= {path for ending in SOURCES for path in (*TOP.glob(ending), *(TOP / "campaigns").rglob(ending))}
    stems = {path.stem for path in files}
    return frozenset(stems.union(*(NAME.findall(path.read_text("utf-8")) for path in files)))
