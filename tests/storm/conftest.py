from __future__ import annotations

from tests.integration.databases import server

__all__ = ["server"]
