"""Files that only their owner reads: what people did is in them."""

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
    """Make a file for its owner alone, whatever the umask is; from one that is there, take the rights of others."""
    file = path.resolve()
    # What keeps it from being made is said by whoever opens it.
    with suppress(OSError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
    restrict(file)


def restrict(file: Path) -> None:
    """Take the rights of others from a file, if it is there; where that is not allowed, name it in the log."""
    try:
        if stat.S_IMODE(file.stat().st_mode) & _OTHERS:
            file.chmod(OWNER_ONLY)
    except FileNotFoundError:
        return
    except OSError as error:
        log.warning(
            "others can read a file with personal data; run: chmod 600",
            action="database.readable",
            file=str(file),
            error=error.strerror,
        )
