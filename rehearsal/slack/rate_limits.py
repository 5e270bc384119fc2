"""Slack's rate limits, counted by the clock that the rehearsal is given.

The tiers are Slack's (https://docs.slack.dev/apis/web-api/rate-limits). The workspace-wide cap on posting is not
published beyond "several hundred messages per minute"; the default stands at the careful end of what others
report.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

POST = "chat.postMessage"
UPDATE = "chat.update"
MINUTE = timedelta(minutes=1)
TIER_2, TIER_3, TIER_4 = 20, 50, 100

TIERS: Mapping[str, int] = MappingProxyType(
    {
        "users.list": TIER_2,
        "users.conversations": TIER_3,
        "conversations.list": TIER_2,
        "pins.add": TIER_2,
        "pins.list": TIER_2,
        "pins.remove": TIER_2,
        UPDATE: TIER_3,
        "conversations.history": TIER_3,
        "conversations.info": TIER_3,
        "conversations.join": TIER_3,
        "conversations.open": TIER_3,
        "conversations.replies": TIER_3,
        "api.test": TIER_4,
        "chat.postEphemeral": TIER_4,
        "conversations.members": TIER_4,
        "files.completeUploadExternal": TIER_4,
        "files.getUploadURLExternal": TIER_4,
        "users.info": TIER_4,
        "views.open": TIER_4,
        "views.publish": TIER_4,
        "views.push": TIER_4,
        "views.update": TIER_4,
    }
)


@dataclass(frozen=True)
class RateLimits:
    """The limits: calls a minute by method, and posts by channel and workspace.

    `burst` is how many posts one channel takes at once before the pace of one per `post_every` holds: Slack
    tolerates short bursts and does not say how short. None switches a limit off.
    """

    tiers: Mapping[str, int] = field(default_factory=lambda: TIERS)
    post_every: timedelta | None = timedelta(seconds=1)
    burst: int = 3
    posts_per_minute: int | None = 300

    @classmethod
    def none(cls) -> RateLimits:
        """No limits at all."""
        return cls(tiers={}, post_every=None, posts_per_minute=None)


@dataclass
class RateMeter:
    """Meters usage against the limits. Only calls that were let through count."""

    limits: RateLimits
    _windows: dict[str, deque[datetime]] = field(default_factory=dict)
    _free_at: dict[str, datetime] = field(default_factory=dict)

    def wait(self, method: str, channel: str, at: datetime) -> int:
        """Count a call, or say in how many whole seconds it may be tried again; 0 lets it through."""
        most = self.limits.posts_per_minute if method == POST else self.limits.tiers.get(method)
        waits = [self._minute(method, most, at)]
        if method == POST:
            waits.append(self._channel(channel, at))
        longest = max(waits)
        if longest > timedelta(0):
            # Slack's Retry-After is in whole seconds; rounded down, the next call would come too early.
            return math.ceil(longest.total_seconds())
        self._count(method, channel, at, windowed=most is not None)
        return 0

    def _minute(self, method: str, most: int | None, at: datetime) -> timedelta:
        if most is None:
            return timedelta(0)
        window = self._windows.setdefault(method, deque())
        while window and window[0] + MINUTE <= at:
            window.popleft()
        return timedelta(0) if len(window) < most else window[0] + MINUTE - at

    def _channel(self, channel: str, at: datetime) -> timedelta:
        every = self.limits.post_every
        if every is None:
            return timedelta(0)
        return self._free_at.get(channel, at) - at - every * (self.limits.burst - 1)

    def _count(self, method: str, channel: str, at: datetime, *, windowed: bool) -> None:
        if windowed:
            self._windows[method].append(at)
        if method == POST and self.limits.post_every is not None:
            # A leaky bucket: each post moves the instant at which the channel is free again.
            self._free_at[channel] = max(self._free_at.get(channel, at), at) + self.limits.post_every
