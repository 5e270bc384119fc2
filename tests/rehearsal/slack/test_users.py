from __future__ import annotations

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from rehearsal.slack.workspace import BOT, SLACKBOT, User

from .helpers import Desk, word


async def test_person_has_zone_and_locale_only_on_request(client: AsyncWebClient) -> None:
    asked = (await client.users_info(user="U1", include_locale=True))["user"]
    assert (asked["name"], asked["tz"], asked["tz_offset"], asked["locale"]) == ("ann", "Europe/Oslo", 3600, "nb-NO")
    assert "locale" not in (await client.users_info(user="U1"))["user"]


@pytest.mark.parametrize(
    ("user", "zone", "offset"),
    [("U2", "Asia/Calcutta", 19_800), ("U3", None, None), ("U4", None, None), ("U5", "Mars/Phobos", 0)],
)
async def test_zone_may_be_alias_missing_or_unknown(
    desk: Desk, user: str, zone: str | None, offset: int | None
) -> None:
    desk.slack.workspace.add_user(User("U5", "eva", tz="Mars/Phobos"))
    shown = (await desk.client.users_info(user=user))["user"]
    assert (shown.get("tz"), shown.get("tz_offset")) == (zone, offset)


async def test_deactivated_people_and_bots_are_marked(client: AsyncWebClient) -> None:
    assert (await client.users_info(user="U4"))["user"]["deleted"] is True
    assert (await client.users_info(user=BOT.id))["user"]["is_bot"] is True


async def test_everybody_is_listed_in_pages(client: AsyncWebClient) -> None:
    pages = [page["members"] async for page in await client.users_list(limit=4, include_locale=True)]
    assert [[user["id"] for user in page] for page in pages] == [[SLACKBOT.id, BOT.id, "U1", "U2"], ["U3", "U4"]]
    assert pages[0][2]["locale"] == "nb-NO"


async def test_slackbot_does_not_look_like_a_bot(client: AsyncWebClient) -> None:
    everyone = (await client.users_list())["members"]
    assert [user["is_bot"] for user in everyone if user["id"] == SLACKBOT.id] == [False]


async def test_an_unknown_person_or_page_is_refused(client: AsyncWebClient) -> None:
    assert await word(client.users_info(user="U9")) == "user_not_found"
    assert await word(client.users_list(cursor="x")) == "invalid_cursor"


async def test_people_are_not_shown_without_the_scope(desk: Desk) -> None:
    desk.slack.scopes.remove("users:read")
    assert await word(desk.client.users_list()) == "missing_scope"
    assert await word(desk.client.users_info(user="U1")) == "missing_scope"
