"""The rehearsal room over real HTTP: who may ask, what is shown, and that nothing breaks or stays behind."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from rehearsal.local_page import HOST
from rehearsal.simulation import Rehearsal
from rehearsal.slack.interactive_elements import controls
from rehearsal.slack.workspace import File
from rehearsal.web.clock_modes import Paused
from rehearsal.web.server import served
from tests.campaigns import png, said, write
from tests.patience import PATIENCE

from .participants import MONDAY, VISITED, moment
from .process import ROOT, wait_until
from .rooms import GERMAN, GUEST, TIP, Page, again, arrival, before, channel, go

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&<!--</article>"
MISUNDERSTOOD = "The page and the rehearsal do not understand each other. Please load the page anew."


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    async with before(tmp_path) as made:
        made.place = channel(made.room, "week-se")
        yield made


# Who may ask


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1:1"},
        {"Host": "127.0.0.1"},
        {"Host": ""},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "https://{host}"},
        {"Origin": "{host}"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_other_pages_are_refused(page: Page, headers: Mapping[str, str]) -> None:
    host = page.address.removeprefix("http://").rstrip("/")
    sent = {name: value.replace("{host}", host) for name, value in headers.items()}
    for path in ("events", "style.css", "nothing"):
        async with page.session.get(page.address + path, headers=sent) as response:
            assert response.status == 403
            assert "Content-Security-Policy" in response.headers
    for path in ("act", "clock", "fault"):
        async with page.session.post(page.address + path, headers=sent, json={"do": "play"}) as response:
            assert response.status == 403
    assert isinstance(page.room.clock_mode, Paused)


async def test_foreign_host_name_is_refused_whatever_origin(page: Page) -> None:
    headers = {"Host": "evil.example", "Origin": page.address.rstrip("/")}
    async with page.session.post(f"{page.address}clock", headers=headers, json={"do": "play"}) as response:
        assert response.status == 403


async def test_cross_site_link_only_opens_page(page: Page) -> None:
    sent = {"Sec-Fetch-Site": "cross-site"}
    async with page.session.get(page.address, headers=sent) as response:
        assert response.status == 200


async def test_the_page_itself_may_ask(page: Page) -> None:
    origin = page.address.rstrip("/")
    for name in (origin, origin.replace(HOST, "localhost")):
        headers = {"Origin": name, "Host": name.removeprefix("http://"), "Sec-Fetch-Site": "same-origin"}
        async with page.session.post(f"{page.address}clock", headers=headers, json={"do": "pause"}) as response:
            assert await response.json() == {"ok": True, "said": ""}


async def test_it_listens_on_this_machine_only(page: Page) -> None:
    port = int(page.address.rstrip("/").rpartition(":")[2])
    for address in {each[4][0] for each in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)}:
        if not str(address).startswith("127."):
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection(str(address), port)
    with socket.socket() as other:
        other.bind(("127.0.0.2", port))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "", 200),
        ("GET", "style.css", 200),
        ("GET", "room.js", 200),
        ("GET", "events", 200),
        ("GET", "nothing", 404),
        ("GET", "file/F0", 404),
        ("GET", "picture/F0", 404),
        ("GET", "act", 405),
        ("POST", "", 405),
        ("POST", "act", 415),
        ("PUT", "clock", 405),
    ],
)
async def test_every_response_has_browser_security_headers(page: Page, method: str, path: str, status: int) -> None:
    async with page.session.request(method, page.address + path) as response:
        assert response.status == status
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none';")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"


async def test_a_body_that_is_too_large_is_refused(page: Page) -> None:
    body = {"as": GUEST, "in": page.place, "do": "say", "text": "x" * 300_000}
    async with page.session.post(f"{page.address}act", json=body) as response:
        assert response.status == 413
        assert "Content-Security-Policy" in response.headers


@pytest.mark.parametrize(
    "body",
    ["", "{", '"\\ud800"', "[" * 5000, "NaN", b"\xff", '{"as":"U0GUESTSE","in":"home","do":"say","text":"\\ud800"}'],
)
async def test_what_cannot_be_read_is_a_sentence(page: Page, body: str | bytes) -> None:
    headers = {"Content-Type": "application/json"}
    for path in ("act", "clock", "fault"):
        async with page.session.post(page.address + path, data=body, headers=headers) as response:
            assert response.status == 200
            assert await response.json() == {"ok": False, "said": MISUNDERSTOOD}
    assert await page.html()


async def test_a_simple_form_of_another_page_turns_nothing(page: Page) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        headers = {"Content-Type": kind}
        async with page.session.post(f"{page.address}clock", data='{"do":"play"}', headers=headers) as response:
            assert response.status == 415
    assert isinstance(page.room.clock_mode, Paused)


async def test_taken_port_is_not_waited_for(tmp_path: Path) -> None:
    write(tmp_path, VISITED)
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        taken = other.getsockname()[1]
        async with served(Rehearsal(tmp_path, guests=True), taken) as (_room, address):
            assert not address.endswith(f":{taken}/")
            async with aiohttp.ClientSession() as session, session.get(address) as response:
                assert response.status == 200


# What is shown


async def test_user_text_is_shown_escaped(page: Page) -> None:
    assert await page.act("say", text=HOSTILE) == ""
    assert await page.act("command", text=f"/earthweek {HOSTILE}") == ""
    for html in (await page.html(), await page.sees("alert(1)")):
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "&lt;script&gt;" in html


async def test_nonsense_in_the_address_shows_what_there_is(page: Page) -> None:
    for query in ({"as": HOSTILE, "in": HOSTILE, "tab": HOSTILE}, {"as": "U0EARTHWEEK"}, {"in": "C0NOWHERE"}, {}):
        async with page.session.get(page.address, params=query) as response:
            assert response.status == 200
            assert HOSTILE not in await response.text()


async def test_a_whole_visit_over_the_page(page: Page) -> None:
    assert await page.turn("next") == ""
    html = await page.sees('data-action="did_this"')
    ts = re.findall(r'data-ts="([\d.]+)"', html)[0]
    assert await page.act("press", on="message", ts=ts, private=False, action="did_this", value=None, block=None) == ""
    modal = await page.sees("data-submit", region="modal")
    view = re.findall(r'data-view="(\w+)"', modal)[0]
    top = page.room.user(GUEST).top()
    assert top
    fields: dict[str, dict[str, str]] = {}
    for each in controls(top.content["blocks"]):
        if each.block_id == "country":
            fields = {"country": {each.action_id: "SE"}}
    assert await page.act("submit", view=view, fields=fields) == ""
    assert await page.act("close", view=view) == ""
    page.place = "home"
    assert 'data-on="home"' in await page.sees("data-action")


async def test_each_person_sees_their_own(page: Page) -> None:
    await page.act("command", text="/earthweek help")
    mine = await page.html()
    assert "Only visible to you" in mine
    other = replace(page, user=GERMAN, place=channel(page.room, "week-de"))
    theirs = await other.html()
    assert "Only visible to you" not in theirs
    assert "week-se" not in theirs
    assert "Lena Vogt" in theirs


async def test_restarted_bot_draws_home_again(page: Page) -> None:
    page.place = "home"
    views = page.room.simulation.slack.workspace.views
    async with asyncio.timeout(PATIENCE):
        shown = page.updates()
        while "data-action" not in (await anext(shown)).get("conversation", ""):
            pass
        await page.spoil("kill_now")
        while "The bot was killed." not in (await anext(shown)).get("trouble", ""):
            pass
        views.homes.clear()
        await page.spoil("restart")
        while GUEST not in views.homes or "data-action" not in (await anext(shown))["conversation"]:
            await page.room.changed(page.room.changes, 1)
        await shown.aclose()


async def test_uploaded_picture_is_shown_as_nothing_else(page: Page) -> None:
    uploads = page.room.simulation.slack.workspace.uploads
    for content, status in ((png(), 200), (b"<script>alert(1)</script>", 404)):
        file = uploads.begin("line.png", len(content))
        assert uploads.take(file, content)
        uploads.finish(file, "line", page.room.now)
        async with page.session.get(f"{page.address}picture/{file}") as response:
            assert response.status == status
            if status == 200:
                assert (response.content_type, await response.read()) == ("image/png", content)
                assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_files_are_only_ever_downloaded(page: Page) -> None:
    town = page.room.simulation.slack.workspace
    name = 'Å\r\nX-Evil: 1";.html'
    town.post(
        page.place, town.bot.id, "here", page.room.now, files=[File("F1", name, "it", b"<script>alert(1)</script>")]
    )
    async with page.session.get(f"{page.address}file/F1") as response:
        assert await response.read() == b"<script>alert(1)</script>"
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"] == (
            "attachment; filename*=UTF-8''%C3%85%0D%0AX-Evil%3A%201%22%3B.html"
        )
        assert "X-Evil" not in response.headers


async def test_every_tab_is_drawn_while_bot_is_away(page: Page) -> None:
    await page.spoil("kill")
    for away in (False, True):
        if away:
            await page.spoil("kill_now")
        for tab, words in (("week", ""), ("figures", ""), ("faults", "will be killed"), ("log", "conversations.list")):
            page.tab = tab
            await page.sees(words, region="panel")
    await page.spoil("clear")
    page.tab = "faults"
    await page.sees("Start now", region="panel", but_not="will be killed")


async def test_many_simultaneous_pages_leave_nothing_behind(page: Page, caplog: pytest.LogCaptureFixture) -> None:
    before_them = len(asyncio.all_tasks())
    page.session.connector._limit = 0  # type: ignore[union-attr]
    pages = [replace(page, user=user, tab=tab) for user in (GUEST, GERMAN) for tab in ("week", "log", "faults") * 2]
    await asyncio.gather(*(each.sees("", region="panel") for each in pages))
    async with asyncio.timeout(PATIENCE):
        # The browser closes its side; the server notices within a second or so.
        while len(asyncio.all_tasks()) > before_them + 1:
            await page.room.changed(page.room.changes, 0.1)
    with caplog.at_level(logging.DEBUG):
        await page.html()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_pages_that_are_open_end_with_the_rehearsal(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    others = asyncio.all_tasks()
    write(tmp_path, VISITED)
    async with aiohttp.ClientSession(read_bufsize=2**22) as session:
        async with served(Rehearsal(tmp_path, guests=True), 0) as (room, address):
            page = Page(session, address, room, place=channel(room, "week-se"))
            looking = asyncio.create_task(page.sees("never said"))
            await page.sees("", region="clock")
            folder = room.simulation._folder
            assert folder.is_dir()
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(AssertionError, match="the page ended"):
                await looking
    assert not folder.exists()
    assert asyncio.all_tasks() <= others
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


# The clock


async def test_clock_stands_during_answer_and_never_catches_up(page: Page) -> None:
    room = page.room
    real = 0.0
    room.real = lambda: real
    await page.turn("speed", speed=3600)
    await page.turn("play")
    async with room.clock_held():
        held = room.now
        real = 24.0
        await asyncio.sleep(0.2)
        assert room.now == held
    await asyncio.sleep(0.2)
    assert room.now == held
    real = 25.0
    await page.sees("10:00" if held == room.simulation.start else "", region="clock")
    await page.turn("pause")


async def test_a_form_opens_at_any_speed(page: Page) -> None:
    await page.turn("speed", speed=86_400)
    await page.turn("play")
    for _ in range(3):
        assert await page.act("command", text="/earthweek join") == ""
        assert page.room.user(GUEST).top()
    assert page.room.simulation.slack.errors["expired_trigger_id"] == 0
    await page.turn("pause")


async def test_going_to_the_past_begins_again(page: Page) -> None:
    await page.act("say", text="hello")
    await go(page.room, moment(MONDAY, 14))
    simulation = page.room.simulation
    assert await page.turn("go", wall="2027-03-15T09:00") == ""
    await arrival(page.room)
    assert page.room.simulation is not simulation
    assert page.room.now == TIP
    html = await page.html()
    assert "hello" not in html
    assert not simulation._folder.exists()


async def test_moment_outside_range_is_moved_inside_and_told(page: Page) -> None:
    for wall in ("0001-01-01T00:00", "9999-12-31T23:59"):
        told = await page.turn("go", wall=wall)
        assert told == "The rehearsal begins an hour before the first post and ends after the last."
        page.room.pause()
    assert await page.turn("go") == "Please choose a day and a time."


async def test_return_to_start_is_refused_for_faulty_campaign(page: Page) -> None:
    await go(page.room, TIP)
    (page.room.rehearsal.folder / "campaign.toml").write_text("nonsense", "utf-8")
    told = await page.turn("start")
    assert told.startswith("There is no way back to the start, because the campaign cannot be played any more: ")
    assert page.room.now == TIP
    assert await page.act("command", text="/earthweek") == ""
    await page.spoil("kill_now")
    await page.spoil("restart")
    await page.sees("The bot does not start, because its campaign has errors", region="trouble")
    write(page.room.rehearsal.folder, VISITED)
    await page.turn("play")
    async with asyncio.timeout(PATIENCE):
        while page.room.bot is None:
            await page.room.changed(page.room.changes, 1)


async def test_the_clock_is_turned_while_everything_happens(page: Page) -> None:
    """Whoever presses everything at once gets an answer to each, and the room is as good as before."""
    await page.turn("speed", speed=None)
    asked = [page.turn(do) for do in ("play", "start", "next", "pause", "start", "play", "next", "start")]
    done = [page.act("command", text="/earthweek") for _ in range(4)]
    spoilt = [page.spoil(do) for do in ("kill_now", "restart", "down", "kill_now", "clear", "restart", "kill")]
    async with asyncio.timeout(PATIENCE):
        answers = await asyncio.gather(*asked, *done, *spoilt)
    assert not [answer for answer in answers if "went wrong" in answer]
    await page.spoil("clear")
    await page.spoil("restart")
    await page.turn("start")
    await go(page.room, moment(MONDAY, 10))
    town = page.room.simulation.slack.workspace
    assert [each.text for each in town.messages(channel(page.room, "week-se"))] == [said("tip", "sv")]
    assert again(town) == []


async def test_the_end_comes_and_can_be_left(page: Page) -> None:
    await page.turn("speed", speed=None)
    await page.turn("play")
    await page.sees("The week is over", region="clock")
    assert page.room.now == page.room.simulation.end
    assert await page.turn("start") == ""
    assert not page.room.over


async def test_failing_step_neither_stops_nor_overloads_room(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[None] = []
    going = page.room.simulation.advance

    async def stumble() -> None:
        tried.append(None)
        raise RuntimeError("it broke")

    monkeypatch.setattr(page.room.simulation, "advance", stumble)
    await page.turn("speed", speed=None)
    await page.turn("play")
    await asyncio.sleep(1.2)
    assert 1 <= len(tried) <= 4
    monkeypatch.setattr(page.room.simulation, "advance", going)
    await go(page.room, max(TIP, page.room.now))
    assert await page.act("say", text="hi") == ""


# Beside colleagues


async def test_people_and_colleagues_act_together_at_full_speed(tmp_path: Path) -> None:
    async with before(tmp_path, people=20) as page:
        page.place = channel(page.room, "week-se")
        await page.turn("speed", speed=None)
        await page.turn("play")
        answers = []
        while page.room.now < moment(MONDAY, 18):
            answers.append(await page.act("command", text="/earthweek help"))
        assert set(answers) == {""}
        assert page.room.simulation.population.activities.total() > 20
        assert page.room.simulation.slack.errors["expired_trigger_id"] == 0
        assert again(page.room.simulation.slack.workspace) == []


async def test_impersonated_colleague_does_nothing_by_itself(tmp_path: Path) -> None:
    async with before(tmp_path, people=6) as page:
        await go(page.room, TIP + timedelta(hours=5))
        books = {each.user: each for each in page.room.simulation.population.journals}
        me = next(user for user, each in books.items() if each.entries and user.startswith("U0PERSON"))
        page.user, page.place = me, page.room.user(me).direct
        await page.act("command", text="/earthweek")
        done = len(books[me].entries)
        await go(page.room, moment(MONDAY, 12) + timedelta(days=4))
        assert len(books[me].entries) == done
        assert sum(len(each.entries) for user, each in books.items() if user != me) > 0


# The command itself


def start(folder: Path, *more: str, **env: str) -> subprocess.Popen[str]:
    """Start the command as somebody does, with temporary files in a folder of its own."""
    write(folder / "campaign", VISITED)
    (folder / "tmp").mkdir()
    command = [
        sys.executable,
        "-m",
        "bot",
        "rehearse",
        "--port",
        "0",
        "--campaign",
        str(folder / "campaign"),
        *more,
    ]
    clean = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(folder / "tmp"),
        "PYTHONUNBUFFERED": "1",
    }
    return subprocess.Popen(  # noqa: S603 - our own program
        command, cwd=folder, env={**clean, **env}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


@pytest.mark.parametrize("what", [signal.SIGINT, signal.SIGTERM])
def test_command_tells_address_and_stops_without_leftovers(tmp_path: Path, what: signal.Signals) -> None:
    seen = tmp_path / "opened"
    opener = tmp_path / "opener"
    opener.write_text(f'#!/bin/sh\necho "$1" > "{seen}"\n', "utf-8")
    opener.chmod(0o755)
    with start(tmp_path, "--people", "3", BROWSER=str(opener), DISPLAY=":7") as running:
        assert running.stdout
        line = next(line for line in running.stdout if "The rehearsal is at" in line)
        [address] = re.findall(r"http://127\.0\.0\.1:\d+/", line)
        wait_until(lambda: seen.exists() and seen.read_text("utf-8").strip() == address)
        assert len(list((tmp_path / "tmp").iterdir())) == 1
        running.send_signal(what)
        rest = running.stdout.read()
        assert running.wait(20) == 0
    assert "Traceback" not in rest
    assert list((tmp_path / "tmp").iterdir()) == []
    assert {each.name for each in tmp_path.iterdir()} == {"campaign", "tmp", "opened", "opener"}
