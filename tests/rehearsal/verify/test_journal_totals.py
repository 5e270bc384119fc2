"""The colleagues' own bookkeeping, entry by entry."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rehearsal.people.journal import (
    AnsweredAwareness,
    AnsweredCheckIn,
    DoesAlready,
    Forgot,
    Joined,
    Journal,
    MadeGuess,
    MadePledge,
    Moved,
    Note,
    PausedMessages,
    ReportedEarthHour,
    SentIdea,
    StoppedMessages,
    TriedTip,
    WithdrewPledge,
)
from rehearsal.verify.journal_totals import FIGURES, Place, journal_totals

START = datetime(2027, 3, 15, 8, tzinfo=UTC)
IN_SWEDEN = Joined("SE", "sv", messages=True)


def journal(*notes: Note, user: str = "U1") -> Journal:
    made = Journal(user, "Europe/Stockholm", [])
    for minutes, note in enumerate(notes):
        made.write(START + timedelta(minutes=minutes), note)
    return made


def counted(*notes: Note) -> dict[Place, dict[str, int]]:
    """The figures that are more than nothing."""
    found = journal_totals([journal(*notes)])
    return {place: {name: figure for name, figure in figures.items() if figure} for place, figures in found.items()}


def test_everything_counts_in_country_where_done() -> None:
    assert counted(
        IN_SWEDEN, TriedTip("monday"), MadePledge("bike"), Moved("NO"), TriedTip("tuesday"), MadePledge("train")
    ) == {
        "SE": {"participants": 1, "tips": 1, "pledges": 1},
        "NO": {"tips": 1, "pledges": 1},
    }


def test_who_says_no_country_is_counted_as_such() -> None:
    assert counted(Joined(None, "en", messages=False), TriedTip("monday")) == {None: {"participants": 1, "tips": 1}}


def test_a_second_press_is_no_second_deed() -> None:
    assert counted(IN_SWEDEN, TriedTip("monday"), TriedTip("monday"), SentIdea(1), SentIdea(1)) == {
        "SE": {"participants": 1, "tips": 1, "ideas": 1}
    }


def test_second_guess_replaces_the_first_one() -> None:
    assert counted(IN_SWEDEN, MadeGuess("beef", 1), Moved("NO"), MadeGuess("beef", 2), MadeGuess("milk", 2)) == {
        "SE": {"participants": 1, "guesses": 1},
        "NO": {"guesses": 1},
    }


def test_nameless_answer_counts_once_and_outlives_its_author() -> None:
    work = AnsweredAwareness("before", "work")
    notes = (
        IN_SWEDEN,
        work,
        work,
        AnsweredAwareness("after", "work"),
        Forgot(),
        Joined("NO", "nb", messages=True),
        work,
    )
    assert counted(*notes) == {"SE": {"awareness": 2}, "NO": {"participants": 1, "awareness": 1}}


def test_existing_habits_and_withdrawn_pledges_do_not_count() -> None:
    done = AnsweredCheckIn("bike", "2027-03-16", "done")
    assert counted(IN_SWEDEN, DoesAlready("train"), MadePledge("bike"), done, WithdrewPledge("bike")) == {
        "SE": {"participants": 1}
    }


def test_renewed_pledge_counts_in_country_of_renewal() -> None:
    notes = (
        IN_SWEDEN,
        MadePledge("bike"),
        AnsweredCheckIn("bike", "2027-03-16", "done"),
        WithdrewPledge("bike"),
        Moved("NO"),
    )
    assert counted(*notes, MadePledge("bike")) == {
        "SE": {"participants": 1, "confirmed": 1},
        "NO": {"pledges": 1},
    }


def test_pledge_is_confirmed_once_however_often_done() -> None:
    days = [AnsweredCheckIn("bike", f"2027-03-{day}", "done") for day in (15, 16, 17)]
    assert counted(IN_SWEDEN, MadePledge("bike"), *days)["SE"]["confirmed"] == 1


def test_corrected_answer_stays_in_its_first_country() -> None:
    not_yet, done = AnsweredCheckIn("bike", "friday", "not"), AnsweredCheckIn("bike", "friday", "done", continues=True)
    assert counted(IN_SWEDEN, MadePledge("bike"), not_yet, Moved("DK"), done) == {
        "SE": {"participants": 1, "pledges": 1, "confirmed": 1, "continuing": 1}
    }
    assert "confirmed" not in counted(IN_SWEDEN, MadePledge("bike"), done, not_yet)["SE"]


def test_each_obstacle_counts_once_a_person() -> None:
    late = [AnsweredCheckIn("bike", day, "not", obstacle="time") for day in ("friday", "later")]
    dear = AnsweredCheckIn("bike", "afterwards", "partly", obstacle="cost")
    assert counted(IN_SWEDEN, MadePledge("bike"), *late, dear)["SE"]["obstacles"] == 2
    assert "obstacles" not in counted(IN_SWEDEN, DoesAlready("bike"), *late)["SE"]


def test_earth_hour_counts_what_was_said_last() -> None:
    assert counted(IN_SWEDEN, ReportedEarthHour("did"), ReportedEarthHour("did", 45))["SE"] == {
        "participants": 1,
        "earth_hour": 1,
        "earth_hour_minutes": 45,
    }
    assert counted(IN_SWEDEN, ReportedEarthHour("did", 45), ReportedEarthHour("forgot")) == {"SE": {"participants": 1}}


def test_who_stops_twice_has_opted_out_once() -> None:
    assert counted(IN_SWEDEN, StoppedMessages(everything=False), StoppedMessages())["SE"]["opted_out"] == 1
    assert "opted_out" not in counted(IN_SWEDEN, PausedMessages(date(2027, 4, 6)))["SE"]


def test_who_is_forgotten_takes_everything_along() -> None:
    assert counted(IN_SWEDEN, MadePledge("bike"), TriedTip("monday"), SentIdea(3), Forgot()) == {}
    assert counted(IN_SWEDEN, MadePledge("bike"), Forgot(), Joined("NO", "nb", messages=False)) == {
        "NO": {"participants": 1}
    }


NOTES = st.one_of(
    st.builds(Joined, st.sampled_from(["SE", "NO", None]), st.just("sv"), messages=st.booleans()),
    st.builds(Moved, st.sampled_from(["SE", "NO", "ZZ"])),
    st.builds(MadePledge, st.sampled_from(["bike", "train"])),
    st.builds(MadeGuess, st.just("beef"), st.sampled_from([1, 2])),
    st.builds(TriedTip, st.sampled_from(["monday", "tuesday"])),
    st.builds(ReportedEarthHour, st.sampled_from(["did", "forgot"]), st.none() | st.integers(1, 60)),
    st.builds(
        AnsweredCheckIn, st.just("bike"), st.sampled_from(["friday", "2027-03-16"]), st.sampled_from(["done", "not"])
    ),
    st.just(StoppedMessages()),
    st.just(Forgot()),
)


@given(st.lists(NOTES, max_size=30))
def test_nobody_counts_more_than_once_for_anything(notes: list[Note]) -> None:
    total = dict.fromkeys(FIGURES, 0)
    for figures in journal_totals([journal(*notes)]).values():
        total = {name: total[name] + figures[name] for name in FIGURES}
    most = {"pledges": 2, "confirmed": 1, "tips": 2, "earth_hour_minutes": 60}
    assert all(figure <= most.get(name, 1) for name, figure in total.items())


@given(st.lists(st.lists(NOTES, max_size=8), max_size=4))
def test_a_crowd_counts_as_its_people_do(lives: list[list[Note]]) -> None:
    together = journal_totals([journal(*notes, user=f"U{index}") for index, notes in enumerate(lives)])
    alone = [journal_totals([journal(*notes)]) for notes in lives]
    for place, figures in together.items():
        assert figures == {name: sum(each[place][name] for each in alone if place in each) for name in FIGURES}


def test_yearly_pledge_marked_done_confirms_nothing() -> None:
    told = journal(IN_SWEDEN, MadePledge("laptop"), AnsweredCheckIn("laptop", "2027-03-19", "done"))
    assert journal_totals([told], ["laptop"])["SE"]["confirmed"] == 0
    assert journal_totals([told])["SE"]["confirmed"] == 1
