"""The hash of a post's words, by which an approval and a message that was sent name them."""

from __future__ import annotations

import hashlib
import json

from bot.campaign.model import Text


def text_hash(text: Text) -> str:
    """Return the hash of everything in a text that readers see. Two texts have one hash only if they are the same."""
    # As JSON, so that a word that moves from one part into the next makes another hash.
    lines = sorted(text.local.items())
    said = [text.title, text.summary, text.body, text.ask, lines, text.picture, text.alt, text.answers]
    parts = json.dumps(said, ensure_ascii=False)
    return hashlib.sha256(parts.encode()).hexdigest()
