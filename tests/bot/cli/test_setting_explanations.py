"""Every setting is explained in one place, and what is made of it is as the settings are."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.setting_explanations import EXPLANATIONS, NOT_READ
from bot.settings import Settings
from tests.settings_page import FILES


def test_every_setting_is_explained_and_no_other() -> None:
    assert set(EXPLANATIONS) - NOT_READ == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_is_made_of_the_settings_is_current(file: Path) -> None:
    assert file.read_text("utf-8") == FILES[file](), "make settings writes it anew"
