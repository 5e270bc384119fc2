"""The App Home: the tip of the day, the reader's pledges, Earth Hour, the goal, and the settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from bot.campaign.campaign_moment import Moment
from bot.campaign.model import Campaign, Post, Text
from bot.campaign.schedule import day_of
from bot.messages import measures
from bot.messages.blocks import escape, heading
from bot.messages.button_availability import is_available
from bot.messages.campaign_texts import campaign_title, mentions, post_text, with_mentions
from bot.messages.markdown_to_mrkdwn import paragraphs
from bot.messages.message import Block
from bot.messages.modals.modal import MY_WEEK, home_metadata
from bot.messages.organise.overview import switch
from bot.messages.post_kinds import unconfirmed_date
from bot.messages.replies import standings as figures
from bot.messages.replies.my_status import (
    OwnPledge,
    Reader,
    done_today_button,
    earth_hour_lines,
    is_paused,
    settings_line,
    status_lines,
)
from bot.messages.replies.phrases import named_representatives
from bot.messages.replies.reply_blocks import action_button, button_row, line, menu, small_print
from bot.messages.words import Words
from bot.standings.published_figures import Standings

MAX_PLEDGES = 15
"""Pledges on the page; `/earthweek my` shows more."""

_MAX_MEASURES = 2
"""Measures, and goals, on the page; a button shows all of them."""

_MAX_TIP_LENGTH = 220
"""Characters of a tip on the page; a button shows all of it."""


def draw(  # noqa: PLR0913 - one page shows everything
    words: Words,
    campaign: Campaign,
    reader: Reader,
    *,
    tip: Post | None,
    standings: Standings | None,
    at: Moment,
    next_at: datetime | None,
    organises: bool = False,
) -> dict[str, object]:
    """Draw the view of one person, `at` a moment in their time zone; organisers can turn it to its other face."""
    today = at.today
    blocks = [
        *([switch(words, is_organising=False)] if organises else []),
        *_welcome(words, reader, at),
        *(_tip(words, tip, reader.country, at, is_new=day_of(tip, reader.country) == today) if tip else []),
        *_pledges(words, reader, at),
        heading(words("my.earth_hour"), "earth_hour_title"),
        *(_afterwards(words, reader, at) if at.hour_is_over else _beforehand(words, reader, at)),
        heading(words("home.goal"), "goal_title"),
        *figures.headline(words, campaign, standings, next_at),
        *_row(words, at, "goal_actions", "home", ("standings", *(("figures_about",) if standings else ()), "idea")),
        *_measures(words, campaign, reader.country),
        *_representatives(words, reader, at),
        *(_settings(words, reader, today) if reader.joined else []),
    ]
    return {"type": "home", "blocks": blocks, "private_metadata": home_metadata(MY_WEEK)}


def draw_refusal(words: Words, campaign: Campaign, why: str) -> dict[str, object]:
    """Draw the view of somebody who may not take part; `why` is the name of a sentence in the catalogue."""
    title = heading(campaign_title(campaign, words), "title")
    return {"type": "home", "blocks": [title, line(words(why), "why")]}


def _welcome(words: Words, reader: Reader, at: Moment) -> list[Block]:
    campaign = at.campaign
    title = heading(campaign_title(campaign, words), "title")
    if not at.is_open:
        over = "trouble.over" if reader.joined else "trouble.closed"
        return [title, line(words(over, day=words.day(campaign.closes)), "over")]
    if reader.joined:
        return [title]
    return [
        title,
        line(words("home.invitation"), "invitation"),
        button_row("join", action_button(words, "join", "home", primary=True)),
    ]


def _tip(words: Words, post: Post, country: str | None, at: Moment, *, is_new: bool) -> list[Block]:
    campaign = at.campaign
    text = post_text(campaign, post.post, words, country)
    title = heading(words("home.tip" if is_new else "home.tip_before", title=text.title), "tip_title")
    return [
        title,
        line(with_mentions(_shortened(text), mentions(campaign, country)), "tip"),
        *_row(words, at, "tip_actions", post.post, ("did_this", "tip"), primary=True),
    ]


def _shortened(text: Text) -> str:
    """Return the first paragraphs of a tip, as many as fit, or its summary if even the first is too long."""
    kept = ""
    for paragraph in paragraphs(text.body):
        longer = f"{kept}\n\n{paragraph}".strip()
        # Whole paragraphs only: half a sentence reads like a fault.
        if len(longer) > _MAX_TIP_LENGTH:
            break
        kept = longer
    return kept or escape(text.summary)


def _pledges(words: Words, reader: Reader, at: Moment) -> list[Block]:
    count = len(reader.pledges)
    shown = [_pledge(words, reader, own, at) for own in reader.pledges[:MAX_PLEDGES]] or [
        line(words("my.none"), "none")
    ]
    more = [small_print([words.plural("home.more", count - MAX_PLEDGES)], "more")] if count > MAX_PLEDGES else []
    names = ("pledge", "my") if count else ("pledge",)
    offers = _row(words, at, "pledge_actions", "home", names, primary=reader.joined and not count)
    return [heading(words("my.title"), "pledges_title"), *shown, *more, *offers]


def _pledge(words: Words, reader: Reader, own: OwnPledge, at: Moment) -> Block:
    text = "\n".join(status_lines(words, at.campaign, reader, own, at.today))
    return line(text, f"pledge:{own.pledge}", beside=done_today_button(words, own, at))


def _beforehand(words: Words, reader: Reader, at: Moment) -> list[Block]:
    hour = at.campaign.earth_hour
    when = words("home.earth_hour_when", day=words.day(hour.day), time=words.time(hour.starts))
    text = line("\n".join([when, *earth_hour_lines(words, at.campaign, reader, at.today)]), "earth_hour")
    asked = _hour_row(words, at, _before(reader)) if at.hour_is_near else []
    return [text, *unconfirmed_date(words, hour), *asked]


def _afterwards(words: Words, reader: Reader, at: Moment) -> list[Block]:
    if reader.earth_hour not in {None, "intent"}:
        return [line("\n".join(earth_hour_lines(words, at.campaign, reader, at.today)), "earth_hour")]
    answers = _hour_row(words, at, ("earth_hour_did", "earth_hour_forgot", "earth_hour_other"))
    return [line(words("home.earth_hour_over" if answers else "home.earth_hour_was"), "earth_hour"), *answers]


def _representatives(words: Words, reader: Reader, at: Moment) -> list[Block]:
    home = at.campaign.country(reader.country)
    text = home and named_representatives(words, home)
    return [small_print([text], "representatives")] if text else []


def _measures(words: Words, campaign: Campaign, country: str | None) -> list[Block]:
    """Draw what the company does itself, with a button for all of it; nothing where nothing is listed."""
    found = measures.brief(words, campaign, country, "measures", _MAX_MEASURES)
    return [*found, button_row("measures_actions", action_button(words, "measures", "home"))] if found else []


def _hour_row(words: Words, at: Moment, names: Iterable[str]) -> list[Block]:
    return _row(words, at, "earth_hour_actions", at.campaign.id, names)


def _row(
    words: Words, at: Moment, name: str, value: str, names: Iterable[str], *, primary: bool = False
) -> list[Block]:
    """Build a row of the buttons that can be used at a moment, or nothing."""
    usable = [each for each in names if is_available(each, at)]
    buttons = [action_button(words, each, value, primary=primary and each == usable[0]) for each in usable]
    return [button_row(name, *buttons)] if buttons else []


def _before(reader: Reader) -> Iterator[str]:
    if reader.earth_hour is None:
        yield "earth_hour_join"
    if not reader.earth_hour_reminder:
        yield "earth_hour_remind"
    yield "earth_hour_calendar"


def _settings(words: Words, reader: Reader, today: date) -> list[Block]:
    entries = ("settings", *_messages(reader, today), "data", "forget")
    return [line(settings_line(words, reader, today), "settings", beside=menu(words, "menu", entries, "home"))]


def _messages(reader: Reader, today: date) -> tuple[str, ...]:
    if not reader.messages:
        return ("messages_on",)
    return ("messages_on" if is_paused(reader, today) else "messages_pause", "messages_stop")
