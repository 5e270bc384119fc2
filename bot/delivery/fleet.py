"""Shares the workspace's pace with other replicas, so that two of them are not twice as rude."""

from __future__ import annotations

from bot.clock import Clock
from bot.delivery.pace import Pace
from bot.store.replicas import Replicas


class Fleet:
    """Everybody who posts to this workspace. `replicas` is None where there can be one process only."""

    def __init__(self, replicas: Replicas | None, pace: Pace, clock: Clock) -> None:
        self._replicas = replicas
        self._pace = pace
        self._clock = clock

    async def greet(self) -> None:
        """Tell the others that this process is here, and take its share of the pace."""
        if self._replicas is None:
            return
        now = self._clock.now()
        found = await self._replicas.present(now, self._pace.held_until)
        self._pace.share(found.count)
        if found.held_until:
            self._pace.hold(found.held_until)

    async def leave(self) -> None:
        """Leave the share to the others."""
        if self._replicas:
            await self._replicas.leave(self._clock.now())
