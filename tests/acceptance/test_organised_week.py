"""A week that organisers run from Slack: nobody touches a file after the first day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.cli.texts import export
from bot.settings import Transport
from bot.store.organiser_acts import Act
from bot.store.outbox import State
from tests.campaigns import GERMANY, NORWAY, SWEDEN, Folder, Post, Week, said
from tests.simulation import MIDNIGHT, Heard, MachineClock, Simulation, simulate

from .conftest import RunBot
from .participants import BY_THE_CALENDAR, MONDAY, REPRESENTATIVE, Answer, Participant, moment
from .test_corrections import everything, line_of
from .test_organise import organiser
from .test_organise_pauses import one

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=days) for days in range(1, 5))
SUNDAY = moment(MONDAY + timedelta(days=6), 12)
GERMAN, NORWEGIAN = "U0GERMAN", "U0NORSK"
NINE = time(9)
WEEK = Week(
    posts=(
        Post("tip", MONDAY, NINE, kind="tip"),
        Post("travel", TUESDAY, NINE),
        Post("food", WEDNESDAY, NINE),
        Post("things", THURSDAY, NINE),
        Post("thanks", FRIDAY, NINE),
        Post("news", FRIDAY, time(15), audience="company"),
    ),
    places=(
        replace(SWEDEN, representative=REPRESENTATIVE),
        replace(GERMANY, representative=GERMAN),
        replace(NORWAY, representative=NORWEGIAN),
    ),
)
CHANNELS = ("week-se", "week-de", "week-no", "week-all")
OWN: Mapping[str, str] = {"title": "Klesbytte", "summary": "Kom på klesbytte.", "body": "Ta med det du *ikke* bruker."}


def wording(about: str) -> dict[str, str]:
    body = f"Så **här** gör vi {about}.\n\n- En sak"
    return {"title": f'"{about}"', "summary": f"Andra ord om {about}.", "body": body}


async def on_post(week: Simulation, user: str, post: str) -> tuple[Participant, Answer]:
    who = await organiser(week, user)
    page = await who.types("organise")
    return who, await who.presses_in_form(one(page, f"organise_post:{post}:"))


async def edits(week: Simulation, user: str, post: str, language: str) -> Participant:
    who, _ = await on_post(week, user, post)
    await who.presses_in_form(f"organise_edit:{language}")
    assert (await who.fills(**wording(post))).form == "organise_post"
    return who


async def at(week: Simulation, day: date, hour: int, minute: int = 0) -> datetime:
    """Let the week go on until then."""
    now = moment(day, hour, minute)
    await week.run_until(now)
    return now


async def monday(week: Simulation) -> None:
    """Sweden corrects the tip and rewords tomorrow's post; Germany leaves one out; Norway adds one."""
    await at(week, MONDAY, 12)
    swede = await edits(week, REPRESENTATIVE, "tip", "sv")
    await swede.presses_in_form("organise_correct")
    await edits(week, REPRESENTATIVE, "travel", "sv")
    german, _ = await on_post(week, GERMAN, "things")
    await german.presses_in_form("organise_leave_out")
    norwegian = await organiser(week, NORWEGIAN)
    await norwegian.types("organise")
    await norwegian.presses_in_form("organise_own_post")
    assert (await norwegian.fills(day=WEDNESDAY, at=time(11), **OWN)).form == "organise_post"


async def tuesday(week: Simulation) -> None:
    """Norway corrects what has come in the morning."""
    await at(week, TUESDAY, 12)
    norwegian = await edits(week, NORWEGIAN, "travel", "nb")
    await norwegian.presses_in_form("organise_correct")


async def wednesday(week: Simulation) -> None:
    """Norway pauses over the morning's post, and sends it when it goes on."""
    await at(week, WEDNESDAY, 8, 30)
    norwegian = await organiser(week, NORWEGIAN)
    await norwegian.types("organise")
    page = await norwegian.presses_in_form("organise_pause:NO/NO")
    await at(week, WEDNESDAY, 9, 30)
    await week.restart()
    await week.open_door()
    await at(week, WEDNESDAY, 10)
    await norwegian.types("organise")
    await norwegian.presses_in_form(one(page, "organise_resume"))
    await norwegian.fills(choice="send")


def states_of(folder: Path) -> dict[str, int]:
    """When each file was last written."""
    return {path.as_posix(): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


NEW_TIP, NEW_TRAVEL = wording("tip")["summary"], wording("travel")["summary"]
SHOWN = {
    "week-se": [NEW_TIP, NEW_TRAVEL, *(said(each, "sv") for each in ("food", "things", "thanks"))],
    "week-de": [said(each, "de") for each in ("tip", "travel", "food", "thanks")],
    "week-no": [
        *(said("tip", "nb"), NEW_TRAVEL, said("food", "nb"), OWN["summary"]),
        *(said("things", "nb"), said("thanks", "nb")),
    ],
    "week-all": [said("news", "en")],
}
"""What each channel shows when the week is over."""


async def played(week: Simulation) -> None:
    for day in (monday, tuesday, wednesday):
        await day(week)
    await week.run_until(SUNDAY)


async def test_week_is_run_from_slack_alone(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    before = states_of(week.folder)
    await played(week)
    assert {channel: week.texts(channel) for channel in CHANNELS} == SHOWN
    assert states_of(week.folder) == before
    late = Heard(moment(WEDNESDAY, 10), said("food", "nb"))
    assert week.heard("week-no")[2:4] == [late, Heard(moment(WEDNESDAY, 11), OWN["summary"])]
    assert [line_of(everything(week, channel)[place]) for channel, place in (("week-se", 0), ("week-no", 1))] == [
        "Rättat 12:00",
        "Rettet 12:00",
    ]
    states = Counter(row.state for row in await week.rows() if row.slot.audience not in BY_THE_CALENDAR)
    assert states == {State.SENT: sum(map(len, SHOWN.values())) + 2, State.CANCELLED: 1}, "two of them corrections"
    acts = await week.bot.store.read(week.bot.store.organisers.acts, week.campaign.id, 50)
    # Of what was done at one instant, there is no order.
    assert Counter(each.act for each in acts) == {
        Act.EDITED: 3,
        Act.CORRECTED: 2,
        Act.LEFT_OUT: 1,
        Act.ADDED_POST: 1,
        Act.PAUSED: 1,
        Act.RESUMED: 1,
    }


async def test_exported_week_is_accepted_and_plays_alike(
    run_bot: RunBot, tmp_path: Path, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    week = await run_bot(WEEK)
    await played(week)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{week.database}")
    export(out=tmp_path / "exported", campaign=week.folder)
    exported = Folder(tmp_path / "exported")
    assert exported.errors() == []
    again = tmp_path / "again"
    again.mkdir()
    async with simulate(again, exported.root, MachineClock(MIDNIGHT), transport=transport) as other:
        await other.start()
        await other.run_until(SUNDAY)
        assert {channel: other.texts(channel) for channel in CHANNELS} == SHOWN


async def test_exported_files_in_place_send_nothing_again(
    run_bot: RunBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    week = await run_bot(WEEK)
    await monday(week)
    await at(week, TUESDAY, 12)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{week.database}")
    export(out=tmp_path / "exported", campaign=week.folder)
    exported = Folder(tmp_path / "exported")
    Folder(week.folder).write_all({file: exported.raw(file) for file in exported.files})
    before = {channel: week.texts(channel) for channel in CHANNELS}
    await at(week, TUESDAY, 13)
    assert not week.bot.delivery.live.decisions.revisions, "the files say it themselves by now"
    assert {channel: week.texts(channel) for channel in CHANNELS} == before
    _, page = await on_post(week, NORWEGIAN, f"{week.campaign.posts[-1].post}")
    assert "organise_withdraw" not in page.buttons
    _, page = await on_post(week, GERMAN, "things")
    assert "organise_bring_back" not in page.buttons
    await week.run_until(SUNDAY)
    assert week.texts("week-de") == SHOWN["week-de"]
    assert week.texts("week-no")[-2:] == SHOWN["week-no"][-2:]
    assert week.texts("week-no").count(OWN["summary"]) == 1
