"""The environment and `.env`, read once and checked at the start."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from bot.slack.credentials import BOT_TOKEN_PAGE, app_token, bot_token, signing_secret
from bot.slack.proxy import Proxy, ProxyConfig
from bot.store.database import parse_url
from bot.web.address import Address, UnreadableFileError, written


class SettingsError(Exception):
    """The environment cannot be used; the message says which name and what to do."""


class Transport(StrEnum):
    """How Slack reaches the bot."""

    SOCKET = "Socket Mode"
    HTTP = "HTTP"


class LogFormat(StrEnum):
    """For people or for machines."""

    TEXT = "text"
    JSON = "json"


def _database(url: str) -> str:
    parse_url(url)
    return url


def _api(url: str) -> str:
    if not url.startswith(("https://", "http://127.0.0.1:", "http://localhost:", "http://[::1]:")):
        raise ValueError("must be https, or a loopback address for a rehearsal")
    return url if url.endswith("/") else f"{url}/"


def _proxy(url: SecretStr) -> SecretStr:
    Proxy.parse(url.get_secret_value())
    return url


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _level(name: str) -> str:
    if name.upper() not in _LEVELS:
        raise ValueError(f"choose one of {', '.join(_LEVELS)}")
    return name.upper()


_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

BotToken = Annotated[SecretStr, AfterValidator(bot_token)]
AppToken = Annotated[SecretStr, AfterValidator(app_token)]
SigningSecret = Annotated[SecretStr, AfterValidator(signing_secret)]
ProxyUrl = Annotated[SecretStr, AfterValidator(_proxy)]


class Logging(BaseModel):
    """How the bot logs. Read by itself, it is known also where another setting cannot be used."""

    model_config = Address.model_config

    log_level: Annotated[str, AfterValidator(_level)] = "INFO"
    log_format: Annotated[LogFormat, BeforeValidator(_lower)] = LogFormat.TEXT


class Settings(Address, Logging):
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

    @property
    def transport(self) -> Transport:
        """Socket Mode where there is an app token, otherwise HTTP.

        Raises:
            SettingsError: There is neither an app token nor a signing secret.
        """
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
        """How Slack is reached: through the proxy, where there is one. All of it is https."""
        proxy = self.https_proxy or self.all_proxy
        return ProxyConfig(Proxy.parse(proxy.get_secret_value()) if proxy else None, self.no_proxy)


def read_settings() -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: A value cannot be used; the message names each one.
    """
    try:
        return Settings.model_validate(written())
    except UnreadableFileError as error:
        raise SettingsError(str(error)) from error
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(each) for each in error.errors())) from error


def _sentence(error: ErrorDetails) -> str:
    is_number = error["type"].startswith("int_")
    said = "it is not a whole number" if is_number else error["msg"].removeprefix("Value error, ")
    return f"{str(error['loc'][0]).upper()}: {said}"


def read_logging() -> Logging:
    """How this process logs; as is usual where these settings cannot be used either, which is said with the others."""
    try:
        return Logging.model_validate(written())
    except ValueError:
        return Logging.model_construct(log_level="INFO", log_format=LogFormat.TEXT)
