"""The measures there are: what is counted, of whom, and what each is a part of."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from bot.campaign.model import Campaign
from bot.standings.figures import Kilograms
from bot.standings.rounding import kilograms, rate
from bot.store.participation import Estimate, Tally

Figure = int | Kilograms | None

RESPONSE = "response_rate"
PLEDGES = "pledges"

_HOUR = 60


@dataclass(frozen=True)
class Measure:
    """One figure of a standing, by the name it has there.

    `of` are the people it comes from and `counts` is what is counted, each by its name in a tally. It can be at most
    `each` times the measure that it is `part_of`; participants are a part of the headcount. For `two_sided` and `exact`
    see `suppression`.
    """

    name: str
    part_of: str | None
    of: str
    counts: str
    each: float = 1
    two_sided: bool = False
    exact: bool = True

    def people(self, tally: Tally) -> int:
        """How many people are behind the figure."""
        return int(getattr(tally, self.of))

    def value(self, tally: Tally) -> float:
        """The figure as a number, before it is rounded."""
        counted = getattr(tally, self.counts)
        return float(counted.about if isinstance(counted, Estimate) else counted)

    def figure(self, tally: Tally) -> Figure:
        """The figure as it is shown."""
        if self.name == RESPONSE:
            return rate(tally.answerers, tally.pledgers)
        counted = getattr(tally, self.counts)
        return kilograms(counted) if isinstance(counted, Estimate) else int(counted)


def measures(campaign: Campaign) -> tuple[Measure, ...]:
    """Every measure of a campaign, each after the one it is a part of."""
    return tuple(
        replace(measure, each=len(campaign.pledges)) if measure.name == PLEDGES else measure for measure in _MEASURES
    )


_MEASURES = (
    Measure("participants", None, "participants", "participants", two_sided=True),
    Measure("continuing", "participants", "continuing", "continuing", two_sided=True),
    Measure("opted_out", "participants", "opted_out", "opted_out", two_sided=True),
    Measure("earth_hour_people", "participants", "earth_hour_people", "earth_hour_people", two_sided=True),
    Measure("earth_hour_minutes", "earth_hour_people", "minutes_by", "earth_hour_minutes", each=_HOUR),
    # Never shown, but pledges and shares say much of it: it is hidden as if it were.
    Measure("pledgers", "participants", "pledgers", "pledgers"),
    Measure(PLEDGES, "pledgers", "pledgers", "pledges"),
    Measure("pledged", PLEDGES, "pledged_by", "pledged", each=math.inf, exact=False),
    Measure("confirmed_pledges", PLEDGES, "confirmers", "confirmed_pledges"),
    Measure("confirmed", "confirmed_pledges", "confirmed_by", "confirmed", each=math.inf, exact=False),
    Measure(RESPONSE, "pledgers", "answerers", "answerers", two_sided=True),
)
