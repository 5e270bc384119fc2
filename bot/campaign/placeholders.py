"""Placeholders in a campaign's words, such as `{first_day}` or `{day:monday-tip}`: how they are written and checked.

`bot.messages.campaign_texts` puts in what they stand for. Anything else in braces is text.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from bot.campaign.model import Audience, Campaign, Post

_WRITTEN = re.compile(r"\{([a-z_]+)(?::([a-z0-9_-]+))?\}")

LOCAL = "local"
"""The line of the reader's country, where it shall stand in a post."""

OF_A_POST = ("day", "weekday", "time")
"""Placeholders about a post, which is named after a colon."""

DAYS = ("first_day", "last_day", "earth_hour")
"""The days of the campaign; `{weekday:…}` takes them too."""

PLAIN = ("year", *DAYS, "earth_hour_time", "earth_hour_end", "countries", "country", "goal", "company")
"""Placeholders without a colon that stand in any words."""

REPRESENTATIVES = "representatives"
BUTTON = "button"

BUTTONS = frozenset({
    "join", "did_this", "pledge", "idea", "earth_hour_join", "earth_hour_remind", "earth_hour_calendar",
    "earth_hour_did", "earth_hour_forgot", "earth_hour_other", "check_in_done", "check_in_partly", "check_in_not_yet",
    "check_in_not", "check_in_stop", "check_in_decided", "done_today", "my", "settings", "standings", "data", "forget",
    "messages_on", "messages_pause", "messages_stop", "pledge_already", "pledge_choose", "pledge_why", "organise",
    "idea_approve", "idea_publish", "idea_ask", "idea_decline", "measures",
})  # fmt: skip
"""Buttons that texts may name. They are called as the catalogue calls them."""

_NAMES = (*PLAIN, REPRESENTATIVES, LOCAL, *OF_A_POST, BUTTON)


class Placeholder(NamedTuple):
    """A placeholder as it is written, its name, and what stands after the colon."""

    written: str
    name: str
    about: str


class Place(Enum):
    """The part of a campaign in which words stand. A line is that of `[local]`."""

    EVERYWHERE = auto()
    HEAD = auto()
    BODY = auto()
    LINE = auto()


@dataclass(frozen=True)
class Fault:
    """A placeholder that says nothing here, and what to write."""

    placeholder: str
    what: str
    todo: str


def placeholders(text: str) -> Iterator[Placeholder]:
    """Yield the placeholders in a text, known or not."""
    for found in _WRITTEN.finditer(text):
        yield Placeholder(found[0], found[1], found[2] or "")


def fill(text: str, value: Callable[[Placeholder, bool], str | None]) -> str:
    """Exchange placeholders for their values; those without one stay as they are written.

    `value` is also told whether the placeholder begins a line, where a word has a capital letter.
    """
    if "{" not in text:
        return text

    def put(found: re.Match[str]) -> str:
        placeholder = Placeholder(found[0], found[1], found[2] or "")
        before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        filled = value(placeholder, not any(sign.isalnum() for sign in before))
        return found[0] if filled is None else filled

    return _WRITTEN.sub(put, text)


def without_placeholders(text: str) -> str:
    """Return the words of a text that do not come from the campaign, with a mark for each placeholder."""
    return _WRITTEN.sub("\N{OBJECT REPLACEMENT CHARACTER}", text)


def is_named(name: str, text: str) -> bool:
    """Return whether a text has a placeholder of a name."""
    return any(each.name == name for each in placeholders(text))


def has_local_line(body: str) -> bool:
    """Return whether a body says where the line of the reader's country stands."""
    return any(_is_local(line) for line in body.split("\n"))


def put_local(body: str, line: str | None) -> str:
    """Put the line of the reader's country into a body: at its place, or else at the end. Without one, nothing."""
    if not has_local_line(body):
        return f"{body}\n\n{line}" if line else body
    lines = [each if not _is_local(each) else line or "" for each in body.split("\n")]
    # Where nothing was put in, two empty lines are left over.
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _is_local(line: str) -> bool:
    return line.strip() == f"{{{LOCAL}}}"


def faults(text: str, campaign: Campaign, place: Place, posts: Collection[Post] = ()) -> Iterator[Fault]:
    """Yield what is wrong with the placeholders of a text, which stands in some entries of the schedule, if any."""
    for each in placeholders(text):
        if fault := _fault(each, campaign, place, posts):
            yield Fault(each.written, *fault)
    if place is Place.BODY:
        for line in text.split("\n"):
            if is_named(LOCAL, line) and not _is_local(line):
                yield Fault("{local}", "{local} stands beside other words", "write it on a line of its own")


def _fault(each: Placeholder, campaign: Campaign, place: Place, posts: Collection[Post]) -> tuple[str, str] | None:
    if each.name not in _NAMES:
        near = difflib.get_close_matches(each.name, _NAMES, n=1)
        known = ", ".join(f"{{{_example(name)}}}" for name in _NAMES)
        todo = f"did you mean {{{_example(near[0])}}}?" if near else f"take it away; there are {known}"
        return f"there is no placeholder {each.written}", todo
    if each.name in {*OF_A_POST, BUTTON}:
        return _fault_of_name(each, campaign, place)
    if each.about:
        return f"{each.written} takes nothing after a colon", f"write {{{each.name}}}"
    return _missing(each, campaign) or _misplaced(each, campaign, place, posts)


def _example(name: str) -> str:
    return f"{name}:{'join' if name == BUTTON else 'monday-tip'}" if name in {*OF_A_POST, BUTTON} else name


def _fault_of_name(each: Placeholder, campaign: Campaign, place: Place) -> tuple[str, str] | None:
    if each.name == BUTTON and place is Place.EVERYWHERE:
        return f"{each.written} names a button, which only posts do", "take it away"
    days = DAYS if each.name == "weekday" else ()
    known = sorted(BUTTONS) if each.name == BUTTON else [*days, *dict.fromkeys(post.post for post in campaign.posts)]
    if each.about in known:
        return None
    if each.about in DAYS and each.name == "day":
        return f"{each.written} names no post", f"write {{{each.about}}}"
    what = "button" if each.name == BUTTON else "post"
    near = difflib.get_close_matches(each.about, known, n=1)
    example = near[0] if near else next(iter(known), "")
    return f"{each.written} names no {what}", f"name one of them, such as {{{each.name}:{example}}}"


def _missing(each: Placeholder, campaign: Campaign) -> tuple[str, str] | None:
    if each.name == "goal" and campaign.goal is None:
        return "{goal} has no value, since there is no goal", "add [goal], or take {goal} away"
    if each.name == "company" and not (campaign.company and campaign.company.name):
        return "{company} has no value", 'add `name = "…"` under [company]'
    return None


def _misplaced(each: Placeholder, campaign: Campaign, place: Place, posts: Collection[Post]) -> tuple[str, str] | None:
    if each.name == LOCAL and place is not Place.BODY:
        return "{local} stands outside of the text of a post", "take it away"
    if each.name == "country" and (place is Place.EVERYWHERE or _is_for_all(posts)):
        return "{country} is read in all countries together here", "write {countries}"
    if each.name != REPRESENTATIVES:
        return None
    if place not in {Place.BODY, Place.LINE}:
        return "{representatives} mentions people, which only the text of a post does", "write it there"
    if any(post.audience is not Audience.COUNTRIES for post in posts):
        return "{representatives} is for texts in the countries' channels", "take it away"
    without = [
        country.code
        for country in campaign.countries
        if not country.representatives and any(post.reaches(country.code) for post in posts)
    ]
    if without:
        return f"{{representatives}} has no value in {', '.join(without)}", "add `representatives` there, or reword it"
    return None


def _is_for_all(posts: Collection[Post]) -> bool:
    return any(post.audience is Audience.COMPANY for post in posts)
