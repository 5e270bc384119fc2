"""Made-up companies, with what was truly done there day after day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from bot.campaign.earth_hour import EarthHour
from bot.campaign.model import Campaign, Country, Evidence, Goal, Per, Pledge
from bot.standings.basis import Basis
from bot.standings.figures import ANOTHER, NOT_SET, Standings
from bot.standings.publication import publish
from bot.store.participation import Estimate, Tally

MONDAY = date(2027, 3, 15)
NOON = datetime(2027, 3, 15, 11, tzinfo=UTC)
CODES = ("SE", "NO", "DK", "DE")

Tallies = Mapping[str | None, Tally]


def country(code: str, headcount: int | None = 100, *, board: bool = True) -> Country:
    return Country(
        code=code,
        zone="Europe/Stockholm",
        languages=("en",),
        channel=f"week-{code.lower()}",
        headcount=headcount,
        headcount_date=date(2027, 1, 1) if headcount else None,
        board=board,
    )


def pledge(name: str, per: Per = Per.OCCURRENCE) -> Pledge:
    return Pledge(
        id=name,
        per=per,
        kg=2,
        low=1,
        high=3,
        sdgs=(13,),
        evidence=Evidence.PHYSICS,
        source="Physics",
    )


def campaign(*countries: Country, smallest: int = 5, pledges: int = 20) -> Campaign:
    return Campaign(
        id="a-week",
        title={"en": "A week"},
        first_day=MONDAY,
        last_day=MONDAY + timedelta(days=5),
        opens=MONDAY - timedelta(days=3),
        closes=MONDAY + timedelta(days=10),
        languages=("en",),
        earth_hour=EarthHour(MONDAY + timedelta(days=5)),
        goal=Goal(participation_percent=20),
        company=None,
        countries=countries or tuple(country(code) for code in CODES),
        themes={},
        posts=(),
        texts={},
        late={},
        smallest_group=smallest,
        pledges=tuple(pledge(f"pledge-{number}") for number in range(pledges)),
        factors_version="2026-1",
    )


def published(of: Campaign, *days: Tallies) -> list[Standings]:
    """What is shown on each of some days, one after the other."""
    shown, basis = [], Basis()
    for after, tallies in enumerate(days):
        standings, basis = publish(of, tallies, NOON + timedelta(days=after), basis)
        shown.append(standings)
    return shown


@dataclass(frozen=True)
class World:
    """A campaign, and the tallies of each day by place; they only grow."""

    campaign: Campaign
    days: Sequence[Mapping[str, Tally]]

    @property
    def headcounts(self) -> dict[str, int | None]:
        known = {each.code: each.headcount for each in self.campaign.countries}
        return {**known, ANOTHER: None, NOT_SET: None}

    def published(self) -> list[Standings]:
        return published(self.campaign, *({place or None: tally for place, tally in day.items()} for day in self.days))


def some_world(seed: int) -> World:
    """A company of one to four countries, small and large, keen and idle, over one to five days."""
    random = Random(seed)  # noqa: S311 - worlds are no secrets
    countries = [
        country(code, random.choice([None, *[random.randint(1, 60) for _ in range(9)]]), board=random.random() > 0.15)
        for code in CODES[: random.randint(1, 4)]
    ]
    if random.random() < 0.3:  # alike, so that many stand at the edge at once
        countries = [country(each.code, 12, board=each.board) for each in countries]
    of = campaign(*countries, smallest=random.randint(3, 5), pledges=random.choice([1, 1, 2, 20]))
    world = World(of, [])
    days = random.randint(1, 5)
    by_place = {place: _some_days(random, most, days, len(of.pledges)) for place, most in world.headcounts.items()}
    return World(of, [{place: each[day] for place, each in by_place.items()} for day in range(days)])


def _some_days(random: Random, headcount: int | None, days: int, pledges: int) -> list[Tally]:
    most = random.choice([0, 0, 0, 1, 2, 4, 8, 20]) if headcount is None else headcount
    habit = _Habit(random.choice([0.0, 0.1, 0.3, 0.6, 1.0]), random.choice([0.0, 0.2, 0.7, 1.0, 1.0]))
    tally, grown = Tally(), []
    for _ in range(days):
        tally = _next_day(random, tally, most, habit, pledges)
        grown.append(tally)
    return grown


@dataclass(frozen=True)
class _Habit:
    """How much of what can still grow does so in a day: of those who join, and of what they do then."""

    joins: float
    does: float


def _next_day(random: Random, last: Tally, most: int, habit: _Habit, pledges: int) -> Tally:
    def grow(now: int, limit: int, keen: float = habit.does) -> int:
        if limit <= now or random.random() > 0.2 + keen:
            return now
        return random.choice([now + 1, random.randint(now, limit), now + round(keen * (limit - now))])

    def kilograms(now: Estimate, people: int, more: int) -> Estimate:
        return now + Estimate(more * 1.25, more * 2.5, more * 5.0) if people else now

    participants = grow(last.participants, most, habit.joins)
    pledgers = grow(last.pledgers, participants)
    made = max(last.pledges + pledgers - last.pledgers, grow(last.pledges, pledges * pledgers))
    answerers = grow(last.answerers, pledgers)
    confirmers = grow(last.confirmers, answerers)
    confirmed = max(last.confirmed_pledges + confirmers - last.confirmers, grow(last.confirmed_pledges, confirmers))
    hour = grow(last.earth_hour_people, participants)
    timed = grow(last.minutes_by, hour)
    pledged_by, confirmed_by = grow(last.pledged_by, pledgers), grow(last.confirmed_by, confirmers)
    return Tally(
        participants=participants,
        pledgers=pledgers,
        pledges=made,
        pledged_by=pledged_by,
        pledged=kilograms(last.pledged, pledged_by, pledged_by - last.pledged_by),
        answerers=answerers,
        confirmers=confirmers,
        confirmed_pledges=confirmed,
        confirmed_by=confirmed_by,
        confirmed=kilograms(last.confirmed, confirmed_by, confirmed_by - last.confirmed_by),
        continuing=grow(last.continuing, answerers),
        earth_hour_people=hour,
        minutes_by=timed,
        earth_hour_minutes=last.earth_hour_minutes
        + sum(random.choice([60, 60, 15]) for _ in range(timed - last.minutes_by)),
        opted_out=grow(last.opted_out, participants, 0.2),
    )
