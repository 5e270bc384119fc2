"""The App Home: this week, my pledges, Earth Hour, the goal, my settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from bot.campaign.calendar import day_of
from bot.campaign.model import Campaign, Post, Text
from bot.messages.blocks import escape, heading
from bot.messages.message import Block
from bot.messages.mrkdwn import paragraphs
from bot.messages.panels import standings as figures
from bot.messages.panels.rows import line, press, press_for, row, small
from bot.messages.panels.status import earth_hour, paused, pledge_lines, settings
from bot.messages.panels.values import Me, Mine
from bot.messages.parts import doubt
from bot.messages.words import Words
from bot.standings.figures import Standings

MOST = 15
"""Pledges on the page; `/earthweek my` has more of them."""

_LONGEST_TIP = 500


def draw(  # noqa: PLR0913 - one page shows everything
    words: Words,
    campaign: Campaign,
    me: Me,
    *,
    tip: Post | None,
    standings: Standings | None,
    today: date,
    next_at: datetime | None,
    earth_hour_open: bool,
    earth_hour_over: bool,
) -> dict[str, object]:
    """The view of one person. `today` is their local date; `earth_hour_open` says whether one may say "I'll join"."""
    goal = figures.blocks(words, campaign, standings, country=me.country, chart=False, next_at=next_at)
    blocks = [
        *_welcome(words, campaign, me),
        *(_tip(words, campaign, tip, is_new=day_of(tip, me.country) == today) if tip else []),
        *_pledges(words, campaign, me, today),
        heading(words("my.earth_hour"), "earth_hour_title"),
        *(
            _afterwards(words, campaign, me, today)
            if earth_hour_over
            else _beforehand(words, campaign, me, today, earth_hour_open=earth_hour_open)
        ),
        heading(words("home.goal"), "goal_title"),
        *goal,
        row("ideas", press(words, "idea", "home")),
        *(_settings(words, me, today) if me.joined else []),
    ]
    return {"type": "home", "blocks": blocks}


def refused(words: Words, campaign: Campaign, why: str) -> dict[str, object]:
    """The view of somebody who takes no part; `why` is a name in the catalogue."""
    title = heading(campaign.title[campaign.language_for(words.language)], "title")
    return {"type": "home", "blocks": [title, line(words(why), "why")]}


def _welcome(words: Words, campaign: Campaign, me: Me) -> list[Block]:
    title = heading(campaign.title[campaign.language_for(words.language)], "title")
    if me.joined:
        return [title]
    return [
        title,
        line(words("home.invitation"), "invitation"),
        row("join", press(words, "join", "home", primary=True)),
    ]


def _tip(words: Words, campaign: Campaign, post: Post, *, is_new: bool) -> list[Block]:
    text = campaign.text(post.post, campaign.language_for(words.language))
    title = heading(words("home.tip" if is_new else "home.tip_before", title=text.title), "tip_title")
    return [title, line(_shortened(text), "tip"), row("tip_actions", press(words, "did_this", post.post, primary=True))]


def _shortened(text: Text) -> str:
    """The first paragraphs of a tip, as far as there is room; where even one is too long, its summary."""
    kept = ""
    for paragraph in paragraphs(text.body):
        longer = f"{kept}\n\n{paragraph}".strip()
        if len(longer) > _LONGEST_TIP:
            break
        kept = longer
    return kept or escape(text.summary)


def _pledges(words: Words, campaign: Campaign, me: Me, today: date) -> list[Block]:
    count = len(me.pledges)
    shown = [_pledge(words, campaign, me, mine, today) for mine in me.pledges[:MOST]] or [
        line(words("my.none"), "none")
    ]
    more = [small([words.many("home.more", count - MOST)], "more")] if count > MOST else []
    offers = [press(words, "pledge", "home", primary=me.joined and not count)]
    if count:
        offers.append(press(words, "my", "home"))
    return [heading(words("my.title"), "pledges_title"), *shown, *more, row("pledge_actions", *offers)]


def _pledge(words: Words, campaign: Campaign, me: Me, mine: Mine, today: date) -> Block:
    told = "\n".join(pledge_lines(words, campaign, me, mine, today))
    to_do = campaign.pledge(mine.pledge) and not mine.already and today not in mine.days_done
    beside = press_for(words, "done_today", mine.pledge) if to_do else None
    return line(told, f"pledge:{mine.pledge}", beside=beside)


def _beforehand(words: Words, campaign: Campaign, me: Me, today: date, *, earth_hour_open: bool) -> list[Block]:
    hour = campaign.earth_hour
    when = words("home.earth_hour_when", day=words.day(hour.day), time=words.time(hour.starts))
    told = line("\n".join([when, *earth_hour(words, campaign, me, today)]), "earth_hour")
    asked = _row(words, campaign, _before(me)) if earth_hour_open else []
    return [told, *doubt(words, hour), *asked]


def _afterwards(words: Words, campaign: Campaign, me: Me, today: date) -> list[Block]:
    if me.earth_hour not in {None, "intent"}:
        return [line("\n".join(earth_hour(words, campaign, me, today)), "earth_hour")]
    answers = ("earth_hour_did", "earth_hour_forgot", "earth_hour_other")
    return [line(words("home.earth_hour_over"), "earth_hour"), *_row(words, campaign, answers)]


def _row(words: Words, campaign: Campaign, names: Iterable[str]) -> list[Block]:
    return [row("earth_hour_actions", *(press(words, name, campaign.id) for name in names))]


def _before(me: Me) -> Iterator[str]:
    if me.earth_hour is None:
        yield "earth_hour_join"
    if not me.earth_hour_reminder:
        yield "earth_hour_remind"
    yield "earth_hour_calendar"


def _settings(words: Words, me: Me, today: date) -> list[Block]:
    buttons = [press(words, name, "home") for name in ("settings", *_messages(me, today), "data")]
    forget = {**press(words, "forget", "home"), "style": "danger"}
    told = line(settings(words, me, today), "settings")
    return [heading(words("home.settings"), "settings_title"), told, row("settings_actions", *buttons, forget)]


def _messages(me: Me, today: date) -> tuple[str, ...]:
    if not me.messages:
        return ("messages_on",)
    return ("messages_on" if paused(me, today) else "messages_pause", "messages_stop")
