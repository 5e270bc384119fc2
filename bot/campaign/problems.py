"""Problems of a campaign, worded so that the person who wrote it can fix them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """The severity of a problem. A campaign with an error is not sent, nor is one with an example unless allowed."""

    ERROR = "error"
    WARNING = "warning"
    EXAMPLE = "example"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to fix: where it is, what is wrong, and what to do about it."""

    file: str
    line: int
    what: str
    todo: str
    weight: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Format as `file:line: what is wrong; what to do`, which editors and terminals turn into links."""
        return f"{self.file}:{self.line}: {self.what}; {self.todo}"


@dataclass
class Problems:
    """All problems found while reading, so that people can fix them in one go."""

    found: list[Problem] = field(default_factory=list)

    def error(self, file: str, line: int, what: str, todo: str) -> None:
        """Note something that keeps the whole campaign from being sent."""
        self._add(Problem(file, line, what, todo))

    def warn(self, file: str, line: int, what: str, todo: str) -> None:
        """Note something that a person should look at before the week starts."""
        self._add(Problem(file, line, what, todo, Severity.WARNING))

    def example(self, file: str, line: int, what: str, todo: str) -> None:
        """Note a value that is still the shipped example; only the company knows the real one."""
        self._add(Problem(file, line, what, todo, Severity.EXAMPLE))

    def _add(self, problem: Problem) -> None:
        # Checks of slots meet one mistake once for each country.
        if problem not in self.found:
            self.found.append(problem)

    def __iter__(self) -> Iterator[Problem]:
        return iter(sorted(self.found))

    @property
    def errors(self) -> list[Problem]:
        """The problems that must be fixed before anything is sent, by file and line."""
        return [problem for problem in self if problem.weight is Severity.ERROR]

    @property
    def warnings(self) -> list[Problem]:
        """The problems that somebody should look at, examples included, by file and line."""
        return [problem for problem in self if problem.weight is not Severity.ERROR]

    @property
    def examples(self) -> list[Problem]:
        """The values that are still examples, by file and line."""
        return [problem for problem in self if problem.weight is Severity.EXAMPLE]
