"""The figures that are published once, with the last ones of a campaign, for all countries together.

Most of them would tell little before: how an idea ends is known late. And each is one more draw of the noise, of which
there should be few.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from bot.campaign.model import PEOPLE, Audience, Campaign
from bot.standings import displayed_figures
from bot.standings.cell_key_noise import Cell
from bot.standings.indicators import is_shown
from bot.standings.published_figures import IDEA_STAGES, WHOLE, Arrived, Band, Closing, Figure, Standing
from bot.store.closing_contributions import (
    CHOSEN,
    IDEA,
    KEPT,
    MESSAGED,
    closing_contributions,
    posts_in_channels,
)
from bot.store.participation import Contribution


class ClosingTabulation:
    """The cells of the closing figures, filled person by person."""

    def __init__(self, campaign: Campaign, secret: bytes) -> None:
        """Every cell, empty; none at all for a company of which nothing is shown."""
        self._campaign = campaign
        self._codes = {country.code for country in campaign.countries}
        pledges = [prefix + each.id for each in campaign.pledges for prefix in (CHOSEN, KEPT)]
        names = [*pledges, *(IDEA + stage for stage in IDEA_STAGES), MESSAGED]
        self.cells: dict[str, Cell] = {}
        if is_shown(campaign, campaign.countries):
            self.cells = {name: Cell(secret, f"{name}:{WHOLE}") for name in names}

    def add(self, person: str, adds: Contribution) -> None:
        """Count what one person adds, all of it at once; people in other countries are not in the total."""
        amounts: defaultdict[str, int] = defaultdict(int)
        for (measure, country), amount in adds.items():
            if country in self._codes and measure in self.cells:
                amounts[measure] += amount
        for measure, amount in amounts.items():
            self.cells[measure].add(person, amount)

    def closing(self, whole: Standing) -> Closing:
        """Blur everything. `whole` has the figures of the same publication for all countries together."""
        if not self.cells:
            return Closing()
        return Closing(
            chosen={each.id: self._people(whole, CHOSEN + each.id) for each in self._campaign.pledges},
            kept={each.id: self._people(whole, CHOSEN + each.id, KEPT + each.id) for each in self._campaign.pledges},
            ideas={stage: self._figure(self.cells[IDEA + stage].blurred()) for stage in IDEA_STAGES},
            messaged=self._people(whole, MESSAGED),
        )

    def _people(self, whole: Standing, *measures: str) -> Figure:
        """Show the last of some measures, each a part of the one before it and all of those who take part."""
        value = min(self.cells[measure].blurred() for measure in measures)
        if whole.participants is Band.FEW:
            return Band.FEW
        if isinstance(whole.participants, int):
            # Noise could make a part larger than its whole.
            value = min(value, whole.participants)
        return self._figure(value, whole.headcount)

    def _figure(self, value: int, headcount: int | None = None) -> Figure:
        return displayed_figures.count(value, self._campaign.smallest_group, headcount)


def closing_figures(
    connection: Connection, campaign: Campaign, secret: bytes, whole: Standing, now: datetime
) -> Closing:
    """Count and blur what is published once. Where a post has arrived is about channels, and exact."""
    counted = ClosingTabulation(campaign, secret)
    for person, adds in closing_contributions(connection, campaign.id, PEOPLE):
        counted.add(person, adds)
    posts = posts_in_channels(connection, campaign.id, {Audience.COUNTRIES, Audience.COMPANY}, now)
    arrived = {post: Arrived(arrived=there, planned=planned) for post, (there, planned) in posts.items()}
    return counted.closing(whole).model_copy(update={"posts": arrived})


def by_figure(figures: Mapping[str, Figure]) -> list[tuple[str, Figure]]:
    """Sort figures with the most first, by what is shown alone: words for many, then numbers, then words for few."""
    return sorted(figures.items(), key=lambda each: -_size(each[1]))


def _size(figure: Figure) -> float:
    if isinstance(figure, int):
        return figure
    return math.inf if figure is Band.NEARLY_ALL else 0
