from __future__ import annotations

from tests.bot.store.conftest import database, empty, opened, other, outbox, server, up_to_date, url

__all__ = ["database", "empty", "opened", "other", "outbox", "server", "up_to_date", "url"]
