"""The Dockerfile, read as far as the tests and the check need it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "Dockerfile"


@dataclass(frozen=True)
class Base:
    """What a stage begins with, by its tag: `python:3.11.15-slim-bookworm`."""

    image: str
    python: str
    """Major and minor version."""
    debian: str


def instructions() -> list[tuple[str, str]]:
    """Every instruction in its order: its word, and what follows on one line."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text("utf-8"), flags=re.MULTILINE)
    whole = re.sub(r"\s*\\\n\s*", " ", text)
    parted = (line.partition(" ") for line in whole.splitlines() if line.strip())
    return [(word, rest) for word, _, rest in parted]


def last_stage() -> list[tuple[str, str]]:
    """The instructions of the image that is shipped."""
    found = instructions()
    begins = max(number for number, (word, _) in enumerate(found) if word == "FROM")
    return found[begins:]


def bases() -> list[Base]:
    """What each stage begins with.

    Raises:
        ValueError: A tag is not exact.
    """
    return [_base(rest.split()[0]) for word, rest in instructions() if word == "FROM"]


def _base(image: str) -> Base:
    exact = re.fullmatch(r"python:(\d+\.\d+)\.\d+-slim-([a-z]+)", image)
    if not exact:
        raise ValueError(f"{image} is not an exact tag such as python:3.11.15-slim-bookworm")
    return Base(image, exact[1], exact[2])
