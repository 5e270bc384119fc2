"""Builds the image and records what it was built on: `make image`.

The Dockerfile names its base by a tag, so that it can also be built where no registry answers. Where one does, the
digest that the tag has today goes into the image's labels and into build/image.json.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
RECORD = ROOT / "build" / "image.json"
_LABEL = "org.opencontainers.image"


class ImageError(Exception):
    """The image could not be built; the message says why."""


def base_of(dockerfile: str) -> str:
    """Return the tag that the stages of a Dockerfile begin with, which is one."""
    [base] = set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE))
    return str(base)


def pulled_digest(engine: str, base: str) -> str | None:
    """Bring the base, and return its digest; None where no registry answers."""
    if _run(engine, "pull", "--quiet", base).returncode:
        return None
    listed = _run(engine, "image", "inspect", "--format", "{{json .RepoDigests}}", base).stdout
    found = re.search(r"@(sha256:[0-9a-f]{64})", listed)
    return found[1] if found else None


def build(engine: str, tag: str) -> dict[str, str | None]:
    """Build the image on its base, and record both.

    Raises:
        ImageError: The engine does not build it.
    """
    base = base_of((ROOT / "Dockerfile").read_text("utf-8"))
    digest = pulled_digest(engine, base)
    labels = {f"{_LABEL}.base.name": base, f"{_LABEL}.base.digest": digest, f"{_LABEL}.revision": _revision()}
    said = [word for name, value in labels.items() if value for word in ("--label", f"{name}={value}")]
    done = _run(engine, "build", *said, "--tag", tag, str(ROOT))
    if done.returncode:
        raise ImageError(f"{engine} build ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-2000:]}")
    identity = _run(engine, "image", "inspect", "--format", "{{.Id}}", tag).stdout.strip()
    record = {"image": tag, "id": identity, "base": base, "base_digest": digest, "revision": _revision()}
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(f"{json.dumps(record, indent=2)}\n", "utf-8")
    return record


def _revision() -> str | None:
    found = _run("git", "-C", str(ROOT), "rev-parse", "HEAD")
    return found.stdout.strip() or None


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def main() -> None:
    """Build with the engine that is here, and say what came of it."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    parser = argparse.ArgumentParser(description="Build the image and record the digest of its base.")
    parser.add_argument("--tag", default=f"earthweek:{version}")
    parser.add_argument("--engine", default=next(filter(shutil.which, ("docker", "podman")), None))
    chosen = parser.parse_args()
    if chosen.engine is None:
        sys.exit("neither docker nor podman is here; make image-check builds without an engine")
    try:
        record = build(chosen.engine, chosen.tag)
    except ImageError as error:
        sys.exit(str(error))
    print(f"{record['image']} is {record['id']}")
    on = record["base_digest"] or "whatever this machine had: no registry answered, so no digest was recorded"
    print(f"on {record['base']}, {on}")


if __name__ == "__main__":
    main()
