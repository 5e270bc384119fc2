"""What is wrong with a campaign, said so that the person who wrote it can mend it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem matters: nothing is sent from a campaign with an error, nor, unasked, with an example."""

    ERROR = "error"
    WARNING = "warning"
    EXAMPLE = "example"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: where it stands, what is wrong, and what to do about it."""

    file: str
    line: int
    what: str
    todo: str
    weight: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Read as `file:line: what is wrong; what to do`."""
        return f"{self.file}:{self.line}: {self.what}; {self.todo}"


@dataclass
class Problems:
    """Everything found while reading, in one list, so that people mend it all in one go."""

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
        if problem not in self.found:
            self.found.append(problem)

    def __iter__(self) -> Iterator[Problem]:
        return iter(sorted(self.found))

    @property
    def errors(self) -> list[Problem]:
        """What must be mended before anything is sent, by file and line."""
        return [problem for problem in self if problem.weight is Severity.ERROR]

    @property
    def warnings(self) -> list[Problem]:
        """What should be looked at, by file and line; what is still an example is among it."""
        return [problem for problem in self if problem.weight is not Severity.ERROR]

    @property
    def examples(self) -> list[Problem]:
        """What is still an example, by file and line."""
        return [problem for problem in self if problem.weight is Severity.EXAMPLE]
