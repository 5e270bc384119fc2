"""The published figures: taken once a day at a set time, kept, and shown everywhere from there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from bot.campaign.localtime import instant
from bot.campaign.model import Campaign, Per
from bot.standings.basis import Basis
from bot.standings.figures import DEFINITION, Standings
from bot.standings.publication import publish
from bot.store.participation import Participation
from bot.store.snapshots import Snapshot, Snapshots

NOON = time(12)
"""The local time, on the company's clock, at which figures are taken on each day of the campaign."""

_DAY = timedelta(days=1)
_ONCE = frozenset({Per.ONCE, Per.WEEK})


def set_times(campaign: Campaign) -> Iterator[datetime]:
    """The instants at which figures are taken, from the day the campaign opens to the day it closes."""
    for after in range((campaign.closes - campaign.opens).days + 1):
        yield instant(datetime.combine(campaign.opens + after * _DAY, NOON), campaign.zone)


def next_at(campaign: Campaign, now: datetime) -> datetime | None:
    """The next set time after `now`, if there is one more."""
    return next((each for each in set_times(campaign) if each > now), None)


def _due_at(campaign: Campaign, now: datetime) -> datetime | None:
    """The set time whose figures can still be taken: the last one, for a day."""
    return max((each for each in set_times(campaign) if each <= now < each + _DAY), default=None)


class Register:
    """The snapshots of all campaigns, each under its set time.

    A bot that was away at a set time takes the figures when it is back, within a day: they are under the set time and
    say in `taken_at` when they were counted. What was missed longer ago is left out.
    """

    def __init__(self, participation: Participation, snapshots: Snapshots) -> None:
        self._participation = participation
        self._snapshots = snapshots

    async def keep_up(self, campaign: Campaign, now: datetime) -> Standings | None:
        """Take the figures if it is time and nobody has; the newest there are."""
        due_at = _due_at(campaign, now)
        last = await self._snapshots.newest(campaign.id)
        if due_at is not None and (last is None or last.taken_at < due_at):
            await self._take(campaign, due_at, now, last)
        return await self.newest(campaign.id)

    async def _take(self, campaign: Campaign, due_at: datetime, now: datetime, last: Snapshot | None) -> None:
        once = [pledge.id for pledge in campaign.pledges if pledge.per in _ONCE]
        tallies = await self._participation.tallies(campaign.id, once)
        basis = Basis.model_validate_json(last.basis) if last else Basis()
        standings, kept = publish(campaign, tallies, now, basis)
        # Should another process have been first, its figures are the published ones.
        await self._snapshots.keep(
            Snapshot(campaign.id, due_at, DEFINITION, standings.model_dump_json(), kept.model_dump_json())
        )

    async def newest(self, campaign: str) -> Standings | None:
        """The figures that are shown now."""
        snapshot = await self._snapshots.newest(campaign)
        return Standings.model_validate_json(snapshot.standings) if snapshot else None

    async def all(self, campaign: str) -> list[Standings]:
        """Everything that was ever published of a campaign, oldest first."""
        return [Standings.model_validate_json(each.standings) for each in await self._snapshots.all(campaign)]
