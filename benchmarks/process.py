"""A program as a process of its own, asked over HTTP on this machine."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figure import NotMeasured

HOST = "127.0.0.1"

_ROOT = Path(__file__).parents[1]
_OK = 200
_PAUSE = 0.005
_TAIL = 2_000
"""How much of its output is shown when a program does not do what it should, in characters."""


@dataclass(frozen=True)
class Process:
    """A program that runs. Seconds are counted from just before it was started."""

    popen: subprocess.Popen[bytes]
    started: float
    port: int
    log: Path

    def until(self, path: str, within: float = 60.0) -> float:
        """Wait until an address is answered well; seconds since the start."""
        while not self._answers(path):
            if self.popen.poll() is not None or time.perf_counter() - self.started > within:
                raise NotMeasured(f"{path} was not answered: {self.output()}")
            time.sleep(_PAUSE)
        return time.perf_counter() - self.started

    def _answers(self, path: str) -> bool:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == _OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def cpu_seconds(self) -> float | None:
        """The processor time that it has used so far, with all its threads; `None` where the system does not say."""
        stat = Path(f"/proc/{self.popen.pid}/stat")
        if not stat.exists():
            return None
        # The name, in brackets, may have spaces in it; user and system time are the 14th and 15th field of all.
        fields = stat.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak_memory(self) -> float | None:
        """The most memory it held so far, in megabytes; `None` where the system does not say."""
        status = Path(f"/proc/{self.popen.pid}/status")
        lines = status.read_text(encoding="ascii", errors="replace").splitlines() if status.exists() else []
        peaks = (int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
        kibibytes = next(peaks, None)
        return None if kibibytes is None else kibibytes * 1024 / 1_000_000

    def output(self) -> str:
        """The end of what it printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-_TAIL:]


@contextmanager
def running(arguments: Sequence[str], folder: Path, port: int, env: Mapping[str, str]) -> Iterator[Process]:
    """Run Python with these arguments for as long as the block lasts, knowing nothing of our own environment."""
    log = folder / f"{port}.log"
    with log.open("wb") as out:
        started = time.perf_counter()
        popen = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            env=environment(folder, env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    try:
        yield Process(popen, started, port, log)
    finally:
        _end(popen)


def environment(folder: Path, more: Mapping[str, str]) -> dict[str, str]:
    """The little that a program of ours needs; the real workspace's tokens stay out of it."""
    return {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "PYTHONPATH": str(_ROOT), **more}


def _end(popen: subprocess.Popen[bytes]) -> None:
    popen.terminate()
    try:
        popen.wait(15)
    except subprocess.TimeoutExpired:
        popen.kill()
        popen.wait(5)


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
