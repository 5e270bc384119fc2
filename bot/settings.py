"""Settings: what the environment and `.env` say, checked at the start.

The probe of a container imports this module every half minute, so it imports neither SQLAlchemy nor aiohttp.
"""

from __future__ import annotations

import errno
import os
import re
import socket
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, TypeVar

from dotenv import dotenv_values
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from yarl import URL

from bot.slack.credentials import BOT_TOKEN_PAGE, app_token, bot_token, signing_secret
from bot.slack.proxy import Proxy, ProxyConfig

_Model = TypeVar("_Model", bound=BaseModel)

_FILE = Path(".env")
_QUOTES = "\"'`\u00b4\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb"
_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*\.?")
_HOSTS = "write 127.0.0.1 for this machine, or 0.0.0.0 for all its addresses"
_LAST_PORT = 65535
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class SettingsError(Exception):
    """A setting cannot be used; the message says which one and what to do."""


class Transport(StrEnum):
    """The way in which Slack reaches the bot."""

    SOCKET = "Socket Mode"
    HTTP = "HTTP"


class Origin(StrEnum):
    """The place that a setting was read from."""

    ENVIRONMENT = "the environment, which comes before .env"
    FILE = ".env"


class LogFormat(StrEnum):
    """The form of a line in the log: for people or for machines."""

    TEXT = "text"
    JSON = "json"


def _host(name: str) -> str:
    # People write IPv6 addresses with the brackets that they have in URLs.
    name = name.removeprefix("[").removesuffix("]")
    try:
        ip_address(name)
    except ValueError:
        if not _NAME.fullmatch(name):
            raise ValueError(f"a machine's name or address stands here alone; {_HOSTS}") from None
    return name


def _database(url: str) -> str:
    # SQLAlchemy takes longer to import than a probe may take, which reads two settings of this module.
    from bot.database.urls import parse_url  # noqa: PLC0415

    parse_url(url)
    return url


def _api(url: str) -> str:
    # The token is in every request, so it never travels in the clear except on this machine.
    if not url.startswith(("https://", "http://127.0.0.1:", "http://localhost:", "http://[::1]:")):
        raise ValueError("must be https, or a loopback address for a rehearsal")
    # slack_sdk uses `urljoin`, which drops the last part of a base URL that has no slash at its end.
    return url if url.endswith("/") else f"{url}/"


def _proxy(url: SecretStr) -> SecretStr:
    Proxy.parse(url.get_secret_value())
    return url


_HOST_NAME = re.compile(r"[0-9a-f:]*:[0-9a-f:.]*|(?:[\w-]{1,63}\.)*[\w-]{1,63}\.?", re.IGNORECASE)
"""A name in DNS, or an IP address without its brackets."""


def _heartbeat(url: SecretStr) -> SecretStr:
    # The part behind the host is the secret of whoever may report, so no message shows it.
    written = url.get_secret_value()
    try:
        address = URL(written)
    except ValueError:
        address = URL()
    # A part of a name may have 63 characters in DNS; looking up a longer one raises an error of its own.
    is_host = bool(_HOST_NAME.fullmatch(address.host or ""))
    if address.scheme not in {"http", "https"} or not is_host:
        raise ValueError("it is not an address; write it as https://host/path")
    return url


@dataclass(frozen=True)
class MetricsAddress:
    """The address of the metrics, if they are not beside health."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def _metrics_address(written: object) -> object:
    if not isinstance(written, str):
        return written
    host, colon, port = written.rpartition(":")
    if not (colon and host and port.isascii() and port.isdecimal() and int(port) <= _LAST_PORT):
        raise ValueError("write it as host:port, such as 127.0.0.1:9464")
    return MetricsAddress(_host(host), int(port))


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _level(name: str) -> str:
    # CRITICAL is left out: it would hide errors that the operator has to mend.
    if name.upper() not in _LEVELS:
        raise ValueError(f"choose one of {', '.join(_LEVELS)}")
    return name.upper()


_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

BotToken = Annotated[SecretStr, AfterValidator(bot_token)]
AppToken = Annotated[SecretStr, AfterValidator(app_token)]
SigningSecret = Annotated[SecretStr, AfterValidator(signing_secret)]
ProxyUrl = Annotated[SecretStr, AfterValidator(_proxy)]
HeartbeatUrl = Annotated[SecretStr, AfterValidator(_heartbeat)]


class ListenAddress(BaseModel):
    """Host and port of health, metrics and HTTP events."""

    # The environment holds much that is not the bot's.
    model_config = ConfigDict(extra="ignore", frozen=True)

    host: Annotated[str, AfterValidator(_host)] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=_LAST_PORT)] = 3000


class LogSettings(BaseModel):
    """The settings of the log. They can be read alone, so that they are known also where another setting is wrong."""

    model_config = ListenAddress.model_config

    log_level: Annotated[str, AfterValidator(_level)] = "INFO"
    log_format: Annotated[LogFormat, BeforeValidator(_lower)] = LogFormat.TEXT


class Settings(ListenAddress, LogSettings):
    """Every setting the bot has. An empty value is the same as none.

    `https_proxy`, `all_proxy` and `no_proxy` are what every program takes from the environment, here also from `.env`.
    """

    slack_bot_token: BotToken | None = None
    slack_app_token: AppToken | None = None
    slack_signing_secret: SigningSecret | None = None
    https_proxy: ProxyUrl | None = None
    all_proxy: ProxyUrl | None = None
    no_proxy: str = ""
    slack_api_url: Annotated[str, AfterValidator(_api)] = "https://slack.com/api/"
    database_url: Annotated[str, AfterValidator(_database)] = "sqlite:///earthweek.db"
    earthweek_campaign: Path = Path("campaigns/earth-week-2027")
    earthweek_messages_per_minute: Annotated[int, Field(ge=1, le=600)] = 200
    earthweek_metrics_address: Annotated[MetricsAddress | None, BeforeValidator(_metrics_address)] = None
    earthweek_heartbeat_url: HeartbeatUrl | None = None

    @property
    def transport(self) -> Transport:
        """The transport: Socket Mode where there is an app token, otherwise HTTP.

        Raises:
            SettingsError: There is neither an app token nor a signing secret.
        """
        # With both, Socket Mode: every app has a signing secret, but an app token has been made on purpose.
        if self.slack_app_token:
            return Transport.SOCKET
        if self.slack_signing_secret:
            return Transport.HTTP
        raise SettingsError(
            "Slack cannot reach the bot: set SLACK_APP_TOKEN (xapp-…, for Socket Mode), "
            "or SLACK_SIGNING_SECRET (for HTTP on POST /slack/events)"
        )

    @property
    def bot_token(self) -> str:
        """The token the bot posts with.

        Raises:
            SettingsError: There is none.
        """
        if self.slack_bot_token is None:
            raise SettingsError(f"SLACK_BOT_TOKEN is not set; {BOT_TOKEN_PAGE}")
        return self.slack_bot_token.get_secret_value()

    @property
    def proxy_config(self) -> ProxyConfig:
        """The proxy through which Slack is reached, if there is one. Slack is only ever reached over https."""
        proxy = self.https_proxy or self.all_proxy
        return ProxyConfig(Proxy.parse(proxy.get_secret_value()) if proxy else None, self.no_proxy)


def read_settings() -> Settings:
    """Read every setting of this process.

    Raises:
        SettingsError: A value cannot be used; the message names each one.
    """
    return _read(Settings)


def read_address() -> ListenAddress:
    """Read the address to listen on alone, for a probe that has no use for the rest.

    Raises:
        SettingsError: It cannot be used.
    """
    return _read(ListenAddress)


def read_logging() -> LogSettings:
    """Read how to log; as by default where that cannot be used, because the log is where all errors are said."""
    try:
        return _read(LogSettings)
    except SettingsError:
        return LogSettings()


def origin_of(name: str) -> Origin | None:
    """Return where a setting comes from, or None where nobody has set it.

    Raises:
        SettingsError: There is a file, and nobody can tell what it says.
    """
    if _is_set(os.environ, name):
        return Origin.ENVIRONMENT
    return Origin.FILE if _is_set(_in_file(), name) else None


def _is_set(values: Mapping[str, str | None], name: str) -> bool:
    return any(each.upper() == name and _trimmed(value or "") for each, value in values.items())


def _read(model: type[_Model]) -> _Model:
    try:
        return model.model_validate(_environment())
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(each) for each in error.errors())) from error


def _sentence(error: ErrorDetails) -> str:
    # Only `msg` is shown: pydantic keeps the rejected value, perhaps a token, in `input`.
    is_number = error["type"].startswith("int_")
    said = "it is not a whole number" if is_number else error["msg"].removeprefix("Value error, ")
    return f"{str(error['loc'][0]).upper()}: {said}"


def explain_bind_error(host: str, port: int, error: OSError) -> str:
    """Say why the bot cannot listen there, by the name of the setting that has to be changed."""
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


def explain_metrics_bind_error(address: MetricsAddress, error: OSError) -> str:
    """Say why metrics cannot be where EARTHWEEK_METRICS_ADDRESS says."""
    why = error.strerror or str(error)
    return f"cannot listen on {address} ({why}); choose another EARTHWEEK_METRICS_ADDRESS"


def _origin_of(host: str) -> str:
    """Say where a HOST may come from that nobody has chosen: the environment overrides `.env`."""
    if "conda" in host:
        return ". Conda sets HOST for its compilers: type HOST=127.0.0.1 before the command"
    return ". It comes from the environment, not from .env" if os.environ.get("HOST") else ""


def _environment() -> dict[str, str]:
    """Return what the environment sets and, below it, `.env`, by name in lower case. An empty value counts as none.

    Raises:
        SettingsError: There is a file, and nobody can tell what it says.
    """
    # Of two spellings the one in small letters counts, as with every program that knows HTTPS_PROXY.
    values = [*_in_file().items(), *sorted(os.environ.items())]
    return {name.lower(): kept for name, value in values if (kept := _trimmed(value or ""))}


def _trimmed(value: str) -> str:
    """Remove what is pasted along with a value: quotes around it, spaces, line ends, characters without width."""
    first, last = 0, len(value)
    # Only at the ends: a password may contain quotes.
    while first < last and _is_wrapping(value[first]):
        first += 1
    while last > first and _is_wrapping(value[last - 1]):
        last -= 1
    return value[first:last]


def _is_wrapping(sign: str) -> bool:
    return sign.isspace() or sign in _QUOTES or unicodedata.category(sign) in {"Cc", "Cf"}


def _in_file() -> dict[str, str | None]:
    # Not `Path.exists`, which raises where a container's user may not look into the folder.
    return dotenv_values(stream=StringIO(_decoded(_FILE))) if os.path.exists(_FILE) else {}  # noqa: PTH110


def _decoded(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise SettingsError(f"{file} cannot be read ({error.strerror}); look at what it is") from error
    try:
        return raw.decode(_encoding(raw))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise SettingsError(f"{file}:{line}: it is not UTF-8; save it again with the encoding UTF-8") from error


def _encoding(raw: bytes) -> str:
    """Guess the encoding of a file: Windows' own tools write UTF-16, and most begin it with a byte order mark."""
    if raw.startswith(_UTF_16):
        return "utf-16"
    # The first character of a setting is ASCII, for which UTF-16 has a NUL before or after it.
    if raw.startswith(b"\0"):
        return "utf-16-be"
    return "utf-16-le" if raw[1:2] == b"\0" else "utf-8-sig"
