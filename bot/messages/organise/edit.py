"""The form in which an organiser edits the words of a post in a language."""

from __future__ import annotations

from dataclasses import dataclass

from bot.campaign.model import Audience, Campaign, Text
from bot.messages.blocks import escape
from bot.messages.message import Block
from bot.messages.modals.modal import View, metadata_text, modal
from bot.messages.organise.text_fields import Subject, draw_text, read_text
from bot.messages.replies.reply_blocks import inline_quote, line, lines, quote_lines
from bot.messages.words import Words

CALLBACK = "organise_edit"


@dataclass(frozen=True)
class Edited:
    """The subject of the form: a post in a language as seen from a country, and the words that it began with.

    `seen` is the ID of the revision that was shown, empty for a file's words; `shown` is their hash.
    """

    home: str
    post: str
    language: str
    seen: str
    shown: str


@dataclass(frozen=True)
class EditAnswers:
    """The new words, and what they are about."""

    about: Edited
    text: Text


def draw(
    words: Words,
    about: Edited,
    text: Text,
    campaign: Campaign,
    *,
    title: str,
    overtaken: tuple[str, Text] | None = None,
) -> View:
    """Draw the form with some words in it.

    `overtaken` is the sentence that says who was first, and their words, where somebody else has changed them
    meanwhile.
    """
    name = words.language_name(about.language)
    blocks = [
        *_overtaken(*(overtaken or ("", None))),
        line(words("form.organise_edit.about", post=escape(title), language=escape(name)), "about"),
        *draw_text(words, text, _subject(campaign, about)),
    ]
    metadata = {
        "home": about.home, "post": about.post, "language": about.language, "seen": about.seen, "shown": about.shown
    }  # fmt: skip
    title_, submit = "form.organise_edit.title", "form.organise_edit.submit"
    return modal(words, CALLBACK, title_, blocks, submit=submit, metadata=metadata)


def read(view: View, campaign: Campaign) -> EditAnswers:
    """Read the words, and check them as the command `check` does.

    Raises:
        StaleViewError: The form is not one that the bot draws.
        InvalidFieldsError: Something is missing, too long, or not shown by Slack, or a placeholder stands for nothing.
    """
    about = Edited(*(metadata_text(view, name) for name in ("home", "post", "language", "seen", "shown")))
    return EditAnswers(about, read_text(view, campaign, _subject(campaign, about)))


def _subject(campaign: Campaign, about: Edited) -> Subject:
    posts = tuple(post for post in campaign.posts if post.post == about.post)
    is_for_countries = any(post.audience is not Audience.COMPANY and post.countries != (about.home,) for post in posts)
    return Subject(posts, about.home if is_for_countries else None)


def _overtaken(told: str, theirs: Text | None) -> list[Block]:
    if theirs is None:
        return [line(told, "told")] if told else []
    said = [f"> *{inline_quote(theirs.title)}*", f"> _{inline_quote(theirs.summary)}_", *quote_lines(theirs.body)]
    for extra in (*theirs.local.values(), theirs.ask):
        said += quote_lines(extra) if extra else []
    return [line(told, "told"), *lines(said, "theirs")]
