"""What is kept of one person: all of it shown, and all of it gone when they say so or the time is over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Table, event, select

from bot.campaign.schedule import Slot
from bot.database.database import Database
from bot.delivery.outbox_planner import compare
from bot.store import privacy
from bot.store.actions import Action, ActionKind
from bot.store.awareness import GivenAnswer
from bot.store.ideas import Idea, Remark
from bot.store.organiser_acts import Actor
from bot.store.outbox import State
from bot.store.people import Person
from bot.store.pledges import Answer, Factor, Outcome, Pledged
from bot.store.snapshots import Snapshot
from bot.store.store import Store
from bot.store.tables import actions, awareness_answers, metadata, outbox, people

from .decided import decide
from .lines import CAMPAIGN, DUE, LEASE, line, planned

NOW = datetime(2027, 3, 15, 8, 30, tzinfo=UTC)
LAST_DAY = date(2027, 7, 21)
AFTER = LAST_DAY + timedelta(days=1)
FACTOR = Factor(2.1, 0.1, 3.4, "1")
ON_DUTY = {"stand_ins", "digest_opt_outs", "organiser_acts"}
OWN = {"people", "actions", "awareness_answered", "pledges", "reminders", "outcomes", "remarks", "ideas"} | ON_DUTY
DECIDED = {"revisions", "approvals", "omissions", "pauses", "own_posts", "shares"}


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database, "me", LEASE)


def letter(user: str, audience: str = "joined", campaign: str = CAMPAIGN, due: datetime = DUE) -> Slot:
    return line("check", user, due, audience=audience, kind="check_in", campaign=campaign)


async def live(store: Store, user: str, campaign: str = CAMPAIGN, *, organiser: bool = True) -> None:
    """Do everything once."""
    await store.write(
        store.people.keep, [Person("T0TEAM", user, "Europe/Stockholm", NOW, "SE", "said", "sv", direct_messages=True)]
    )
    await store.write(store.actions.record, Action(campaign, user, ActionKind.JOINED, "", "SE", NOW))
    await store.write(store.awareness.answer, GivenAnswer(campaign, user, "before", "work", "yes", "SE"))
    await store.write(
        store.pledges.make,
        Pledged(campaign, user, "bike", "SE", NOW, FACTOR, remind_at=time(9), remind_on=(date(2027, 3, 16),)),
    )
    await store.write(store.pledges.mark, Outcome(campaign, user, "bike", "2027-03-15", "SE", NOW, Answer.DONE, FACTOR))
    named = f"{campaign}-{user}"
    await store.write(
        store.ideas.remark, Remark(named, campaign, user, "bike", "friday", "SE", NOW, "time", "Too early.")
    )
    await store.write(
        store.ideas.submit, Idea(named, campaign, user, "SE", "sv", "More trains!", named=True, at=NOW, changed_at=NOW)
    )
    if organiser:
        await decide(store, user, campaign)
    await planned(store.database, store.outbox, letter(user, campaign=campaign))


async def rows(database: Database, table: Table) -> list[dict[str, Any]]:
    with database.transaction() as connection:
        return [dict(row) for row in (connection.execute(select(table))).mappings()]


def about_people() -> Iterable[Column[Any]]:
    """Every column in which a person's ID can stand."""
    yield outbox.c.recipient
    yield from (table.c.user for table in metadata.sorted_tables if "user" in table.c)


async def of(database: Database, user: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of a person, by table, as the database has them."""
    found = {}
    for column in about_people():
        assert column.table is not None
        mine = [row for row in await rows(database, metadata.tables[column.table.name]) if row[column.name] == user]
        found[column.table.name] = mine
    return found


async def test_person_is_shown_all_and_only_own_rows(store: Store, database: Database) -> None:
    for user in ("U0ANN", "U0BO"):
        await live(store, user)
    shown = await store.privacy.everything("U0ANN")
    kept = await of(database, "U0ANN")
    assert set(shown) == OWN | DECIDED | {"messages", "appointments"}
    # Who decided about an idea or named somebody is an organiser, and nothing of that person.
    own = {name: [{key: row[key] for key in row.keys() - {"decided_by", "by"}} for row in kept[name]] for name in OWN}
    own["organiser_acts"] = [{key: row[key] for key in row.keys() - {"user"}} for row in own["organiser_acts"]]
    assert {name: shown[name] for name in OWN} == own
    assert [(each["post"], each["state"]) for each in shown["messages"]] == [("check", State.DUE)]
    assert "U0BO" not in repr(shown)


async def test_every_table_with_people_in_it_is_shown() -> None:
    assert {table.name for table in metadata.sorted_tables if "user" in table.c} == OWN


async def test_of_somebody_unknown_there_is_nothing_to_show(store: Store) -> None:
    await live(store, "U0BO")
    assert await store.privacy.everything("U0ANN") == {}
    assert await store.privacy.everything("") == {}


async def test_export_leaves_out_tables_without_rows(store: Store) -> None:
    await store.write(store.people.keep, [Person("T0TEAM", "U0ANN", "UTC", NOW)])
    assert set(await store.privacy.everything("U0ANN")) == {"people"}


async def test_forgetting_leaves_no_row_of_the_person_anywhere(store: Store, database: Database) -> None:
    await live(store, "U0ANN")
    await live(store, "U0ANN", "another")
    assert all((await of(database, "U0ANN")).values()), "there is something to forget in every table"
    assert await store.privacy.forget("U0ANN")
    assert not any((await of(database, "U0ANN")).values())
    assert await store.privacy.everything("U0ANN") == {}
    for table in metadata.sorted_tables:
        assert "U0ANN" not in repr(await rows(database, table))


async def test_forgetting_does_what_its_part_says(store: Store, database: Database) -> None:
    await live(store, "U0ANN")
    before = {part.name: len(await rows(database, part.table)) for part in privacy.parts()}
    assert all(before.values())
    await store.privacy.forget("U0ANN")
    for part in privacy.parts():
        left = await rows(database, part.table)
        # Ideas and stand-ins belong to somebody; of those who decide about them only the name is there.
        is_own = part.is_removed or part.table.name in {
            other.table.name for other in privacy.parts() if other.is_removed
        }
        assert len(left) == (0 if is_own else before[part.name]), part.name
        assert all(row[column.name] != "U0ANN" for row in left for column in part.named_in)


async def test_every_table_with_people_is_a_part() -> None:
    """What the notice says of the database is all that there is."""
    named = {part.table.name for part in privacy.parts()}
    assert named == {
        table.name for table in metadata.sorted_tables if {"user", "by", "recipient"} & set(table.c.keys())
    }


async def test_forgetting_removes_messages_about_own_writing_only(store: Store) -> None:
    letters = []
    for user, number in (("U0ANN", 1), ("U0BO", 2)):
        idea, remark = f"{number:032x}", f"{number + 2:032x}"
        await store.write(
            store.ideas.submit, Idea(idea, CAMPAIGN, user, "SE", "sv", "Trains!", named=True, at=NOW, changed_at=NOW)
        )
        await store.write(
            store.ideas.remark, Remark(remark, CAMPAIGN, user, "bike", "friday", "SE", NOW, None, "Early.")
        )
        named = {"idea_review": f"{idea}-0", "idea_post": idea, "idea_news": f"{idea}-approved-0", "remark": remark}
        letters += [line(post, "U0REP", audience=audience, kind=audience) for audience, post in named.items()]
    others = [line(), letter("U0REP", "representatives")]
    await planned(store.database, store.outbox, *letters, *others)
    await store.privacy.forget("U0ANN")
    assert {row.slot.key for row in await store.read(store.outbox.entries, CAMPAIGN)} == {
        each.key for each in [*letters[4:], *others]
    }
    with store.database.transaction() as connection:
        connection.execute(metadata.tables["ideas"].delete())
    assert await store.privacy.sweep() == 5, "three letters about nothing, a remark of somebody unknown and its letter"


async def test_messages_about_an_organiser_go_with_them(store: Store) -> None:
    boss = Actor(CAMPAIGN, "U0BOSS", NOW)
    users = ("U0ANN", "U0BO")
    for user in users:
        await store.write(store.organisers.name_stand_in, boss, "SE", user, LAST_DAY)
    changes = await store.read(store.organisers.stand_in_changes, CAMPAIGN)
    names = {each.stand_in.user: each.id for each in changes}
    letters = [letter(user, audience) for user in users for audience in ("digest", "words_superseded")]
    about = [line(names[user], to, audience="stand_in", kind="stand_in") for user in users for to in (user, "U0REP")]
    duty = letter("U0REP", "digest")
    await planned(store.database, store.outbox, *letters, *about, duty)
    await store.privacy.forget("U0ANN")
    assert {row.slot.key for row in await store.read(store.outbox.entries, CAMPAIGN)} == {
        each.key for each in [*letters[2:], *about[2:], duty]
    }
    await store.privacy.forget("U0REP")
    assert duty.key in {row.slot.key for row in await store.read(store.outbox.entries, CAMPAIGN)}, (
        "the files name that person, and a message that was sent is not sent again"
    )


async def test_forgetting_leaves_others_and_published_figures_unchanged(store: Store, database: Database) -> None:
    await live(store, "U0BO")
    await planned(store.database, store.outbox, line())
    await store.write(store.snapshots.keep, Snapshot(CAMPAIGN, NOW, "1", "{}"))
    await store.privacy.keep_until(CAMPAIGN, LAST_DAY)
    # An answer about awareness is nobody's, so nobody can say which one to take away.
    tables = [table for table in metadata.sorted_tables if table is not awareness_answers]
    before = {table.name: await rows(database, table) for table in tables}
    await live(store, "U0ANN", organiser=False)
    await store.privacy.forget("U0ANN")
    assert {table.name: await rows(database, table) for table in tables} == before
    assert len(await rows(database, awareness_answers)) == 2


async def test_person_is_forgotten_only_once(store: Store) -> None:
    await live(store, "U0ANN")
    assert [await store.privacy.forget("U0ANN") for _ in range(2)] == [True, False]
    assert not await store.privacy.forget("U0BO")


async def test_who_comes_back_after_being_forgotten_is_new(store: Store) -> None:
    await live(store, "U0ANN")
    await store.privacy.forget("U0ANN")
    assert await store.write(store.actions.record, Action(CAMPAIGN, "U0ANN", ActionKind.JOINED, "", "NO", NOW))


OPTED_OUT = Action(CAMPAIGN, "U0ANN", ActionKind.OPTED_OUT, "", "SE", NOW)


async def test_what_is_left_of_somebody_unknown_is_swept(store: Store, database: Database) -> None:
    for user in ("U0ANN", "U0BO"):
        await live(store, user, organiser=False)
    await planned(store.database, store.outbox, line(), letter("U0REP", "representatives"))
    assert await store.privacy.sweep() == 0
    everything = await of(database, "U0BO")
    with store.database.transaction() as connection:
        connection.execute(people.delete().where(people.c.user == "U0ANN"))
    assert await store.privacy.sweep() == sum(len(each) for each in everything.values()) - 1
    assert not any((await of(database, "U0ANN")).values())
    assert await of(database, "U0BO") == everything
    assert {row.slot.recipient for row in await store.read(store.outbox.entries, CAMPAIGN)} == {
        "U0BO",
        "U0REP",
        line().recipient,
    }


async def test_opting_out_withdraws_only_messages_still_waiting(store: Store) -> None:
    lines = [letter("U0ANN", due=DUE + timedelta(days=day)) for day in range(3)]
    await planned(store.database, store.outbox, *lines, letter("U0BO"), letter("U0ANN", "representatives"), line())
    for row in await store.write(store.outbox.claim, DUE, 10):
        if row.slot != lines[0]:
            await store.write(store.outbox.release, row.id, DUE, "not yet")
    await store.write(store.people.stop, OPTED_OUT)
    found = {row.slot.key: row.state for row in await store.read(store.outbox.entries, CAMPAIGN)}
    assert [found[each.key] for each in lines] == [State.SENDING, State.CANCELLED, State.CANCELLED]
    others = [letter("U0BO"), letter("U0ANN", "representatives"), line()]
    assert {found[each.key] for each in others} == {State.DUE}


async def test_withdrawn_message_comes_back_when_planned_again(store: Store) -> None:
    wanted = letter("U0ANN")
    await planned(store.database, store.outbox, wanted)
    await store.write(store.people.stop_posts, OPTED_OUT)
    before = DUE - timedelta(hours=1)
    await store.write(
        store.outbox.apply, compare([wanted], await store.read(store.outbox.entries, CAMPAIGN), before), before
    )
    assert [row.slot for row in await store.write(store.outbox.claim, DUE, 5)] == [wanted]


async def test_nothing_is_removed_up_to_the_last_day(store: Store, database: Database) -> None:
    await live(store, "U0ANN")
    assert await store.privacy.purge(AFTER) == [], "nobody said until when it is kept"
    await store.privacy.keep_until(CAMPAIGN, LAST_DAY)
    assert await store.privacy.purge(LAST_DAY) == []
    assert all((await of(database, "U0ANN")).values())


async def test_purge_removes_everything_personal_after_last_day(store: Store, database: Database) -> None:
    for user in ("U0ANN", "U0BO"):
        await live(store, user)
    await planned(store.database, store.outbox, letter("U0ANN", "reminder"), letter("U0ANN", "idea_news"))
    await store.privacy.keep_until(CAMPAIGN, LAST_DAY)
    assert await store.privacy.purge(AFTER) == [CAMPAIGN]
    for user in ("U0ANN", "U0BO"):
        assert not any((await of(database, user)).values())
    assert await rows(database, awareness_answers) == []
    assert await store.privacy.purge(AFTER) == []


async def test_what_was_said_in_channels_and_published_stays(store: Store) -> None:
    named = [line(), line(recipient="company", audience="company"), letter("U0REP", "representatives")]
    await planned(store.database, store.outbox, *named)
    await store.write(store.snapshots.keep, Snapshot(CAMPAIGN, NOW, "1", "{}"))
    await store.privacy.keep_until(CAMPAIGN, LAST_DAY)
    before = await store.read(store.outbox.entries, CAMPAIGN)
    await store.privacy.purge(AFTER)
    assert await store.read(store.outbox.entries, CAMPAIGN) == before
    assert await store.read(store.snapshots.newest, CAMPAIGN) is not None


async def test_only_the_campaign_that_is_over_is_removed(store: Store, database: Database) -> None:
    for campaign in (CAMPAIGN, "another"):
        await live(store, "U0ANN", campaign)
    await live(store, "U0BO")
    await store.privacy.keep_until(CAMPAIGN, LAST_DAY)
    await store.privacy.keep_until("another", LAST_DAY + timedelta(days=365))
    assert await store.privacy.purge(AFTER) == [CAMPAIGN]
    left = await of(database, "U0ANN")
    assert {row["campaign"] for name, found in left.items() if name != "people" for row in found} == {"another"}
    assert all(left.values()), "who is in another campaign is still known"
    assert not any((await of(database, "U0BO")).values())


async def test_purge_keeps_people_active_in_another_campaign(store: Store, database: Database) -> None:
    for user in ("U0ANN", "U0BO"):
        await live(store, user)
    await store.write(store.pledges.make, Pledged("another", "U0ANN", "bike", "SE", NOW, FACTOR))
    await store.privacy.keep_until(CAMPAIGN, LAST_DAY)
    await store.privacy.purge(AFTER)
    assert [row["user"] for row in await rows(database, people)] == ["U0ANN"]


async def test_a_campaign_that_closes_later_is_kept_longer(store: Store) -> None:
    await live(store, "U0ANN")
    await store.privacy.keep_until(CAMPAIGN, LAST_DAY)
    await store.privacy.keep_until(CAMPAIGN, AFTER)
    assert await store.privacy.purge(AFTER) == []
    await store.privacy.keep_until(CAMPAIGN, LAST_DAY)
    assert await store.privacy.purge(AFTER) == [CAMPAIGN]


async def test_two_campaigns_are_purged_on_same_day(store: Store, database: Database) -> None:
    for campaign in (CAMPAIGN, "another"):
        await live(store, "U0ANN", campaign)
        await store.privacy.keep_until(campaign, LAST_DAY)
    assert sorted(await store.privacy.purge(AFTER)) == [CAMPAIGN, "another"]
    assert not any((await of(database, "U0ANN")).values())


async def test_a_campaign_can_be_removed_before_its_time(store: Store, database: Database) -> None:
    for campaign in (CAMPAIGN, "another"):
        await live(store, "U0ANN", campaign)
    await live(store, "U0BO")
    await planned(store.database, store.outbox, line())
    await store.privacy.keep_until(CAMPAIGN, LAST_DAY)
    assert await store.privacy.erase("a-third") == []
    assert await store.privacy.erase(CAMPAIGN) == [CAMPAIGN]
    assert await store.privacy.erase(CAMPAIGN) == []
    left = await of(database, "U0ANN")
    assert {row["campaign"] for name, found in left.items() if name != "people" for row in found} == {"another"}
    assert not any((await of(database, "U0BO")).values())
    assert [row.slot for row in await store.read(store.outbox.entries, CAMPAIGN)] == [line()], (
        "what was said in channels stays"
    )


async def test_everything_personal_can_be_removed_at_once(store: Store, database: Database) -> None:
    for campaign in (CAMPAIGN, "another"):
        await live(store, "U0ANN", campaign)
    await store.write(store.snapshots.keep, Snapshot(CAMPAIGN, NOW, "1", "{}"))
    assert await store.privacy.erase() == [CAMPAIGN, "another"]
    assert not any((await of(database, "U0ANN")).values())
    assert await store.read(store.snapshots.newest, CAMPAIGN) is not None
    assert await store.privacy.erase() == []


def named_in() -> Iterable[Column[Any]]:
    """Every column that names an organiser."""
    yield from (each for table in metadata.sorted_tables for each in table.c if f"_{each.name}".endswith("_by"))


async def test_decisions_outlive_the_organiser_without_name(store: Store, database: Database) -> None:
    await decide(store, "U0SEA")
    before = await store.read(store.decisions, CAMPAIGN)
    assert await store.privacy.forget("U0SEA")
    after = await store.read(store.decisions, CAMPAIGN)
    assert (set(after.revisions), len(after.own_posts)) == (set(before.revisions), len(before.own_posts))
    assert [(each.country, each.by) for each in after.pauses] == [("EA", None)]
    assert len(await store.read(store.organisers.acts, CAMPAIGN, 50)) > 5
    for column in named_in():
        if column.name != "claimed_by" and column.table is not None:
            found = await rows(database, metadata.tables[column.table.name])
            assert {row[column.name] for row in found} <= {None}, column


async def test_removing_a_campaign_early_lifts_no_pause(store: Store, database: Database) -> None:
    await decide(store, "U0SEA")
    assert await store.privacy.erase(CAMPAIGN) == [CAMPAIGN]
    left = await store.read(store.decisions, CAMPAIGN)
    assert (len(left.pauses), len(left.omissions), len(left.own_posts), left.stand_ins) == (1, 1, 1, ())
    for table in metadata.sorted_tables:
        assert "U0SEA" not in repr(await rows(database, table))


async def test_decisions_go_with_the_ninety_days(store: Store, database: Database) -> None:
    await decide(store, "U0SEA")
    await decide(store, "U0BO", "another")
    await store.privacy.keep_until(CAMPAIGN, LAST_DAY)
    assert await store.privacy.purge(AFTER) == [CAMPAIGN]
    for name in (*DECIDED, *ON_DUTY, "sent_texts"):
        assert {row["campaign"] for row in await rows(database, metadata.tables[name])} == {"another"}


async def test_people_who_did_nothing_go_with_everything_else(store: Store, database: Database) -> None:
    await store.write(store.people.keep, [Person("T0TEAM", "U0ANN", "UTC", NOW)])
    await store.privacy.erase()
    assert await rows(database, people) == []


async def test_large_campaigns_are_purged_in_shares(
    store: Store, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy, "_SHARE", 3)
    monkeypatch.setattr(privacy, "_FOUND_AT_ONCE", 6)
    users = [f"U0{number:03}" for number in range(15)]
    for user in users:
        await live(store, user)
    await store.privacy.keep_until(CAMPAIGN, LAST_DAY)
    removed: list[int] = []
    with sizes_of_transactions(database, removed):
        assert await store.privacy.purge(AFTER) == [CAMPAIGN]
    assert len(removed) > len(users)
    assert max(removed) <= 3, "and so nobody waits for a whole campaign"
    for user in users:
        assert not any((await of(database, user)).values())


@contextmanager
def sizes_of_transactions(database: Database, sizes: list[int]) -> Iterator[None]:
    """Add up what each transaction removes."""

    def begin(_connection: Connection) -> None:
        sizes.append(0)

    def add(_connection: Connection, cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("DELETE"):
            sizes[-1] += cursor.rowcount

    event.listen(database.engine, "begin", begin)
    event.listen(database.engine, "after_cursor_execute", add)
    yield
    event.remove(database.engine, "begin", begin)
    event.remove(database.engine, "after_cursor_execute", add)


async def test_purge_that_broke_off_goes_on(store: Store, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "_SHARE", 1)
    for user in ("U0ANN", "U0BO"):
        await live(store, user)
    await store.privacy.keep_until(CAMPAIGN, LAST_DAY)
    whole, shares = database.write, iter(range(3))

    async def cut(*arguments: Any, **more: Any) -> Any:
        if next(shares, None) is None:
            raise ConnectionError
        return await whole(*arguments, **more)

    monkeypatch.setattr(database, "write", cut)
    with pytest.raises(ConnectionError):
        await store.privacy.purge(AFTER)
    monkeypatch.setattr(database, "write", whole)
    assert await store.privacy.purge(AFTER) == [CAMPAIGN]
    for user in ("U0ANN", "U0BO"):
        assert not any((await of(database, user)).values())


async def test_rows_of_somebody_who_came_back_stay(store: Store, database: Database) -> None:
    await live(store, "U0ANN")
    unknown = privacy._unknown(actions.c.user)
    with database.transaction() as connection:
        connection.execute(people.delete())
        found = privacy._keys(connection, actions, unknown)
    assert found
    await store.write(store.people.keep, [Person("T0TEAM", "U0ANN", "Europe/Stockholm", NOW)])
    with database.transaction() as connection:
        assert privacy._remove_share(connection, actions, unknown, found) == 0
