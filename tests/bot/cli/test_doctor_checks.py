"""What `earthweek doctor` says of everything that the bot needs before it runs."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.cli import doctor_checks
from bot.database.urls import open_database
from bot.slack.manifest import SCOPES
from bot.store.actions import Action, ActionKind
from bot.store.organiser_acts import Actor
from bot.store.pauses import Pauses
from bot.store.people import Person
from bot.store.schema import upgrade
from bot.store.store import Store
from rehearsal import workspace_builder
from rehearsal.slack.background_server import RunningSlack, running_slack
from rehearsal.slack.faults import Exchange, Fault, Phase
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import App, RehearsalSlack
from rehearsal.slack.workspace import Channel
from tests.campaigns import shipped, shipped_campaign
from tests.simulation import MachineClock

from .conftest import Command

NOW = datetime(2027, 3, 14, 9, tzinfo=UTC)
TOKENS = ("xoxb-rehearsal", "xapp-rehearsal")


@pytest.fixture
def slack() -> Iterator[RunningSlack]:
    with running_slack(
        workspace_builder.build_workspace(shipped_campaign(), []),
        lambda: datetime.now(UTC),
        app=App(SCOPES),
        limits=RateLimits.none(),
    ) as running:
        yield running


@pytest.fixture
def configured(slack: RunningSlack, monkeypatch: pytest.MonkeyPatch, earthweek: Command) -> Command:
    monkeypatch.setenv("SLACK_API_URL", slack.api_url)
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKENS[0])
    monkeypatch.setenv("SLACK_APP_TOKEN", TOKENS[1])
    return earthweek


def test_complete_setup_ticks_every_line(configured: Command) -> None:
    asyncio.run(_joined(1))
    said = configured("doctor", "--allow-examples")
    assert said.code == 0
    lines = said.out.splitlines()
    assert all(line.startswith("✓ ") for line in lines)
    named = {line.removeprefix("✓ ").partition(":")[0] for line in lines}
    assert {
        "campaign",
        "database",
        "events",
        "bot token",
        "permissions",
        "clock",
        "app token",
        "channels",
        "time",
    } <= named
    assert not any(token in said.out for token in TOKENS)


def test_examples_keep_it_from_being_well(configured: Command) -> None:
    said = configured("doctor")
    assert said.code == 1
    assert re.search(r"✗ campaign: \d+ values are still examples", said.out)


def test_a_missing_permission_is_named(configured: Command, slack: RunningSlack) -> None:
    slack.call(lambda server: server.scopes.discard("channels:history"))
    said = configured("doctor", "--allow-examples")
    assert said.code == 1
    assert "✗ permissions: channels:history missing; install the app again" in said.out


def test_missing_channel_and_person_are_named(configured: Command, slack: RunningSlack) -> None:
    slack.call(lambda server: server.workspace.channels.pop(server.workspace.channel_named("earth-week-no").id))  # type: ignore[union-attr]
    slack.call(lambda server: server.workspace.users.pop("U0EXAMPLEDK"))
    said = configured("doctor", "--allow-examples")
    assert said.code == 1
    assert "✗ channel earth-week-no: no public channel has this name" in said.out
    assert "✗ representative of DK: user_not_found" in said.out
    assert "✓ representative of SE" in said.out


@pytest.mark.parametrize(
    ("flag", "said"),
    [
        ("is_ext_shared", "it is shared with another company, whose people read what is posted there"),
        ("is_pending_ext_shared", "another company has been invited to it"),
    ],
)
def test_a_channel_that_others_share_is_named(configured: Command, slack: RunningSlack, flag: str, said: str) -> None:
    shared: dict[str, Any] = {flag: True}

    def share(server: RehearsalSlack) -> None:
        channel = server.workspace.channel_named("earth-week-no")
        assert channel
        server.workspace.add_channel(replace(channel, **shared))

    slack.call(share)
    heard = configured("doctor", "--allow-examples")
    assert heard.code == 1
    assert f"✗ channel earth-week-no: {said}" in heard.out
    assert "✗ channel earth-week-se" not in heard.out


def test_bot_not_allowed_to_join_channels_is_told(configured: Command, slack: RunningSlack) -> None:
    slack.call(lambda server: server.scopes.discard("channels:join"))
    said = configured("doctor", "--allow-examples")
    assert said.code == 1
    assert "✗ channel earth-week-no: the bot is not in it and may not join (missing_scope: channels:join)" in said.out
    assert "✓ channels" not in said.out


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({"deleted": True}, "is deactivated"),
        ({"is_bot": True}, "is a bot, which takes no messages"),
        ({"is_restricted": True}, "is a guest"),
        ({"is_ultra_restricted": True}, "is a guest"),
        ({"is_stranger": True}, "is of another company"),
        ({"team_id": "T0ELSEWHERE"}, "is of another company"),
    ],
)
def test_managers_and_representatives_have_to_be_colleagues(
    configured: Command, slack: RunningSlack, tmp_path: Path, flags: dict[str, Any], said: str
) -> None:
    managed(tmp_path, "U0BOSS")
    user = {"id": "U0", "team_id": "T0REHEARSAL", **flags}
    answer = json.dumps({"ok": True, "user": user})
    slack.call(lambda server: server.faults.status(200, answer, kind="application/json", method="users.info", times=99))
    out = configured("doctor", "--allow-examples", campaign=tmp_path / "managed").out
    assert f"✗ manager: U0BOSS {said}; name somebody else in campaign.toml" in out
    assert f"✗ representative of SE: U0EXAMPLESE {said}" in out


def test_a_manager_who_does_not_exist_is_named(configured: Command, tmp_path: Path) -> None:
    managed(tmp_path, "U0NOBODY")
    out = configured("doctor", "--allow-examples", campaign=tmp_path / "managed").out
    assert "✗ manager: user_not_found: Slack does not know U0NOBODY; correct the ID" in out


def test_colleague_of_another_company_workspace_is_accepted(
    configured: Command, slack: RunningSlack, tmp_path: Path
) -> None:
    managed(tmp_path, "U0BOSS")
    user = {"id": "U0BOSS", "team_id": "T0ELSEWHERE", "enterprise_user": {"teams": ["T0REHEARSAL", "T0ELSEWHERE"]}}
    answer = json.dumps({"ok": True, "user": user})
    slack.call(lambda server: server.faults.status(200, answer, kind="application/json", method="users.info", times=99))
    out = configured("doctor", "--allow-examples", campaign=tmp_path / "managed").out
    assert "✓ manager: U0BOSS is there" in out


def managed(folder: Path, manager: str) -> None:
    """The shipped campaign with somebody who is responsible for the whole company."""
    made = shipped(folder / "managed")
    made.write("campaign.toml", re.sub(r"(?m)^managers = .*\n", "", made.text("campaign.toml")))
    made.change("campaign.toml", "[company]", f'[company]\nmanagers = ["{manager}"]')


ROOM = "C0ORGANISERS"


@pytest.mark.parametrize(
    ("private", "invited", "said"),
    [
        (True, True, "✓ channels: all of them are there"),
        (True, False, f"✗ channel {ROOM}: channel_not_found"),
        (False, True, f"✗ channel {ROOM}: everybody can read it"),
    ],
)
def test_organisers_channel_is_private_and_has_the_bot(
    configured: Command, slack: RunningSlack, tmp_path: Path, *, private: bool, invited: bool, said: str
) -> None:
    made = shipped(tmp_path / "shared")
    made.change("campaign.toml", "[company]", f'[company]\norganisers_channel = "{ROOM}"')

    def furnish(server: RehearsalSlack) -> None:
        server.workspace.add_channel(Channel(ROOM, "organisers", is_private=private))
        if invited:
            server.workspace.join(ROOM, server.workspace.bot.id)

    slack.call(furnish)
    assert said in configured("doctor", "--allow-examples", campaign=made.root).out


def test_missing_permission_is_named_where_needed(configured: Command, slack: RunningSlack) -> None:
    slack.call(lambda server: server.scopes.difference_update({"users:read", "channels:read"}))
    out = configured("doctor", "--allow-examples").out
    assert "✗ permissions: channels:read, users:read missing; install the app again with earthweek manifest" in out
    assert "✗ channel earth-week-no: missing_scope: the app lacks a permission (channels:read); install it" in out
    assert "✗ representative of SE: missing_scope: the app lacks a permission (users:read); install it again" in out


def test_it_makes_no_database_and_says_so(configured: Command, tmp_path: Path) -> None:
    said = configured("doctor", "--allow-examples")
    assert "✓ database: there is none at earthweek.db yet; earthweek run makes it" in said.out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("revision", "code", "mark"), [("0001", 0, "✓"), ("9999", 1, "✗")])
def test_database_of_another_version_is_left_unchanged(
    configured: Command, tmp_path: Path, revision: str, code: int, mark: str
) -> None:
    asyncio.run(_joined(1))
    with closing(sqlite3.connect(tmp_path / "earthweek.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.commit()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    said = configured("doctor", "--allow-examples")
    assert said.code == code
    [line] = [each for each in said.out.splitlines() if "database:" in each]
    assert line.startswith(f"{mark} database: ")
    assert f"schema {revision}" in line
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_it_joins_no_channel(configured: Command, slack: RunningSlack) -> None:
    configured("doctor", "--allow-examples")
    assert not any(call.method == "conversations.join" for call in slack.call(lambda server: list(server.calls)))


def test_refused_token_is_told_without_showing_it(configured: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-somebody-elses")
    said = configured("doctor", "--allow-examples")
    assert said.code == 1
    assert "✗ bot token: invalid_auth: Slack does not accept SLACK_BOT_TOKEN" in said.out
    assert "somebody" not in said.out + said.err


def test_without_any_token_it_says_which_are_missing(earthweek: Command) -> None:
    said = earthweek("doctor", "--allow-examples")
    assert said.code == 1
    assert "✗ events: Slack cannot reach the bot: set SLACK_APP_TOKEN" in said.out
    assert "✗ bot token: SLACK_BOT_TOKEN is not set" in said.out


def test_unreachable_slack_is_told_in_sentence(earthweek: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKENS[0])
    monkeypatch.setenv("SLACK_APP_TOKEN", TOKENS[1])
    said = earthweek("doctor", "--allow-examples")
    assert said.code == 1
    assert "✗ bot token: Slack cannot be reached" in said.out


@pytest.mark.parametrize(
    ("date", "line"),
    [
        ("", "✓ clock: Slack did not say what time it is"),
        ("Mon, 15 Mar 2027 08:59:00 GMT", "✓ clock: it agrees with Slack's"),
        ("Mon, 15 Mar 2027 09:01:00 GMT", "✓ clock: it agrees with Slack's"),
        ("Mon, 15 Mar 2027 09:01:01 GMT", "✗ clock: it is 61 s apart from Slack's; set the machine's clock (NTP)"),
        ("Mon, 15 Mar 2027 08:00:00 GMT", "✗ clock: it is 3600 s apart from Slack's; set the machine's clock (NTP)"),
    ],
)
def test_clock_is_compared_with_slacks(
    configured: Command, slack: RunningSlack, monkeypatch: pytest.MonkeyPatch, date: str, line: str
) -> None:
    monkeypatch.setattr(doctor_checks, "SystemClock", lambda: MachineClock(datetime(2027, 3, 15, 9, tzinfo=UTC)))
    answer = json.dumps({"ok": True, "user": "bot", "team_id": "T0REHEARSAL"})

    async def says(_exchange: Exchange, _phase: Phase) -> web.StreamResponse:
        return web.Response(text=answer, content_type="application/json", headers={"Date": date})

    slack.call(lambda server: server.faults.add("auth.test", Fault("date", ("before",), says)))
    assert line in configured("doctor", "--allow-examples").out.splitlines()


def test_what_organisers_hold_is_told(configured: Command) -> None:
    asyncio.run(_joined(1))
    database = open_database("sqlite:///earthweek.db")
    with database.transaction() as connection:
        Pauses().pause(connection, Actor("earth-week-2027", "U0BOSS", NOW), "NO")
    database.engine.dispose()
    said = configured("doctor", "--allow-examples")
    assert said.code == 1
    assert "✗ organisers: paused: NO, since Sun 14 Mar 09:00 UTC" in said.out


def test_errors_of_the_campaign_leave_its_channels_unchecked(configured: Command, tmp_path: Path) -> None:
    made = shipped(tmp_path / "wrong")
    made.change("campaign.toml", '"Europe/Oslo"', '"Europe/Asgard"')
    said = configured("doctor", "--allow-examples", campaign=made.root)
    assert said.code == 1
    assert re.search(r"✗ campaign: 1 errors; see earthweek check\. First: .*Europe/Asgard", said.out)
    assert "✓ permissions" in said.out
    assert "channel" not in said.out.partition("✓ permissions")[2]


def test_a_database_that_cannot_be_opened_is_said(
    configured: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/file/bot.db")
    said = configured("doctor", "--allow-examples")
    assert said.code == 1
    assert "✗ database: the folder" in said.out


def test_too_many_people_are_counted_with_needed_lead(configured: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARTHWEEK_MESSAGES_PER_MINUTE", "10")
    asyncio.run(_joined(300))
    said = configured("doctor", "--allow-examples")
    assert said.code == 1
    assert "✗ time: earth-hour-reminder is too late for 150 of 300 people" in said.out
    assert "15 minutes earlier everybody would get it in time" in said.out


async def _joined(count: int) -> None:
    store = Store(database := open_database("sqlite:///earthweek.db"), "doctor", timedelta(seconds=30))
    await upgrade(database)
    people = [
        Person("T0", f"U0ASKED{number}", "Europe/Oslo", NOW, "NO", earth_hour_reminder=True) for number in range(count)
    ]
    await store.write(store.people.keep, people)
    for each in people:
        await store.write(store.actions.record, Action("earth-week-2027", each.user, ActionKind.JOINED, "", "NO", NOW))
    await database.close()
