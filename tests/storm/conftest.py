from __future__ import annotations

from tests.bot.store.databases import server

__all__ = ["server"]
