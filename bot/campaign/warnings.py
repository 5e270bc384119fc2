"""Warnings about valid values that make little sense, for somebody to look at before the week starts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import time, timedelta

from bot.campaign import country_codes
from bot.campaign.model import PEOPLE, Audience, Campaign, Country, Post
from bot.campaign.toml import Document, Location

_LONGEST_WEEK = timedelta(days=14)
_OLD = timedelta(days=730)
_DIRECT = PEOPLE | {Audience.REPRESENTATIVES}
_AWAKE = (time(6), time(22))
_EVENING = (time(17), time(23))
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


def look(document: Document, campaign: Campaign) -> None:
    """Report every doubtful value at the line of its key."""
    _look_at_dates(document, campaign)
    _look_at_goal(document, campaign)
    if campaign.company:
        _look_for_doubles(document, ("company", "managers"), campaign.company.managers)
    _look_for_doubles(document, ("languages",), campaign.languages)
    for index, country in enumerate(campaign.countries):
        _look_at_country(document, ("countries", index), country, campaign)
    _look_for_repeated_posts(document, campaign.posts)
    for index, post in enumerate(campaign.posts):
        _look_at_post(document, ("posts", index), post)
        _look_for_unseen_picture(document, ("posts", index), post, campaign)


def _look_for_unseen_picture(document: Document, at: Location, post: Post, campaign: Campaign) -> None:
    texts = (campaign.texts.get((post.post, language)) for language in campaign.languages)
    if post.audience in _DIRECT and any(text and text.picture for text in texts):
        what, todo = "a direct message shows no picture", "take `picture` and `alt` out of its texts"
        document.warn((*at, "audience"), what, todo)


def _look_at_dates(document: Document, campaign: Campaign) -> None:
    days = campaign.last_day - campaign.first_day + timedelta(days=1)
    if days > _LONGEST_WEEK:
        document.warn(("last_day",), f"the week has {days.days} days", "correct `first_day` or `last_day`")
    year = str(campaign.first_day.year)
    for at, text in ((("id",), campaign.id), *((("title", code), title) for code, title in campaign.title.items())):
        if (named := _YEAR.search(text)) and named[0] != year:
            what = f"{text!r} names {named[0]}, and the week is in {year}"
            document.warn(
                at, what, f"write {year}; what people did is kept under the `id`" if at == ("id",) else f"write {year}"
            )
    starts = campaign.earth_hour.starts
    if not _EVENING[0] <= starts <= _EVENING[1]:
        document.warn(
            ("earth_hour", "starts"), f"Earth Hour would start at {starts:%H:%M}", "it is held in the evening"
        )


def _look_at_goal(document: Document, campaign: Campaign) -> None:
    without = [country.code for country in campaign.countries if country.headcount is None]
    if campaign.goal and without:
        what = (
            f"the goal is in per cent, and {', '.join(without)} {'has' if len(without) == 1 else 'have'} no headcount"
        )
        document.warn(("goal", "participation_percent"), what, "add `headcount` there, or take [goal] away")


def _look_at_country(document: Document, at: Location, country: Country, campaign: Campaign) -> None:
    # A wrong zone is easily missed and sends every post at the wrong hour.
    place, known = country_codes.of_zone(country.zone), country_codes.zones(country.code)
    if known and place != country.code:
        where = f"is in {country_codes.name(place)}" if place else "is in no country"
        what = f"{country.zone} {where}, not in {country_codes.name(country.code)}"
        document.warn((*at, "zone"), what, f"write {known[0]}, or another `code`")
    _look_at_headcount(document, at, country, campaign)
    _look_for_doubles(document, (*at, "representatives"), country.representatives)
    _look_for_doubles(document, (*at, "languages"), country.languages)


def _look_at_headcount(document: Document, at: Location, country: Country, campaign: Campaign) -> None:
    count, counted = country.headcount, country.headcount_date
    if count is None and counted:
        document.warn((*at, "headcount_date"), "`headcount_date` has no `headcount`", "add it, or take the date away")
    if count and count < campaign.smallest_group and country.board:
        what = f"{count} people are fewer than `smallest_group`, so {country.code} is never shown by itself"
        document.warn((*at, "headcount"), what, "leave it, or write `board = false` so that nobody waits for it")
    if count and counted and not campaign.first_day - _OLD <= counted <= campaign.closes:
        document.warn((*at, "headcount_date"), f"people were counted on {counted}", "correct the date, or count anew")


def _look_for_doubles(document: Document, at: Location, written: Iterable[object]) -> None:
    for each in (each for each, times in Counter(written).items() if times > 1):
        document.warn(at, f"{each!r} is there twice", "keep one of the two")


def _look_for_repeated_posts(document: Document, posts: tuple[Post, ...]) -> None:
    """Report posts that repeat a text for one audience, as when a block was copied and its `post` not changed."""
    for index, post in enumerate(posts):
        before = [each for each in posts[:index] if each.post == post.post and each.audience == post.audience]
        if any(_meet(post, each) for each in before):
            what = f"{post.post!r} is posted for {post.audience} a second time, with the same words"
            document.warn(("posts", index, "post"), what, "give it words of its own, or take it away")


def _meet(one: Post, other: Post) -> bool:
    return not one.countries or not other.countries or bool(set(one.countries) & set(other.countries))


def _look_at_post(document: Document, at: Location, post: Post) -> None:
    if not _AWAKE[0] <= post.time <= _AWAKE[1]:
        document.warn(
            (*at, "time"),
            f"{post.time:%H:%M} is at night, on the reader's clock",
            "write a time from 06:00:00 to 22:00:00",
        )
    _look_for_doubles(document, (*at, "sdgs"), post.sdgs)
    _look_for_doubles(document, (*at, "countries"), post.countries)
