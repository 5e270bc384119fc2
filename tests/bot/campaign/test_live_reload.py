from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.campaign.live_reload import LiveCampaign, UnusableCampaignError
from bot.campaign.organiser_decisions import Decisions, Omission
from bot.locales.catalogues import vocabulary
from bot.messages.post_kinds import KINDS
from tests.campaigns import Folder

NOW = datetime(2027, 3, 15, 8, tzinfo=UTC)


def open_edition(folder: Folder, *, allow_examples: bool = False) -> LiveCampaign:
    return LiveCampaign(folder.root, KINDS, vocabulary(), allow_examples=allow_examples)


def title(edition: LiveCampaign) -> str:
    return edition.campaign.text("tip", "en").title


def test_faulty_folder_does_not_open_and_says_why(folder: Folder) -> None:
    folder.change("campaign.toml", 'kind = "tip"', 'kind = "tipp"')
    with pytest.raises(UnusableCampaignError, match="there is no kind 'tipp'") as refusal:
        open_edition(folder)
    assert len(refusal.value.problems) == 1


def test_examples_keep_it_closed_unless_they_are_allowed(folder: Folder) -> None:
    folder.change("campaign.toml", 'channel = "all"', 'channel = "all"\nexamples = ["channel"]')
    with pytest.raises(UnusableCampaignError, match="channel is still an example"):
        open_edition(folder)
    edition = open_edition(folder, allow_examples=True)
    assert edition.campaign.id == "small-week"
    assert edition.examples == [folder.at("campaign.toml", 'channel = "all"')]
    folder.change("campaign.toml", '\nexamples = ["channel"]', "")
    assert edition.refresh()
    assert edition.examples == []


def test_warnings_do_not_keep_it_closed(folder: Folder) -> None:
    folder.change("campaign.toml", "date = 2027-03-20\n", "")
    assert open_edition(folder).problems == []


def test_nothing_is_read_again_while_no_file_changes(folder: Folder) -> None:
    edition = open_edition(folder)
    before = edition.campaign
    assert not edition.refresh()
    assert edition.campaign is before


def test_a_changed_text_becomes_the_new_edition(folder: Folder) -> None:
    edition = open_edition(folder)
    folder.change("posts/tip/en.md", "A title", "Another title")
    assert edition.refresh()
    assert title(edition) == "Another title"


def test_spoilt_file_keeps_last_good_edition_until_mended(folder: Folder) -> None:
    edition = open_edition(folder)
    folder.change("posts/tip/en.md", 'title = "A title"', "title = ")
    assert not edition.refresh()
    assert title(edition) == "A title"
    assert len(edition.problems) == 1
    folder.change("posts/tip/en.md", "title = ", 'title = "Mended"')
    assert edition.refresh()
    assert title(edition) == "Mended"
    assert edition.problems == []


def test_examples_added_later_are_held_back_like_errors(folder: Folder) -> None:
    edition = open_edition(folder)
    folder.change("campaign.toml", 'channel = "all"', 'channel = "other"\nexamples = ["channel"]')
    assert not edition.refresh()
    assert edition.campaign.company is not None
    assert edition.campaign.company.channel == "all"
    assert [problem.what for problem in edition.problems] == ["company: channel is still an example"]


def test_removed_folder_keeps_last_good_edition(folder: Folder) -> None:
    edition = open_edition(folder)
    folder.root.rename(folder.root.with_name("elsewhere"))
    assert not edition.refresh()
    assert title(edition) == "A title"
    assert edition.problems[0].what == "the file is missing"


def test_decisions_are_put_over_files_read_later(folder: Folder) -> None:
    edition = open_edition(folder)
    omission = Omission("tip", "NO", "U0NORA", NOW)
    assert edition.decide(Decisions(omissions=(omission,)), NOW)
    assert not edition.decide(Decisions(omissions=(omission,)), NOW), "nothing has changed"
    folder.change("posts/tip/en.md", "A title", "Another title")
    assert edition.refresh()
    assert title(edition) == "Another title"
    assert edition.campaign.posts[0].left_out == ("NO",)
    assert edition.files.posts[0].left_out == ()


def test_deciding_nothing_new_keeps_the_same_campaign(folder: Folder) -> None:
    live = open_edition(folder)
    before = live.campaign
    assert not live.decide(Decisions(), NOW)
    assert live.campaign is before
