"""That marks are found, and that what is allowed is told from what is not."""

from __future__ import annotations

import json

from .allowed import Place, Step, may_stand
from .marks import Finder, Kind, Mark, user, word

MARKS = [Mark(Kind.USER, 12), Mark(Kind.IDEA, 7)]


def test_marks_are_found_in_texts_bytes_and_json() -> None:
    text = f"<@{user(12)}> had {word(Kind.IDEA, 7)}"
    for content in (text, json.dumps({"a": text}), b"\0\xff" + text.encode() + b"\0", text.lower(), text.upper()):
        assert Finder().marks(content) == set(MARKS)


def test_ids_are_marks_once_they_are_known() -> None:
    finder = Finder()
    assert finder.marks("5a1d-0") == set()
    finder.learn({"5a1d": 3})
    assert finder.marks("5a1d-0") == {Mark(Kind.ID, 3)}


def test_allowed_marks_depend_on_place_step_and_person() -> None:
    mark = Mark(Kind.USER, 1)
    assert may_stand(mark, Place.DATABASE, Step.FORGOTTEN, named=False, stayed=True)
    assert not may_stand(mark, Place.DATABASE, Step.FORGOTTEN, named=True, stayed=False)
    assert not may_stand(mark, Place.DATABASE, Step.PURGED, named=True, stayed=True)
    assert not may_stand(mark, Place.READERS, Step.LIVED, named=False, stayed=True)
    assert not any(may_stand(Mark(kind, 1), Place.LOG, step, named=True, stayed=True) for kind in Kind for step in Step)
