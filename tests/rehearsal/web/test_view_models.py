"""View models are plain values: nothing on the page changes them, and another view is another value."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, is_dataclass

import pytest

from rehearsal.web import view_models
from rehearsal.web.view_models import HOME, Viewpoint

from .screens import screen


def test_another_conversation_keeps_person_and_panel() -> None:
    here = Viewpoint("U1", "C1", "faults")
    assert here.at(HOME) == Viewpoint("U1", HOME, "faults")
    assert here == Viewpoint("U1", "C1", "faults")
    assert Viewpoint("U1", "C1").tab == "week"


def test_nothing_on_the_screen_can_be_changed() -> None:
    shown = screen()
    models = [each for each in vars(view_models).values() if isinstance(each, type) and is_dataclass(each)]
    assert type(shown) in models
    for value in (shown, *(getattr(shown, field.name) for field in fields(shown))):
        if type(value) in models:
            with pytest.raises(FrozenInstanceError):
                setattr(value, fields(value)[0].name, "")
