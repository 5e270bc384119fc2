"""A campaign's folder on disk. Files are read as UTF-8, and only from inside the folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.campaign.normalized_text import control_character, with_newlines
from bot.campaign.problems import Problems

_LARGEST = 1_000_000
"""Bytes. No campaign file that is written by hand comes near this."""


@dataclass(frozen=True)
class Folder:
    """The folder as the person named it. Problems name files in the same way, so that an editor can open them."""

    root: Path

    def name(self, path: str) -> str:
        """Return the name of a file inside the folder, for problems."""
        return (self.root / path).as_posix()

    def exists(self, path: str) -> bool:
        """Return whether something is at that path, even a broken link: a problem should name it."""
        return os.path.lexists(self.root / path)

    def listing(self, path: str) -> Iterator[Path]:
        """Yield the contents of a folder inside, by name. Skips hidden files, such as macOS's .DS_Store."""
        folder = self.root / path
        if folder.is_dir():
            yield from sorted(item for item in folder.iterdir() if not item.name.startswith("."))

    def read(self, path: str, problems: Problems, todo: str) -> str | None:
        """Read a text. Returns None after noting a problem; `todo` is the advice for a missing file."""
        raw = self.read_bytes(path, problems, todo)
        return None if raw is None else self._decode(path, raw, problems)

    def read_bytes(self, path: str, problems: Problems, todo: str) -> bytes | None:
        """Read a file as it is. Returns None after noting a problem; `todo` is the advice for a missing file."""
        try:
            return self._read(path, problems, todo)
        except OSError as error:
            problems.error(self.name(path), 1, f"the file cannot be read ({error.strerror})", "look at name and rights")
            return None

    def _read(self, path: str, problems: Problems, todo: str) -> bytes | None:
        file = self.root / path
        if not file.is_file():
            problems.error(self.name(path), 1, "the file is missing", todo)
            return None
        # A campaign may come from somebody else: a link in it must not post another file of the machine to Slack.
        if not file.resolve().is_relative_to(self.root.resolve()):
            problems.error(self.name(path), 1, "the path leaves the campaign's folder", "put the file itself here")
            return None
        # Checked before reading, so that a huge file is never in memory.
        if file.stat().st_size > _LARGEST:
            problems.error(self.name(path), 1, "the file is larger than 1 MB", "keep it short, it is read in Slack")
            return None
        return file.read_bytes()

    def _decode(self, path: str, raw: bytes, problems: Problems) -> str | None:
        try:
            # Windows' Notepad puts a byte order mark first, which TOML and Markdown would take for text.
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            problems.error(self.name(path), line, "the file is not UTF-8", "save it again with the encoding UTF-8")
            return None
        if not text.strip():
            problems.error(self.name(path), 1, "the file is empty", "write the text, or take the file away")
            return None
        # Line numbers and front matter are found by "\n" alone.
        text = with_newlines(text)
        if (at := control_character(text)) is not None:
            line = text.count("\n", 0, at) + 1
            problems.error(self.name(path), line, "there is a character that cannot be shown", "write the line anew")
            return None
        return text
