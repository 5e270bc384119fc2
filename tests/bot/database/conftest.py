from __future__ import annotations

from tests.bot.store.conftest import database, empty, opened, other, outbox, server, up_to_date, url
from tests.bot.store.databases import shipped_limits

__all__ = ["database", "empty", "opened", "other", "outbox", "server", "shipped_limits", "up_to_date", "url"]
