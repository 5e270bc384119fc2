from __future__ import annotations

from collections.abc import Mapping

import pytest

from rehearsal.local_page import has_desktop


@pytest.mark.parametrize(
    ("platform", "environment", "there"),
    [
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("darwin", {}, True),
        ("win32", {}, True),
        ("darwin", {"SSH_CONNECTION": "1.2.3.4"}, False),
        ("linux", {"DISPLAY": ":10", "SSH_CONNECTION": "1.2.3.4"}, False),
        ("linux", {"DISPLAY": ":0", "CI": "true"}, False),
    ],
)
def test_browser_is_opened_only_where_desktop_exists(
    platform: str, environment: Mapping[str, str], *, there: bool
) -> None:
    assert has_desktop(platform, environment) is there
