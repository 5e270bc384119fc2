"""Problems of a campaign, worded so that the person who wrote it can fix them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """The severity of a problem. A campaign with an error is not sent, nor is one with an example unless allowed.

    What must not go outside is sent to colleagues all the same.
    """

    ERROR = "error"
    WARNING = "warning"
    OUTSIDE = "outside"
    EXAMPLE = "example"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to fix: where it is, what is wrong, and what to do about it.

    Problems of one `kind` differ only in what they name; without one, those that say the same are of one.
    """

    file: str
    line: int
    what: str
    todo: str
    weight: Severity = Severity.ERROR
    kind: str = field(default="", compare=False)

    def __str__(self) -> str:
        """Format as `file:line: what is wrong; what to do`, which editors and terminals turn into links."""
        return f"{self.file}:{self.line}: {self.what}; {self.todo}"


_SHOWN = 3
"""Problems of one kind that are listed each by itself."""


def summarized(problems: Iterable[Problem]) -> Iterator[str]:
    """Format problems a line each. Of one kind with many, only the first is shown, with the number of the others."""
    kinds: dict[tuple[str, ...], list[Problem]] = {}
    for each in problems:
        kind = (each.kind,) if each.kind else (each.what, each.todo)
        kinds.setdefault((each.weight, *kind), []).append(each)
    for found in kinds.values():
        if len(found) <= _SHOWN:
            yield from map(str, found)
        else:
            yield f"{found[0]} ({len(found) - 1} more like this)"


@dataclass
class Problems:
    """All problems found while reading, so that people can fix them in one go."""

    found: list[Problem] = field(default_factory=list)

    def error(self, file: str, line: int, what: str, todo: str, kind: str = "") -> None:
        """Note something that keeps the whole campaign from being sent."""
        self.add(Problem(file, line, what, todo, kind=kind))

    def warn(self, file: str, line: int, what: str, todo: str, kind: str = "") -> None:
        """Note something that a person should look at before the week starts."""
        self.add(Problem(file, line, what, todo, Severity.WARNING, kind))

    def example(self, file: str, line: int, what: str, todo: str, kind: str = "") -> None:
        """Note a value that is still the shipped example; only the company knows the real one."""
        self.add(Problem(file, line, what, todo, Severity.EXAMPLE, kind))

    def add(self, problem: Problem) -> None:
        """Note a problem, unless it is there already."""
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
        """The problems that keep nothing from being sent to colleagues, examples included, by file and line."""
        return [problem for problem in self if problem.weight is not Severity.ERROR]

    @property
    def outside(self) -> list[Problem]:
        """The texts that must not be shown to customers and users, by file and line."""
        return [problem for problem in self if problem.weight is Severity.OUTSIDE]

    @property
    def examples(self) -> list[Problem]:
        """The values that are still examples, by file and line."""
        return [problem for problem in self if problem.weight is Severity.EXAMPLE]
