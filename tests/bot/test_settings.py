from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.settings import LogFormat, Settings, SettingsError, Transport, read_settings


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)


def test_app_token_means_socket_mode_beside_signing_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "5eed" * 8)
    assert read_settings().transport is Transport.HTTP
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    assert read_settings().transport is Transport.SOCKET


def test_an_empty_value_is_the_same_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_APP_TOKEN", "")
    monkeypatch.setenv("PORT", "")
    settings = read_settings()
    assert settings.port == 3000
    with pytest.raises(SettingsError, match="SLACK_SIGNING_SECRET"):
        _ = settings.transport


def test_environment_takes_precedence_over_settings_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=4000\nHOST=0.0.0.0\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "5000")
    settings = read_settings()
    assert (settings.host, settings.port) == ("0.0.0.0", 5000)  # noqa: S104


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "seventy"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "mysql://x"),
        ("SLACK_API_URL", "http://elsewhere.example.com/api/"),
        ("EARTHWEEK_MESSAGES_PER_MINUTE", "0"),
        ("HTTPS_PROXY", "socks5://proxy.example:1080"),
        ("ALL_PROXY", "nonsense of a proxy"),
        ("DATABASE_URL", "sqlite://earthweek.db"),
        ("EARTHWEEK_METRICS_ADDRESS", "9464"),
        ("EARTHWEEK_METRICS_ADDRESS", "127.0.0.1:99999"),
        ("EARTHWEEK_METRICS_ADDRESS", "http://127.0.0.1:9464"),
        ("EARTHWEEK_HEARTBEAT_URL", "switch.example/ping"),
        ("EARTHWEEK_HEARTBEAT_URL", "ftp://switch.example/ping"),
        ("EARTHWEEK_HEARTBEAT_URL", "https://swi tch.example/ping"),
        ("EARTHWEEK_HEARTBEAT_URL", f"https://{'s' * 64}.example/ping"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"^{name}: "):
        read_settings()


def test_value_not_number_is_reported_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "seventy")
    with pytest.raises(SettingsError, match=r"^PORT: it is not a whole number$"):
        read_settings()


def test_no_secret_is_shown_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    monkeypatch.setenv("EARTHWEEK_HEARTBEAT_URL", "https://switch.example/5ec4e7")
    assert not re.search("xoxb-secret|5ec4e7", repr(read_settings()))


@pytest.mark.parametrize("written", ["127.0.0.1:9464", "[::1]:9464", "metrics.internal:0"])
def test_address_of_metrics_is_read(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARTHWEEK_METRICS_ADDRESS", written)
    assert str(read_settings().earthweek_metrics_address) == written


BOT, APP, SIGNING = (
    "xoxb-12-34-AbC",
    "xapp-1-A0-23-d4e5",
    "8f742231b10e8888abcd99yyyzzz85a5".translate({ord("y"): "0", ord("z"): "f"}),
)
PASTED = [
    "{}\n",
    " {} \r\n",
    '"{}"',
    "'{}'\n",
    "\ufeff{}",
    "\u00a0{}\u200b",
    "\u201c{}\u201d",
    "`{}`",
    "\u2060\t{}\x00",
]


@pytest.mark.parametrize("around", PASTED)
@pytest.mark.parametrize("source", ["file", "environment"])
def test_characters_pasted_around_setting_are_removed(
    around: str, source: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    values = {
        "SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP, "SLACK_SIGNING_SECRET": SIGNING, "HOST": "0.0.0.0",  # noqa: S104
        "PORT": "4000", "DATABASE_URL": "sqlite:///other.db", "EARTHWEEK_CAMPAIGN": "my campaign",
        "LOG_LEVEL": "debug", "LOG_FORMAT": "Json", "HTTPS_PROXY": "proxy.example:3128",
    }  # fmt: skip
    if source == "file":
        lines = [f"{name}={around.format(value)}".rstrip("\r\n") for name, value in values.items()]
        (tmp_path / ".env").write_text("\n".join(lines), "utf-8")
    else:
        for name, value in values.items():
            monkeypatch.setitem(os.environ, name, around.format(value).replace("\x00", ""))
    settings = read_settings()
    secrets = (settings.slack_bot_token, settings.slack_app_token, settings.slack_signing_secret)
    assert [secret and secret.get_secret_value() for secret in secrets] == [BOT, APP, SIGNING]
    assert (settings.host, settings.port, settings.log_level) == ("0.0.0.0", 4000, "DEBUG")  # noqa: S104
    assert settings.log_format is LogFormat.JSON
    assert settings.database_url == "sqlite:///other.db"
    assert settings.earthweek_campaign == Path("my campaign")


def test_token_broken_across_lines_is_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-12-\n  34-A\u200bbC")
    assert read_settings().bot_token == BOT


@pytest.mark.parametrize("value", ["", " ", '""', "\u200b\n"])
def test_of_nothing_but_signs_around_nothing_is_set(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", value)
    assert read_settings().slack_bot_token is None


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SLACK_BOT_TOKEN", APP, "does not begin with xoxb-, and looks like the app token, which belongs in SLACK_APP"),
        ("SLACK_BOT_TOKEN", "xoxp-1-2", "looks like the token of a person"),
        ("SLACK_BOT_TOKEN", "xoxe.xoxb-1-2", "switch token rotation off"),
        ("SLACK_BOT_TOKEN", "a" * 24, "does not begin with xoxb-; copy it"),
        ("SLACK_BOT_TOKEN", "xoxb-1\u20132", "sign number 7 \\(U\\+2013\\)"),
        ("SLACK_BOT_TOKEN", "xoxb-1 # the token", "sign number 7 \\(U\\+0023\\)"),
        ("SLACK_APP_TOKEN", BOT, "looks like the bot token, which belongs in SLACK_BOT_TOKEN"),
        ("SLACK_SIGNING_SECRET", BOT, "no signing secret, and looks like the bot token"),
        ("SLACK_SIGNING_SECRET", SIGNING[:-1], "it has 31 signs, and Slack's have 32"),
        ("SLACK_SIGNING_SECRET", "my secret", "sign number 1 \\(U\\+006D\\)"),
    ],
)
def test_value_not_from_slack_is_named_with_remedy(
    name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"^{name}: .*{says}") as said:
        read_settings()
    assert value not in str(said.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_settings_file_is_read_in_common_encodings(encoding: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("HOST=0.0.0.0\r\n# Størst\r\nPORT=4000\r\n".encode(encoding))
    settings = read_settings()
    assert (settings.host, settings.port) == ("0.0.0.0", 4000)  # noqa: S104


def test_unknown_encoding_is_named_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("PORT=4000\n# Störst\n".encode("latin-1"))
    with pytest.raises(SettingsError, match=r"^\.env:2: it is not UTF-8; save it again"):
        read_settings()


def test_a_folder_in_the_files_place_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    with pytest.raises(SettingsError, match=r"^\.env cannot be read"):
        read_settings()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_of_somebody_else_has_no_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=4000\n", "utf-8")
    tmp_path.chmod(0o700)
    # A container's user who is not the one that the image was made for.
    script = "import os; from bot.settings import read_settings; os.setuid(65534); print(read_settings().port)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.stdout, done.stderr) == ("3000\n", "")


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60))
def test_any_bytes_in_file_raise_only_settings_errors(raw: bytes) -> None:
    Path(".env").write_bytes(b"PORT=" + raw + b"\nSLACK_BOT_TOKEN=" + raw)
    with suppress(SettingsError):
        read_settings()
