"""The campaign as its files have it now; while they cannot be used, the last edition that could."""

from __future__ import annotations

from pathlib import Path

from bot.campaign.model import Campaign
from bot.campaign.post_kind_rules import RulesByKind
from bot.campaign.problems import Problem
from bot.campaign.reader import Reading, read

_Fingerprint = frozenset[tuple[str, int, int]]


class UnusableCampaignError(Exception):
    """A campaign with errors, or with examples that nobody allowed. `problems` says which."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class LiveCampaign:
    """Reads the folder once, and again when a file in it has changed.

    Raises:
        UnusableCampaignError: At the start, when there is nothing that could be sent.
    """

    def __init__(self, folder: Path, rules: RulesByKind, *, allow_examples: bool) -> None:
        self._folder = folder
        self._rules = rules
        self._allow_examples = allow_examples
        self._fingerprint = self._look()
        reading = read(folder, rules)
        self.problems = self._objections(reading)
        if self.problems or reading.campaign is None:
            raise UnusableCampaignError(self.problems)
        self.campaign: Campaign = reading.campaign

    def refresh(self) -> bool:
        """Read the files again if they changed; whether there is a new campaign.

        Files with errors leave the campaign as it was, and `problems` says what keeps the new edition back.
        """
        found = self._look()
        if found == self._fingerprint:
            return False
        self._fingerprint = found
        reading = read(self._folder, self._rules)
        self.problems = self._objections(reading)
        if self.problems or reading.campaign is None:
            return False
        self.campaign = reading.campaign
        return True

    def _objections(self, reading: Reading) -> list[Problem]:
        problems = reading.problems
        return problems.errors + ([] if self._allow_examples else problems.examples)

    def _look(self) -> _Fingerprint:
        files = (file for file in self._folder.rglob("*") if file.is_file())
        return frozenset((str(file), (stat := file.stat()).st_mtime_ns, stat.st_size) for file in files)
