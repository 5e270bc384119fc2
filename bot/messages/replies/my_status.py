"""The answer to `/earthweek my`, and its parts, which the App Home shows too: the reader's pledges and settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time

from bot.campaign.campaign_moment import Moment
from bot.campaign.model import Campaign, Pledge
from bot.messages.blocks import escape, heading
from bot.messages.button_availability import is_available
from bot.messages.campaign_texts import pledge_words
from bot.messages.co2_estimates import pledge_estimate
from bot.messages.message import Block, Message
from bot.messages.replies.phrases import join_days, place_name
from bot.messages.replies.reply_blocks import (
    action_button,
    button_row,
    inline_quote,
    line,
    repeated_button,
    small_print,
)
from bot.messages.words import Words

_ANSWERS = frozenset({"done", "decided", "partly", "not_yet", "not"})

_EARTH_HOUR = frozenset({"intent", "did", "forgot", "other"})

_MAX_DAYS = 10
"""Dates that one sentence lists."""


@dataclass(frozen=True)
class OwnPledge:
    """A pledge of the reader. `already` means that they do it anyway.

    `days_done` and `reminder_days` are local dates, `remind_at` is a local time, `answer` is the latest check-in.
    """

    pledge: str
    already: bool
    plan: str | None
    days_done: tuple[date, ...]
    answer: str | None
    reminder_days: tuple[date, ...]
    remind_at: time | None


@dataclass(frozen=True)
class Reader:
    """A person, as far as the bot knows them.

    `country` is a code, `ZZ` for another country, or `None` for not said. `paused_until` is the first local date on
    which messages come again. `earth_hour` is `intent`, `did`, `forgot` or `other`.
    """

    joined: bool
    country: str | None
    language: str
    messages: bool
    earth_hour_reminder: bool
    paused_until: date | None
    pledges: tuple[OwnPledge, ...]
    earth_hour: str | None
    minutes: int | None


def pledge_lines(words: Words, campaign: Campaign, reader: Reader, own: OwnPledge, today: date) -> list[str]:
    """Describe a pledge: its title, what it saves, the plan, and how it is going."""
    pledge = campaign.pledge(own.pledge)
    return [
        *_named(words, campaign, reader, pledge),
        *([words("my.already")] if own.already else []),
        *([words("my.plan", plan=inline_quote(own.plan))] if own.plan else []),
        *_done(words, own.days_done, lasting=pledge is not None and pledge.lasting),
        # An answer of a newer version has no words here, and is left out rather than shown as a code.
        *([words(f"my.answer_{own.answer}")] if own.answer in _ANSWERS else []),
        *_reminded(words, own, today),
    ]


def status_lines(words: Words, campaign: Campaign, reader: Reader, own: OwnPledge, today: date) -> list[str]:
    """Describe a pledge shortly: its title, when it was done last, and what it waits for."""
    pledge = campaign.pledge(own.pledge)
    coming = _reminded(words, replace(own, reminder_days=_coming(own, today)[:1]), today)
    plan = [words("my.plan", plan=inline_quote(own.plan))] if own.plan else []
    return [
        *_named(words, campaign, reader, pledge)[:1],
        *([words("my.already")] if own.already else []),
        *_done(words, own.days_done[-1:], lasting=pledge is not None and pledge.lasting),
        *(coming or ([] if own.days_done else plan)),
    ]


def _coming(own: OwnPledge, today: date) -> tuple[date, ...]:
    return tuple(sorted(day for day in own.reminder_days if day >= today))


def _named(words: Words, campaign: Campaign, reader: Reader, pledge: Pledge | None) -> list[str]:
    if pledge is None:
        return [words("my.gone")]
    said = pledge_words(campaign, pledge.id, words)
    return [
        f"*{escape(said.title)}*",
        pledge_estimate(words, pledge, reader.country, escape(said.unit)),
    ]


def _done(words: Words, done: tuple[date, ...], *, lasting: bool) -> list[str]:
    if not done:
        return []
    if lasting:
        return [words("my.decided", days=words.short_day(min(done)))]
    if len(done) > _MAX_DAYS:
        return [words.plural("my.done_often", len(done), day=words.short_day(max(done)))]
    return [words("my.done", days=join_days(words, sorted(done)))]


def _reminded(words: Words, own: OwnPledge, today: date) -> list[str]:
    coming = _coming(own, today)[:_MAX_DAYS]
    if not coming or own.remind_at is None:
        return []
    return [words("my.reminders", days=join_days(words, coming), time=words.time(own.remind_at))]


def done_today_button(words: Words, own: OwnPledge, at: Moment) -> Block | None:
    """Return the button "done today", where it would add something. A lasting pledge is decided once."""
    pledge = at.campaign.pledge(own.pledge)
    if pledge is None or own.already or not is_available("done_today", at):
        return None
    if at.today in own.days_done or (pledge.lasting and own.days_done):
        return None
    return repeated_button(words, "done_today", pledge.id, label="check_in_decided" if pledge.lasting else None)


def earth_hour_lines(words: Words, campaign: Campaign, reader: Reader, today: date) -> list[str]:
    """Say what the person answered about Earth Hour, if anything."""
    # Afterwards the reminder has been sent, and would read like one that is still to come.
    reminded = reader.earth_hour_reminder and today <= campaign.earth_hour.day
    return [*_about_earth_hour(words, reader), *([words("my.earth_hour_reminder")] if reminded else [])]


def _about_earth_hour(words: Words, reader: Reader) -> list[str]:
    if reader.earth_hour == "did" and reader.minutes is not None:
        return [words.plural("my.earth_hour_minutes", reader.minutes)]
    return [words(f"my.earth_hour_{reader.earth_hour}")] if reader.earth_hour in _EARTH_HOUR else []


def settings_line(words: Words, reader: Reader, today: date) -> str:
    """Say country, language and messages, in one line."""
    where = place_name(words, reader.country) if reader.country else words("my.country_unsaid")
    return words(
        "my.settings",
        country=where,
        language=words.language_name(reader.language),
        messages=_messages(words, reader, today),
    )


def is_paused(reader: Reader, today: date) -> bool:
    """Return whether messages are paused today."""
    return reader.messages and reader.paused_until is not None and today < reader.paused_until


def _messages(words: Words, reader: Reader, today: date) -> str:
    if is_paused(reader, today) and reader.paused_until:
        return words("my.messages_paused", day=words.short_day(reader.paused_until))
    return words("my.messages_on" if reader.messages else "my.messages_off")


MAX_PLEDGES = 20
"""Pledges in one message: each takes two of the fifty blocks that Slack allows."""


def draw(words: Words, reader: Reader, at: Moment) -> Message:
    """Show every pledge with its buttons, `at` a moment in the reader's time zone."""
    campaign, today = at.campaign, at.today
    count = len(reader.pledges)
    text = words.plural("my.count", count) if count else words("my.none")
    hour = earth_hour_lines(words, campaign, reader, today)
    blocks = [
        heading(words("my.title"), "title"),
        *([block for own in reader.pledges[:MAX_PLEDGES] for block in _pledge(words, reader, own, at)]),
        *([line(words("my.none"), "none")] if not count else []),
        *([small_print([words.plural("my.more", count - MAX_PLEDGES)], "more")] if count > MAX_PLEDGES else []),
        *([line("\n".join([f"*{words('my.earth_hour')}*", *hour]), "earth_hour")] if hour else []),
        small_print([settings_line(words, reader, today)], "settings"),
        button_row("next", *_next(words, at, primary=not count)),
    ]
    return Message(text, tuple(blocks))


def _next(words: Words, at: Moment, *, primary: bool) -> Iterator[Block]:
    if is_available("pledge", at):
        yield action_button(words, "pledge", "my", primary=primary)
    yield action_button(words, "settings", "my")


def _pledge(words: Words, reader: Reader, own: OwnPledge, at: Moment) -> list[Block]:
    text = line("\n".join(pledge_lines(words, at.campaign, reader, own, at.today)), f"pledge:{own.pledge}")
    actions = list(_actions(words, own, at))
    return [text, button_row(f"pledge_actions:{own.pledge}", *actions)] if actions else [text]


def _actions(words: Words, own: OwnPledge, at: Moment) -> Iterator[Block]:
    """Yield the buttons of a pledge. One that the campaign has removed can still be withdrawn."""
    if not is_available("pledge_withdraw", at):
        return
    if done := done_today_button(words, own, at):
        yield done
    if at.campaign.pledge(own.pledge) and not own.already:
        yield repeated_button(words, "pledge_choose", own.pledge, label="pledge_change")
    yield {**repeated_button(words, "pledge_withdraw", own.pledge), "confirm": _confirm(words)}


def _confirm(words: Words) -> dict[str, object]:
    names = {"title": "withdraw.title", "text": "withdraw.text", "confirm": "withdraw.yes", "deny": "withdraw.no"}
    return {part: {"type": "plain_text", "text": words(name)} for part, name in names.items()}
