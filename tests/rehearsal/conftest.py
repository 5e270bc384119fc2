from __future__ import annotations

from tests.bot.cli.conftest import earthweek

__all__ = ["earthweek"]
