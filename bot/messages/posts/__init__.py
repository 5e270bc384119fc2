"""The kinds of post, one module each. A new kind is a module with a `KIND`, and its line in `KINDS`."""

from __future__ import annotations

from bot.messages.posts import (
    check_in,
    earth_hour_check,
    earth_hour_notice,
    earth_hour_reminder,
    idea_call,
    invitation,
    measure,
    note,
    pledge_call,
    progress,
    results,
    tip,
)
from bot.messages.posts.kind import Kind

KINDS: dict[str, Kind] = {
    module.KIND.name: module.KIND
    for module in (
        invitation,
        tip,
        pledge_call,
        measure,
        idea_call,
        progress,
        earth_hour_notice,
        earth_hour_reminder,
        earth_hour_check,
        check_in,
        results,
        note,
    )
}
