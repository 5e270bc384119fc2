"""The published figures: taken on a few days, kept, and shown everywhere from there."""

from __future__ import annotations

from datetime import datetime

from bot.campaign.model import Campaign
from bot.campaign.publications import due_at, has_kilograms
from bot.standings.figures import DEFINITION, WHOLE, Standing, Standings
from bot.standings.measures import is_shown, readers, rules, tip_cell
from bot.standings.publication import Tabulation
from bot.store.participation import Participation
from bot.store.snapshots import Snapshot, Snapshots


class Register:
    """The snapshots of all campaigns, each under its set time.

    A bot that was away at a set time takes the figures when it is back, unless others are near by then: they are under
    the set time and say in `taken_at` when they were counted.
    """

    def __init__(self, participation: Participation, snapshots: Snapshots) -> None:
        self._participation = participation
        self._snapshots = snapshots

    async def keep_up(self, campaign: Campaign, now: datetime) -> Standings | None:
        """Take the figures if it is time and nobody has; the newest there are."""
        last = await self._snapshots.newest(campaign.id)
        before = Standings.model_validate_json(last.standings) if last else None
        due = due_at(campaign, now, before.taken_at if before else None)
        if due is not None and (last is None or last.taken_at < due):
            await self._take(campaign, due, now, before)
        return await self.newest(campaign)

    async def _take(self, campaign: Campaign, due: datetime, now: datetime, before: Standings | None) -> None:
        standings = (await self.tabulated(campaign)).standings(now, before, kilograms=has_kilograms(campaign, due))
        # Should another process have been first, its figures are the published ones.
        await self._snapshots.keep(Snapshot(campaign.id, due, DEFINITION, standings.model_dump_json()))

    async def tabulated(self, campaign: Campaign) -> Tabulation:
        """Everything that people have done by now, counted."""
        secret = await self._snapshots.secret(campaign.id, campaign.kept_until)
        counted = Tabulation(campaign, secret)
        async for person, adds in self._participation.added(campaign.id, rules(campaign)):
            counted.add(person, adds)
        return counted

    async def newest(self, campaign: Campaign) -> Standings | None:
        """The figures that are shown now: of what was published, only that which today's campaign would show."""
        snapshot = await self._snapshots.newest(campaign.id)
        return _allowed(campaign, Standings.model_validate_json(snapshot.standings)) if snapshot else None

    async def all(self, campaign: Campaign) -> list[Standings]:
        """Everything that was ever published of a campaign and would be today, oldest first."""
        kept = await self._snapshots.all(campaign.id)
        return [_allowed(campaign, Standings.model_validate_json(each.standings)) for each in kept]


def _allowed(campaign: Campaign, standings: Standings) -> Standings:
    """What today's headcounts and boards still show of what was published under those of its day."""
    alone = {country.code for country in campaign.countries if is_shown(campaign, [country])}
    tips = {tip_cell(campaign, post) for post in campaign.posts if is_shown(campaign, readers(campaign, post))}
    whole = standings.whole if is_shown(campaign, campaign.countries) else Standing(place=WHOLE)
    return standings.model_copy(
        update={
            "whole": whole,
            "places": tuple(each for each in standings.places if each.place in alone),
            "tips": {name: figure for name, figure in standings.tips.items() if name in tips},
        }
    )
