from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.campaign.schedule import Slot
from bot.delivery.outbox_planner import MOVED, compare
from bot.store.outbox import WITHDRAWN, Changes, Entry, State

MONDAY = date(2027, 3, 15)
NOW = datetime(2027, 3, 14, tzinfo=UTC)
DAYS = tuple(MONDAY + timedelta(days=after) for after in range(5))
ON_THE_WAY = {State.DUE, State.SENDING, State.UNCONFIRMED, State.SENT}
LATE = timedelta(hours=12)


def line(day: date = MONDAY, hour: int = 9, post: str = "tip", recipient: str = "SE") -> Slot:
    local = datetime.combine(day, time(hour))
    due = local.replace(tzinfo=UTC)
    return Slot("week", post, "countries", recipient, day, "tip", recipient, "sv", "UTC", local, due, due_late(day))


def due_late(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), UTC)


def row(of: Slot, state: State = State.DUE, reason: str | None = None) -> Entry:
    return Entry(f"row of {of.key}", of, state, of.due_at, NOW, reason, None, None, None)


def carried_out(rows: Iterable[Entry], changes: Changes) -> list[Entry]:
    """What the outbox makes of a plan when nobody claims anything meanwhile."""
    moves, withdrawn = dict(changes.move), set(changes.withdraw)
    kept = [
        replace(each, slot=moves[each.id], state=State.DUE, reason=None, next_attempt_at=moves[each.id].due_at)
        if each.id in moves
        else replace(each, state=State.CANCELLED, reason=WITHDRAWN)
        if each.id in withdrawn
        else each
        for each in rows
    ]
    refused = [row(new, State.CANCELLED, reason) for new, reason in changes.refuse]
    return kept + [row(new) for new in changes.add] + refused


def plan(wanted: list[Slot], rows: list[Entry]) -> dict[str, list[object]]:
    """What a plan asks for, by its kind."""
    changes = compare(wanted, rows, NOW)
    named = {each.name: list(getattr(changes, each.name)) for each in fields(changes)}
    return {name: asked for name, asked in named.items() if asked}


def test_an_empty_outbox_gets_every_line_once() -> None:
    wanted = [line(day) for day in DAYS]
    assert plan(wanted, []) == {"add": wanted}


def test_what_is_as_wanted_stays_as_it_is() -> None:
    assert not compare([line()], [row(line())], NOW)


def test_an_edited_time_moves_the_row() -> None:
    assert plan([line(hour=11)], [row(line())]) == {"move": [(row(line()).id, line(hour=11))]}


def test_edited_unsent_date_withdraws_old_row_adds_new() -> None:
    changes = plan([line(DAYS[1])], [row(line())])
    assert changes == {"add": [line(DAYS[1])], "withdraw": [row(line()).id]}


def test_removed_line_is_withdrawn_and_returns_when_restored() -> None:
    gone = carried_out([row(line())], compare([], [row(line())], NOW))
    assert [(each.state, each.reason) for each in gone] == [(State.CANCELLED, WITHDRAWN)]
    back = plan([line(hour=10)], gone)
    assert back == {"move": [(gone[0].id, line(hour=10))]}


def test_withdrawn_line_does_not_return_too_late() -> None:
    gone = row(line(), State.CANCELLED, WITHDRAWN)
    assert compare([line()], [gone], due_late(MONDAY) - timedelta(seconds=1))
    assert not compare([line()], [gone], due_late(MONDAY))


def test_line_cancelled_for_a_person_does_not_return() -> None:
    stopped = row(line(), State.CANCELLED, "the person has stopped messages")
    assert not compare([line()], [stopped], NOW)


def test_given_up_line_returns_when_edited_in_time() -> None:
    for state in (State.SKIPPED, State.FAILED):
        assert not compare([line()], [row(line(), state, "why")], NOW)
        assert compare([line(hour=12)], [row(line(), state, "why")], NOW).move
        assert not compare([line(hour=12)], [row(line(), state, "why")], due_late(MONDAY))


def test_moved_date_is_refused_after_sending() -> None:
    for state in (State.SENT, State.SENDING, State.UNCONFIRMED):
        changes = plan([line(DAYS[2])], [row(line(), state)])
        assert changes == {"refuse": [(line(DAYS[2]), MOVED)]}


def test_only_as_many_dates_are_refused_as_sent() -> None:
    changes = plan([line(DAYS[2]), line(DAYS[3])], [row(line(), State.SENT)])
    assert changes == {"refuse": [(line(DAYS[2]), MOVED)], "add": [line(DAYS[3])]}


def test_sent_post_is_not_repeated_when_moved_back() -> None:
    rows = [row(line(DAYS[2]), State.CANCELLED, WITHDRAWN), row(line(DAYS[1]), State.SENT)]
    assert not compare([line(DAYS[2])], rows, NOW)
    failed = [row(line(DAYS[2]), State.FAILED, "why"), row(line(DAYS[1]), State.SENT)]
    assert not compare([line(DAYS[2], hour=12)], failed, NOW)


def test_refusal_ends_when_old_date_is_restored() -> None:
    rows = [row(line(), State.SENT), row(line(DAYS[1]), State.CANCELLED, MOVED)]
    assert not compare([line(DAYS[1])], rows, NOW)
    assert plan([line(), line(DAYS[1])], rows) == {"move": [(rows[1].id, line(DAYS[1]))]}


def test_refusal_ends_when_nothing_was_sent() -> None:
    rows = [row(line()), row(line(DAYS[1]), State.CANCELLED, MOVED)]
    changes = plan([line(DAYS[1])], rows)
    assert changes == {"move": [(rows[1].id, line(DAYS[1]))], "withdraw": [rows[0].id]}


def test_refused_date_stays_refused_when_another_is_added() -> None:
    rows = [row(line(), State.SENT), row(line(DAYS[3]), State.CANCELLED, MOVED)]
    assert plan([line(DAYS[1]), line(DAYS[3])], rows) == {"add": [line(DAYS[1])]}


def test_a_letter_on_another_day_is_another_letter() -> None:
    monday, tuesday = (replace(line(day), audience="reminder", kind="reminder") for day in DAYS[:2])
    for state in (State.SENT, State.SENDING, State.UNCONFIRMED):
        assert plan([tuesday], [row(monday, state)]) == {"add": [tuesday]}


def test_outdated_notification_is_withdrawn_while_it_waits() -> None:
    letter = replace(line(), audience="idea_review", kind="idea_review")
    assert plan([], [row(letter)]) == {"withdraw": [row(letter).id]}
    assert not compare([], [row(letter, State.SENT)], NOW)


def test_sent_notifications_refuse_no_dates_of_the_files() -> None:
    letter = replace(line(), audience="reminder", kind="reminder")
    assert plan([line(DAYS[1])], [row(letter, State.SENT)]) == {"add": [line(DAYS[1])]}


LINES = st.builds(
    line,
    st.sampled_from(DAYS),
    st.sampled_from([9, 13]),
    st.sampled_from(["tip", "note"]),
    st.sampled_from(["SE", "DE"]),
)
WANTED = st.lists(LINES, max_size=8, unique_by=lambda each: each.key)
REASONS = st.sampled_from([None, WITHDRAWN, MOVED, "the person has stopped messages"])
ROWS = st.lists(LINES, max_size=8, unique_by=lambda each: each.key).flatmap(
    lambda lines: st.tuples(*(st.builds(row, st.just(each), st.sampled_from(State), REASONS) for each in lines))
)
NOWS = st.sampled_from([NOW, *(due_late(day) for day in DAYS), *(due_late(day) - LATE for day in DAYS)])


@given(WANTED, ROWS, NOWS)
def test_planning_again_changes_nothing(wanted: list[Slot], rows: list[Entry], now: datetime) -> None:
    assert not compare(wanted, carried_out(rows, compare(wanted, rows, now)), now)


@given(WANTED, ROWS, NOWS)
def test_plan_never_contains_what_was_sent(wanted: list[Slot], rows: list[Entry], now: datetime) -> None:
    changes = compare(wanted, rows, now)
    gone = {each.id for each in rows if each.state in {State.SENT, State.SENDING, State.UNCONFIRMED}}
    assert gone.isdisjoint(changes.withdraw)
    assert gone.isdisjoint(row_id for row_id, _ in changes.move)
    known = {each.slot.key for each in rows}
    assert known.isdisjoint(new.key for new in changes.add)
    assert known.isdisjoint(new.key for new, _ in changes.refuse)


@given(WANTED, ROWS, NOWS)
def test_rows_due_after_planning_match_the_files(wanted: list[Slot], rows: list[Entry], now: datetime) -> None:
    after = carried_out(rows, compare(wanted, rows, now))
    lines = {each.key: each for each in wanted}
    for each in after:
        if each.state is State.DUE:
            assert lines[each.slot.key] == each.slot
    assert {each.slot.key for each in after} >= set(lines), "every wanted line has a row that says what became of it"


class OnePost(RuleBasedStateMachine):
    """One post with one date, edited, sent, interrupted and given up in any order: it goes out at most once."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Entry] = []
        self.named = line()
        self.sent = 0

    def waiting(self, *states: State) -> list[Entry]:
        return [each for each in self.rows if each.state in states]

    def become(self, old: Entry, state: State, reason: str | None = None) -> None:
        self.rows[self.rows.index(old)] = replace(old, state=state, reason=reason)

    @rule(day=st.sampled_from(DAYS), hour=st.sampled_from([9, 13]))
    def edit(self, day: date, hour: int) -> None:
        self.named = line(day, hour)
        self.plan()

    @rule()
    def plan(self) -> None:
        self.rows = carried_out(self.rows, compare([self.named], self.rows, NOW))

    @rule()
    def remove_and_plan(self) -> None:
        self.rows = carried_out(self.rows, compare([], self.rows, NOW))

    @rule()
    def claim(self) -> None:
        for each in self.waiting(State.DUE):
            self.become(each, State.SENDING)

    @rule()
    def arrive(self) -> None:
        for each in self.waiting(State.SENDING, State.UNCONFIRMED):
            self.become(each, State.SENT)
            self.sent += 1

    @rule()
    def turn_out_not_to_have_arrived(self) -> None:
        for each in self.waiting(State.SENDING, State.UNCONFIRMED):
            self.become(each, State.DUE, "it had not arrived")

    @rule(end=st.sampled_from([State.FAILED, State.UNCONFIRMED]))
    def end(self, end: State) -> None:
        for each in self.waiting(State.SENDING):
            self.become(each, end, "why")

    @rule()
    def be_late(self) -> None:
        for each in self.waiting(State.DUE):
            self.become(each, State.SKIPPED, "its late limit passed")

    @invariant()
    def it_went_out_at_most_once(self) -> None:
        assert self.sent <= 1

    @invariant()
    def there_is_at_most_one_row_a_day(self) -> None:
        assert all(count == 1 for count in Counter(each.slot.key for each in self.rows).values())

    @invariant()
    def at_most_one_is_on_its_way(self) -> None:
        assert len(self.waiting(*ON_THE_WAY)) <= 1

    def teardown(self) -> None:
        """However it went, a post that has not gone out is still going to, once the files name it and all is well."""
        self.plan()
        for each in self.waiting(State.SENDING, State.UNCONFIRMED):
            self.become(each, State.SENT)
        self.plan()
        settled = self.waiting(State.SENT, State.DUE)
        given_up = [each for each in self.waiting(State.SKIPPED, State.FAILED) if each.slot == self.named]
        assert len(settled) == 1 or given_up


OnePost.TestCase.settings = settings(max_examples=200, stateful_step_count=25)
TestOnePost = pytest.mark.thorough(OnePost.TestCase)
