from __future__ import annotations

from bot.campaign.problems import Problems, summarized


def test_problems_are_sorted_by_severity_file_and_line() -> None:
    problems = Problems()
    problems.warn("b.toml", 2, "late", "move it")
    problems.error("b.toml", 1, "wrong", "mend it")
    problems.example("a.toml", 3, "an example", "put yours in")
    assert [str(each) for each in problems.errors] == ["b.toml:1: wrong; mend it"]
    assert [each.file for each in problems.warnings] == ["a.toml", "b.toml"]
    assert [each.line for each in problems.examples] == [3]


def test_one_mistake_is_noted_once() -> None:
    problems = Problems()
    for _ in range(3):
        problems.error("a.toml", 1, "wrong", "mend it")
    assert len([*problems]) == 1


def test_many_of_one_kind_are_one_line() -> None:
    problems = Problems()
    for number in range(80):
        problems.error(f"posts/{number:02}/fi.md", 1, "the file is missing", "write it")
        problems.warn("a.toml", number + 1, f"names {number} May", "write {first_day}", kind="date")
    for number in range(3):
        problems.error(f"{number}.toml", 2, "wrong", "mend it")
    assert [*summarized(problems.errors)] == [
        *(f"{number}.toml:2: wrong; mend it" for number in range(3)),
        "posts/00/fi.md:1: the file is missing; write it (79 more like this)",
    ]
    assert [*summarized(problems.warnings)] == ["a.toml:1: names 0 May; write {first_day} (79 more like this)"]
