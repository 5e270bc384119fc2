"""Who looks at a message: Slack shows names, dates and times to each person in their own way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Viewer:
    """Names by Slack ID, the viewer's zone and language, and whether buttons can be pressed (`live`)."""

    zone: str = "UTC"
    language: str = "en"
    users: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    live: bool = False
