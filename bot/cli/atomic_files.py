"""Makes a folder that is there as a whole or not at all, and writes files that are."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.cli.console import fail


@contextmanager
def copied_to(out: Path, folder: Path) -> Iterator[Path]:
    """Copy a campaign's folder beside where it shall be; without an error within, it is put there.

    Refuses a folder in which something stands already, or which would be within the campaign's own.
    """
    _require_new(out, folder)
    there = out.resolve()
    try:
        there.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".earthweek-", dir=there.parent) as beside:
            draft = Path(beside) / there.name
            shutil.copytree(folder, draft, symlinks=True, ignore=shutil.ignore_patterns(".*"))
            yield draft
            # An empty folder may stand there.
            draft.replace(there)
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror or error}")


def write_files(out: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files by their paths in a folder, or end with a sentence. Others that are there stay."""
    try:
        for path, content in files.items():
            # As it is on every system: a calendar's lines end with CRLF.
            write_bytes(out / path, content if isinstance(content, bytes) else content.encode())
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror or error}")


def write_text(file: Path, text: str) -> None:
    """Write a file as a whole or not at all: the bot may be reading it."""
    write_bytes(file, text.encode())


def write_bytes(file: Path, content: bytes) -> None:
    """Write a file as a whole or not at all, as it is on every system."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.draft")
    # Whatever has its name is gone first, and a link that comes in between is not followed.
    draft.unlink(missing_ok=True)
    with draft.open("xb") as opened:
        opened.write(content)
    # In place of a link, so that no other file is written through it.
    draft.replace(file)


def _require_new(out: Path, folder: Path) -> None:
    if out.resolve().is_relative_to(folder.resolve()):
        fail(f"{out} would be within the campaign's own folder; name another one")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        fail(f"{out} is there already, and nothing in it is overwritten; name a new folder")
