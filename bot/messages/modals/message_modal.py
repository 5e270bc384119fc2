"""Modals with nothing to fill in: a text, a whole message, or a note that an answer is coming."""

from __future__ import annotations

from bot.messages.blocks import section
from bot.messages.message import Message
from bot.messages.modals.modal import View, modal
from bot.messages.replies.reply_blocks import lines
from bot.messages.words import Words

CALLBACK = "notice"
LOADING = "loading"


def draw(words: Words, text: str) -> View:
    """Show a text in mrkdwn; an address in it is no link."""
    return modal(words, CALLBACK, "form.title", lines([text], "told"))


def of_message(words: Words, message: Message) -> View:
    """Show a message, which has to be in its plain form."""
    return modal(words, CALLBACK, "form.title", message.blocks)


def loading(words: Words) -> View:
    """Show that an answer is coming, until another view takes its place."""
    return modal(words, LOADING, "form.title", [section(words("form.waiting"), "waiting")])
