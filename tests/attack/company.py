"""A made-up company over ten publications: what everybody has done by each of them, and what is published of it.

Answers on awareness are nobody's: each is under an ID of its own, among the people. What comes out once is of the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from random import Random

from bot.campaign.awareness import ANSWERS, BEFORE, QUESTIONS
from bot.campaign.model import Campaign
from bot.standings.closing import ClosingTabulation
from bot.standings.published_figures import IDEA_STAGES, Closing, Standings
from bot.standings.publisher import Tabulation
from bot.store.awareness import awareness_measure
from bot.store.closing_contributions import CHOSEN, IDEA, KEPT, MESSAGED
from bot.store.participation import Contribution
from tests.campaigns import CODES, awareness, campaign, country, pledge, tip

DAYS = 10
WEIGHTS = (0, 150, 2_000, 9_000, 46_000, 50_000)
"""Grams that a pledge can count; the heaviest is what all heavier ones are cut to."""

PLEDGES = ("bike", "dryer", "laptop")

_NOON = datetime(2027, 3, 22, 11, tzinfo=UTC)

People = Mapping[str, Contribution]
Contributions = dict[tuple[str, str | None], int]


@dataclass(frozen=True)
class Company:
    """Everybody's contributions by each publication, and to what comes out once, and the secret that nobody knows."""

    campaign: Campaign
    days: Sequence[People]
    once: People
    secret: bytes

    @cached_property
    def counted(self) -> list[Tabulation]:
        """The cells of each publication."""
        return [self.count(people) for people in self.days]

    def count(self, people: People) -> Tabulation:
        """The cells with these people in them."""
        counted = Tabulation(self.campaign, self.secret)
        for person, adds in people.items():
            counted.add(person, adds)
        return counted

    @cached_property
    def counted_once(self) -> ClosingTabulation:
        """The cells of what comes out once."""
        counted = ClosingTabulation(self.campaign, self.secret)
        for person, adds in self.once.items():
            counted.add(person, adds)
        return counted

    @property
    def closing(self) -> Closing:
        """What everybody is shown once, with the last publication."""
        return self.counted_once.closing(self.published[-1].whole)

    @cached_property
    def published(self) -> list[Standings]:
        """What everybody is shown, one publication after the other."""
        shown: list[Standings] = []
        for day, counted in enumerate(self.counted):
            shown.append(counted.standings(_NOON + timedelta(days=day), shown[-1] if shown else None))
        return shown

    def places_of(self, country: str | None) -> list[str]:
        """The places whose cells somebody in a country is in."""
        alone = {each.place for each in self.published[0].places}
        if self.campaign.country(country) is None:
            return ["ZZ"]
        return ["all", *({str(country)} & alone)]


def some_company(seed: int) -> Company:
    """One to four countries, small and large, keen and idle; some of whom are in none of them."""
    random = Random(seed)  # noqa: S311 - companies are no secrets
    headcounts = {code: random.choice([None, *(random.randint(4, 60) for _ in range(9))]) for code in CODES}
    countries = [country(code, headcounts[code], board=random.random() > 0.1) for code in CODES[: random.randint(1, 4)]]
    posts = (tip("tip"), awareness(BEFORE))
    pledges = tuple(map(pledge, PLEDGES))
    of = campaign(*countries, smallest_group=random.randint(3, 5), posts=posts, pledges=pledges)
    days: list[dict[str, Contributions]] = [{} for _ in range(DAYS)]
    for code, most in {**{each.code: each.headcount or 12 for each in countries}, "ZZ": 6}.items():
        keen = random.choice([0.1, 0.3, 0.6, 1.0])
        for number in range(most):
            if random.random() < keen:
                _live(random, f"{code}{number}", code, days)
                _answer(random, f"{code}{number}", code, days)
    once = {person: dict(_end(random, adds)) for person, adds in days[-1].items()}
    return Company(of, days, once, random.randbytes(32))


def _live(random: Random, person: str, code: str, days: Sequence[dict[str, Contributions]]) -> None:
    """Somebody joins on a day, and does more and more from then on."""
    mine: Contributions = {("participants", code): 1}
    for day in range(random.randrange(DAYS), DAYS):
        mine = dict(mine)
        for what, grams in _some_acts(random):
            if "answerers" in what and ("pledgers", code) not in mine:
                # Nobody is asked about a pledge before making one, and the attackers know that.
                continue
            for name, amount in (*((each, 1) for each in what), *grams):
                once = name not in {"pledges", "pledged", "confirmed_pledges", "confirmed"}
                if not (once and (name, code) in mine) and amount:
                    mine[name, code] = mine.get((name, code), 0) + amount
        days[day][person] = mine


def _answer(random: Random, name: str, code: str, days: Sequence[dict[str, Contributions]]) -> None:
    """Somebody answers what is asked before the week, or not."""
    for question in QUESTIONS:
        answer = random.choice((None, *ANSWERS))
        for day in days:
            if answer:
                day[f"{question} {name}"] = {(awareness_measure(BEFORE, question, answer), code): 1}


def _end(random: Random, adds: Contributions) -> Iterator[tuple[tuple[str, str | None], int]]:
    """What somebody adds to the figures that come out once: pledges by name, an idea, a message."""
    pledged = {code: amount for (name, code), amount in adds.items() if name == "pledges"}
    for code, amount in pledged.items():
        for each in random.sample(PLEDGES, min(amount, len(PLEDGES))):
            yield (CHOSEN + each, code), 1
            if random.random() < 0.4:
                yield (KEPT + each, code), 1
    for code in {code for name, code in adds if name == "participants"}:
        if random.random() < 0.2:
            yield (IDEA + random.choice(IDEA_STAGES), code), 1
        if random.random() < 0.6:
            yield (MESSAGED, code), 1


def _some_acts(random: Random) -> Sequence[tuple[Sequence[str], Sequence[tuple[str, int]]]]:
    acts = [
        (("tip:tip",), ()),
        (("pledgers", "pledges"), (("pledged", random.choice(WEIGHTS)),)),
        (("answerers", "confirmed_pledges"), (("confirmed", random.choice(WEIGHTS)),)),
        (("answerers", "continuing"), ()),
        (("earth_hour_people",), (("earth_hour_minutes", random.choice([15, 60])),)),
        (("opted_out",), ()),
    ]
    return [act for act in acts if random.random() < 0.15]


def without(company: Company, person: str) -> Company:
    """The same company in which somebody has done nothing."""
    return replace(company, days=[{name: adds for name, adds in day.items() if name != person} for day in company.days])
