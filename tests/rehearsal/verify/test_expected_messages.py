"""What should arrive, worked out from the calendar and the colleagues' books."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.campaign.model import Campaign, Text
from rehearsal import workspace_builder
from rehearsal.people.journal import (
    AnsweredCheckIn,
    AskedReminder,
    DecidedIdea,
    FetchedCalendar,
    Forgot,
    Joined,
    Journal,
    MadePledge,
    Moved,
    Note,
    PausedMessages,
    SentIdea,
    StoppedMessages,
    WantedMessages,
    WithdrewPledge,
    WroteRemark,
)
from rehearsal.slack.workspace import User, Workspace
from rehearsal.verify.expected_messages import expected_messages

START = datetime(2027, 3, 12, 6, tzinfo=UTC)
MONDAY, THURSDAY, FRIDAY = (datetime(2027, 3, day, 9, tzinfo=UTC) for day in (15, 18, 19))
CHECK_IN = datetime(2027, 3, 19, 13, tzinfo=UTC)
"""14:00 in Stockholm."""

KEPT = "bike_or_walk_10km"
"""What everybody here has pledged, so that there is something to ask about."""

ANN, REPRESENTATIVE = "U0ANN", "U0EXAMPLESE"
IN_SWEDEN = Joined("SE", "sv", messages=True)


@pytest.fixture
def town(campaign: Campaign) -> Workspace:
    made = workspace_builder.build_workspace(campaign, [])
    made.add_user(User(ANN, "ann"))
    return made


class Told:
    """What is promised beside the calendar's own posts, once somebody has written this down."""

    def __init__(self, campaign: Campaign, town: Workspace, *entries: tuple[datetime, Note], by: str = ANN) -> None:
        journal = Journal(ANN, "Europe/Stockholm", [])
        others = Journal(by, "Europe/Stockholm", [])
        journal.write(START, MadePledge(KEPT))
        for at, note in entries:
            (others if isinstance(note, DecidedIdea) and note.decision != "answer" else journal).write(at, note)
        plain = expected_messages(campaign, [], town, START)
        everything = expected_messages(campaign, [journal, others], town, START)
        self.found = everything[len(plain) :]
        self.town = town

    def due(self, sort: str, user: str = ANN) -> list[str]:
        """When a sort of letter is due, in UTC."""
        there = [each for each in self.found if each.channel == self.town.im(user) and sort in each.kind]
        return sorted(f"{each.due_at:%d %b %H:%M}" for each in there)

    @property
    def posts(self) -> list[str]:
        return self.due("post: ")


def test_who_wants_messages_gets_both_check_ins(campaign: Campaign, town: Workspace) -> None:
    assert Told(campaign, town, (MONDAY, IN_SWEDEN)).posts == ["05 Apr 08:00", "19 Mar 13:00"]
    assert Told(campaign, town, (MONDAY, Joined("SE", "sv", messages=False))).posts == []
    assert Told(campaign, town, (MONDAY, Joined("SE", "sv", messages=False)), (THURSDAY, WantedMessages())).posts == [
        "05 Apr 08:00",
        "19 Mar 13:00",
    ]


def test_messages_due_before_joining_are_not_promised(campaign: Campaign, town: Workspace) -> None:
    assert Told(campaign, town, (CHECK_IN + timedelta(hours=1), IN_SWEDEN)).posts == ["05 Apr 08:00"]


@pytest.mark.parametrize("last", [StoppedMessages(), StoppedMessages(everything=False), Forgot()])
def test_nothing_is_promised_to_who_has_stopped(campaign: Campaign, town: Workspace, last: Note) -> None:
    assert Told(campaign, town, (MONDAY, IN_SWEDEN), (THURSDAY, last)).posts == []


def test_a_pause_takes_what_falls_into_it(campaign: Campaign, town: Workspace) -> None:
    paused = Told(campaign, town, (MONDAY, IN_SWEDEN), (THURSDAY, PausedMessages(date(2027, 4, 5))))
    assert paused.posts == ["05 Apr 08:00"]


def test_message_called_off_while_sent_is_uncertain(campaign: Campaign, town: Workspace) -> None:
    called_off = Told(campaign, town, (MONDAY, IN_SWEDEN), (CHECK_IN + timedelta(minutes=1), StoppedMessages()))
    assert [each.certain for each in called_off.found] == [False]
    later = Told(campaign, town, (MONDAY, IN_SWEDEN), (CHECK_IN + timedelta(hours=1), StoppedMessages()))
    assert [each.certain for each in later.found] == [True]
    assert later.found[0].expires_at == CHECK_IN + timedelta(hours=1)


def test_only_who_asks_gets_weekend_earth_hour_reminder(campaign: Campaign, town: Workspace) -> None:
    asked = (MONDAY, Joined("SE", "sv", messages=False)), (FRIDAY, AskedReminder())
    assert Told(campaign, town, *asked).posts == ["20 Mar 19:15"]
    assert Told(campaign, town, *asked, (CHECK_IN, StoppedMessages())).posts == []


def test_reminders_stay_within_working_hours_unless_allowed(campaign: Campaign, town: Workspace) -> None:
    early = MadePledge("bike", (date(2027, 3, 17), date(2027, 3, 18)), time(6, 30))
    assert Told(campaign, town, (MONDAY, IN_SWEDEN), (MONDAY, early)).due("reminder") == [
        "17 Mar 07:00",
        "18 Mar 07:00",
    ]
    late = MadePledge("bike", (date(2027, 3, 17),), time(19), any_hour=True)
    assert Told(campaign, town, (MONDAY, IN_SWEDEN), (MONDAY, late)).due("reminder") == ["17 Mar 18:00"]
    assert (
        Told(campaign, town, (MONDAY, IN_SWEDEN), (MONDAY, late), (MONDAY, WithdrewPledge("bike"))).due("reminder")
        == []
    )


@pytest.mark.parametrize("moves_at", [CHECK_IN, FRIDAY], ids=["later", "at once"])
def test_remark_goes_to_representatives_of_country_where_written(
    campaign: Campaign, town: Workspace, moves_at: datetime
) -> None:
    moved = Told(campaign, town, (MONDAY, IN_SWEDEN), (FRIDAY, WroteRemark("bike", "friday")), (moves_at, Moved("NO")))
    assert moved.due("remark", REPRESENTATIVE) == ["22 Mar 07:00"]
    assert moved.due("remark", "U0EXAMPLENO") == []
    evening = FRIDAY.replace(hour=18)
    waits = Told(campaign, town, (MONDAY, IN_SWEDEN), (evening, WroteRemark("bike", "friday")))
    assert waits.due("remark", REPRESENTATIVE) == ["22 Mar 07:00"]


def test_idea_is_reviewed_asked_about_answered_and_published(campaign: Campaign, town: Workspace) -> None:
    hour = timedelta(hours=1)
    told = Told(
        campaign,
        town,
        (MONDAY, IN_SWEDEN),
        (MONDAY, SentIdea(7)),
        (MONDAY + hour, DecidedIdea(7, "ask")),
        (MONDAY + 2 * hour, DecidedIdea(7, "answer")),
        (MONDAY + 3 * hour, DecidedIdea(7, "publish")),
        (MONDAY + 4 * hour, DecidedIdea(7, "decline")),
        by=REPRESENTATIVE,
    )
    assert told.due("idea_review", REPRESENTATIVE) == ["15 Mar 09:00", "15 Mar 11:00"]
    assert told.due("idea_news") == ["15 Mar 10:00", "15 Mar 12:00"]
    [shown] = [each for each in told.found if each.kind == "idea_post"]
    channel = town.channel_named("earth-week-se")
    assert channel
    assert (shown.channel, shown.due_at) == (channel.id, MONDAY + 3 * hour)


def test_who_stops_hears_no_more_of_an_idea(campaign: Campaign, town: Workspace) -> None:
    decided = (FRIDAY, DecidedIdea(7, "approve"))
    sent = (MONDAY, IN_SWEDEN), (MONDAY, SentIdea(7))
    assert Told(campaign, town, *sent, decided, by=REPRESENTATIVE).due("idea_news") == ["19 Mar 09:00"]
    assert Told(campaign, town, *sent, (THURSDAY, StoppedMessages()), decided, by=REPRESENTATIVE).due("idea_news") == []
    assert Told(campaign, town, *sent, (THURSDAY, Forgot()), decided, by=REPRESENTATIVE).due("idea_news") == []


def test_the_calendar_file_comes_at_once(campaign: Campaign, town: Workspace) -> None:
    assert Told(campaign, town, (FRIDAY, FetchedCalendar())).due("file") == ["19 Mar 09:00"]


def test_check_in_without_pledge_is_not_promised(campaign: Campaign, town: Workspace) -> None:
    withdrawn = Told(campaign, town, (MONDAY, IN_SWEDEN), (THURSDAY, WithdrewPledge(KEPT)))
    assert withdrawn.posts == []
    again = Told(
        campaign, town, (MONDAY, IN_SWEDEN), (THURSDAY, WithdrewPledge(KEPT)), (FRIDAY, MadePledge("carpool_20km"))
    )
    assert again.posts == ["05 Apr 08:00", "19 Mar 13:00"]


def test_pledge_made_during_check_in_may_bring_it(campaign: Campaign, town: Workspace) -> None:
    notes: list[tuple[datetime, Note]] = [(MONDAY, IN_SWEDEN), (THURSDAY, WithdrewPledge(KEPT))]
    late = Told(campaign, town, *notes, (CHECK_IN + timedelta(minutes=9), MadePledge("carpool_20km")))
    assert [each.certain for each in late.found] == [False, True]


@pytest.mark.parametrize(("hour", "promised"), [(8, []), (12, ["16 Mar 09:00"])])
def test_what_is_done_already_needs_no_reminder(
    campaign: Campaign, town: Workspace, hour: int, promised: list[str]
) -> None:
    wanted = MadePledge("carpool_20km", (date(2027, 3, 16),), time(10), any_hour=False)
    done = (datetime(2027, 3, 16, hour, tzinfo=UTC), AnsweredCheckIn("carpool_20km", "2027-03-16", "done"))
    assert Told(campaign, town, (MONDAY, IN_SWEDEN), (MONDAY, wanted), done).due("reminder") == promised


def test_posts_are_expected_as_they_are_read(campaign: Campaign, town: Workspace) -> None:
    said = Text(title="T", summary="On {weekday:first_day} in {country}.", body="B")
    spoken = replace(campaign, texts={**campaign.texts, ("monday-tip", "sv"): said})
    kinds = [each.kind for each in expected_messages(spoken, [], town, START)]
    assert kinds.count("post: On måndag in Sverige.") == 1


def test_what_is_due_when_it_is_called_off_may_come(campaign: Campaign, town: Workspace) -> None:
    """What is due leaves before anybody acts, and of many messages at one instant some are still waiting."""
    at_ten = datetime(2027, 3, 16, 9, tzinfo=UTC)
    wanted = MadePledge("carpool_20km", (date(2027, 3, 16),), time(10), any_hour=False)
    for last in (AnsweredCheckIn("carpool_20km", "2027-03-16", "done"), StoppedMessages(everything=True), Forgot()):
        told = Told(campaign, town, (MONDAY, IN_SWEDEN), (MONDAY, wanted), (at_ten, last))
        assert told.due("reminder") == ["16 Mar 09:00"]
        assert [each.certain for each in told.found if each.kind == "reminder"] == [False]
