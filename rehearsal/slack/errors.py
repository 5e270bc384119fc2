"""Errors with Slack's own words, raised where the rule is and answered by the server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class RefusedError(Exception):
    """A call that Slack answers with ``"ok": false``."""

    def __init__(self, word: str, **details: object) -> None:
        """Refuse with Slack's error word and whatever else its answer carries."""
        super().__init__(word)
        self.word = word
        self.details = details

    def answer(self) -> dict[str, Any]:
        """Return the body that Slack sends."""
        return {"ok": False, "error": self.word, **self.details}


def listing(word: str, problems: Sequence[str]) -> RefusedError:
    """Make a refusal that lists what is wrong, as Slack does for blocks and arguments."""
    messages = [f"[ERROR] {problem}" for problem in problems]
    return RefusedError(word, errors=list(problems), response_metadata={"messages": messages})


def missing(argument: str) -> RefusedError:
    """Make a refusal for a missing argument."""
    return listing("invalid_arguments", [f"missing required field: {argument}"])
