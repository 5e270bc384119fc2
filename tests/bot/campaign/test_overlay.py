"""What organisers decide, put over the campaign of the files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.campaign.model import Audience, Campaign, Text
from bot.campaign.organiser_decisions import Decisions, Ending, Omission, OwnPost, Revision, StandIn
from bot.campaign.overlay import apply, outdated
from bot.campaign.schedule import addressees, everyone, lay_out
from bot.campaign.text_hash import text_hash
from tests.campaigns import Folder

NOW = datetime(2027, 3, 16, 12, tzinfo=UTC)
NEW = Text(title="Ny", summary="Nya ord.", body="Så här.")
OWN = OwnPost("own-1", "SE", date(2027, 3, 17), time(9), "U0SEA", NOW)


@pytest.fixture
def files(folder: Folder) -> Campaign:
    return folder.campaign()


def revision(files: Campaign, text: Text = NEW, post: str = "tip", language: str = "sv") -> Revision:
    said = files.texts.get((post, language))
    return Revision("1", post, language, text, text_hash(said) if said else "", "U0SEA", NOW)


def revised(*revisions: Revision, own: tuple[OwnPost, ...] = ()) -> Decisions:
    return Decisions({(each.post, each.language): each for each in revisions}, own)


def test_without_decisions_it_is_the_files_campaign(files: Campaign) -> None:
    assert vars(apply(files, Decisions(), NOW)) == vars(files)


def test_a_revision_holds_in_its_language_alone(files: Campaign) -> None:
    campaign = apply(files, revised(revision(files)), NOW)
    assert campaign.text("tip", "sv") == NEW
    assert campaign.text("tip", "en") == files.text("tip", "en")
    assert files.text("tip", "sv") != NEW


def test_a_file_that_says_something_else_supersedes(folder: Folder, files: Campaign) -> None:
    decisions = revised(revision(files))
    assert outdated(files, decisions) == {}
    folder.change("posts/tip/sv.md", "A title", "Another title")
    newer = folder.campaign()
    assert outdated(newer, decisions) == {"1": Ending.SUPERSEDED}
    assert vars(apply(newer, decisions, NOW)) == vars(newer)


def test_a_file_that_says_the_same_absorbs(folder: Folder, files: Campaign) -> None:
    title = files.text("tip", "sv").model_copy(update={"title": "Another title"})
    decisions = revised(revision(files, title))
    folder.change("posts/tip/sv.md", "A title", "Another title")
    assert outdated(folder.campaign(), decisions) == {"1": Ending.ABSORBED}
    assert vars(apply(folder.campaign(), decisions, NOW)) == vars(folder.campaign())


def test_a_file_that_is_gone_ends_nothing(files: Campaign) -> None:
    gone = replace(files, texts={key: text for key, text in files.texts.items() if key[0] != "tip"})
    decisions = revised(revision(files))
    assert outdated(gone, decisions) == {}
    assert apply(gone, decisions, NOW).texts == gone.texts


def test_an_own_post_is_a_note_for_its_country(files: Campaign) -> None:
    campaign = apply(files, revised(revision(files, post="own-1"), own=(OWN,)), NOW)
    [slot] = [each for each in lay_out(campaign, everyone(campaign)) if each.post == "own-1"]
    assert (slot.kind, slot.audience, slot.recipient) == ("note", "countries", "SE")
    assert slot.local == datetime.fromisoformat("2027-03-17 09:00")
    assert [campaign.text("own-1", language) for language in campaign.languages] == [NEW, NEW]


@pytest.mark.parametrize(("country", "language"), [("SE", "en"), ("FI", "sv")])
def test_an_own_post_nobody_can_read_is_left_out(files: Campaign, country: str, language: str) -> None:
    decisions = revised(revision(files, post="own-1", language=language), own=(replace(OWN, country=country),))
    assert apply(files, decisions, NOW).posts == files.posts


def test_a_post_left_out_reaches_everybody_else(files: Campaign) -> None:
    campaign = apply(files, Decisions(omissions=(Omission("check", "SE", "U0SEA", NOW),)), NOW)
    [check] = [each for each in campaign.posts if each.post == "check"]
    assert [check.reaches(country) for country in ("SE", "NO", "ZZ", None)] == [False, True, True, True]
    left = {slot.key for slot in lay_out(files, everyone(files))} - {
        slot.key for slot in lay_out(campaign, everyone(campaign))
    }
    assert {key.split(":")[1] for key in left} == {"check"}
    assert len(left) == 1


def test_a_post_all_countries_leave_out_reaches_nobody(files: Campaign) -> None:
    both = tuple(Omission("tip", country, "U0SEA", NOW) for country in ("SE", "NO"))
    campaign = apply(files, Decisions(omissions=both), NOW)
    assert "tip" not in {slot.post for slot in lay_out(campaign, everyone(campaign))}


@pytest.mark.parametrize(("after", "there"), [(timedelta(0), True), (timedelta(days=1), False)])
def test_a_stand_in_is_representative_until_the_last_day(files: Campaign, after: timedelta, *, there: bool) -> None:
    stand_in = StandIn("NO", "U0CAI", NOW.date(), "U0BOSS", NOW)
    campaign = apply(files, Decisions(stand_ins=(stand_in,)), NOW + after)
    norway = campaign.country("NO")
    assert norway is not None
    assert norway.representatives == (("UNORA", "U0CAI") if there else ("UNORA",))
    told = {to.recipient for to in addressees(campaign) if to.audience is Audience.REPRESENTATIVES}
    assert told == set(norway.representatives)


def test_last_day_ends_at_midnight_in_the_country(files: Campaign) -> None:
    stand_in = StandIn("NO", "U0CAI", date(2027, 3, 16), "U0BOSS", NOW)
    found = {
        hour: apply(files, Decisions(stand_ins=(stand_in,)), datetime(2027, 3, 16, hour, 30, tzinfo=UTC)).countries
        == files.countries
        for hour in (22, 23)
    }
    assert found == {22: False, 23: True}
