"""Which errors an operator can mend, and what is said of them."""

from __future__ import annotations

import errno

import pytest

from bot.campaign.live_reload import UnusableCampaignError
from bot.campaign.problems import Problem
from bot.cli.error_sentences import sentences
from bot.database.errors import DatabaseInUseError, DatabaseUnusableError
from bot.run import StartupError
from bot.settings import SettingsError


def test_each_problem_of_a_campaign_is_a_line() -> None:
    problems = [Problem("a.toml", line, "it is wrong", "mend it") for line in (1, 2)]
    assert sentences(UnusableCampaignError(problems)) == [
        "a.toml:1: it is wrong; mend it",
        "a.toml:2: it is wrong; mend it",
        "Nothing is sent from this campaign; mend what is listed above.",
    ]


@pytest.mark.parametrize("kind", [SettingsError, DatabaseUnusableError, DatabaseInUseError, StartupError])
def test_what_can_be_mended_is_in_lines(kind: type[Exception]) -> None:
    assert sentences(kind("PORT: write a number\nHOST: write a name")) == ["PORT: write a number", "HOST: write a name"]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_full_disk_below_the_output_is_said(code: int) -> None:
    assert sentences(OSError(code, "it is full")) == ["what the command says cannot be written (it is full)"]


@pytest.mark.parametrize(
    "error",
    [
        ValueError("no"),
        KeyError("no"),
        RuntimeError(),
        BrokenPipeError(errno.EPIPE, "closed"),
        OSError(errno.ENOSPC, "full", "a file of ours"),
        FileNotFoundError(errno.ENOENT, "missing", "a file of ours"),
        OSError("without a number"),
    ],
)
def test_mistake_of_the_program_keeps_its_traceback(error: Exception) -> None:
    assert sentences(error) == []
