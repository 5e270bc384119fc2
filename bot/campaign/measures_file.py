"""Reads measures and goals: figures from `measures.toml`, words from `measures/`, one file a language."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.campaign import toml
from bot.campaign.folder import Folder
from bot.campaign.measures import Commitment, Goal, Measure, MeasureFigure, MeasureStatus, MeasureWords
from bot.campaign.problems import Problems
from bot.campaign.toml_table_parsing import tables, value

FILE = "measures.toml"
FOLDER = "measures"

_LISTS = ("measures", "goals")
_Tables = Sequence[Mapping[str, Any]]


@dataclass
class MeasureBook:
    """All measures and goals of a campaign, with the file that they stand in."""

    measures: tuple[Measure, ...] = ()
    goals: tuple[Goal, ...] = ()
    words: dict[tuple[str, str], MeasureWords] = field(default_factory=dict)
    known_measures: frozenset[str] = frozenset()
    document: toml.Document | None = None


def read_measures(
    folder: Folder, languages: Iterable[str], countries: Collection[str], problems: Problems
) -> MeasureBook:
    """Read what the company does and wants to reach. A campaign need not have any."""
    if not folder.exists(FILE):
        return MeasureBook()
    raw = folder.read(FILE, problems, "put the file itself here, or take the link away")
    document = toml.parse(folder.name(FILE), raw, problems) if raw is not None else None
    if document is None:
        return MeasureBook()
    for key in document.data.keys() - set(_LISTS):
        document.error((key,), f"the key `{key}` is not known here", "write [[measures]] or [[goals]]")
    written = {key: tables(document, key) if key in document.data else [] for key in _LISTS}
    # Of all tables, also those with mistakes, so that their words are not reported as belonging to nothing.
    known = [table["id"] for key in _LISTS for table in written[key] if isinstance(table.get("id"), str)]
    _check_twice(known, document)
    named = frozenset(str(table.get("id")) for table in written["measures"])
    measures = tuple(_measures(written["measures"], document, countries))
    goals = tuple(_goals(written["goals"], document, countries))
    book = MeasureBook(measures, goals, known_measures=named, document=document)
    with_unit = {goal.id for goal in goals} | {measure.id for measure in measures if measure.figure}
    for language in languages:
        book.words |= _read_words(folder, language, set(known), with_unit, problems)
    return book


def _measures(written: _Tables, document: toml.Document, countries: Collection[str]) -> Iterator[Measure]:
    for index, table in enumerate(written):
        at = ("measures", index)
        if measure := value(Measure, table, document, at):
            _check_measure(measure, document, at)
            _check_countries(measure.countries, document, at, countries)
            yield measure


def _goals(written: _Tables, document: toml.Document, countries: Collection[str]) -> Iterator[Goal]:
    for index, table in enumerate(written):
        at = ("goals", index)
        if goal := value(Goal, table, document, at):
            _check_goal(goal, document, at)
            _check_countries(goal.countries, document, at, countries)
            yield goal


def _check_twice(known: list[str], document: toml.Document) -> None:
    for name in {each for each in known if known.count(each) > 1}:
        document.error((), f"{name!r} is there twice", "give each measure and each goal an `id` of its own")


def _check_countries(
    named: Iterable[str], document: toml.Document, at: toml.Location, countries: Collection[str]
) -> None:
    for code in named:
        if code not in countries:
            document.error((*at, "countries"), f"{code!r} is no country of the campaign", "correct or remove it")


def _check_measure(measure: Measure, document: toml.Document, at: toml.Location) -> None:
    begins, ends = measure.begins, measure.ends
    if begins and ends and ends < begins:
        document.error((*at, "ends"), "`ends` is before `begins`", "exchange them, or correct one")
    needed = "begins" if measure.status is MeasureStatus.UNDER_WAY else "ends"
    if getattr(measure, needed) is None:
        what = f"{measure.id!r} is {measure.status} and has no `{needed}`"
        document.error(at, what, f"add the day, such as `{needed} = 2027-03-31`")
    if measure.figure:
        _check_figure(measure.figure, document, (*at, "figure"))


def _check_figure(figure: MeasureFigure, document: toml.Document, at: toml.Location) -> None:
    if figure.measured and figure.range:
        document.error((*at, "range"), "what was measured has no range", "take `range` or `measured` away")
    elif not figure.measured and not figure.range:
        document.error(at, "a figure that was not measured has a range", "add `range = [120, 160]`, or measured = true")
    elif figure.range and not figure.range[0] <= figure.value <= figure.range[1]:
        document.error((*at, "range"), "the figure does not lie in its range", "correct the range")


def _check_goal(goal: Goal, document: toml.Document, at: toml.Location) -> None:
    if goal.baseline.value == goal.target.value:
        document.error((*at, "target"), f"{goal.id!r} wants nothing to change", "correct `baseline` or `target`")
    if goal.target.date <= goal.baseline.date:
        document.error((*at, "target"), "`target` is not after `baseline`", "correct one of the dates")
    if goal.latest.date < goal.baseline.date:
        document.error((*at, "latest"), "`latest` is before `baseline`", "correct one of the dates")
    for key in ("baseline", "latest"):
        if getattr(goal, key).source is None:
            document.error((*at, key), f"`{key}` of {goal.id!r} has no source", 'add `source = "…"` to it')


def _read_words(
    folder: Folder, language: str, known: set[str], with_unit: set[str], problems: Problems
) -> dict[tuple[str, str], MeasureWords]:
    path = f"{FOLDER}/{language}.toml"
    raw = folder.read(path, problems, "write measures and goals in this language too")
    document = toml.parse(folder.name(path), raw, problems) if raw is not None else None
    if document is None:
        return {}
    words: dict[tuple[str, str], MeasureWords] = {}
    for name, table in document.data.items():
        if name not in known:
            document.error((name,), f"there is no measure or goal {name!r}", f"compare with {FILE}")
        elif made := value(MeasureWords, table, document, (name,)):
            words[name, language] = made
            if name in with_unit and not made.unit:
                document.error((name,), f"the figure of {name!r} has no unit", 'add `unit = "…"`')
    for name in sorted(known - set(document.data)):
        document.error((), f"{name!r} is missing", f"add [{name}] with its words")
    return words


def list_measure_examples(book: MeasureBook) -> None:
    """Report every value that is still the shipped example, since only the company knows what it has done."""
    if book.document is None:
        return
    lists: Mapping[str, Sequence[Commitment]] = {"measures": book.measures, "goals": book.goals}
    for key, entries in lists.items():
        for index, entry in enumerate(entries):
            for name in entry.examples:
                _list_example(entry, name, book.document, (key, index))


def _list_example(entry: Commitment, name: str, document: toml.Document, at: toml.Location) -> None:
    what = f"{entry.id}: {name} is still an example"
    todo = f'put in your own, then take "{name}" out of `examples`'
    line = document.line((*at, name) if (*at, name) in document.lines else (*at, "examples"))
    document.problems.example(document.file, line, what, todo, f"example: {name}")
