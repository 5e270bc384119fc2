"""Open the rehearsal's page on this machine, until it is stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Callable, Mapping

from rehearsal.simulation import Rehearsal
from rehearsal.web.server import served


async def watch(rehearsal: Rehearsal, port: int, say: Callable[[str], object]) -> None:
    """Serve the page, say where it is, and open it where there is a desktop; ends with SIGINT or SIGTERM.

    Raises:
        UnusableCampaignError: The campaign has errors; examples are played.
        ValueError: The campaign has no posts for anybody.
    """
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with served(rehearsal, port) as (_room, address):
        say(f"The rehearsal is at {address}  (Ctrl-C ends it; nothing leaves this machine, and nothing is kept)")
        if has_desktop(sys.platform, os.environ):
            # In a daemon thread, since opening a browser may block, and must delay neither the page nor Ctrl-C.
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        await stop.wait()


def has_desktop(platform: str, environment: Mapping[str, str]) -> bool:
    """Return whether a browser can be opened: not over SSH, and on Linux only with a display."""
    # Over SSH a browser would open on the other machine, and in CI nobody sees it.
    if "SSH_CONNECTION" in environment or environment.get("CI"):
        return False
    return platform in {"darwin", "win32"} or bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
