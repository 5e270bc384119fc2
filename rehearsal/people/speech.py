"""What colleagues write, in words by which they find it again."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

_NUMBER = re.compile(r"idea no\. (\d+)")


def idea_text(number: int) -> str:
    """The text of an idea; no two are the same."""
    return f"A shelf for things to share in every kitchen (idea no. {number})."


def idea_number(blocks: Sequence[dict[str, Any]]) -> int | None:
    """The number of the idea that a message is about."""
    found = _NUMBER.search(json.dumps(blocks))
    return int(found[1]) if found else None
