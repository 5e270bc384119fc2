"""A colleague's own account of the campaign."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rehearsal.people.journal import Forgot, Joined, Journal, JournalEntry, Note, TriedTip

START = datetime(2027, 3, 15, 8, tzinfo=UTC)
NOTES = st.lists(st.sampled_from([Joined("SE", "sv", messages=True), TriedTip("monday"), Forgot()]))


def journal(*notes: Note) -> Journal:
    made = Journal("U1", "Europe/Stockholm", [])
    for minutes, note in enumerate(notes):
        made.write(START + timedelta(minutes=minutes), note)
    return made


def test_notes_stand_with_the_instant_they_were_written() -> None:
    tip = TriedTip("monday")
    assert journal(tip, tip).entries == [JournalEntry(START + timedelta(minutes=each), tip) for each in (0, 1)]


def test_only_what_follows_the_last_removal_is_remembered() -> None:
    first, second, third = TriedTip("monday"), TriedTip("tuesday"), TriedTip("wednesday")
    assert [entry.note for entry in journal(first, Forgot(), second, Forgot(), third).remembered] == [third]
    assert journal(first, Forgot()).remembered == []
    assert [entry.note for entry in journal(first, second).remembered] == [first, second]


def test_what_is_remembered_is_a_copy() -> None:
    mine = journal(TriedTip("monday"))
    mine.remembered.clear()
    assert len(mine.entries) == 1


@given(NOTES)
def test_remembered_entries_end_the_journal(notes: list[Note]) -> None:
    mine = journal(*notes)
    remembered = mine.remembered
    assert remembered == mine.entries[len(mine.entries) - len(remembered) :]
    assert Forgot() not in [entry.note for entry in remembered]
    before = mine.entries[: len(mine.entries) - len(remembered)]
    assert not before or before[-1].note == Forgot()
