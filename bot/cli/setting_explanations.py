"""The settings in words: for `.env`, for `earthweek doctor --explain` and for the page of settings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from pathlib import PurePath
from typing import Any

from bot.settings import Settings


class Part(StrEnum):
    """The subjects of settings, in the order in which the page of settings has its chapters."""

    SLACK = "Slack"
    DATABASE = "The database"
    CAMPAIGN = "The campaign"
    PROXY = "A proxy"
    ADDRESS = "The address"
    WATCHING = "Watching"
    LOG = "The log"


@dataclass(frozen=True)
class Explanation:
    """One setting in words.

    `what` says what it is, `takes` which values it may have, `otherwise` what holds where it is not set, and `more`
    whatever else there is to know. One that `is_asked` for has to be filled in by somebody.
    """

    part: Part
    what: str
    takes: str
    otherwise: str
    more: str = ""
    is_asked: bool = False


EXPLANATIONS = {
    "SLACK_BOT_TOKEN": Explanation(
        Part.SLACK,
        "The token that the bot posts with.",
        "`xoxb-` and what follows it, and no other kind of token",
        "`earthweek run` and `earthweek doctor` say that it is missing; all other commands work without it",
        'It stands on the page of the app at api.slack.com/apps, under "OAuth & Permissions", once the app is '
        "installed. Whoever has it can post as the bot.",
        is_asked=True,
    ),
    "SLACK_APP_TOKEN": Explanation(
        Part.SLACK,
        "The token that opens Socket Mode, in which the bot calls Slack and needs no address that Slack can reach.",
        "`xapp-` and what follows it",
        "Slack's requests come over HTTP, for which SLACK_SIGNING_SECRET is needed",
        'It is made on the page of the app, under "Basic Information", "App-Level Tokens", with the scope '
        "connections:write. Where it is set, SLACK_SIGNING_SECRET is not used.",
        is_asked=True,
    ),
    "SLACK_SIGNING_SECRET": Explanation(
        Part.SLACK,
        "The secret with which Slack signs what it sends over HTTP, to POST /slack/events.",
        "32 digits and letters from a to f",
        "Slack is reached in Socket Mode, for which SLACK_APP_TOKEN is needed",
        'It stands on the page of the app, under "Basic Information", "App Credentials".',
        is_asked=True,
    ),
    "SLACK_API_URL": Explanation(
        Part.SLACK,
        "The address of another Slack, such as a rehearsal's. A bot that is live does not need it.",
        "an address that begins with https://, or one of this machine",
        "Slack itself",
    ),
    "DATABASE_URL": Explanation(
        Part.DATABASE,
        "Where the bot keeps what it has sent and what people did.",
        "`sqlite:///week.db` for one process, `postgresql://user:password@host:5432/name` for several. In a user's "
        "name or a password, @ is written as %40, / as %2F and % as %25",
        "earthweek.db in the folder in which the bot is started; in the image /data/earthweek.db, and with "
        "compose.yaml its PostgreSQL",
        "After three slashes, a file is looked for below that folder; a fourth begins at the top of the disk.",
    ),
    "POSTGRES_PASSWORD": Explanation(
        Part.DATABASE,
        "The password of the PostgreSQL that compose.yaml starts, and of nothing else: the bot does not read it.",
        "letters and digits, such as `openssl rand -hex 24` makes",
        "`docker compose up` says that it is missing",
        "PostgreSQL takes it when its database is first made, and does not notice when it is changed later.",
        is_asked=True,
    ),
    "EARTHWEEK_CAMPAIGN": Explanation(
        Part.CAMPAIGN,
        "The campaign's folder.",
        "a folder with a campaign.toml, seen from the one in which the bot is started",
        "campaigns/earth-week-2027; in the image /campaigns/earth-week-2027",
        "In a container it is one below /campaigns. The option --campaign of a command comes before it.",
    ),
    "EARTHWEEK_MESSAGES_PER_MINUTE": Explanation(
        Part.CAMPAIGN,
        "How many messages a minute the bot may post in the whole workspace, all replicas together.",
        "a number from 1 to 600",
        "200",
        "Lower it if the log says that Slack asked to wait (`send.rate_limited`). `earthweek plan` says whether "
        "everybody can still be reached in time.",
    ),
    "HTTPS_PROXY": Explanation(
        Part.PROXY,
        "The company's proxy. Everything that goes to Slack goes through it, Socket Mode too.",
        "`http://host:port`, or `http://user:password@host:port` with %40 for an @ in them",
        "ALL_PROXY, and where that is not set either, straight to Slack",
        "What goes to this machine never uses it.",
    ),
    "ALL_PROXY": Explanation(
        Part.PROXY,
        "The company's proxy, where one is set for every kind of address. HTTPS_PROXY comes before it.",
        "an address as in HTTPS_PROXY",
        "straight to Slack",
    ),
    "NO_PROXY": Explanation(
        Part.PROXY,
        "Hosts that are asked without the proxy.",
        "names with commas between them; `.example.com` stands for all hosts below it, and `*` for every host",
        "none",
    ),
    "HOST": Explanation(
        Part.ADDRESS,
        "Where /health/live, /health/ready and /metrics are, and /slack/events over HTTP.",
        "127.0.0.1 to be reached from this machine alone, 0.0.0.0 from everywhere, or one address of this machine",
        "127.0.0.1; in the image 0.0.0.0",
        "Conda sets HOST for its compilers: then type HOST=127.0.0.1 before the command.",
    ),
    "PORT": Explanation(
        Part.ADDRESS,
        "The port at that address.",
        "a number up to 65535; with 0 the machine chooses one, and the log names it (`service.listening`)",
        "3000",
    ),
    "EARTHWEEK_METRICS_ADDRESS": Explanation(
        Part.WATCHING,
        "An address of its own for /metrics, which is nowhere else then.",
        "`host:port`, such as 127.0.0.1:9464",
        "/metrics is beside /health/ready, at HOST and PORT",
        "For a bot that is reached over HTTP, where Slack is let in and others are not to read metrics.",
    ),
    "EARTHWEEK_HEARTBEAT_URL": Explanation(
        Part.WATCHING,
        "What is asked for once a minute while the bot is ready, so that a service outside notices silence.",
        "an address that begins with https:// or http://, as a dead man's switch gives it",
        "nothing is asked for",
        "It goes through the proxy, and is in no log: whoever has it can report in the bot's place.",
    ),
    "LOG_LEVEL": Explanation(
        Part.LOG,
        "How much is logged.",
        "`DEBUG`, `INFO`, `WARNING` or `ERROR`",
        "`INFO`",
        "`DEBUG` adds what every single message waits for. No level shows what somebody wrote or who did what.",
    ),
    "LOG_FORMAT": Explanation(
        Part.LOG,
        "The form of a line in the log.",
        "`text` for people, `json` for machines",
        "`text`; in the image `json`",
    ),
}
"""Every setting, and what else stands in `.env`. A test keeps it complete."""

NOT_READ = frozenset({"POSTGRES_PASSWORD"})
"""What stands in `.env` for others and is no setting of the bot's."""


def in_parts() -> dict[Part, dict[str, Explanation]]:
    """Return the explanations by what they are about."""
    return {part: {name: each for name, each in EXPLANATIONS.items() if each.part is part} for part in Part}


def default_of(name: str) -> str:
    """Return what is taken where a setting is not set, as it is written in `.env`; nothing where that is none."""
    field = Settings.model_fields.get(name.lower())
    return written(field.default) if field else ""


def written(value: Any) -> str:
    """Return a value as it is written in `.env`."""
    match value:
        case None:
            return ""
        case PurePath():
            return value.as_posix()
        case Enum():
            return str(value.value)
    return str(value)
