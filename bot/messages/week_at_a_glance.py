"""The week at a glance: what is posted today, what comes, Earth Hour and the goal, in one message that is kept up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from bot.campaign.figure_publication_times import next_at
from bot.campaign.model import Audience
from bot.campaign.schedule import Addressee, Slot, lay_out
from bot.messages.blocks import escape
from bot.messages.campaign_texts import title_of_post
from bot.messages.message import Block
from bot.messages.post_context import PostContext
from bot.messages.replies import standings
from bot.messages.replies.phrases import capitalized
from bot.messages.replies.reply_blocks import line

KIND = "glance"

_MOST_DAYS = 8
"""Days that are listed: the rest of a week, and what comes after it."""


def blocks(post: PostContext) -> list[Block]:
    """Draw what stands below the words of the message, as everything is at the moment of the post."""
    today = post.moment.today
    coming = [slot for slot in _slots(post) if slot.local_date > today]
    return [
        *_today(post, [slot for slot in _slots(post) if slot.local_date == today]),
        *_coming(post, coming),
        *_goal(post),
    ]


def _slots(post: PostContext) -> Iterator[Slot]:
    """Yield what is posted in the country's channel and in everybody's, without the message itself."""
    campaign, country = post.campaign, post.campaign.country(post.country)
    to: list[Addressee] = []
    if country:
        to.append(Addressee(Audience.COUNTRIES, country.code, country.zone, country.language, country.code))
    if campaign.company:
        company = campaign.company
        to.append(Addressee(Audience.COMPANY, "company", company.zone, company.language))
    # By its local time: what is for everybody may be in another zone, and has its own clock.
    yield from sorted((slot for slot in lay_out(campaign, to) if slot.kind != KIND), key=lambda slot: slot.local)


def _title(post: PostContext, slot: Slot) -> str:
    return escape(title_of_post(post.campaign, slot.post, post.words, post.country) or slot.post)


def _today(post: PostContext, slots: list[Slot]) -> Iterator[Block]:
    """Yield today's posts, and which of them are there already."""
    lines = [f"{_sign(post, slot)} {post.words.time(slot.local.time())}  {_title(post, slot)}" for slot in slots]
    if _is_earth_hour(post, post.moment.today):
        lines.append(f":candle: {_earth_hour(post)}")
    if lines:
        yield line("\n".join([f"*{escape(post.words('glance.today'))}*", *lines]), "glance_today")


def _sign(post: PostContext, slot: Slot) -> str:
    return ":white_check_mark:" if slot.due_at <= post.moment.now else ":small_blue_diamond:"


def _coming(post: PostContext, slots: list[Slot]) -> Iterator[Block]:
    """Yield the days to come, each with what it begins with."""
    first = {day: _title(post, next(found)) for day, found in groupby(slots, key=lambda slot: slot.local_date)}
    hour = post.campaign.earth_hour.day
    if hour > post.moment.today:
        first[hour] = _earth_hour(post)
    days = sorted(first.items())[:_MOST_DAYS]
    if days:
        lines = [f"*{escape(capitalized(post.words.short_day(day)))}*: {what}" for day, what in days]
        yield line("\n".join([f"*{escape(post.words('glance.coming'))}*", *lines]), "glance_coming")


def _is_earth_hour(post: PostContext, day: date) -> bool:
    return day == post.campaign.earth_hour.day


def _earth_hour(post: PostContext) -> str:
    return escape(post.words("glance.earth_hour", time=post.words.time(post.campaign.earth_hour.starts)))


def _goal(post: PostContext) -> list[Block]:
    following = next_at(post.campaign, post.moment.now)
    return standings.goal(post.words, post.campaign, post.standings, following) if post.campaign.goal else []
