"""From what people did to figures that are safe to show."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from bot.campaign.model import Campaign, Country
from bot.standings import shown
from bot.standings.cells import Cell
from bot.standings.figures import DEFINITION, ELSEWHERE, WHOLE, Band, Figure, Kilograms, Standing, Standings
from bot.standings.measures import Unit, headcount, is_shown, measures, readers, tip_cell
from bot.store.participation import TIP, Adds


class Tabulation:
    """The cells of a campaign, filled person by person."""

    def __init__(self, campaign: Campaign, secret: bytes) -> None:
        """Every cell that is shown, empty. A country that is the only one has none beside the whole."""
        self._campaign = campaign
        several = len(campaign.countries) > 1
        self._alone = [each for each in campaign.countries if several and is_shown(campaign, [each])]
        self._cells = {
            (measure.name, place): Cell(secret, f"{measure.name}:{place}", measure.most)
            for measure in measures(campaign)
            for place in (WHOLE, *(country.code for country in self._alone), ELSEWHERE)
        }
        tips = {tip_cell(campaign, post): readers(campaign, post) for post in campaign.posts if post.kind == "tip"}
        self._tips = {name: (Cell(secret, name), to) for name, to in tips.items() if is_shown(campaign, to)}
        self._counted_in: dict[tuple[str, str | None], tuple[Cell, ...]] = {}

    def add(self, person: str, adds: Adds) -> None:
        """Count what one person adds, all of it at once."""
        amounts: dict[Cell, int] = {}
        for what, amount in adds.items():
            for cell in self._cells_of(*what):
                amounts[cell] = amounts.get(cell, 0) + amount
        for cell, amount in amounts.items():
            cell.add(person, amount)

    def cell(self, measure: str, place: str) -> Cell:
        """A cell, with what is in it by now."""
        return self._cells[measure, place]

    def _cells_of(self, measure: str, country: str | None) -> tuple[Cell, ...]:
        what = measure, country
        if what not in self._counted_in:
            find = self._of_tip if measure.startswith(TIP) else self._of_places
            self._counted_in[what] = tuple(find(measure, country))
        return self._counted_in[what]

    def _of_places(self, measure: str, country: str | None) -> Iterator[Cell]:
        places = (WHOLE, country) if self._campaign.country(country) else (ELSEWHERE,)
        yield from (cell for place in places if place and (cell := self._cells.get((measure, place))))

    def _of_tip(self, measure: str, country: str | None) -> Iterator[Cell]:
        for name, (cell, to) in self._tips.items():
            if name.startswith(f"{measure}:") and any(each.code == country for each in to):
                yield cell

    def standings(self, now: datetime, before: Standings | None, *, kilograms: bool = True) -> Standings:
        """Everything as it is shown; `before` is what was published last, and on most days kilograms are left out."""
        campaign = self._campaign
        names = {each.name for each in measures(campaign) if kilograms or each.unit is not Unit.GRAMS}
        if now < campaign.earth_hour.begins(campaign.zone):
            names -= {"earth_hour_people", "earth_hour_minutes"}
        dates = [country.headcount_date for country in campaign.countries if country.headcount_date]
        whole = Standing(place=WHOLE, headcount=campaign.headcount, headcount_date=min(dates, default=None))
        if is_shown(campaign, campaign.countries):
            whole = self._filled(whole, names)
        alone = [self._filled(_of(country), names) for country in self._alone]
        return Standings(
            campaign=campaign.id,
            taken_at=now,
            definition=DEFINITION,
            factors=campaign.factors_version,
            smallest_group=campaign.smallest_group,
            max_kg=campaign.figures.max_kg,
            kilograms=kilograms,
            goal_percent=campaign.goal.participation_percent if campaign.goal else None,
            goal_reached=self._is_reached(whole, before),
            whole=whole,
            places=shown.ranked(alone, campaign.smallest_group),
            elsewhere=self._filled(Standing(place=ELSEWHERE), names),
            tips={
                name: shown.count(cell.blurred(), campaign.smallest_group, headcount(to))
                for name, (cell, to) in self._tips.items()
            },
        )

    def _filled(self, standing: Standing, names: Collection[str]) -> Standing:
        """A place with the figures of some measures."""
        blurred: dict[str, int] = {}
        figures: dict[str, Figure | Kilograms] = {}
        units = {each.name: each.unit for each in measures(self._campaign)}
        for each in measures(self._campaign):
            value = self.cell(each.name, standing.place).blurred()
            if each.part_of and each.unit is units[each.part_of]:
                value = min(value, blurred[each.part_of])
            blurred[each.name] = value
            # Where few take part, an amount that stands out is the noise's doing.
            is_clear = each.unit is Unit.PEOPLE or figures["participants"] is not Band.FEW
            if is_clear and each.name in names:
                figures[each.name] = shown.figure(self._campaign, each, value, standing.headcount)
        figures["response_rate"] = shown.share(blurred["answerers"], blurred["pledgers"])
        if isinstance(people := figures["participants"], int) and standing.headcount:
            figures["rate"] = shown.rate(people, standing.headcount)
        return standing.model_copy(update={name: figures[name] for name in figures if name in Standing.model_fields})

    def _is_reached(self, whole: Standing, before: Standings | None) -> bool:
        """Whether the goal is reached, or was before: what was celebrated is not taken back."""
        goal = self._campaign.goal.participation_percent if self._campaign.goal else None
        if goal is None:
            return False
        if before and before.goal_reached and before.goal_percent and goal <= before.goal_percent:
            return True
        if whole.participants is None or not whole.headcount:
            return False
        people = shown.number(whole.participants, self._campaign.smallest_group, whole.headcount)
        return 100 * people >= goal * whole.headcount


def _of(country: Country) -> Standing:
    return Standing(place=country.code, headcount=country.headcount, headcount_date=country.headcount_date)
