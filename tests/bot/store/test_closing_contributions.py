"""What is published once is counted from rows once a person, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, update

from bot.campaign.model import PEOPLE
from bot.database.database import Database
from bot.store.closing_contributions import closing_contributions, posts_in_channels
from bot.store.ideas import IdeaState
from bot.store.outbox import Outbox
from bot.store.participation import Contribution
from bot.store.pledges import Answer, Factor, Outcome, Pledged, Pledges
from bot.store.tables import ideas, outbox

from .lines import CAMPAIGN, DUE, line, planned

FACTOR = Factor(1.0, 1.0, 1.0, "1")


async def counted(database: Database) -> dict[str, Contribution]:
    return await database.read(lambda connection: dict(closing_contributions(connection, CAMPAIGN, PEOPLE)))


async def pledge(database: Database, user: str, *names: str, at: datetime = DUE) -> None:
    for name in names:
        await database.write(Pledges().make, Pledged(CAMPAIGN, user, name, "SE", at, FACTOR))


async def say(database: Database, user: str, name: str, occasion: str, country: str, answer: Answer) -> None:
    done = Outcome(CAMPAIGN, user, name, occasion, country, DUE, answer, FACTOR)
    await database.write(Pledges().mark, done)


async def test_pledge_counts_once_however_often_it_was_kept(database: Database) -> None:
    await pledge(database, "ANN", "bike", "train")
    for occasion, country in (("2027-03-15", "SE"), ("2027-03-16", "NO"), ("check-in", "SE")):
        await say(database, "ANN", "bike", occasion, country, Answer.DONE)
    await say(database, "ANN", "train", "check-in", "SE", Answer.NOT)
    await say(database, "BO", "bike", "check-in", "SE", Answer.DONE)
    assert await counted(database) == {
        "ANN": {("chosen:bike", "SE"): 1, ("chosen:train", "SE"): 1, ("kept:bike", "NO"): 1}
    }


async def test_withdrawn_pledge_counts_neither_as_chosen_nor_kept(database: Database) -> None:
    await pledge(database, "ANN", "bike")
    await say(database, "ANN", "bike", "check-in", "SE", Answer.DONE)
    await database.write(Pledges().withdraw, CAMPAIGN, "ANN", "bike", DUE)
    assert await counted(database) == {}


async def test_ideas_count_one_each_by_their_stage(database: Database) -> None:
    def some(state: IdeaState, number: int) -> dict[str, object]:
        about = {"campaign": CAMPAIGN, "user": "ANN", "country": "SE", "language": "sv", "text": "An idea"}
        ends = {"named": False, "at": DUE, "state": state, "round": 0, "published": False, "changed_at": DUE}
        return {**about, **ends, "id": str(number), "form": str(number)}

    rows = [some(IdeaState(state), n) for n, state in enumerate(("new", "asked", "done"))]
    await database.write(lambda connection: connection.execute(insert(ideas), rows))
    assert await counted(database) == {"ANN": {("idea:new", "SE"): 2, ("idea:done", "SE"): 1}}


@pytest.fixture
async def sent(database: Database, outbox_of: Outbox) -> None:
    to_people = [line(post, user, audience="joined") for post in ("tip", "check-in") for user in ("ANN", "BO")]
    to_channels = [line("tip", "SE"), line("tip", "NO"), line("results", "SE", DUE + timedelta(hours=1))]
    await planned(database, outbox_of, *to_people, *to_channels, line("idea", "REP", audience="idea"))
    everything = update(outbox).where(outbox.c.recipient.in_(["ANN", "SE", "REP"])).values(state="sent")
    await database.write(lambda connection: connection.execute(everything))


@pytest.fixture
def outbox_of() -> Outbox:
    return Outbox("me", timedelta(seconds=30))


@pytest.mark.usefixtures("sent")
async def test_message_that_arrived_counts_its_reader_once(database: Database) -> None:
    assert await counted(database) == {"ANN": {("messaged", "SE"): 1}}


@pytest.mark.usefixtures("sent")
async def test_channels_are_counted_of_what_was_due(database: Database) -> None:
    assert await database.read(posts_in_channels, CAMPAIGN, {"countries"}, DUE) == {"tip": (1, 2)}
    left_out = update(outbox).where(outbox.c.recipient == "NO").values(state="cancelled")
    await database.write(lambda connection: connection.execute(left_out))
    assert await database.read(posts_in_channels, CAMPAIGN, {"countries"}, DUE) == {"tip": (1, 1)}
