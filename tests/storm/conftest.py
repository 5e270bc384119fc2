from __future__ import annotations

from integration.databases import server

__all__ = ["server"]
