from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.settings import read_settings

from .dockerfile import ROOT, last_stage

EXAMPLE = ROOT / ".env.example"


def compose() -> dict[str, Any]:
    read: dict[str, Any] = YAML(typ="safe").load(ROOT / "compose.yaml")
    return read


def service(name: str) -> dict[str, Any]:
    found: dict[str, Any] = compose()["services"][name]
    return found


def example() -> dict[str, str]:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name: value for name, _, value in pairs}


def filled_in(value: str, given: dict[str, str]) -> str:
    """Compose's own substitution, of the two forms that the file uses: `:?` must be there, `:-` has a stand-in."""

    def put(found: re.Match[str]) -> str:
        name, form, rest = found.groups()
        if form == "?" and not given.get(name):
            raise KeyError(rest)
        return given.get(name) or rest

    return re.sub(r"\$\{(\w+):([?-])([^}]*)\}", put, value)


def test_the_bot_waits_until_the_database_is_well() -> None:
    assert service("bot")["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert service("database")["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]


def test_replicas_do_not_get_into_each_others_way() -> None:
    assert not {"container_name", "ports", "hostname"} & set(service("bot"))


@pytest.mark.parametrize("name", ["bot", "database"])
def test_containers_have_no_needless_privileges(name: str) -> None:
    confined = service(name)
    assert confined["read_only"] is True
    assert "/tmp" in confined["tmpfs"]  # noqa: S108
    assert confined["cap_drop"] == ["ALL"]
    assert confined["security_opt"] == ["no-new-privileges:true"]
    assert confined["restart"] == "unless-stopped"
    assert not {"privileged", "cap_add", "network_mode", "pid"} & set(confined)


@pytest.mark.parametrize("name", ["bot", "database"])
def test_logs_never_fill_the_disk(name: str) -> None:
    assert service(name)["logging"] == {"driver": "local", "options": {"max-size": "50m", "max-file": "10"}}


def test_what_is_kept_is_in_named_volumes() -> None:
    kept = {
        volume.split(":")[0]: volume.split(":")[1]
        for name in ("bot", "database")
        for volume in service(name)["volumes"]
    }
    assert set(compose()["volumes"]) == {"data", "database"} == set(kept) - {"./campaigns"}
    declared = [rest for word, rest in last_stage() if word == "VOLUME"]
    assert declared == [f'["{kept["data"]}"]']
    assert service("bot")["volumes"][0] == "./campaigns:/campaigns:ro"


def test_secrets_come_from_the_file_alone() -> None:
    assert service("bot")["env_file"] == ".env"
    assert not any("TOKEN" in name or "SECRET" in name for name in service("bot")["environment"])
    asked = re.compile(r"\$\{POSTGRES_PASSWORD:\?put a password of letters and digits into \.env\}")
    assert asked.search(service("bot")["environment"]["DATABASE_URL"])
    assert asked.fullmatch(service("database")["environment"]["POSTGRES_PASSWORD"])


def test_example_without_password_is_refused_with_advice() -> None:
    with pytest.raises(KeyError, match="put a password of letters and digits"):
        filled_in(service("bot")["environment"]["DATABASE_URL"], example())


def test_filled_in_example_gives_valid_container_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = {**example(), "POSTGRES_PASSWORD": "0a1b", "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    inside = {name: filled_in(value, given) for name, value in service("bot")["environment"].items()}
    monkeypatch.chdir(tmp_path)
    for name, value in {**given, **inside}.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert settings.database_url == "postgresql://earthweek:0a1b@database:5432/earthweek"
    assert settings.earthweek_campaign == Path("/campaigns/earth-week-2027")
    assert settings.host == "0.0.0.0"  # noqa: S104
    assert settings.transport.value == "Socket Mode"


def test_shipped_campaign_is_used_without_campaign_setting() -> None:
    assert filled_in(service("bot")["environment"]["EARTHWEEK_CAMPAIGN"], {}) == "/campaigns/earth-week-2027"
