"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# The same examples each time, and no failure because the machine was busy.
settings.register_profile("house", derandomize=True, deadline=None)
settings.load_profile("house")
