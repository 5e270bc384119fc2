"""The text of `.env`: read back, it says what was given and nothing else."""

from __future__ import annotations

import io

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.dotenv_template import dotenv
from bot.cli.setting_explanations import EXPLANATIONS, default_of

ASKED = {name for name, each in EXPLANATIONS.items() if each.is_asked}
VALUES = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=40)


def read(text: str) -> dict[str, str | None]:
    return dotenv_values(stream=io.StringIO(text), interpolate=False)


def test_what_somebody_must_fill_in_is_empty() -> None:
    assert read(dotenv()) == dict.fromkeys(ASKED, "")
    assert "SLACK_BOT_TOKEN" in ASKED


@given(st.dictionaries(st.sampled_from([*EXPLANATIONS]), VALUES))
def test_what_is_given_is_read_again(given_values: dict[str, str]) -> None:
    assert read(dotenv(given_values)) == dict.fromkeys(ASKED, "") | given_values


def test_every_setting_has_one_line_of_its_own() -> None:
    lines = dotenv().splitlines()
    for name in EXPLANATIONS:
        line = f"{name}=" if name in ASKED else f"#{name}={default_of(name)}"
        assert lines.count(line) == 1, name


def test_note_without_its_sign_is_the_default() -> None:
    mended = dotenv().replace("#PORT=", "PORT=")
    assert read(mended)["PORT"] == default_of("PORT") == "3000"


@pytest.mark.parametrize("name", EXPLANATIONS)
def test_setting_is_explained_above_its_line(name: str) -> None:
    before = dotenv().partition(f"\n{name}=" if name in ASKED else f"\n#{name}=")[0]
    note = " ".join(line.removeprefix("# ") for line in before.rpartition("\n\n")[2].splitlines())
    explained = EXPLANATIONS[name]
    assert note.startswith(explained.what)
    assert f"Takes: {explained.takes}" in note
    assert note.endswith(f"Otherwise: {explained.otherwise}")


def test_lines_fit_and_hold_nothing_beside_values() -> None:
    text = dotenv()
    assert text.endswith("\n")
    assert "\n\n\n" not in text
    introduction, _, settings = text.partition("\n\n")
    assert max(map(len, settings.splitlines())) <= 120
    for line in text.splitlines():
        assert line == line.rstrip()
        assert not line or line.startswith("#") or line.endswith("=")
    assert all(line.startswith("#") for line in introduction.splitlines())
