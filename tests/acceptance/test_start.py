"""What a start waits for, and what ends it with a sentence."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from importlib.metadata import version

from sqlalchemy.engine import URL, make_url

from rehearsal.slack.background_server import RunningSlack
from tests.bot.store.databases import Server, server
from tests.campaigns import write
from tests.simulation import channel_id

from .process import HERE, Machine, now, soon, texts, wait_until

__all__ = ["server"]


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
    writer.close()


async def serve(to: URL, port: int) -> asyncio.Server:
    """Let the server be reached on a loopback port."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        folder = to.query.get("host")
        if isinstance(folder, str):
            theirs, ours = await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{to.port or 5432}")
        else:
            theirs, ours = await asyncio.open_connection(to.host, to.port or 5432)
        await asyncio.gather(pass_on(reader, ours), pass_on(theirs, writer))

    return await asyncio.start_server(carry, "127.0.0.1", port)


async def close(listening: asyncio.Server) -> None:
    listening.close()
    await listening.wait_closed()


async def free_port() -> int:
    listening = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = int(listening.sockets[0].getsockname()[1])
    listening.close()
    await listening.wait_closed()
    return port


def test_a_start_waits_for_database_and_slack_alike(slack: RunningSlack, machine: Machine, server: Server) -> None:
    """As where all three are started at once."""
    week = soon(2)
    write(machine.campaign, week)
    slack.call(lambda each: each.faults.down(now() + timedelta(hours=1)))
    to, port = make_url(server.empty()), slack.run(free_port())
    there = to.difference_update_query(["host"]).set(host="127.0.0.1", port=port)
    run = machine.run(DATABASE_URL=there.render_as_string(hide_password=False))
    run.until_logged("service.waiting")
    status, parts = run.readiness()
    assert status == 503
    assert not parts["database"]["ok"]
    assert "look at DATABASE_URL, and whether the database runs" in parts["database"]["detail"]
    assert run.get("/health/live")[0] == 200
    assert 'earthweek_up{part="database"} 0.0' in run.get("/metrics")[1]

    listening = slack.run(serve(to, port))
    wait_until(lambda: run.readiness()[1]["database"]["ok"])
    wait_until(lambda: len(run.logged("service.waiting")) == 2)
    assert not run.readiness()[1]["slack"]["ok"]
    slack.call(lambda each: each.faults.clear())
    run.until_running()
    wait_until(lambda: [message.text for message in slack.messages(channel_id("week-se"))] == texts(week, HERE))
    assert [line["on"] for line in run.logged("service.waiting")] == ["database", "Slack"]
    run.kill()
    slack.run(close(listening))


def test_first_line_names_version_transport_and_database(machine: Machine) -> None:
    write(machine.campaign, soon(600))
    run = machine.run()
    run.until_logged("service.listening")
    first = run.lines()[0]
    assert (first["action"], first["version"]) == ("service.starting", version("earthweek"))
    assert (first["transport"], first["database"]) == ("HTTP", "sqlite")
    run.kill()


def test_a_database_that_does_not_exist_ends_it(machine: Machine, server: Server) -> None:
    write(machine.campaign, soon(600))
    nowhere = make_url(server.empty()).set(database="nowhere").render_as_string(hide_password=False)
    run = machine.run(DATABASE_URL=nowhere)
    assert run.ended(60) == 1
    assert "make that database, or correct its name in DATABASE_URL" in run.output()
    assert "Traceback" not in run.output()
