from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from bot.database import transaction_watchdog as watchdog_module
from bot.database.transaction_watchdog import Watchdog
from tests.patience import PATIENCE


def test_time_in_which_process_stood_still_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    looks, ahead = threading.Semaphore(0), [0.0]

    def monotonic() -> float:
        looks.release()
        return time.monotonic() + ahead[0]

    def look() -> None:
        for _ in range(4):
            assert looks.acquire(timeout=PATIENCE)

    monkeypatch.setattr(watchdog_module, "time", SimpleNamespace(monotonic=monotonic))
    watchdog = Watchdog()
    with watchdog.watching(PATIENCE):
        [watched] = watchdog._watched
        look()
        # Whoever has this knows that the watchdog is waiting.
        with ExitStack() as later:
            with watchdog._changed:
                ahead[0] = 3600
                later.enter_context(watchdog.watching(0.1))
                while looks.acquire(blocking=False):
                    pass
            [_, begun_afterwards] = watchdog._watched
            for _ in range(20):
                look()
            assert begun_afterwards.was_shut
        assert not watched.was_shut
    with watchdog.watching(0.1):
        [watched] = watchdog._watched
        while not watched.was_shut:
            look()
    watchdog.close()
