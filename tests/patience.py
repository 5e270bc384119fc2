"""How long a test waits for what comes at once where the machine has nothing else to do."""

from __future__ import annotations

PATIENCE = 120.0
"""Seconds. Whoever waits looks on, and goes on at once; it is so long that only what never comes takes it, however busy
the machine is."""
