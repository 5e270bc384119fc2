"""Draws who imports whom, and fails on a circle or on an import that runs upward.

`pytest tests/test_imports.py -s` prints the picture.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.sources import nodes, tree

TOP = Path(__file__).parents[1]
ROOMS = re.findall(r"^\| `(bot/\w+)(?:/|\.py)` \|", (TOP / "docs" / "architecture.md").read_text("utf-8"), re.MULTILINE)
MOST_ROOMS, MOST_LAYERS, LARGEST_SHARE = 18, 12, 0.20

Graph = Mapping[str, set[str]]


def name_of(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


@dataclass(frozen=True)
class Picture:
    """The imports of a package, wherever in a file they stand, between its modules and between its rooms.

    A room is a folder of the package, or a module beside the folders.
    """

    top: Path
    package: str

    @cached_property
    def files(self) -> dict[str, Path]:
        return {
            name_of(path.relative_to(self.top)): path
            for path in (self.top / self.package).rglob("*.py")
            if "versions" not in path.parts
        }

    def imports(self, module: str) -> Iterator[str]:
        for node in nodes(self.files[module]):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            origin = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            for name in names:
                whole = f"{origin}{name}"
                found = whole if whole in self.files else whole.rpartition(".")[0]
                if found in self.files and found != module:
                    yield found

    @cached_property
    def modules(self) -> Graph:
        return {module: set(self.imports(module)) for module in self.files}

    def room(self, module: str) -> str:
        return "/".join(module.split(".")[:2])

    @cached_property
    def rooms(self) -> Graph:
        graph: dict[str, set[str]] = defaultdict(set)
        for module, imported in self.modules.items():
            graph[self.room(module)] |= {self.room(each) for each in imported} - {self.room(module)}
        graph.pop(self.package, None)
        return graph

    @cached_property
    def layers(self) -> dict[str, int]:
        """The layer of each room: one above the highest that it imports."""
        layer: dict[str, int] = {}
        for room in TopologicalSorter(self.rooms).static_order():
            layer[room] = 1 + max((layer[each] for each in self.rooms.get(room, ())), default=0)
        return layer

    @cached_property
    def shares(self) -> dict[str, float]:
        lines = Counter[str]()
        for module, path in self.files.items():
            lines[self.room(module)] += len(path.read_text("utf-8").splitlines())
        return {room: count / lines.total() for room, count in lines.most_common()}

    def __str__(self) -> str:
        largest, share = next(iter(self.shares.items()))
        arrows = sum(len(imported) for imported in self.rooms.values())
        head = (
            f"{self.package}/: {len(self.rooms)} rooms on {max(self.layers.values())} layers, {arrows} arrows; "
            f"the largest is {largest} with {share:.0%} of the lines"
        )
        by_layer = sorted(self.layers, key=lambda room: (-self.layers[room], room))
        return "\n".join([head, *(f"  {self.layers[room]:2} {room:20} {self.shares[room]:5.1%}" for room in by_layer)])


BOT = Picture(TOP, "bot")


@pytest.mark.parametrize("package", ["bot", "rehearsal"])
def test_modules_import_in_no_circle(package: str) -> None:
    assert list(TopologicalSorter(Picture(TOP, package).modules).static_order())


def test_rooms_import_in_no_circle() -> None:
    sys.stdout.write(f"\n{BOT}\n")


def test_rooms_are_few_and_small() -> None:
    assert len(BOT.rooms) <= MOST_ROOMS
    assert max(BOT.layers.values()) <= MOST_LAYERS
    assert max(BOT.shares.values()) < LARGEST_SHARE


def test_every_room_is_in_the_table() -> None:
    assert set(ROOMS) == set(BOT.rooms) - {"bot/__main__"}
    assert len(ROOMS) == len(set(ROOMS))


@pytest.mark.parametrize("room", ROOMS)
def test_no_import_runs_upward(room: str) -> None:
    assert BOT.rooms[room] <= set(ROOMS[: ROOMS.index(room)])


UNIX_ONLY = {"crypt", "curses", "fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}


@pytest.mark.parametrize("package", ["bot", "rehearsal"])
def test_no_module_needs_unix_to_be_imported(package: str) -> None:
    """Campaigns are written and rehearsed on Windows, too."""
    found = {
        f"{path.relative_to(TOP)}: {name}"
        for path in (TOP / package).rglob("*.py")
        for node in tree(path).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            *(alias.name for alias in node.names),
            *([node.module] if isinstance(node, ast.ImportFrom) and node.module else []),
        )
        if name in UNIX_ONLY
    }
    assert found == set()
