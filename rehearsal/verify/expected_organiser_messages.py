"""Derives the messages that organisers should get by the calendar: before the week, on its days, and after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.campaign.localtime import instant, local
from bot.campaign.model import Audience, Campaign
from bot.campaign.schedule import everyone, lay_out
from bot.campaign.workdays import is_working_day
from rehearsal.slack.workspace import Workspace
from rehearsal.verify.delivery_audit import ExpectedMessage

_DAY = timedelta(days=1)
_COUNTED = (7, 3, 1)
_BEFORE, _UNTIL, _DIGEST, _AFTER = time(9), time(17), time(16), time(9)
_DIGEST_FOR, _AFTER_FOR = timedelta(hours=4), timedelta(days=2)
_SHORTLY = timedelta(hours=2)


@dataclass(frozen=True)
class _Organiser:
    """An organiser, on the clock and with the holidays of their country; a manager of none is on the company's."""

    user: str
    zone: str
    country: str | None

    def at(self, day: date, when: time) -> datetime:
        return instant(datetime.combine(day, when), self.zone)


def organiser_messages(campaign: Campaign, workspace: Workspace, start: datetime) -> Iterator[ExpectedMessage]:
    """Yield every message that can still be sent at the start of the rehearsal."""
    for organiser in _organisers(campaign):
        for kind, due_at, expires_at, certain in _times(campaign, organiser):
            if expires_at > start:
                yield ExpectedMessage(workspace.im(organiser.user), kind, due_at, expires_at, certain=certain)


def _organisers(campaign: Campaign) -> Iterator[_Organiser]:
    seen = set()
    for country in campaign.countries:
        for user in country.representatives:
            if user not in seen:
                yield _Organiser(user, country.zone, country.code)
            seen.add(user)
    if campaign.company:
        for user in campaign.company.managers:
            if user not in seen:
                yield _Organiser(user, campaign.company.zone, None)


def _times(campaign: Campaign, organiser: _Organiser) -> Iterator[tuple[str, datetime, datetime, bool]]:
    day, counted = campaign.first_day, 0
    while counted < max(_COUNTED):
        day -= _DAY
        counted += is_working_day(day, organiser.country)
        if is_working_day(day, organiser.country) and counted in _COUNTED:
            yield "countdown", organiser.at(day, _BEFORE), organiser.at(day, _UNTIL), True
    day = campaign.first_day
    while day <= campaign.last_day:
        if is_working_day(day, organiser.country):
            due_at = organiser.at(day, _DIGEST)
            yield "digest", due_at, due_at + _DIGEST_FOR, True
        day += _DAY
    while not is_working_day(day, organiser.country):
        day += _DAY
    yield "reach", organiser.at(day, _AFTER), organiser.at(day, _AFTER) + _AFTER_FOR, True
    if campaign.approval_required:
        yield from _approvals(campaign, organiser)


def _approvals(campaign: Campaign, organiser: _Organiser) -> Iterator[tuple[str, datetime, datetime, bool]]:
    """Yield what comes only if nobody approves in time, and only to those who can."""
    posts = (slot for slot in lay_out(campaign, everyone(campaign)) if slot.audience != Audience.REPRESENTATIVES)
    for due_at in sorted({slot.due_at for slot in posts}):
        eve = instant(local(due_at, organiser.zone) - _DAY, organiser.zone)
        yield "approval_waiting", eve, due_at - _SHORTLY, False
        yield "approval_waiting", due_at - _SHORTLY, due_at, False
