"""Keeps files readable by their owner alone: they contain personal data."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

import structlog

OWNER_ONLY = 0o600
_OTHERS = 0o077

log = structlog.get_logger()


def make_private(path: Path) -> None:
    """Create a file with mode 600, whatever the umask is, or take the rights of others from one that is there."""
    file = path.resolve()
    # Errors are left to whoever opens the file next, and can say what it is for.
    with suppress(OSError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
    restrict(file)


def restrict(file: Path) -> None:
    """Take the rights of others from a file, if it is there. Logs a warning where that is not allowed."""
    try:
        if stat.S_IMODE(file.stat().st_mode) & _OTHERS:
            file.chmod(OWNER_ONLY)
    except FileNotFoundError:
        return
    # A file of another owner, or a file system without rights: worth a warning, and no reason not to start.
    except OSError as error:
        log.warning(
            "others can read a file with personal data; run: chmod 600",
            action="database.readable",
            file=str(file),
            error=error.strerror,
        )
