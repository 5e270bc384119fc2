"""The real PgBouncer on this machine, in front of a PostgreSQL server."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy.engine import URL, make_url

USER = "bot"
NASTY = """p@ss:w/o?r#d%20&=+ "'\\;,üñ🌍"""
"""A password with every sign that means something in a URL or in the files of PgBouncer."""

_SCRIPT = Path(__file__).with_name("pgbouncer.sh")
_NOBODY = 65534
_ATTEMPTS = 5


def find() -> str:
    """Where PgBouncer is; without it the tests are left out, but not in CI."""
    found = subprocess.run(  # noqa: S603 - our own script
        ["/bin/sh", str(_SCRIPT), "find"], capture_output=True, text=True, check=False
    )
    if found.returncode:
        leave = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        leave(found.stderr.strip())
    return found.stdout.strip()


@contextmanager
def pgbouncer(database: str, **settings: object) -> Iterator[str]:
    """Run PgBouncer in front of the server of a database's URL; the same database's URL through it.

    A setting of bytes is the content of the file that it names.
    """
    program, behind = find(), make_url(database)
    with tempfile.TemporaryDirectory(prefix="earthweek-pgbouncer-") as name:
        folder, owner = Path(name), _owner(behind)
        for setting, content in settings.items():
            if isinstance(content, bytes):
                (folder / setting).write_bytes(content)
                settings[setting] = folder / setting
        for _ in range(_ATTEMPTS):
            port = _free_port()
            _write(folder, behind, {"listen_port": port, **settings})
            if os.getuid() == 0:
                # It refuses to run as root.
                for each in (folder, *folder.iterdir()):
                    os.chown(each, owner, -1)
            with subprocess.Popen(  # noqa: S603 - the real program with our own file
                [program, str(folder / "pgbouncer.ini")],
                stderr=subprocess.PIPE,
                text=True,
                user=owner if os.getuid() == 0 else None,
                extra_groups=[] if os.getuid() == 0 else None,
            ) as running:
                try:
                    if said := _wait_until_up(running):
                        continue
                    yield f"postgresql://{USER}:{quote(NASTY, safe='')}@127.0.0.1:{port}/{behind.database}"
                finally:
                    running.terminate()
                return
    pytest.fail(f"PgBouncer does not start: {said}", pytrace=False)


def _owner(behind: URL) -> int:
    """Somebody who is not root and may use the server's socket."""
    place = Path(str(behind.query.get("host") or behind.host or ""))
    owner = place.stat().st_uid if place.is_absolute() else _NOBODY
    return owner or _NOBODY


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _write(folder: Path, behind: URL, settings: dict[str, object]) -> None:
    server = {
        "host": behind.query.get("host") or behind.host,
        "port": behind.query.get("port") or behind.port,
        "user": behind.username,
        "password": behind.password,
    }
    said = " ".join(f"{name}='{str(value).replace(chr(39), chr(39) * 2)}'" for name, value in server.items() if value)
    known = {
        "listen_addr": "127.0.0.1",
        "unix_socket_dir": "",
        "auth_type": "scram-sha-256",
        "auth_file": folder / "users.txt",
        # What it writes goes into a pipe that is read only until it is up.
        "log_connections": 0,
        "log_disconnections": 0,
        "log_pooler_errors": 0,
        "log_stats": 0,
        **settings,
    }
    lines = [f"{name} = {value}" for name, value in known.items()]
    (folder / "pgbouncer.ini").write_text("\n".join(["[databases]", f"* = {said}", "[pgbouncer]", *lines, ""]), "utf-8")
    (folder / "users.txt").write_text('"{}" "{}"\n'.format(USER, NASTY.replace('"', '""')), "utf-8")


def _wait_until_up(running: subprocess.Popen[str]) -> str:
    """Wait until it takes connections. Returns what it said if it ended instead."""
    assert running.stderr is not None
    said = ""
    for line in running.stderr:
        said += line
        if "process up" in line:
            return ""
    return said or "it said nothing"
