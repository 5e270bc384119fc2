"""Moments worth setting the clock to: what a campaign does at special hours, country by country."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import holidays

from bot.campaign.figure_publication_times import set_times
from bot.campaign.localtime import instant, local
from bot.campaign.model import Audience, Campaign, Country
from bot.campaign.schedule import Slot, everyone, lay_out
from bot.campaign.workdays import known
from bot.locales.catalogues import words
from bot.messages.post_kinds import KINDS
from bot.messages.replies.phrases import join_names
from rehearsal.preview.language_names import PAGE, country_name
from rehearsal.web.view_models import Bookmark, BookmarkGroup

_BEFORE = timedelta(minutes=5)
_A_DAY, _AN_HOUR, _A_MINUTE, _A_SECOND = (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(0, 1))
_MORNING = time(8, 55)
_MOST_NAMES = 4


def bookmarks(campaign: Campaign, start: datetime, end: datetime) -> list[BookmarkGroup]:
    """Collect bookmarks from `start` to `end` (UTC) in groups; empty groups are left out."""
    slots = lay_out(campaign, everyone(campaign))
    groups = {
        "Earth Hour": _shared(_earth_hour(campaign, slots)),
        "Summer time": _shared(_summer_time(campaign, start, end)),
        "Holidays": _shared(_holidays(campaign)),
        "Days": _days(campaign, slots),
        "Figures": _figures(campaign, slots),
    }
    sorted_groups = [BookmarkGroup(label, _within(found, start, end)) for label, found in groups.items()]
    return [group for group in sorted_groups if group.bookmarks]


def next_post_after(campaign: Campaign, now: datetime) -> datetime | None:
    """Return the instant (UTC) after `now` at which the next post is due, if there is one."""
    slots = lay_out(campaign, everyone(campaign))
    return next((slot.due_at for slot in slots if slot.due_at > now), None)


def _within(found: Iterable[Bookmark], start: datetime, end: datetime) -> list[Bookmark]:
    return sorted((each for each in found if start <= each.at <= end), key=lambda each: (each.at, each.label))


@dataclass(frozen=True)
class _LocalEvent:
    """Something that happens in one country at an instant."""

    at: datetime
    what: str
    country: Country


def _shared(found: Iterable[_LocalEvent]) -> Iterator[Bookmark]:
    """Merge events of the same kind and instant into one bookmark that names all their countries."""
    sharing: defaultdict[tuple[datetime, str], list[Country]] = defaultdict(list)
    for each in found:
        sharing[each.at, each.what].append(each.country)
    for (at, what), countries in sharing.items():
        zones = [country.zone for country in countries]
        yield Bookmark(f"{what} in {_names(countries)}", _when(at, zones[0], zones), at)


def _names(countries: Sequence[Country]) -> str:
    spoken = words(PAGE)
    names = [country_name(spoken, country.code) for country in countries]
    if len(names) > _MOST_NAMES:
        names[_MOST_NAMES - 1 :] = [f"{len(names) - _MOST_NAMES + 1} more"]
    return join_names(spoken, names)


def _when(at: datetime, zone: str, zones: Collection[str]) -> str:
    """Day and time in a zone, with its city where the clocks of the other zones show another time."""
    wall = local(at, zone)
    said = f"{wall:%a %d %b %H:%M}"
    is_clear = all(local(at, other) == wall for other in zones)
    return said if is_clear else f"{said} in {zone.rpartition('/')[2].replace('_', ' ')}"


def _earth_hour(campaign: Campaign, slots: Iterable[Slot]) -> Iterator[_LocalEvent]:
    reminders: dict[str | None, datetime] = {}
    for slot in slots:
        if slot.audience == Audience.EARTH_HOUR_REMINDER:
            reminders.setdefault(slot.country, slot.due_at)
    for country in campaign.countries:
        if country.code in reminders:
            yield _LocalEvent(reminders[country.code] - _BEFORE, "Before the Earth Hour reminder", country)
        yield _LocalEvent(campaign.earth_hour.begins(country.zone), "Earth Hour", country)


def _summer_time(campaign: Campaign, start: datetime, end: datetime) -> Iterator[_LocalEvent]:
    for country in campaign.countries:
        # A minute more, because the bookmark stands a minute before the change.
        for change in _changes(country.zone, start, end + _A_MINUTE):
            gained = _offset(change, country.zone) - _offset(change - _A_SECOND, country.zone)
            way = "forward" if gained > timedelta() else "back"
            yield _LocalEvent(change - _A_MINUTE, f"Clocks go {way} {_length(abs(gained))}", country)


def _changes(zone: str, start: datetime, end: datetime) -> Iterator[datetime]:
    """Find the instants at which the clocks of a zone change."""
    before = start.replace(microsecond=0)
    while before < end:
        after = before + _A_DAY
        if _offset(before, zone) != _offset(after, zone):
            yield _change(zone, before, after)
        before = after


def _change(zone: str, before: datetime, after: datetime) -> datetime:
    """Find the first second with the offset of `after`, by bisection."""
    while after - before > _A_SECOND:
        # Whole seconds, so that the bisection ends.
        middle = before + (after - before) // _A_SECOND // 2 * _A_SECOND
        if _offset(middle, zone) == _offset(after, zone):
            after = middle
        else:
            before = middle
    return after


def _offset(at: datetime, zone: str) -> timedelta:
    return local(at, zone) - local(at, "UTC")


def _length(span: timedelta) -> str:
    if span == _AN_HOUR:
        return "an hour"
    return f"{span // _A_MINUTE} minutes" if span % _AN_HOUR else f"{span // _AN_HOUR} hours"


def _holidays(campaign: Campaign) -> Iterator[_LocalEvent]:
    years = range(campaign.opens.year, campaign.closes.year + 1)
    for country in campaign.countries:
        if not known(country.code):
            continue
        calendar = holidays.country_holidays(country.code, years=years, language="en_US")
        for day, name in calendar.items():
            # On a weekend nobody works anyhow, and nothing moves because of it.
            if campaign.opens <= day <= campaign.closes and not calendar.is_weekend(day):
                # Shortly before nine, when the day's posts would be due if it were a working day.
                yield _LocalEvent(instant(datetime.combine(day, _MORNING), country.zone), name, country)


def _days(campaign: Campaign, slots: Iterable[Slot]) -> Iterator[Bookmark]:
    firsts: dict[date, Slot] = {}
    for slot in slots:
        firsts.setdefault(slot.local.date(), slot)
    for day, slot in firsts.items():
        at = slot.due_at - _BEFORE
        yield Bookmark(f"{day:%A} {day.day} {day:%B}", _when(at, slot.zone, _zones(campaign)), at)


def _figures(campaign: Campaign, slots: Iterable[Slot]) -> Iterator[Bookmark]:
    """Bookmarks at the first and last publication of figures, and at those that posts show."""
    times = set_times(campaign)
    labels = dict(zip((*times[:1], *times[-1:]), ("The first figures", "The last figures"), strict=False))
    labels |= {at: f"Figures for {join_names(words(PAGE), posts)}" for at, posts in _shown(slots, times).items()}
    for at, label in labels.items():
        yield Bookmark(label, _when(at, campaign.zone, _zones(campaign)), at)


def _shown(slots: Iterable[Slot], times: Sequence[datetime]) -> dict[datetime, list[str]]:
    """Return the posts that show figures, by the time at which those are counted."""
    posts: dict[datetime, list[str]] = {}
    for slot in slots:
        taken = [at for at in times if at <= slot.due_at]
        if KINDS[slot.kind].shows_standings and taken and slot.post not in posts.setdefault(taken[-1], []):
            posts[taken[-1]].append(slot.post)
    return posts


def _zones(campaign: Campaign) -> list[str]:
    return [campaign.zone, *(country.zone for country in campaign.countries)]
