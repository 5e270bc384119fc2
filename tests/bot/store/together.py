"""Programs of ours that begin at the same moment, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import bot
from tests.patience import PATIENCE

HERE = Path(__file__).parent


def together(program: str, *arguments: tuple[str, ...]) -> list[str]:
    """Run a program once with each of the arguments; what each of them prints after `ready`.

    A program prints `ready`, waits for a line, and does what it is there for.
    """
    with ExitStack() as stack:
        running = [stack.enter_context(_start(program, *each)) for each in arguments]
        for each in running:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"
        for each in running:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        return [each.communicate(timeout=PATIENCE)[0] for each in running]


def _start(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, str(HERE / program), *arguments],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(bot.__file__).parents[1])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
