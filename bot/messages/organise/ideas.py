"""Ideas as organisers handle them: a list by stage, and one idea with what can be decided about it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.campaign.kept_ideas import KeptIdea
from bot.messages.blocks import action_id_for, button, heading
from bot.messages.message import Block
from bot.messages.modals.modal import View, modal
from bot.messages.organise.idea_stages import STAGES, ideas_value, stage_label, stage_of
from bot.messages.organise.overview import instant_words, name_of, page_value
from bot.messages.replies.phrases import capitalized, place_name
from bot.messages.replies.reply_blocks import button_row, inline_quote, line, small_print
from bot.messages.unscheduled_messages import (
    Decision,
    decision_sentence,
    mention,
    question_and_answer,
    quotation,
)
from bot.messages.words import Words

LIST_CALLBACK, CALLBACK = "organise_ideas", "organise_idea"

IDEAS_ON_A_PAGE = 20

MOST_KEPT = 20
"""Ideas of earlier campaigns below them; the file has all."""

PRESSES = ("organise_idea_approve", "organise_idea_publish", "organise_idea_share")
"""What is done by one press."""

REPLIES = ("ask", "decline", "plan", "finish", "drop")
"""Decisions with a few words, in the order of their buttons. To drop is to decline what was approved."""

CHOICES = (*PRESSES, *REPLIES)


@dataclass(frozen=True)
class IdeaLine:
    """An idea in the list: what was decided about it, or when it came."""

    id: str
    text: str
    came: datetime
    decision: Decision | None


@dataclass(frozen=True)
class IdeaList:
    """The ideas of one stage, newest first, and the number in each stage, on the page of a country.

    `kept` are those of earlier campaigns whose authors agreed.
    """

    country: str
    zone: str
    stage: str
    counts: Mapping[str, int]
    ideas: Sequence[IdeaLine]
    page: int = 0
    kept: Sequence[KeptIdea] = ()


@dataclass(frozen=True)
class IdeaPage:
    """One idea on the page of a country. `home` is its author's country, and `author` is given only with consent.

    `state` is what the decisions go out from, and `choices` are those that can be taken now. `shared` says who has
    shared it with the organisers of the other countries, and when.
    """

    country: str
    zone: str
    idea: IdeaLine
    state: str
    home: str | None
    author: str | None
    question: str | None
    answer: str | None
    reason: str | None
    choices: Collection[str]
    shared: tuple[str | None, datetime] | None = None


def draw_list(words: Words, shown: IdeaList) -> View:
    """Draw a page of the ideas of a stage."""
    pages = max(1, -(-len(shown.ideas) // IDEAS_ON_A_PAGE))
    # The button may come from a time when there were more pages.
    page = min(shown.page, pages - 1)
    start = page * IDEAS_ON_A_PAGE
    blocks = [
        button_row("stages", *(_stage(words, shown, stage) for stage in STAGES)),
        heading(words("organise.ideas", country=words.country(shown.country)), "ideas_title"),
        *(_line(words, shown, each) for each in shown.ideas[start : start + IDEAS_ON_A_PAGE]),
        *([] if shown.ideas else [line(words("organise.no_ideas_here"), "no_ideas")]),
        *_kept(words, shown.kept),
        button_row("pages", *_ways(words, shown, page, pages)),
    ]
    return modal(words, LIST_CALLBACK, "form.organise_ideas.title", blocks)


def _kept(words: Words, ideas: Sequence[KeptIdea]) -> Iterator[Block]:
    if ideas:
        yield heading(words("organise.kept_ideas"), "kept_title")
    for number, each in enumerate(ideas[:MOST_KEPT]):
        said = " · ".join(filter(None, (words(f"organise.stage.{each.stage}"), inline_quote(each.became, 200))))
        yield line(f"> {inline_quote(each.text, 200)}\n{said}", f"kept:{number}")


def _stage(words: Words, shown: IdeaList, stage: str) -> Block:
    value = ideas_value(shown.country, stage)
    label = stage_label(words, stage, shown.counts.get(stage, 0))
    return button(action_id_for("organise_ideas", value), label, value, primary=stage == shown.stage)


def _line(words: Words, shown: IdeaList, each: IdeaLine) -> Block:
    value = f"{shown.country}/{each.id}"
    opening = button(action_id_for("organise_idea", value), words("button.organise_post"), value)
    said = f"> {inline_quote(each.text, 200)}\n{_what_became(words, shown.zone, each)}"
    return line(said, f"idea:{each.id}", beside=opening)


def _what_became(words: Words, zone: str, idea: IdeaLine) -> str:
    if idea.decision:
        return decision_sentence(words, idea.decision)
    return words("organise.idea_came", **instant_words(words, idea.came, zone))


def _ways(words: Words, shown: IdeaList, page: int, pages: int) -> Iterator[Block]:
    for to, label in ((page - 1, "button.organise_newer"), (page + 1, "button.organise_older")):
        if 0 <= to < pages:
            value = ideas_value(shown.country, shown.stage, to)
            yield button(action_id_for("organise_ideas", value), words(label), value)
    back = page_value(shown.country)
    yield button(action_id_for("organise_page", back), words("button.organise_whole_page"), back)


def draw_idea(words: Words, shown: IdeaPage, told: str = "") -> View:
    """Draw one idea. `told` is what has come of the last press."""
    idea, name = shown.idea, mention(shown.author)
    author = words("idea_letter.named", author=name) if name else words("idea_letter.unnamed")
    blocks = [
        *([line(told, "told")] if told else []),
        line(_from(words, shown.home), "came"),
        *quotation(idea.text, "idea"),
        *question_and_answer(words, shown.question, shown.answer),
        small_print([author], "author"),
        line(_what_became(words, shown.zone, idea), "verdict"),
        *(quotation(shown.reason, "reason") if shown.reason else []),
        *([line(_shared(words, shown.zone, *shown.shared), "shared")] if shown.shared else []),
        button_row("idea_actions", *_choices(words, shown)),
    ]
    return modal(words, CALLBACK, "form.organise_idea.title", blocks)


def _shared(words: Words, zone: str, by: str | None, at: datetime) -> str:
    return words("share.done_before", who=name_of(words, by), **instant_words(words, at, zone))


def _from(words: Words, home: str | None) -> str:
    if home:
        return capitalized(words("idea_letter.review", country=place_name(words, home)))
    return words("idea_letter.review_elsewhere")


def _choices(words: Words, shown: IdeaPage) -> Iterator[Block]:
    value = f"{shown.country}/{shown.idea.id}"
    for action in PRESSES:
        if action in shown.choices:
            yield button(action, words(f"button.{action.removeprefix('organise_')}"), value)
    for reply in REPLIES:
        if reply in shown.choices:
            # One decides about what one has seen, and not about what somebody has made of it meanwhile.
            about = f"{value}/{reply}/{shown.state}"
            yield button(action_id_for("organise_idea_reply", reply), words(f"button.idea_{reply}"), about)
    back = ideas_value(shown.country, stage_of(shown.state))
    yield button(action_id_for("organise_ideas", back), words("button.organise_all_ideas"), back)
