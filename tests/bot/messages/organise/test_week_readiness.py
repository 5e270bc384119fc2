"""What stands in the way of the week, as the files and what organisers decided have it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.campaign.live_reload import LiveCampaign
from bot.locales.catalogues import vocabulary, words
from bot.messages.organise import overview
from bot.messages.organise.overview import NotReady, NotSaid
from bot.messages.organise.week_readiness import not_ready
from bot.messages.post_kinds import KINDS
from tests.campaigns import SHIPPED, Folder, shipped, small

EN = words("en")
TODAY = date(2027, 3, 1)


def alive(folder: Folder) -> LiveCampaign:
    return LiveCampaign(folder.root, KINDS, vocabulary(), allow_examples=True)


@pytest.fixture(scope="module")
def live() -> LiveCampaign:
    return alive(Folder(SHIPPED))


@pytest.mark.parametrize(
    ("today", "codes", "named"),
    [
        (date(2027, 12, 31), ("SE", "DE"), []),
        (date(2028, 1, 1), ("SE",), ["trips-by-train", "electricity-per-workplace", "train-between-offices"]),
        (date(2028, 1, 1), (), []),
    ],
)
def test_organisers_read_which_figures_are_old(
    live: LiveCampaign, today: date, codes: tuple[str, ...], named: list[str]
) -> None:
    own = [country for country in live.campaign.countries if country.code in codes]
    found = not_ready(live, (), own, today)
    assert [each for each, _ in found.stale_figures] == named
    said = "\n".join(overview.missing_sentences(EN, live.campaign, found))
    assert said.count("its latest figure is from 31 Dec 2026, more than a year ago") == len(named)


def test_campaign_as_shipped_says_what_is_missing(live: LiveCampaign) -> None:
    found = not_ready(live, ["b", "a"], live.campaign.countries, TODAY)
    assert found.examples == live.examples != []
    assert found.channels == ["a", "b"]
    assert found.is_earth_hour_unconfirmed
    assert found.unapproved == (), "its texts need no approval"
    assert found.works_councils == [NotSaid("DE", ("U0EXAMPLEDE",), live.campaign.opens)]
    assert found.headcounts == []


def test_nothing_is_missing_where_all_is_said(tmp_path: Path) -> None:
    live = alive(small(tmp_path))
    assert not_ready(live, (), live.campaign.countries, TODAY) == NotReady(
        examples=[], channels=[], headcounts=[], works_councils=[], stale_figures=[]
    )


def test_countries_of_others_are_not_their_business(live: LiveCampaign) -> None:
    swedish = [each for each in live.campaign.countries if each.code == "SE"]
    assert not_ready(live, (), swedish, TODAY).works_councils == []
    assert not_ready(live, (), (), date(2030, 1, 1)).stale_figures == []


def test_missing_headcount_names_who_and_when(tmp_path: Path) -> None:
    folder = shipped(tmp_path / "week")
    folder.change("campaign.toml", "headcount = 100\nheadcount_date = 2027-01-01\n", "")
    folder.change("campaign.toml", '"representatives", "headcount", "headcount_date"]', '"representatives"]')
    live = alive(folder)
    own = live.campaign.countries[:2]
    # The first figures come on Wednesday at noon.
    assert not_ready(live, (), own, TODAY).headcounts == [NotSaid("SE", ("U0EXAMPLESE",), date(2027, 3, 17))]
    said = overview.missing_sentences(EN, live.campaign, not_ready(live, (), own, TODAY))
    assert "(Sweden)" in said[-1]
    assert said[-1].endswith("<@U0EXAMPLESE> can take care of it. It is needed by Wednesday 17 March.")


def test_headcount_matters_only_for_a_goal(tmp_path: Path) -> None:
    folder = small(tmp_path)
    folder.change("campaign.toml", "headcount = 50\nheadcount_date = 2027-01-01\n", "")
    aiming = alive(folder)
    [missing] = not_ready(aiming, (), aiming.campaign.countries, TODAY).headcounts
    assert (missing.country, missing.users) == ("SE", ()), "it has no representative, and nobody answers for all"
    folder.change("campaign.toml", "[goal]\nparticipation_percent = 20\n", "")
    live = alive(folder)
    assert not_ready(live, (), live.campaign.countries, TODAY).headcounts == []


def test_managers_answer_for_country_without_representatives(tmp_path: Path) -> None:
    folder = small(tmp_path)
    folder.change("campaign.toml", 'zone = "Europe/London"\n', 'zone = "Europe/London"\nmanagers = ["UBOSS"]\n')
    folder.change("campaign.toml", 'channel = "week-se"\n', 'channel = "week-se"\nworks_council_informed = false\n')
    folder.change("campaign.toml", 'channel = "week-no"\n', 'channel = "week-no"\nworks_council_informed = true\n')
    live = alive(folder)
    found = not_ready(live, (), live.campaign.countries, TODAY)
    assert found.works_councils == [NotSaid("SE", ("UBOSS",), live.campaign.opens)]


def test_words_wait_only_where_approval_is_required(tmp_path: Path) -> None:
    folder = small(tmp_path)
    assert alive(folder).unapproved
    folder.change("campaign.toml", "[goal]", "[approval]\nrequired = true\n\n[goal]")
    live = alive(folder)
    assert not_ready(live, (), (), TODAY).unapproved == live.unapproved
    assert ("tip", "sv") in live.unapproved
