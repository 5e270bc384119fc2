from __future__ import annotations

from tests.rehearsal.slack.conftest import client, clock, desk, limits, workspace

__all__ = ["client", "clock", "desk", "limits", "workspace"]
