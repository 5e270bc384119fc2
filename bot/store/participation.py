"""How much was done in each country: raw counts, which nobody is shown before `standings` has made them safe.

Everything counts in the country in which it was done. A person counts once in a campaign for each thing, where they
did it first, so that the countries add up to the company.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any, Self

from sqlalchemy import ColumnElement, FromClause, Select, and_, exists, func, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import single, snapshot
from bot.store.deeds import Kind
from bot.store.pledges import Answer
from bot.store.tables import deeds, outcomes, pledges

_DID = "did"
"""The answer of who took part in Earth Hour."""


class _Adds:
    """Values that are added field by field."""

    def __add__(self, other: Self) -> Self:
        names = [field.name for field in fields(self)]  # type: ignore[arg-type]
        return type(self)(**{name: getattr(self, name) + getattr(other, name) for name in names})


@dataclass(frozen=True)
class Estimate(_Adds):
    """A sum in kg CO2e with its range; what is symbolic adds nothing."""

    low: float = 0.0
    about: float = 0.0
    high: float = 0.0


@dataclass(frozen=True)
class Tally(_Adds):
    """What was done in one country.

    People: `participants` joined, `pledgers` pledged, `answerers` said how it went, `confirmers` did what they had
    pledged, `continuing` will go on. `pledged_by`, `confirmed_by` and `minutes_by` are the people of whom the kilograms
    and the minutes are; what they add is more than nothing.
    """

    participants: int = 0
    pledgers: int = 0
    pledges: int = 0
    pledged_by: int = 0
    pledged: Estimate = Estimate()
    answerers: int = 0
    confirmers: int = 0
    confirmed_pledges: int = 0
    confirmed_by: int = 0
    confirmed: Estimate = Estimate()
    continuing: int = 0
    earth_hour_people: int = 0
    minutes_by: int = 0
    earth_hour_minutes: int = 0
    opted_out: int = 0


class Participation:
    """What people did in a campaign, counted from their rows each time."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def tallies(self, campaign: str, once: Collection[str] = ()) -> dict[str | None, Tally]:
        """The counts by country; `None` is whoever said none.

        A pledge of `once` counts at most once, however often it was done. Any other counts for each day on which it was
        done, or once if nobody said on which. Withdrawn pledges and what people do anyway count nothing.
        """
        found: dict[str | None, dict[str, Any]] = {}
        async with snapshot(self._engine) as connection:
            for statement in _statements(campaign, once):
                for row in (await connection.execute(statement)).mappings():
                    found.setdefault(row["country"], {}).update(row)
        return {country: _tally(values) for country, values in found.items()}

    async def did(self, campaign: str, kind: str, subject: str = "") -> int:
        """How many people did one thing, in the whole company."""
        query = select(func.count()).select_from(deeds).filter_by(campaign=campaign, kind=kind, subject=subject)
        async with single(self._engine) as connection:
            return await connection.scalar(query) or 0


def _tally(values: Mapping[str, Any]) -> Tally:
    plain = {field.name: values[field.name] for field in fields(Tally) if field.name in values}
    return Tally(**plain, pledged=_estimate(values, "pledged"), confirmed=_estimate(values, "confirmed"))


def _estimate(values: Mapping[str, Any], name: str) -> Estimate:
    return Estimate(*(values.get(f"{name}_{part}", 0.0) for part in ("low", "about", "high")))


def _statements(campaign: str, once: Collection[str]) -> Iterator[Select[Any]]:
    yield from _of_outcomes(campaign)
    yield from _of_kilograms(_counted(campaign, once))
    yield from _of_pledges(campaign)
    yield from _of_deeds(campaign)


def _of_outcomes(campaign: str) -> Iterator[Select[Any]]:
    answered = _Rows(outcomes, ("at", "pledge", "occasion"), _outcomes(campaign))
    done = answered.where(outcomes.c.answer == Answer.DONE)
    yield done.people("confirmers")
    yield done.people("confirmed_pledges", each=("user", "pledge"))
    yield answered.people("answerers")
    yield answered.where(outcomes.c.continues.is_(True)).people("continuing")


def _of_kilograms(counted: FromClause) -> Iterator[Select[Any]]:
    rows = _Rows(counted, ("at", "pledge", "occasion"), counted.c.kg.is_not(None))
    yield rows.sums(confirmed_low="kg_low", confirmed_about="kg", confirmed_high="kg_high")
    yield rows.where(counted.c.kg > 0).people("confirmed_by")


def _of_pledges(campaign: str) -> Iterator[Select[Any]]:
    made = _Rows(pledges, ("made_at", "pledge"), and_(pledges.c.campaign == campaign, _stands()))
    estimated = made.where(pledges.c.kg.is_not(None))
    yield estimated.sums(pledged_low="kg_low", pledged_about="kg", pledged_high="kg_high")
    yield estimated.where(pledges.c.kg > 0).people("pledged_by")
    yield made.people("pledgers")
    yield made.number("pledges")


def _of_deeds(campaign: str) -> Iterator[Select[Any]]:
    of_kind = partial(_deeds, campaign)
    hour = of_kind(Kind.EARTH_HOUR).where(deeds.c.answer == _DID)
    with_minutes = hour.where(deeds.c.minutes > 0)
    yield with_minutes.sums(earth_hour_minutes="minutes")
    yield with_minutes.people("minutes_by")
    yield hour.people("earth_hour_people")
    yield of_kind(Kind.OPTED_OUT).people("opted_out")
    yield of_kind(Kind.JOINED).where(deeds.c.subject == "").number("participants")


def _deeds(campaign: str, kind: Kind) -> _Rows:
    return _Rows(deeds, ("at", "subject"), and_(deeds.c.campaign == campaign, deeds.c.kind == kind))


def _outcomes(campaign: str) -> ColumnElement[bool]:
    same = [pledges.c[name] == outcomes.c[name] for name in ("campaign", "user", "pledge")]
    return and_(outcomes.c.campaign == campaign, exists().where(*same, _stands()))


def _stands() -> ColumnElement[bool]:
    return and_(pledges.c.already.is_(False), pledges.c.withdrawn_at.is_(None))


def _counted(campaign: str, once: Collection[str]) -> FromClause:
    """The outcomes whose kilograms count: every day, and of what has no days or counts once, the heaviest."""
    done = and_(_outcomes(campaign), outcomes.c.answer == Answer.DONE)
    each_day = and_(_is_day(outcomes), outcomes.c.pledge.not_in(list(once)))
    one_only = or_(outcomes.c.pledge.in_(list(once)), ~_has_days())
    weight = (func.coalesce(outcomes.c.kg, 0.0).desc(), outcomes.c.kg_high.desc(), outcomes.c.at, outcomes.c.occasion)
    rank = func.row_number().over(partition_by=(outcomes.c.user, outcomes.c.pledge), order_by=weight)
    ranked = select(*_wanted(outcomes), rank.label("rank")).where(done, one_only).subquery()
    days = select(*_wanted(outcomes)).where(done, each_day)
    return union_all(days, select(*_wanted(ranked)).where(ranked.c.rank == 1)).subquery()


def _has_days() -> ColumnElement[bool]:
    other = outcomes.alias()
    same = [other.c[name] == outcomes.c[name] for name in ("campaign", "user", "pledge")]
    return exists().where(*same, other.c.answer == Answer.DONE, _is_day(other))


def _is_day(rows: FromClause) -> ColumnElement[bool]:
    """Whether an occasion is a date and not the name of a post, which has letters in it."""
    name = rows.c.occasion
    return and_(name.like("____-__-__"), func.lower(name) == func.upper(name))


def _wanted(rows: FromClause) -> list[ColumnElement[Any]]:
    return [rows.c[name] for name in ("user", "pledge", "occasion", "country", "at", "kg", "kg_low", "kg_high")]


@dataclass(frozen=True)
class _Rows:
    """Rows of one table, in the order in which they happened, that are counted by country."""

    table: FromClause
    order: Sequence[str]
    which: ColumnElement[bool]

    def where(self, condition: ColumnElement[bool]) -> _Rows:
        return replace(self, which=and_(self.which, condition))

    def number(self, name: str) -> Select[Any]:
        return self._by_country(func.count().label(name))

    def sums(self, **columns: str) -> Select[Any]:
        return self._by_country(*(func.sum(self.table.c[column]).label(name) for name, column in columns.items()))

    def people(self, name: str, each: Sequence[str] = ("user",)) -> Select[Any]:
        """Each person once, in the country of their first row."""
        who, order = ([self.table.c[column] for column in columns] for columns in (each, self.order))
        rank = func.row_number().over(partition_by=who, order_by=order)
        first = select(self.table.c.country, rank.label("rank")).where(self.which).subquery()
        return select(first.c.country, func.count().label(name)).where(first.c.rank == 1).group_by(first.c.country)

    def _by_country(self, *figures: ColumnElement[Any]) -> Select[Any]:
        return select(self.table.c.country, *figures).where(self.which).group_by(self.table.c.country)
