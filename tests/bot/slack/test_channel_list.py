"""Channels are found by name, page by page, with as few questions as can be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import channel_list
from bot.slack.channel_list import ChannelList
from bot.slack.errors import SLACK_ERRORS
from rehearsal.slack.workspace import BOT, Channel, User, Workspace
from tests.rehearsal.slack.helpers import START, Desk

OWN, ALL = "users.conversations", "conversations.list"
NOT_SEEN = "Slack has not shown all of its channels yet; it is looked for, or name its ID in campaign.toml"
NOWHERE = "no public channel has this name; make it, correct it, or use the ID if it is private"


@pytest.fixture
def workspace() -> Workspace:
    """Six channels, of which the bot is in the second."""
    channels = [Channel(f"C{number}", f"week-{number}") for number in range(1, 7)]
    return Workspace(
        [User("U1", "ann")], [*channels, Channel("C9", "secret", is_private=True)], members={"C2": [BOT.id]}
    )


@pytest.fixture
def channels(client: AsyncWebClient, monkeypatch: pytest.MonkeyPatch) -> ChannelList:
    """A list of two channels a page."""
    monkeypatch.setattr(channel_list, "_PAGE", 2)
    return ChannelList(client)


class Asked:
    """Counts what Slack was asked since the last time."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._before = desk, 0

    def __call__(self) -> list[str]:
        now, self._before = self._before, len(self._desk.slack.calls)
        return [call.method for call in self._desk.slack.calls[now:]]


@pytest.fixture
def asked(desk: Desk) -> Asked:
    return Asked(desk)


def at(minutes: float) -> timedelta:
    return timedelta(minutes=minutes)


async def test_own_channel_needs_one_question(channels: ChannelList, asked: Asked) -> None:
    await channels.search({"week-2"}, START)
    assert (channels.ids, asked()) == ({"week-2": "C2"}, [OWN])


async def test_search_ends_where_all_are_found(channels: ChannelList, asked: Asked) -> None:
    await channels.search({"week-2", "week-3"}, START)
    assert channels.ids == {"week-2": "C2", "week-3": "C3"}
    assert asked() == [OWN, ALL, ALL], "two pages of three"


async def test_name_of_a_private_channel_is_not_found(channels: ChannelList, asked: Asked) -> None:
    await channels.search({"secret", "week-6"}, START)
    assert (channels.ids, asked()) == ({"week-6": "C6"}, [OWN, ALL, ALL, ALL])
    assert channels.explain_missing("secret") == NOWHERE
    assert channels.explain_missing("never looked for") == NOT_SEEN


async def test_nobody_is_looked_for_without_names(channels: ChannelList) -> None:
    await channels.search((), START)
    assert channels.ids == {}


async def test_whole_list_rests_a_minute_a_page(channels: ChannelList, asked: Asked, desk: Desk) -> None:
    await channels.search({"missing"}, START)
    asked()
    desk.slack.workspace.add_channel(Channel("C7", "missing"))
    await channels.search({"missing"}, START + at(2.9))
    assert (channels.ids, asked()) == ({}, [OWN]), "its own channels never rest"
    await channels.search({"missing"}, START + at(3))
    assert (channels.ids, asked()) == ({"missing": "C7"}, [OWN, ALL, ALL, ALL, ALL])


async def test_new_name_disturbs_the_rest(channels: ChannelList, asked: Asked) -> None:
    await channels.search({"missing"}, START)
    asked()
    await channels.search({"missing", "week-1"}, START)
    assert channels.ids == {"week-1": "C1"}
    assert asked() == [OWN, ALL, ALL, ALL]


async def test_search_goes_on_where_slack_asked_to_wait(channels: ChannelList, asked: Asked, desk: Desk) -> None:
    await channels.search({"week-1"}, START)
    asked()
    desk.slack.faults.throttle(30, method=ALL)
    with pytest.raises(SLACK_ERRORS):
        await channels.search({"week-2", "week-5"}, START)
    assert (channels.ids, asked()) == ({"week-2": "C2"}, [OWN, ALL]), "what was found is kept"
    assert channels.explain_missing("week-5") == NOT_SEEN
    await channels.search({"week-2", "week-5"}, START + at(0.49))
    assert asked() == [OWN], "Slack is left alone for half a minute"
    await channels.search({"week-2", "week-5"}, START + at(0.5))
    assert (channels.ids["week-5"], asked()) == ("C5", [OWN, ALL, ALL]), "the first page is not read again"


async def test_name_added_halfway_is_looked_for_again(channels: ChannelList, asked: Asked, desk: Desk) -> None:
    await channels.search({"week-2", "week-3"}, START)
    asked()
    await channels.search({"week-2", "week-1"}, START)
    assert (channels.ids, asked()) == ({"week-2": "C2"}, [OWN, ALL]), "the rest of the list"
    assert channels.explain_missing("week-1") == NOT_SEEN, "nobody has looked for it on the first page"
    await channels.search({"week-2", "week-1"}, START)
    assert channels.ids == {"week-2": "C2", "week-1": "C1"}
    assert desk.slack.errors == {}


async def test_expired_cursor_begins_anew(channels: ChannelList, asked: Asked, desk: Desk) -> None:
    await channels.search({"week-3"}, START)
    asked()
    desk.slack.faults.answer("invalid_cursor", method=ALL)
    with pytest.raises(SLACK_ERRORS):
        await channels.search({"week-1"}, START)
    asked()
    await channels.search({"week-1"}, START)
    assert (channels.ids, asked()) == ({"week-1": "C1"}, [OWN, ALL])


async def test_failed_page_is_asked_for_again(channels: ChannelList, asked: Asked, desk: Desk) -> None:
    await channels.search({"week-3"}, START)
    asked()
    desk.slack.faults.status(502, method=ALL)
    with pytest.raises(SLACK_ERRORS):
        await channels.search({"week-6"}, START)
    asked()
    await channels.search({"week-6"}, START)
    assert (channels.ids, asked()) == ({"week-6": "C6"}, [OWN, ALL])


async def test_former_name_leads_to_the_present_one(channels: ChannelList, desk: Desk) -> None:
    desk.slack.workspace.rename("C5", "earth-week")
    await channels.search({"week-5"}, START)
    assert channels.ids == {}
    says = "no public channel has this name; earth-week had it before, which campaign.toml may name"
    assert channels.explain_missing("week-5") == says


async def test_what_was_found_before_is_looked_for_anew(channels: ChannelList, desk: Desk) -> None:
    await channels.search({"week-2"}, START)
    desk.slack.workspace.rename("C2", "other")
    await channels.search({"week-2"}, START)
    assert channels.ids == {}
