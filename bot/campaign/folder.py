"""A campaign's folder on disk: every file is read as UTF-8 text, and none from outside the folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.campaign.problems import Problems

_LARGEST = 1_000_000
"""Bytes; no campaign file that people write by hand comes near."""


@dataclass(frozen=True)
class Folder:
    """The folder as the person named it; problems name files the same way, so that an editor opens them."""

    root: Path

    def name(self, path: str) -> str:
        """How a file inside the folder is called in a problem."""
        return (self.root / path).as_posix()

    def exists(self, path: str) -> bool:
        """Whether there is something at that path, even a link that leads nowhere."""
        return os.path.lexists(self.root / path)

    def listing(self, path: str) -> Iterator[Path]:
        """What a folder inside holds, by name; hidden files are the operating system's and left out."""
        folder = self.root / path
        if folder.is_dir():
            yield from sorted(item for item in folder.iterdir() if not item.name.startswith("."))

    def read(self, path: str, problems: Problems, todo: str) -> str | None:
        """The text of a file, or `None` with the reason noted; `todo` is said where the file is missing."""
        try:
            return self._read(path, problems, todo)
        except OSError as error:
            problems.error(self.name(path), 1, f"the file cannot be read ({error.strerror})", "look at name and rights")
            return None

    def _read(self, path: str, problems: Problems, todo: str) -> str | None:
        file = self.root / path
        if not file.is_file():
            problems.error(self.name(path), 1, "the file is missing", todo)
            return None
        if not file.resolve().is_relative_to(self.root.resolve()):
            problems.error(self.name(path), 1, "the path leaves the campaign's folder", "put the file itself here")
            return None
        if file.stat().st_size > _LARGEST:
            problems.error(self.name(path), 1, "the file is larger than 1 MB", "keep it short, it is read in Slack")
            return None
        return self._decode(path, file.read_bytes(), problems)

    def _decode(self, path: str, raw: bytes, problems: Problems) -> str | None:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            problems.error(self.name(path), line, "the file is not UTF-8", "save it again with the encoding UTF-8")
            return None
        if not text.strip():
            problems.error(self.name(path), 1, "the file is empty", "write the text, or take the file away")
            return None
        return text.replace("\r\n", "\n")
