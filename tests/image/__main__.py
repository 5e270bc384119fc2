"""Builds the image without a Docker engine and puts it to work: `make image-check`.

It runs programs of this machine. Those that are missing are installed with apt only where `--install` says so.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from . import contents, tools
from .build import IMAGE, build, make_base
from .container import Container, once, python, running
from .dockerfile import bases
from .engine import Engine, Unfit


def main() -> None:
    """Print a line for everything that was found; the exit code is 1 when something is wrong."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to stop"))
    try:
        tools.bring(may_install="--install" in sys.argv)
    except tools.Missing as error:
        _say(str(error))
        sys.exit(1 if os.environ.get("CI") == "true" else 0)
    engine = Engine(Path(tempfile.mkdtemp(prefix="earthweek-image-", dir="/var/tmp")))
    try:
        for line in _check(engine):
            _say(line)
    except Unfit as error:
        sys.exit(f"✗ {error}")
    finally:
        engine.remove()


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - somebody watches


def _check(engine: Engine) -> Iterator[str]:
    base = bases()[0]
    began = time.monotonic()
    make_base(engine, base)
    yield f"✓ Debian's packages stand in for {base.image}: {_took(began)}"
    began = time.monotonic()
    build(engine)
    yield f"✓ the Dockerfile builds, here with {python(engine, base)}: {_took(began)}"
    yield from _size(engine, base.image)
    yield from _contents(engine)
    yield from _alone(engine)
    with running(engine) as bot:
        yield from _at_work(engine, bot)


def _size(engine: Engine, base: str) -> Iterator[str]:
    whole, below = (engine.inspect(image)["Size"] for image in (IMAGE, f"docker.io/library/{base}"))
    yield f"  {_mb(whole)}, of which {_mb(whole - below)} are not the base:"
    for layer in json.loads(engine.podman("history", "--format", "json", IMAGE)):
        if layer["size"] > 0:
            yield f"  {_mb(layer['size']):>9}  {' '.join(layer['CreatedBy'].split())[:100]}"


def _contents(engine: Engine) -> Iterator[str]:
    if not contents.is_syft_there():
        yield "  what is in it was not listed: syft is missing, which deploy-tools.lock has for Linux on x86_64"
        return
    python, debian = contents.check_against_lock(contents.list_image(engine))
    yield f"✓ its SBOM has the {python} locked packages of Python, no other, and {debian} of Debian's: {contents.SBOM}"
    yield "  nobody has looked for known faults: that takes a database of them, which no package index has"


def _alone(engine: Engine) -> Iterator[str]:
    began = time.monotonic()
    planned = json.loads(once(engine, "plan", "--json"))
    yield f"✓ alone and without a network it plans its week, {len(planned)} messages: {_took(began)}"
    rehearsed = once(engine, "--help")
    if "Not part of this installation" not in rehearsed:
        raise Unfit("the rehearsal is in the image")


def _at_work(engine: Engine, bot: Container) -> Iterator[str]:
    command = engine.inspect(IMAGE)["Healthcheck"]["Test"][1:]
    line, took = bot.until(*command, within=60)
    yield f"✓ {' '.join(command)} says {line!r}: {took:.2f} s, {time.monotonic() - bot.began:.1f} s after its start"
    yield f"  it takes {bot.memory() / 1_000_000:.0f} MB of memory"
    yield f"✓ it runs as {bot.does('id').strip()}"
    yield _confined(bot)
    yield f"✓ on SIGTERM it leaves by itself: {bot.stop():.1f} s"


def _confined(bot: Container) -> str:
    script = "for place in / /opt /campaigns /run /var/tmp /data /tmp; do touch $place/x 2>&- && echo $place; done"
    writable = bot.does("sh", "-c", f"{script}; true").split()
    tools_left = bot.does("sh", "-c", "find /opt -name pip -o -name setuptools -o -name '*.whl'").split()
    if writable != ["/data", "/tmp"] or tools_left:  # noqa: S108 - the container's
        raise Unfit(f"writable are {writable}, and of the tools there are {tools_left}")
    return "✓ it can write to /data and /tmp alone; neither pip nor setuptools is left"


def _mb(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"


def _took(began: float) -> str:
    return f"{time.monotonic() - began:.0f} s"


if __name__ == "__main__":
    main()
