"""A colleague's idea, in their country's channel."""

from __future__ import annotations

from bot.messages.message import Message
from bot.messages.notifications.quoted import mention, quoted
from bot.messages.replies.rows import line, press, row
from bot.messages.words import Words


def draw(words: Words, text: str, by: str | None, *, can_share: bool) -> Message:
    """The idea, with its author only where they want to be named, and a press to share another while one can."""
    name = mention(by)
    came = words("idea_letter.post_by", author=name) if name else words("idea_letter.post")
    share = [row("answers", press(words, "idea", "idea_post", primary=True))] if can_share else []
    return Message(words("idea_letter.post"), (line(came, "came"), *quoted(text, "idea"), *share))
