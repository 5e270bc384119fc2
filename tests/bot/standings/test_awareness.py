"""What is published of awareness: whole waves that have ended, as cells with noise, each drawn once."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta

import pytest

from bot.campaign.awareness import ANSWERS, QUESTIONS, ends_at
from bot.campaign.model import Audience, Campaign, Post
from bot.standings import cell_key_noise
from bot.standings.published_figures import Band, Standings
from bot.standings.publisher import Tabulation, as_shown
from bot.store.awareness import awareness_measure
from bot.store.participation import Contribution
from bot.store.snapshots import Snapshot
from tests.campaigns import MONDAY, campaign, country

from .worlds import SECRET

DAY = timedelta(days=1)


def wave(name: str, day: date, *countries: str) -> Post:
    audience = Audience.COUNTRIES
    return Post(post=name, kind="awareness", audience=audience, day=day, time=time(10), wave=name, countries=countries)  # type: ignore[arg-type]


BEFORE, AFTER = wave("before", MONDAY - 4 * DAY), wave("after", MONDAY + 7 * DAY)
ASKED = campaign(posts=(BEFORE, AFTER), closes=MONDAY + 30 * DAY)
OVER = ends_at(ASKED, AFTER)


def answers(**numbers: int) -> dict[str, Contribution]:
    """So many answers, by `before_work_yes_SE`, under IDs of their own."""
    found: dict[str, Contribution] = {}
    for name, number in numbers.items():
        asked, question, answer, code = name.split("_")
        for each in range(number):
            found[f"{name}{each}"] = {(awareness_measure(asked, question, answer), code): 1}
    return found


def published(of: Campaign, people: dict[str, Contribution], now: datetime = OVER, secret: bytes = SECRET) -> Standings:
    counted = Tabulation(of, secret)
    for answer, adds in people.items():
        counted.add(answer, adds)
    return counted.standings(now, None)


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """The method without its noise, to see what it is put around."""
    monkeypatch.setattr(cell_key_noise, "noise", lambda _key, _max_per_act=1: 0)


@pytest.mark.usefixtures("exact")
def test_waves_are_shown_by_question_and_place() -> None:
    given = answers(
        before_work_yes_SE=10,
        before_work_no_SE=30,
        before_work_yes_NO=20,
        after_work_yes_SE=30,
        after_work_partly_SE=10,
    )
    found = published(ASKED, given)
    here = found.aware("work", "SE")
    assert list(here) == ["before", "after"]
    assert (here["before"].yes, here["before"].partly, here["before"].no) == (10, Band.FEW, 30)
    assert (here["before"].share, here["after"].share) == (25, 75)
    assert (found.aware("work", "all")["before"].yes, found.aware("work", "all")["before"].share) == (30, 50)
    # Nobody has answered the other question: no share of nothing.
    assert found.aware("company", "SE")["before"].share is None
    assert {each.place for each in found.awareness} == {"all", "SE", "NO", "DK", "DE", "ZZ"}
    assert len(found.awareness) == 2 * len(QUESTIONS) * 6


def test_wave_is_shown_only_once_it_has_ended() -> None:
    given = answers(before_work_yes_SE=50)
    ends = ends_at(ASKED, BEFORE)
    assert published(ASKED, given, ends - timedelta(seconds=1)).awareness == ()
    assert {each.wave for each in published(ASKED, given, ends).awareness} == {"before"}


def test_every_publication_shows_one_draw() -> None:
    """More figures of the same answers would let the noise be averaged away."""
    given = answers(before_work_yes_SE=17, before_work_no_SE=22)
    more = {**given, **answers(after_work_yes_SE=9)}
    first = published(ASKED, given, ends_at(ASKED, BEFORE)).awareness
    last = [each for each in published(ASKED, more).awareness if each.wave == "before"]
    assert list(first) == last


def test_noise_is_that_of_every_count() -> None:
    drawn = []
    for number in range(300):
        empty = Tabulation(ASKED, number.to_bytes(32))
        drawn += [empty.cell(awareness_measure("before", "work", answer), "SE").blurred() for answer in ANSWERS]
    wide = math.sqrt(sum(each**2 for each in drawn) / len(drawn))
    assert wide == pytest.approx(cell_key_noise.deviation(), rel=0.2)
    few = [published(ASKED, {}, secret=number.to_bytes(32)).aware("work", "SE")["before"] for number in range(50)]
    assert all(each.share is None for each in few), "noise alone is no share"


@pytest.mark.parametrize(
    "small", [country("SE", 9), country("SE", None), country("SE", 100, board=False)], ids=["small", "unknown", "off"]
)
def test_small_unknown_or_hidden_countries_are_not_alone(small: object) -> None:
    of = campaign(small, country("NO"), posts=(BEFORE,))  # type: ignore[arg-type]
    assert {each.place for each in published(of, answers(before_work_yes_SE=9)).awareness} == {"all", "NO", "ZZ"}
    snapshot = Snapshot(of.id, OVER, "3", published(ASKED, answers(before_work_yes_SE=60)).model_dump_json())
    shown = as_shown(of, snapshot)
    assert shown is not None
    assert {(each.wave, each.place) for each in shown.awareness} == {("before", each) for each in ("all", "NO", "ZZ")}


def test_country_that_is_not_asked_has_no_figures() -> None:
    of = campaign(posts=(wave("before", MONDAY - 4 * DAY, "SE", "NO"),))
    assert {each.place for each in published(of, {}).awareness} == {"all", "SE", "NO", "ZZ"}
