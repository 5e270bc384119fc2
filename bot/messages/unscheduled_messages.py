"""Direct messages and posts that are not in the schedule: reminders that people asked for, ideas, and remarks.

Texts that colleagues wrote are quoted, and can neither mention anybody nor link.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.campaign.localtime import local
from bot.campaign.model import Campaign, Pledge, Text
from bot.campaign.pledges import OBSTACLES
from bot.messages.blocks import escape
from bot.messages.campaign_texts import pledge_words
from bot.messages.message import Block, Message
from bot.messages.post_kinds import on_duty, pause_or_stop
from bot.messages.replies.reply_blocks import (
    action_button,
    button_row,
    inline_quote,
    line,
    lines,
    quote_lines,
    small_print,
)
from bot.messages.words import Words

NEWS = frozenset({"approved", "published", "planned", "done", "declined", "asked"})
OUTCOMES = NEWS | {"answered", "closed"}

_USER = re.compile(r"[UW][A-Z0-9]{1,30}")


def pledge_reminder(words: Words, campaign: Campaign, pledge: Pledge, plan: str | None) -> Message:
    """Remind of a pledge and of the person's own plan, with buttons to mark it as done and to end the reminders."""
    title = pledge_words(campaign, pledge.id, words).title
    reminder = words("reminder.text", title=escape(title))
    texts = [reminder, *([words("my.plan", plan=inline_quote(plan))] if plan else [])]
    label = "check_in_decided" if pledge.lasting else None
    buttons = (
        action_button(words, "done_today", pledge.id, label=label, primary=True),
        action_button(words, "reminders_stop", pledge.id),
    )
    blocks = (line("\n".join(texts), "words"), button_row("answers", *buttons), pause_or_stop(words, pledge.id))
    return Message(reminder, blocks)


def remark(words: Words, pledge_title: str | None, obstacle: str | None, text: str) -> Message:
    """Tell the representatives what would have made a pledge easier, without saying who wrote it."""
    intro = words("remark.came")
    about = [words("remark.pledge", title=inline_quote(pledge_title))] if pledge_title else []
    about += [words("remark.obstacle", obstacle=words(f"obstacle.{obstacle}"))] if obstacle in OBSTACLES else []
    blocks = (
        line("\n".join([intro, *about]), "came"),
        *quotation(text, "remark"),
        small_print([words("remark.nameless")], "nameless"),
        on_duty(words),
    )
    return Message(intro, blocks)


@dataclass(frozen=True)
class Decision:
    """A decision about an idea: one of `OUTCOMES`. `by` is a user ID where it is known, and `zone` is the reader's."""

    outcome: str
    by: str | None
    at: datetime
    zone: str


def decision_sentence(words: Words, decision: Decision) -> str:
    """Say what was decided about an idea, by whom and when, to those who could have decided it.

    Raises:
        ValueError: There is no such outcome.
    """
    if decision.outcome not in OUTCOMES:
        raise ValueError(f"an idea cannot be {decision.outcome!r}")
    wall = local(decision.at, decision.zone)
    when = {"day": words.day(wall.date()), "time": words.time(wall.time())}
    return words(f"verdict.{decision.outcome}", who=mention(decision.by) or words("verdict.somebody"), **when)


def idea_review(  # noqa: PLR0913 - a representative decides on all of it
    words: Words,
    idea_id: str,
    text: str,
    country_name: str | None,
    *,
    question: str | None,
    answer: str | None,
    named_by: str | None,
    can_post: bool,
    decision: Decision | None = None,
    reason: str | None = None,
) -> Message:
    """Show an idea to a representative, with the decisions there are, or the one that was taken with its reason.

    `named_by` is the author's user ID, given only where the author wants to be named. `can_post` tells whether there is
    a channel to post the idea in.
    """
    name, country = mention(named_by), country_name and escape(country_name)
    intro = words("idea_letter.review", country=country) if country else words("idea_letter.review_elsewhere")
    author = words("idea_letter.named", author=name) if name else words("idea_letter.unnamed")
    blocks = (
        line(intro, "came"),
        *quotation(text, "idea"),
        *question_and_answer(words, question, answer),
        small_print([author, *([] if decision else [words("idea_letter.review_hint")])], "author"),
        _decision(words, decision) if decision else button_row("answers", *_choices(words, idea_id, can_post=can_post)),
        *(quotation(reason, "reason") if decision and reason else []),
        on_duty(words),
    )
    return Message(intro, blocks)


def _decision(words: Words, decision: Decision) -> Block:
    return line(decision_sentence(words, decision), "verdict")


def _choices(words: Words, idea_id: str, *, can_post: bool) -> list[Block]:
    names = ("idea_approve", *(["idea_publish"] if can_post else []), "idea_ask", "idea_decline")
    return [action_button(words, name, idea_id, primary=name == names[0]) for name in names]


def question_and_answer(words: Words, question: str | None, answer: str | None) -> list[Block]:
    """Quote the question about an idea and its answer, as far as there are any."""
    return [
        *([line(words("idea_letter.question"), "question"), *quotation(question, "question")] if question else []),
        *([line(words("idea_letter.answer"), "answer"), *quotation(answer, "answer")] if answer else []),
    ]


def idea_news(  # noqa: PLR0913 - what an author hears of
    words: Words,
    state: str,
    text: str,
    reason: str | None,
    question: str | None,
    idea_id: str,
    *,
    decision: Decision | None = None,
) -> Message:
    """Tell the author what was decided with its reason, or ask the question; `state` is one of `NEWS`.

    `decision` is what has closed a question.

    Raises:
        ValueError: There is no such news.
    """
    if state not in NEWS:
        raise ValueError(f"an author is not told that an idea is {state!r}")
    news, is_question = words(f"idea_letter.{state}"), state == "asked"
    if is_question:
        why = quotation(question or "", "question")
        answers = [_decision(words, decision) if decision else _answer_row(words, "idea_answer", idea_id)]
    else:
        why, answers = quotation(reason, "reason") if reason else [], []
    own = [line(words("idea_letter.yours"), "yours"), *quotation(text, "idea")]
    return Message(news, (line(news, "news"), *why, *own, *answers, pause_or_stop(words, idea_id)))


def _answer_row(words: Words, action: str, value: str) -> Block:
    return button_row("answers", action_button(words, action, value, primary=True))


def idea_post(words: Words, text: str, by: str | None, *, can_share: bool) -> Message:
    """Show an idea in the country's channel, with a button to share another while that is possible.

    `by` is the author's user ID, given only where the author wants to be named.
    """
    name = mention(by)
    intro = words("idea_letter.post_by", author=name) if name else words("idea_letter.post")
    share = [_answer_row(words, "idea", "idea_post")] if can_share else []
    # The summary, which notifications show, does not name the author.
    return Message(words("idea_letter.post"), (line(intro, "came"), *quotation(text, "idea"), *share))


def idea_share(words: Words, idea_id: str, text: str, country: str | None, by: str | None) -> Message:
    """Show an idea to the organisers of all countries. `country` is the author's, as a name that is escaped.

    `by` is the author's user ID, given only where the author wants to be named.
    """
    name = mention(by)
    intro = words("share.idea_from", country=country) if country else words("share.idea")
    author = [small_print([words("share.author", author=name)], "author")] if name else []
    return Message(intro, (line(intro, "came"), *quotation(text, "idea"), *author, _use_row(words, idea_id)))


def post_share(words: Words, post: str, text: Text, country: str | None) -> Message:
    """Show a post of a country's own to the organisers of all countries. `country` is a name that is escaped."""
    intro = words("share.post_from", country=country or "")
    said = [f"> *{inline_quote(text.title)}*", f"> _{inline_quote(text.summary)}_", *quote_lines(text.body)]
    return Message(intro, (line(intro, "came"), *lines(said, "post"), _use_row(words, post)))


def _use_row(words: Words, subject: str) -> Block:
    return _answer_row(words, "organise_use", subject)


def share_taken_over(words: Words, country: str | None, day: date, at: time) -> Message:
    """Say below what was shared that a country has planned something of it. `country` is a name that is escaped."""
    when = {"day": words.short_day(day), "time": words.time(at)}
    news = words("share.taken_over", country=country or "", **when)
    return Message(news, (line(news, "news"),))


SHARE_NEWS = frozenset({"planned", "done", "declined"})


def share_news(words: Words, state: str, country: str | None, said: str | None) -> Message:
    """Say below a shared idea what became of it where it came from; `state` is one of `SHARE_NEWS`.

    Raises:
        ValueError: There is no such news.
    """
    if state not in SHARE_NEWS:
        raise ValueError(f"nobody is told that a shared idea is {state!r}")
    news = words(f"share.{state}")
    intro = words("share.in_country", country=country, news=news) if country else news
    return Message(intro, (line(intro, "news"), *(quotation(said, "said") if said else [])))


def quotation(text: str, name: str) -> list[Block]:
    """Quote a text that somebody wrote."""
    return lines(quote_lines(text), name)


def mention(user: str | None) -> str | None:
    """Return a mention of a user by ID; anything that is no user ID is not mentioned."""
    # The ID comes from the database; anything else in these brackets could be `<!channel>`.
    return f"<@{user}>" if user and _USER.fullmatch(user) else None
