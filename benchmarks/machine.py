"""The machine the figures are of."""

from __future__ import annotations

import os
import platform
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path

_CPU = Path("/proc/cpuinfo")
_MOUNTS = Path("/proc/mounts")


@dataclass(frozen=True)
class Machine:
    """What a figure depends on, besides the program."""

    cpu: str
    cores: int
    python: str
    sqlite: str
    filesystem: str

    def __str__(self) -> str:
        parts = (f"{self.cpu}, {self.cores} cores", f"Python {self.python}", f"SQLite {self.sqlite}")
        return "; ".join((*parts, f"databases on {self.filesystem}"))


def this_machine() -> Machine:
    """The one at hand."""
    return Machine(_cpu(), os.cpu_count() or 1, platform.python_version(), sqlite3.sqlite_version, _filesystem())


def _cpu() -> str:
    lines = _CPU.read_text(encoding="utf-8").splitlines() if _CPU.exists() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, "") or platform.processor() or platform.machine()


def _filesystem() -> str:
    """The kind of file system that holds temporary files: in memory, a durable write costs nothing."""
    folder = Path(tempfile.gettempdir()).resolve()
    lines = _MOUNTS.read_text(encoding="utf-8").splitlines() if _MOUNTS.exists() else []
    kinds = {Path(parts[1]): parts[2] for parts in map(str.split, lines)}
    return next((kinds[place] for place in (folder, *folder.parents) if place in kinds), "an unknown file system")
