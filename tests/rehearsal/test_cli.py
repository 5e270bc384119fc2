"""`earthweek preview` and `earthweek rehearse`, typed as an organiser types them."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from rehearsal.people.journal import Journal, Note, TriedTip
from tests.bot.cli.conftest import Command, Said
from tests.campaigns import Post, Week, write

TOTALS = ("participants", "pledges", "confirmed", "tips")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A campaign of three posts, which is played in seconds."""
    tip = Post("a-tip", date(2027, 3, 16), time(9), kind="tip")
    asked = Post("how-was-it", date(2027, 3, 19), time(14), kind="check_in", audience="joined")
    write(tmp_path / "week", Week((Post("hello", date(2027, 3, 15), time(9)), tip, asked)))
    return tmp_path / "week"


def test_shipped_week_sends_each_slot_once(earthweek: Command) -> None:
    said = earthweek("rehearse", "--headless", "--json")
    outcome = json.loads(said.out)
    assert said.code == 0
    assert outcome["slack"] == {
        "posts": len(outcome["slots"]),
        "duplicates": 0,
        "lost": 0,
        "errors": 0,
        "error_words": {},
    }
    assert {slot["state"] for slot in outcome["slots"]} == {"sent"}
    assert len({slot["key"] for slot in outcome["slots"]}) == len(outcome["slots"])
    assert {"SE", "NO", "DK", "DE"} <= set(outcome["countries"])
    assert all(found["sent"] == found["planned"] for found in outcome["countries"].values())
    assert not any(sum(found["totals"].values()) for found in outcome["countries"].values())
    [oslo] = [slot for slot in outcome["slots"] if slot["post"] == "monday-tip" and slot["recipient"] == "NO"]
    assert datetime.fromisoformat(oslo["due_at"]) == datetime.fromisoformat("2027-03-15T09:00:00+01:00")
    assert datetime.fromisoformat(oslo["sent_at"]) - datetime.fromisoformat(oslo["due_at"]) < timedelta(seconds=5)


def test_totals_of_colleagues_agree_with_the_store(earthweek: Command) -> None:
    said = earthweek("rehearse", "--headless", "--json", "--people", "10", "--seed", "7")
    outcome = json.loads(said.out)
    assert said.code == 0
    assert (outcome["slack"]["duplicates"], outcome["slack"]["lost"], outcome["slack"]["errors"]) == (0, 0, 0)
    for found in outcome["countries"].values():
        assert found["totals"] == found["stored"]
        assert {"participants", "pledges", "confirmed", "earth_hour"} <= set(found["totals"])
    total = {name: sum(found["totals"][name] for found in outcome["countries"].values()) for name in TOTALS}
    assert all(total.values())


def test_totals_differing_from_the_store_are_an_error(
    earthweek: Command, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = Journal.write

    def forgetful(journal: Journal, at: datetime, note: Note) -> None:
        if not isinstance(note, TriedTip):
            written(journal, at, note)

    monkeypatch.setattr(Journal, "write", forgetful)
    said = earthweek("rehearse", "--headless", "--people", "8", "--seed", "1", campaign=small)
    assert said.code == 1
    assert "the colleagues say 0 for tips, the store says" in said.err
    assert "disagree on" in said.out
    assert "0 ≠ " in said.out


def test_without_json_the_week_ends_with_a_table(earthweek: Command) -> None:
    said = earthweek("rehearse", "--headless", "--people", "4")
    assert "Mon 15 Mar 09:00  Oslo        #earth-week-no" in said.out
    assert "What became of every message, by country" in said.out
    assert "What the colleagues did" in said.out
    assert "What was published last, Thu 22 Apr 09:00" in said.out
    assert "0 of them too many, 0 missing, and 0 errors" in said.out
    assert "their books and the bot's store agree on every figure" in said.out
    assert "acts of colleagues:" in said.out


def test_real_tokens_in_the_environment_are_ignored(
    earthweek: Command, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-real")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-real")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///real.db")
    outcome = json.loads(earthweek("rehearse", "--headless", "--json", campaign=small).out)
    assert outcome["slack"]["lost"] == 0
    assert not Path("real.db").exists()


def test_kept_database_is_played_in_once(earthweek: Command, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = ("rehearse", "--headless", "--keep", "kept/here")
    said, again = (earthweek(*typed, campaign=small) for _ in range(2))
    assert (said.code, again.code) == (0, 1)
    assert "was played in" in again.err
    address = next(line.split("=")[1] for line in said.out.splitlines() if "DATABASE_URL=" in line)
    monkeypatch.setenv("DATABASE_URL", address)
    assert earthweek("report", "--out", "report", campaign=small).code == 0


def test_a_campaign_with_errors_is_not_played(earthweek: Command, tmp_path: Path) -> None:
    said = earthweek("rehearse", "--headless", "--json", campaign=tmp_path)
    assert said.code == 1
    assert "the file is missing" in said.err


def test_same_seed_repeats_the_output(earthweek: Command) -> None:
    first, again = (earthweek("rehearse", "--headless", "--people", "2", "--seed", "5").out for _ in range(2))
    assert first == again


def test_another_seed_plays_another_week(earthweek: Command, small: Path) -> None:
    typed = ("rehearse", "--headless", "--people", "8", "--seed")
    assert earthweek(*typed, "5", campaign=small).out != earthweek(*typed, "6", campaign=small).out


@pytest.mark.parametrize("no_proxy", ["", "127.0.0.1,localhost"])
def test_proxy_in_the_environment_is_ignored(
    no_proxy: str, earthweek: Command, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    outcome = json.loads(earthweek("rehearse", "--headless", "--people", "2", "--json", campaign=small).out)
    assert outcome["slack"]["lost"] == 0
    assert outcome["slack"]["posts"] > 0


# Without playing anything


def test_the_page_is_written_and_named(earthweek: Command, tmp_path: Path) -> None:
    said = earthweek("preview", "--out", str(tmp_path / "page"))
    assert said.code == 0
    assert str(tmp_path / "page" / "index.html") in said.out
    page = (tmp_path / "page" / "index.html").read_text(encoding="utf-8")
    assert "Dagens utfordring: én vask uten tørketrommel" in page


def test_a_place_that_cannot_be_written_is_said(earthweek: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = earthweek("preview", "--out", str(tmp_path / "file"))
    assert said.code == 1
    assert "cannot be written" in said.err


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever waits for somebody at a page is ended at once with Ctrl-C."""

    async def ended(*_: object) -> None:
        raise KeyboardInterrupt

    for name in ("watch", "serve"):
        monkeypatch.setattr(f"rehearsal.cli.{name}", ended)


@pytest.mark.usefixtures("interrupted")
@pytest.mark.parametrize(
    ("typed", "code", "why"),
    [
        (("preview",), 1, "say what it is for"),
        (("preview", "--port", "65536"), 2, "--port"),
        (("rehearse", "--keep", "kept"), 1, "add --headless"),
        (("rehearse", "--json"), 1, "add --headless"),
        (("rehearse", "--people", "-1"), 2, "--people"),
        (("rehearse", "--people", "100001"), 2, "--people"),
    ],
)
def test_what_cannot_be_done_says_why(earthweek: Command, typed: tuple[str, ...], code: int, why: str) -> None:
    said = earthweek(*typed)
    assert (said.code, said.out) == (code, "")
    assert why in said.err
    assert not Path("kept").exists()


@pytest.mark.usefixtures("interrupted")
@pytest.mark.parametrize("typed", [("preview", "--watch"), ("preview", "--out", "page"), ("rehearse",)])
def test_a_folder_that_is_not_there_is_named(earthweek: Command, tmp_path: Path, typed: tuple[str, ...]) -> None:
    said = earthweek(*typed, campaign=tmp_path / "nowhere")
    assert said.code == 1
    assert "nowhere" in said.err


@pytest.mark.usefixtures("interrupted")
def test_interrupting_a_page_is_no_error(earthweek: Command, small: Path) -> None:
    assert earthweek("preview", "--watch", campaign=small) == Said(0, "", "")
    said = earthweek("rehearse")
    assert (said.code, said.out) == (0, "The rehearsal is over; nothing of it is kept.\n")
    assert "values are still examples (earthweek check lists them)." in said.err


def test_room_that_cannot_open_says_why(earthweek: Command, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(*_: object) -> None:
        raise ValueError("the campaign has no posts for anybody")

    monkeypatch.setattr("rehearsal.cli.watch", refused)
    said = earthweek("rehearse", campaign=small)
    assert said.code == 1
    assert "the campaign has no posts for anybody" in said.err
