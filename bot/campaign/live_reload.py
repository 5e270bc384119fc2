"""Reloads the campaign when its files change, and keeps the last usable version while they have errors."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from stat import S_ISREG

from bot.campaign.bot_words import Vocabulary
from bot.campaign.campaign_reader import Reading, read
from bot.campaign.model import Campaign
from bot.campaign.organiser_decisions import Decisions
from bot.campaign.overlay import apply, unapproved
from bot.campaign.post_kind_rules import RulesByKind
from bot.campaign.problems import Problem, summarized

_FileState = tuple[str, int, int]
Fingerprint = frozenset[_FileState]
"""The path, time and size of every file in a folder: what differs whenever somebody saves one."""


class UnusableCampaignError(Exception):
    """The campaign has errors, or examples that were not allowed. `problems` lists them."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(summarized(problems)))
        self.problems = problems


class LiveCampaign:
    """The current campaign, read again when a file in its folder has changed.

    `files` is the campaign of the files alone, and `campaign` the one with what organisers have decided over it.
    `examples` are the places in the files, such as `campaign.toml:12`, whose values are still the shipped examples.

    Raises:
        UnusableCampaignError: At startup, when there is no earlier version to fall back on.
    """

    def __init__(self, folder: Path, rules: RulesByKind, vocabulary: Vocabulary, *, allow_examples: bool) -> None:
        self._folder = folder
        self._rules = rules
        self._vocabulary = vocabulary
        self._allow_examples = allow_examples
        # Before reading: a file that is saved in between is then read again, rather than missed.
        self._fingerprint = fingerprint(folder)
        reading = read(folder, rules, vocabulary)
        self.examples = self._places(reading)
        self.problems = self._objections(reading)
        if self.problems or reading.campaign is None:
            raise UnusableCampaignError(self.problems)
        self.files: Campaign = reading.campaign
        self.campaign: Campaign = reading.campaign
        self.decisions = Decisions()
        self._unapproved: list[tuple[str, str]] | None = None
        self._decided_at: datetime | None = None

    def refresh(self) -> bool:
        """Read the files again if they have changed. Returns whether there is a new campaign.

        Files with errors leave the campaign as it was, and `problems` lists what is wrong with the new version.
        """
        found = fingerprint(self._folder)
        if found == self._fingerprint:
            return False
        # Remembered even if the files have errors, so that these are reported once an edit and not at every look.
        self._fingerprint = found
        reading = read(self._folder, self._rules, self._vocabulary)
        self.problems = self._objections(reading)
        if self.problems or reading.campaign is None:
            return False
        self.files, self.examples = reading.campaign, self._places(reading)
        # Until the decisions are read again, which ends those that the new files have overtaken.
        self.campaign = apply(self.files, self.decisions, self._decided_at) if self._decided_at else self.files
        self._unapproved = None
        return True

    @property
    def unapproved(self) -> list[tuple[str, str]]:
        """The posts and languages whose words nobody has approved."""
        if self._unapproved is None:
            self._unapproved = unapproved(self.campaign, self.decisions)
        return self._unapproved

    @property
    def waiting(self) -> frozenset[str]:
        """The posts that wait until their words are approved, each as `post:language`. Often none have to."""
        required = self.unapproved if self.campaign.approval_required else ()
        return frozenset(f"{post}:{language}" for post, language in required)

    def decide(self, decisions: Decisions, now: datetime) -> bool:
        """Put decisions over the files. Returns whether the campaign has changed."""
        if decisions != self.decisions:
            self._unapproved = None
        self.decisions, self._decided_at = decisions, now
        decided = apply(self.files, decisions, now)
        # The same object stays: whoever has seen it knows that nothing has changed.
        is_changed = vars(decided) != vars(self.campaign)
        if is_changed:
            self.campaign, self._unapproved = decided, None
        return is_changed

    def _objections(self, reading: Reading) -> list[Problem]:
        problems = reading.problems
        return problems.errors + ([] if self._allow_examples else problems.examples)

    def _places(self, reading: Reading) -> list[str]:
        folder = f"{self._folder.as_posix()}/"
        return [f"{each.file.removeprefix(folder)}:{each.line}" for each in reading.problems.examples]


def fingerprint(folder: Path) -> Fingerprint:
    """Look at the files of a folder."""
    # Compared now and then instead of watched: file events do not arrive from network and container mounts.
    files = (f"{place}/{name}" for place, _, names in os.walk(folder) for name in names)
    return frozenset(filter(None, map(_state, files)))


def _state(file: str) -> _FileState | None:
    # Planning looks at every file on the event's loop, and a `Path` each would take it five times as long.
    try:
        status = os.stat(file)  # noqa: PTH116
    except OSError:
        return None
    return (file, status.st_mtime_ns, status.st_size) if S_ISREG(status.st_mode) else None
