"""The times of publications: on few days, and never close to each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import pairwise

from bot.campaign.localtime import instant
from bot.campaign.model import Campaign
from bot.campaign.schedule import everyone, slots_of

NOON = time(12)
"""The time, in the company's zone, at which figures are taken on days of the week itself."""

_RESULTS = "results"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = timedelta(days=1)
_BEFORE_RESULTS = timedelta(hours=1)
_APART = timedelta(hours=12)
"""The least time between two publications: a change over less time would be about too few people."""

_LATE = 2 * _DAY
"""The most that figures can be late, for as long as results are news."""


def set_times(campaign: Campaign) -> list[datetime]:
    """List the instants at which figures are taken: at noon on days of the week, and before the results are posted."""
    times = sorted({*_in_the_week(campaign), *_before_results(campaign)})
    crowded = {at for at, after in pairwise(times) if after - at < _APART}
    return [at for at in times if at not in crowded]


def _in_the_week(campaign: Campaign) -> Iterator[datetime]:
    for after in range((campaign.last_day - campaign.first_day).days + 1):
        day = campaign.first_day + after * _DAY
        if _WEEKDAYS[day.weekday()] in campaign.figures.days:
            yield instant(datetime.combine(day, NOON), campaign.zone)


def _before_results(campaign: Campaign) -> Iterator[datetime]:
    """Yield an hour before the first results are due, or noon of the last day if no post shows them."""
    if _RESULTS not in campaign.figures.days:
        return
    posts = [post for post in campaign.posts if post.kind == _RESULTS]
    # All zones: results are posted in local time, and every country must show the same figures.
    due = [slot.due_at for post in posts for slot in slots_of(campaign, post, everyone(campaign))]
    yield min(due) - _BEFORE_RESULTS if due else instant(datetime.combine(campaign.closes, NOON), campaign.zone)


def next_at(campaign: Campaign, now: datetime) -> datetime | None:
    """Return the next time of publication after `now`, or None after the last."""
    return next((each for each in set_times(campaign) if each > now), None)


def has_kilograms(campaign: Campaign, at: datetime) -> bool:
    """Return whether a publication includes kilograms, which only the last one of the week and later ones do."""
    # Without a publication in the week, every publication includes them.
    return at >= max(_in_the_week(campaign), default=at)


def is_last(campaign: Campaign, at: datetime) -> bool:
    """Return whether a time of publication is the last one, which includes what is published once."""
    return at == set_times(campaign)[-1]


def due_at(campaign: Campaign, now: datetime, last: datetime | None) -> datetime | None:
    """Return the time of publication that is due now, or None. `last` is when figures were last taken, late or not."""
    passed = [each for each in set_times(campaign) if each <= now]
    coming = next_at(campaign, now)
    # Late figures must not be close to others either; then they are left out.
    near = [each for each in (last, coming) if each and abs(now - each) < _APART]
    return passed[-1] if passed and not near and now - passed[-1] <= _LATE else None
