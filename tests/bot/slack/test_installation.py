"""What the bot knows of itself, and what it keeps of it while Slack does not answer."""

from __future__ import annotations

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.account_types import Team
from bot.slack.errors import SLACK_ERRORS
from bot.slack.installation import Installation
from rehearsal.slack.serializers import BOT_ID
from rehearsal.slack.workspace import BOT
from tests.rehearsal.slack.helpers import Desk

HERE = Team("T0REHEARSAL")
OWN = frozenset({BOT_ID, BOT.id})


@pytest.fixture
def installation(client: AsyncWebClient) -> Installation:
    return Installation(client)


def asked(desk: Desk) -> int:
    return sum(call.method == "auth.test" for call in desk.slack.calls)


def test_nothing_is_known_before_slack_answers(installation: Installation) -> None:
    assert (installation.bot_id, installation.bot_user_id, installation.team) == (None, None, None)


async def test_slack_says_who_the_bot_is(installation: Installation) -> None:
    await installation.refresh()
    assert (installation.bot_id, installation.bot_user_id, installation.team) == (BOT_ID, BOT.id, HERE)


async def test_refusal_forgets_nothing(desk: Desk, installation: Installation) -> None:
    await installation.refresh()
    desk.slack.faults.answer("token_revoked", method="auth.test", times=2)
    with pytest.raises(SLACK_ERRORS):
        await installation.refresh()
    assert (installation.bot_id, installation.bot_user_id, installation.team) == (BOT_ID, BOT.id, HERE)


async def test_team_is_asked_for_until_it_is_known(desk: Desk, installation: Installation) -> None:
    desk.slack.faults.reset(method="auth.test")
    desk.slack.faults.status(502, method="auth.test")
    assert [await installation.known_team() for _ in range(4)] == [None, None, HERE, HERE]
    assert asked(desk) == 3


async def test_author_is_asked_for_once(desk: Desk, installation: Installation) -> None:
    assert [await installation.author_ids() for _ in range(2)] == [OWN, OWN]
    desk.slack.bot_token = "xoxb-another"
    assert await installation.author_ids() == OWN, "a new token changes no author"
    assert asked(desk) == 1


async def test_unknown_author_is_no_empty_set(desk: Desk, installation: Installation) -> None:
    desk.slack.faults.answer("internal_error", method="auth.test")
    with pytest.raises(SLACK_ERRORS):
        await installation.author_ids()
    assert await installation.author_ids() == OWN


async def test_id_that_slack_leaves_out_is_left_out(desk: Desk, installation: Installation) -> None:
    answer = '{"ok": true, "user_id": "U0SELF"}'
    desk.slack.faults.status(200, answer, kind="application/json", method="auth.test")
    assert await installation.author_ids() == {"U0SELF"}
    assert installation.team is None
