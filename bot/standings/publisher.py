"""The publisher: from what people did to figures that are safe to show, taken on a few days and shown from there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, time

from sqlalchemy import Connection

from bot.campaign import guesses
from bot.campaign.figure_publication_times import due_at, has_kilograms, is_last
from bot.campaign.localtime import instant
from bot.campaign.model import Campaign, Country, Post
from bot.standings import awareness, displayed_figures
from bot.standings.cell_key_noise import Cell
from bot.standings.closing import closing_figures
from bot.standings.indicators import (
    guess_cell,
    guess_measure,
    headcount,
    is_shown,
    measures,
    readers,
    rules,
    tip_cell,
)
from bot.standings.published_figures import (
    DEFINITION,
    ELSEWHERE,
    WHOLE,
    Band,
    Closing,
    Figure,
    Kilograms,
    Standing,
    Standings,
)
from bot.standings.year_on_year import Former
from bot.store.awareness import Awareness
from bot.store.participation import TIP, Contribution, contributions
from bot.store.snapshots import Snapshot, Snapshots
from bot.store.store import Store


class Tabulation:
    """The cells of a campaign, filled person by person."""

    def __init__(self, campaign: Campaign, secret: bytes) -> None:
        """Every cell that is shown, empty. A country that is the only one has none beside the whole."""
        self._campaign = campaign
        self._measures = measures(campaign)
        self._secret = secret
        self._codes = frozenset(country.code for country in campaign.countries)
        self._alone = _alone(campaign) if len(campaign.countries) > 1 else []
        self._tips = {tip_cell(campaign, post): post for post in _tips(campaign)}
        self._guesses = _guesses(campaign)
        self._cells: dict[str, Cell] = {}
        self._counted_in: defaultdict[tuple[str, str], list[Cell]] = defaultdict(list)
        self._lay_out()

    def _lay_out(self) -> None:
        places: dict[str, Collection[str]] = {WHOLE: self._codes, ELSEWHERE: {ELSEWHERE}}
        places |= {country.code: {country.code} for country in self._alone}
        for measure in self._measures:
            for place, countries in places.items():
                self._open(f"{measure.name}:{place}", measure.name, countries, measure.max_per_act)
        for name, post in self._tips.items():
            self._open(name, TIP + post.post, _codes(self._campaign, post))
        for name, (post, answer) in self._guesses.items():
            self._open(name, guess_measure(post, answer), _codes(self._campaign, post))
        for asked, place, countries in awareness.cells(self._campaign):
            self._open(f"{asked}:{place}", asked, countries)

    def _open(self, name: str, measure: str, countries: Collection[str], max_per_act: int = 1) -> None:
        self._cells[name] = cell = Cell(self._secret, name, max_per_act)
        for country in countries:
            self._counted_in[measure, country].append(cell)

    def add(self, person: str, adds: Contribution) -> None:
        """Count what one person adds, all of it at once."""
        # Added up first: a cell takes one record a person, whose key depends on the whole amount.
        amounts: defaultdict[Cell, int] = defaultdict(int)
        for (measure, country), amount in adds.items():
            place = country if country in self._codes else ELSEWHERE
            for cell in self._counted_in.get((measure, str(place)), ()):
                amounts[cell] += amount
        for cell, amount in amounts.items():
            cell.add(person, amount)

    def cell(self, measure: str, place: str) -> Cell:
        """Find a cell, with what is in it by now."""
        return self._cells[f"{measure}:{place}"]

    def standings(self, now: datetime, before: Standings | None, *, kilograms: bool = True) -> Standings:
        """Blur everything; `before` is what was published last, and on most days kilograms are left out."""
        campaign = self._campaign
        names = {each.name for each in self._measures if kilograms or each.unit != "grams"}
        if now < campaign.earth_hour.begins(campaign.zone):
            # Nobody can have taken part yet, so any figure would be noise.
            names -= {"earth_hour_people", "earth_hour_minutes"}
        dates = [country.headcount_date for country in campaign.countries if country.headcount_date]
        # The oldest date, since a sum is no more recent than its oldest part.
        whole = Standing(place=WHOLE, headcount=campaign.headcount, headcount_date=min(dates, default=None))
        if is_shown(campaign, campaign.countries):
            whole = self._filled(whole, names)
        places = [self._filled(_of(country), names) for country in self._alone]
        return Standings(
            campaign=campaign.id,
            taken_at=now,
            definition=DEFINITION,
            factors=campaign.factors_version,
            smallest_group=campaign.smallest_group,
            max_kg=campaign.figures.max_kg,
            kilograms=kilograms,
            goal_percent=campaign.goal.participation_percent if campaign.goal else None,
            goal_reached=_is_reached(campaign, whole, before),
            whole=whole,
            places=displayed_figures.ranked(places, campaign.smallest_group),
            elsewhere=self._filled(Standing(place=ELSEWHERE), names),
            tips={name: self._people(name, post) for name, post in self._tips.items()},
            guesses={name: self._people(name, post) for name, post in self._asked(now).items()},
            awareness=tuple(awareness.figures(campaign, now, self.cell)),
        )

    def _filled(self, standing: Standing, names: Collection[str]) -> Standing:
        """Fill a place with the figures of some measures."""
        blurred: dict[str, int] = {}
        figures: dict[str, Figure | Kilograms] = {}
        units = {each.name: each.unit for each in self._measures}
        for each in self._measures:
            value = self.cell(each.name, standing.place).blurred()
            if each.part_of and each.unit == units[each.part_of]:
                # Noise could make a part larger than its whole.
                value = min(value, blurred[each.part_of])
            blurred[each.name] = value
            # Where few take part, an amount large enough to be shown comes from the noise.
            is_clear = each.unit == "people" or figures["participants"] is not Band.FEW
            if is_clear and each.name in names:
                figures[each.name] = displayed_figures.figure(self._campaign, each, value, standing.headcount)
        figures["response_rate"] = displayed_figures.share(blurred["answerers"], blurred["pledgers"])
        if isinstance(people := figures["participants"], int) and standing.headcount:
            figures["rate"] = displayed_figures.rate(people, standing.headcount)
        return standing.model_copy(update={name: figures[name] for name in figures if name in Standing.model_fields})

    def _asked(self, now: datetime) -> dict[str, Post]:
        """Return the guesses that somebody can have answered yet: of the others, any figure would be noise."""
        campaign = self._campaign
        asked = {name: (post, guesses.asked_at(campaign, post)) for name, (post, _) in self._guesses.items()}
        return {name: post for name, (post, since) in asked.items() if since and since <= now}

    def _people(self, name: str, post: Post) -> Figure:
        people = headcount(readers(self._campaign, post))
        return displayed_figures.count(self._cells[name].blurred(), self._campaign.smallest_group, people)


class Publisher:
    """The snapshots of all campaigns, each under its set time.

    A bot that was away at a set time takes the figures when it is back, unless others are near by then: they are under
    the set time and say in `taken_at` when they were counted.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def keep_up(self, campaign: Campaign, now: datetime) -> Standings | None:
        """Take the figures if it is time and nobody has. Returns the newest there are."""
        last = await self._store.read(self._store.snapshots.newest, campaign.id)
        before = Standings.model_validate_json(last.standings) if last else None
        due = due_at(campaign, now, before.taken_at if before else None)
        if due is not None and (last is None or last.taken_at < due):
            counted = await self.tabulated(campaign)
            taken = counted.standings(now, before, kilograms=has_kilograms(campaign, due))
            if is_last(campaign, due):
                closing = await self._closing(campaign, taken.whole, now)
                taken = taken.model_copy(update={"closing": closing})
            # Should another process have been first, its figures are the published ones.
            await self._store.write(
                self._store.snapshots.keep, Snapshot(campaign.id, due, DEFINITION, taken.model_dump_json())
            )
        return await self.newest(campaign)

    async def tabulated(self, campaign: Campaign) -> Tabulation:
        """Count everything that people have done by now."""
        return await self._store.count(_tabulated, campaign, await self._secret(campaign))

    async def _closing(self, campaign: Campaign, whole: Standing, now: datetime) -> Closing:
        return await self._store.count(closing_figures, campaign, await self._secret(campaign), whole, now)

    async def _secret(self, campaign: Campaign) -> bytes:
        return await self._store.write(self._store.snapshots.secret, campaign.id, campaign.kept_until)

    async def newest(self, campaign: Campaign) -> Standings | None:
        """Read the figures that are shown now: of what was published, only that which today's campaign would show."""
        snapshot = await self._store.read(self._store.snapshots.newest, campaign.id)
        return as_shown(campaign, snapshot)

    async def all(self, campaign: Campaign) -> list[Standings]:
        """Read everything that was ever published of a campaign and would be today, oldest first."""
        return await self._store.read(published, campaign)

    async def former(self, campaign: Campaign) -> Former | None:
        """Read the last figures of the campaign before, if there was one."""
        return await self._store.read(former, campaign)


def _tabulated(connection: Connection, campaign: Campaign, secret: bytes) -> Tabulation:
    counted = Tabulation(campaign, secret)
    for person, adds in contributions(connection, campaign.id, rules(campaign)):
        counted.add(person, adds)
    for answer, adds in Awareness().contributions(connection, campaign.id):
        counted.add(answer, adds)
    return counted


def published(connection: Connection, campaign: Campaign) -> list[Standings]:
    """Read everything that was ever published of a campaign and would be today, oldest first."""
    return [_allowed(campaign, snapshot) for snapshot in Snapshots().all(connection, campaign.id)]


def former(connection: Connection, campaign: Campaign) -> Former | None:
    """Read the last figures of the campaign before, if this database has them. They are kept without people."""
    begins = instant(datetime.combine(campaign.opens, time.min), campaign.zone)
    snapshot = Snapshots().former(connection, campaign.id, begins)
    return Former.of(Standings.model_validate_json(snapshot.standings)) if snapshot else None


def as_shown(campaign: Campaign, snapshot: Snapshot | None) -> Standings | None:
    """Return the figures of a snapshot that are shown now: only what today's campaign would show."""
    return _allowed(campaign, snapshot) if snapshot else None


def _allowed(campaign: Campaign, snapshot: Snapshot) -> Standings:
    """Leave out what today's headcounts and boards no longer show of what was published under those of its day."""
    published = Standings.model_validate_json(snapshot.standings)
    alone = {country.code for country in _alone(campaign)}
    tips = {tip_cell(campaign, post) for post in _tips(campaign)}
    is_whole_shown = is_shown(campaign, campaign.countries)
    left = {
        "whole": published.whole if is_whole_shown else Standing(place=WHOLE),
        "closing": published.closing if is_whole_shown else None,
        "places": tuple(each for each in published.places if each.place in alone),
        "tips": {name: figure for name, figure in published.tips.items() if name in tips},
        "guesses": {name: figure for name, figure in published.guesses.items() if name in _guesses(campaign)},
        "awareness": tuple(each for each in published.awareness if awareness.is_allowed(campaign, each)),
    }
    return published.model_copy(update=left)


def _alone(campaign: Campaign) -> list[Country]:
    return [country for country in campaign.countries if is_shown(campaign, [country])]


def _tips(campaign: Campaign) -> list[Post]:
    tips = [post for post in campaign.posts if post.kind == "tip"]
    return [post for post in tips if is_shown(campaign, readers(campaign, post))]


def _guesses(campaign: Campaign) -> dict[str, tuple[Post, int]]:
    """Return each answer that can be guessed, as its post and its number, by its cell."""
    asked = [post for post in campaign.posts if post.kind == guesses.GUESS]
    return {
        guess_cell(campaign, post, answer): (post, answer)
        for post in asked
        if is_shown(campaign, readers(campaign, post))
        for answer in range(1, guesses.answer_count(campaign, post) + 1)
    }


def _codes(campaign: Campaign, post: Post) -> set[str]:
    return {country.code for country in readers(campaign, post)}


def _of(country: Country) -> Standing:
    return Standing(place=country.code, headcount=country.headcount, headcount_date=country.headcount_date)


def _is_reached(campaign: Campaign, whole: Standing, before: Standings | None) -> bool:
    """Judge whether the goal is reached, or was before: what was celebrated is not taken back."""
    goal = campaign.goal.participation_percent if campaign.goal else None
    if goal is None:
        return False
    if before and before.goal_reached and before.goal_percent and goal <= before.goal_percent:
        return True
    if whole.participants is None or not whole.headcount:
        return False
    people = displayed_figures.number(whole.participants, campaign.smallest_group, whole.headcount)
    return 100 * people >= goal * whole.headcount
