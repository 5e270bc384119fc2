from __future__ import annotations

from bot.campaign.problems import Problems


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
