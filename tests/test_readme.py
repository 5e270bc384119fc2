"""The README is short, and the guide for writers names every kind; links and lock files hold."""

from __future__ import annotations

import re
from pathlib import Path

from bot.messages.post_kinds import KINDS

TOP = Path(__file__).parents[1]
README = (TOP / "README.md").read_text(encoding="utf-8")
LONGEST = 140
TARGET = re.compile(r"^([a-z][\w-]*):", re.MULTILINE)


def test_the_readme_is_read_in_one_sitting() -> None:
    assert len(README.splitlines()) <= LONGEST


def test_each_make_target_the_readme_names_exists() -> None:
    targets = set(TARGET.findall((TOP / "Makefile").read_text(encoding="utf-8")))
    named = set(re.findall(r"\bmake ([a-z-]+)", " ".join(re.findall(r"`[^`]+`|^    .+$", README, re.MULTILINE))))
    assert {"demo", "test"} <= named <= targets


def test_every_kind_is_explained_to_those_who_write() -> None:
    guide = (TOP / "campaigns" / "README.md").read_text(encoding="utf-8")
    for name in KINDS:
        assert f"| `{name}` |" in guide


def test_every_file_linked_in_documents_exists() -> None:
    for page in [*TOP.glob("*.md"), *TOP.glob("docs/**/*.md"), *TOP.glob("campaigns/*.md")]:
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page}: {target}"


def test_the_locks_name_no_index() -> None:
    for lock in TOP.glob("*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert text.count("--hash=sha256:") >= text.count("==")
