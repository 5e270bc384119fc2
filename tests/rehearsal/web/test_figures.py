"""The participation table: what was counted, and beside it what is published."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.campaign.model import Campaign, Country, Per
from bot.database.urls import open_database
from bot.standings.published_figures import ELSEWHERE, WHOLE, Band, Kilograms, Standing, Standings
from bot.standings.publisher import Publisher
from bot.store.actions import Action, ActionKind
from bot.store.pledges import Answer, Factor, Outcome, Pledged
from bot.store.schema import upgrade
from bot.store.store import Store
from rehearsal.verify.stored_totals import Measures, measures
from rehearsal.web.figures import NEVER, NOT_YET, TOO_SMALL, TOTAL_ONLY, FigureRow, FigureTable, figures
from tests import campaigns
from tests.campaigns import country, pledge

NOON = datetime(2027, 3, 17, 11, tzinfo=UTC)
DAY = timedelta(days=1)
NOBODY: Measures = {}


def campaign(*countries: Country) -> Campaign:
    some = countries or (country("SE"), country("NO"), country("DK", 8))
    return campaigns.campaign(*some, pledges=(pledge("dryer", Per.WEEK),))


def published(*places: Standing, whole: Standing | None = None, kilograms: bool = True) -> Standings:
    return Standings(
        campaign="a-week",
        taken_at=NOON,
        definition="2",
        factors="1",
        smallest_group=5,
        goal_percent=None,
        kilograms=kilograms,
        whole=whole or Standing(place=WHOLE),
        places=places,
        elsewhere=Standing(place=ELSEWHERE, participants=Band.FEW),
    )


def line(found: FigureTable, place: str, measure: str = "Participants") -> FigureRow:
    [group] = [each for each in found.groups if each.measure == measure]
    return next(each for each in group.lines if each.place == place)


def joined(**people: int) -> dict[tuple[str, str | None], int]:
    return {("participants", code): number for code, number in people.items()}


def test_every_measure_has_a_line_for_every_place() -> None:
    found = figures(campaign(), NOBODY, None, NOON)
    for group in found.groups:
        assert [each.place for each in group.lines] == [
            *("Sweden", "Norway", "Denmark"),
            *("Another country, or not said", "The whole company"),
        ]


def test_what_was_counted_stands_beside_what_is_published() -> None:
    places = (Standing(place="SE", participants=30), Standing(place="NO", participants=Band.NEARLY_ALL))
    counted = {**joined(SE=31, NO=99, DK=3, FI=2), ("participants", None): 1}
    found = figures(campaign(), counted, published(*places, whole=Standing(place=WHOLE, participants=1235)), NOON)
    assert line(found, "Sweden") == FigureRow("Sweden", "31", "about 30", quiet=False)
    assert line(found, "Norway") == FigureRow("Norway", "99", "nearly all", quiet=False)
    assert line(found, "Denmark") == FigureRow("Denmark", "3", TOTAL_ONLY, quiet=True)
    elsewhere = "Another country, or not said"
    assert line(found, elsewhere) == FigureRow(elsewhere, "3", "fewer than 5", quiet=False)
    assert line(found, "The whole company") == FigureRow("The whole company", "133", "about 1,235", quiet=False)


def test_kilograms_are_counted_in_whole_ones() -> None:
    kilograms = Kilograms(low=500, about=1000, high=1500)
    counted: Measures = {("pledged", "SE"): 1_049_600}
    found = figures(campaign(), counted, published(Standing(place="SE", pledged=kilograms)), NOON)
    assert line(found, "Sweden", "Kilograms pledged") == FigureRow("Sweden", "1,050", "about 1,000", quiet=False)
    assert line(found, "Sweden", "Kilograms confirmed").published == TOO_SMALL


def test_what_is_not_published_says_why() -> None:
    counted = joined(SE=31)
    assert line(figures(campaign(), counted, None, NOON), "Sweden").published == NOT_YET
    without = published(Standing(place="SE", participants=30), kilograms=False)
    assert line(figures(campaign(), counted, without, NOON), "Sweden", "Kilograms pledged").published == NOT_YET
    small = campaign(country("SE", 9))
    assert line(figures(small, counted, published(), NOON), "The whole company").published == NEVER


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (NOON - DAY, "No figures were published yet; the first will be published on Wed 17 Mar 12:00 (Stockholm)."),
        (NOON + 30 * DAY, "No figures were published, and none will be."),
    ],
)
def test_first_publication_time_is_announced(now: datetime, told: str) -> None:
    assert figures(campaign(), NOBODY, None, now).said == told


def test_last_and_next_publication_times_are_shown() -> None:
    said = figures(campaign(), NOBODY, published(), NOON).said
    before = "Figures were last published on Wed 17 Mar 12:00"
    assert said == f"{before}; the next will be published on Fri 19 Mar 12:00 (Stockholm)."
    assert figures(campaign(), NOBODY, published(), NOON + 30 * DAY).said == (
        f"{before} (Stockholm), and will not be again."
    )


# From the store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    database = open_database(f"sqlite:///{tmp_path / 'bot.db'}")
    await upgrade(database)
    yield Store(database, "me", timedelta(seconds=30))
    await database.close()


async def busy(store: Store, code: str, people: int) -> None:
    factor = Factor(2.0, 1.0, 3.0, "1")
    for user in (f"{code}{number}" for number in range(people)):
        await store.write(store.actions.record, Action("a-week", user, ActionKind.JOINED, "", code, NOON))
        await store.write(store.pledges.make, Pledged("a-week", user, "dryer", code, NOON, factor))
        for day in ("2027-03-15", "2027-03-16"):
            await store.write(
                store.pledges.mark, Outcome("a-week", user, "dryer", day, code, NOON, Answer.DONE, factor)
            )


async def test_counted_figures_are_current_and_published_ones_older(store: Store) -> None:
    of, publisher = campaign(), Publisher(store)
    await busy(store, "SE", 60)
    await publisher.keep_up(of, NOON)
    await busy(store, "NO", 9)
    found = figures(of, await measures(store, of), await publisher.newest(of), NOON + DAY)
    assert line(found, "Norway").counted == "9"
    assert line(found, "Norway", "Kilograms confirmed").counted == "18"
    assert line(found, "Sweden").counted == "60"
    assert line(found, "Sweden").published.startswith("about ")
