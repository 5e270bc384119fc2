"""The page of one post in a country: what has become of it, its words by language, and what can be done about it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.campaign.organiser_decisions import Approval, Revision
from bot.messages.blocks import action_id_for, button, escape, heading
from bot.messages.message import Block
from bot.messages.modals.modal import View, modal
from bot.messages.organise.overview import instant_words, name_of, page_value
from bot.messages.organise.post_state import PostStatus, state_sentence
from bot.messages.replies.phrases import capitalized
from bot.messages.replies.reply_blocks import button_row, line, lines
from bot.messages.unicode_text import truncate
from bot.messages.words import Words

CALLBACK = "organise_post"

_MOST_LANGUAGES = 40
"""Languages with two blocks each, of the hundred that a modal may have."""

_MOST_DAYS = 10
"""Days of a post that is sent several times."""


@dataclass(frozen=True)
class Wording:
    """The words of the post in a language: who approved them, who wrote them, and whether the organiser may do so."""

    language: str
    hash: str
    approval: Approval | None
    revision: Revision | None
    is_mine: bool


@dataclass(frozen=True)
class PostPage:
    """Everything that the page shows. `actions` are those that the organiser can take about the post as a whole."""

    country: str
    zone: str
    post: str
    title: str
    days: Sequence[PostStatus]
    wordings: Sequence[Wording]
    actions: Collection[str]


ACTIONS = (
    "organise_correct",
    "organise_try_again",
    "organise_leave_out",
    "organise_bring_back",
    "organise_withdraw",
    "organise_share_post",
)
"""The actions about a post as a whole, in the order of their buttons."""


def draw(words: Words, shown: PostPage, told: str = "") -> View:
    """Draw the page. `told` is what has come of the last press."""
    blocks = [
        *([line(told, "told")] if told else []),
        heading(truncate(shown.title, 150), "post_title"),
        *lines([_day(words, each) for each in shown.days[:_MOST_DAYS]], "days"),
        button_row("post_actions", *_buttons(words, shown)),
    ]
    for wording in shown.wordings[:_MOST_LANGUAGES]:
        blocks += _wording(words, shown, wording)
    return modal(words, CALLBACK, "form.organise_post.title", blocks)


def post_value(country: str, post: str, *more: str) -> str:
    """Write the value of a button about a post in a country."""
    return "/".join((country, post, *more))


def _day(words: Words, status: PostStatus) -> str:
    wall = status.local
    when = f"{capitalized(words.short_day(wall.date()))}, {words.time(wall.time())}"
    where = f" · #{escape(status.channel)}" if status.channel else ""
    return f"*{escape(when)}*{where}\n{state_sentence(words, status)}"


def _buttons(words: Words, shown: PostPage) -> Iterator[Block]:
    value = post_value(shown.country, shown.post)
    for action in ACTIONS:
        if action in shown.actions:
            yield button(action, words(f"button.{action}"), value)
    back = page_value(shown.country)
    yield button(action_id_for("organise_page", back), words("button.organise_all_posts"), back)


def _wording(words: Words, shown: PostPage, wording: Wording) -> list[Block]:
    name, language = escape(capitalized(words.language_name(wording.language))), wording.language
    said = [f"*{name}*", *_history(words, shown.zone, wording)]
    row = [
        button(action_id_for(action, language), words(f"button.{action}"), _value(shown, wording, action))
        for action in ("organise_preview", "organise_send_test", *(_decisions(wording) if wording.is_mine else ()))
    ]
    return [line("\n".join(said), f"words:{language}"), button_row(f"words_actions:{language}", *row)]


def _decisions(wording: Wording) -> Iterator[str]:
    yield "organise_edit"
    if not wording.approval:
        yield "organise_approve"
    # A post that is in no file has no other words.
    if wording.revision and wording.revision.base:
        yield "organise_discard"


def _value(shown: PostPage, wording: Wording, action: str) -> str:
    # One decides about what one has seen, and not about what somebody has made of it meanwhile.
    revision = wording.revision.id if wording.revision else ""
    seen = {"organise_approve": (wording.hash,), "organise_discard": (revision,)}.get(action, ())
    return post_value(shown.country, shown.post, wording.language, *seen)


def _history(words: Words, zone: str, wording: Wording) -> Iterator[str]:
    if revision := wording.revision:
        yield words("organise.revised", who=name_of(words, revision.by), **instant_words(words, revision.at, zone))
    if approval := wording.approval:
        yield words("organise.approved", who=name_of(words, approval.by), **instant_words(words, approval.at, zone))
    else:
        yield words("organise.not_approved")
