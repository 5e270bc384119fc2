"""What is published once: whose figures they are, what they say, and that they are blurred."""

from __future__ import annotations

import math

import pytest

from bot.messages.organise.idea_stages import STAGES
from bot.standings import cell_key_noise
from bot.standings.closing import ClosingTabulation
from bot.standings.published_figures import IDEA_STAGES, Band, Closing, Figure, Standing
from bot.store.participation import Contribution
from tests.campaigns import campaign, country, shipped_campaign

from .worlds import SECRET

FEW = Band.FEW
PLEDGE, OTHER = (each.id for each in shipped_campaign().pledges[:2])
OF = campaign(country("SE", 60), country("NO", 40), pledges=shipped_campaign().pledges[:2])


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """The method without its noise, to see what it is put around."""
    monkeypatch.setattr(cell_key_noise, "noise", lambda _key, _max_per_act=1: 0)


def closing(people: dict[str, Contribution], participants: Figure = 50, headcount: int = 100) -> Closing:
    counted = ClosingTabulation(OF, SECRET)
    for person, adds in people.items():
        counted.add(person, adds)
    return counted.closing(Standing(place="all", headcount=headcount, participants=participants))


def each(number: int, *measures: str, place: str = "SE") -> dict[str, Contribution]:
    adds: Contribution = {(measure, place): 1 for measure in measures}
    return {f"{place}{measures}{n}": adds for n in range(number)}


@pytest.mark.usefixtures("exact")
def test_countries_count_together_and_others_not_at_all() -> None:
    chosen = f"chosen:{PLEDGE}"
    found = closing({**each(20, chosen), **each(10, chosen, place="NO"), **each(40, chosen, place="FI")})
    assert found.chosen == {PLEDGE: 30, OTHER: FEW}
    assert set(found.ideas) == set(IDEA_STAGES) == set(STAGES)


@pytest.mark.usefixtures("exact")
def test_part_is_never_more_than_its_whole() -> None:
    people = {**each(20, f"chosen:{PLEDGE}"), **each(40, f"kept:{PLEDGE}"), **each(80, "messaged")}
    found = closing(people)
    assert (found.chosen[PLEDGE], found.kept[PLEDGE], found.messaged) == (20, 20, 50)
    assert closing(people, participants=FEW).chosen == {PLEDGE: FEW, OTHER: FEW}


def test_company_of_which_nothing_is_shown_has_none() -> None:
    small = campaign(country("SE", 8), pledges=OF.pledges)
    assert ClosingTabulation(small, SECRET).closing(Standing(place="all")) == Closing()


def test_each_figure_has_noise_of_its_own() -> None:
    drawn: dict[str, list[int]] = {}
    for number in range(200):
        counted = ClosingTabulation(OF, number.to_bytes(32))
        for person, adds in each(20, f"chosen:{PLEDGE}", "idea:new", "messaged").items():
            counted.add(person, adds)
        for name, cell in counted.cells.items():
            drawn.setdefault(name, []).append(cell.blurred() - cell.total)
    for name, noise in drawn.items():
        wide = math.sqrt(sum(value**2 for value in noise) / len(noise))
        assert wide == pytest.approx(cell_key_noise.deviation(), rel=0.4), name
    assert len({tuple(noise) for noise in drawn.values()}) == len(drawn)
