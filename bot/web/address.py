"""Where settings come from, and the two of them that are enough to ask the bot how it is."""

from __future__ import annotations

import errno
import os
import re
import socket
import unicodedata
from io import StringIO
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

from dotenv import dotenv_values
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_FILE = Path(".env")
_QUOTES = "\"'`\u00b4\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb"
_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*\.?")
_HOSTS = "write 127.0.0.1 for this machine, or 0.0.0.0 for all its addresses"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class UnreadableFileError(ValueError):
    """The file with the settings cannot be read; the message says why and what to do."""


def _host(name: str) -> str:
    name = name.removeprefix("[").removesuffix("]")
    try:
        ip_address(name)
    except ValueError:
        if not _NAME.fullmatch(name):
            raise ValueError(f"a machine's name or address stands here alone; {_HOSTS}") from None
    return name


class Address(BaseModel):
    """Host and port of health, metrics and HTTP events."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    host: Annotated[str, AfterValidator(_host)] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 3000


def unusable(host: str, port: int, error: OSError) -> str:
    """Why the bot cannot listen there, by the name of the setting that has to be changed."""
    match error:
        case socket.gaierror():
            return f"HOST is {host}, and this machine does not know that name; {_HOSTS}{_origin_of(host)}"
        case OSError(errno=errno.EADDRINUSE):
            return f"cannot listen on {host}:{port}, where another program does; choose another PORT, or stop that one"
        case OSError(errno=errno.EACCES | errno.EPERM):
            return f"cannot listen on {host}:{port}, which takes special rights; choose a PORT from 1024 on"
        case OSError(errno=errno.EADDRNOTAVAIL | errno.EINVAL | errno.EAFNOSUPPORT):
            return f"HOST is {host}, and this machine does not have that address; {_HOSTS}{_origin_of(host)}"
    return f"cannot listen on {host}:{port} ({error.strerror or error}); look at HOST and PORT"


def _origin_of(host: str) -> str:
    """Where a HOST may come from that nobody has chosen: what the environment sets stands above `.env`."""
    if "conda" in host:
        return ". Conda sets HOST for its compilers: type HOST=127.0.0.1 before the command"
    return ". It comes from the environment, not from .env" if os.environ.get("HOST") else ""


def written() -> dict[str, str]:
    """What the environment sets and, below it, `.env`: by name in small letters. What is empty is not set.

    Raises:
        UnreadableFileError: There is a file, and nobody can tell what it says.
    """
    # Of two spellings the one in small letters counts, as with every program that knows HTTPS_PROXY.
    values = [*_in_file().items(), *sorted(os.environ.items())]
    return {name.lower(): kept for name, value in values if (kept := trimmed(value or ""))}


def trimmed(value: str) -> str:
    """A setting without what is pasted along with it: quotes around it, spaces, line ends, signs without width."""
    first, last = 0, len(value)
    while first < last and _is_wrapping(value[first]):
        first += 1
    while last > first and _is_wrapping(value[last - 1]):
        last -= 1
    return value[first:last]


def _is_wrapping(sign: str) -> bool:
    return sign.isspace() or sign in _QUOTES or unicodedata.category(sign) in {"Cc", "Cf"}


def _in_file() -> dict[str, str | None]:
    return dotenv_values(stream=StringIO(_decoded(_FILE))) if _FILE.exists() else {}


def _decoded(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"{file} cannot be read ({error.strerror}); look at what it is") from error
    try:
        return raw.decode(_encoding(raw))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise UnreadableFileError(f"{file}:{line}: it is not UTF-8; save it again with the encoding UTF-8") from error


def _encoding(raw: bytes) -> str:
    """Which encoding a file is in: Windows' own tools write UTF-16, and most begin it with a sign that says so."""
    if raw.startswith(_UTF_16):
        return "utf-16"
    # The first sign of a setting is ASCII, of which UTF-16 makes a NUL before it or behind it.
    if raw.startswith(b"\0"):
        return "utf-16-be"
    return "utf-16-le" if raw[1:2] == b"\0" else "utf-8-sig"
