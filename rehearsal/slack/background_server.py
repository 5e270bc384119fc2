"""The rehearsal Slack in a thread of its own, for tests that start the bot as another process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import App, RehearsalSlack
from rehearsal.slack.workspace import PostedMessage, Workspace

Result = TypeVar("Result")


class RunningSlack:
    """A server that runs in another thread. What touches it goes through here, onto its own loop."""

    def __init__(self, slack: RehearsalSlack, loop: asyncio.AbstractEventLoop) -> None:
        """Hold a server and the loop that it runs on."""
        self.slack = slack
        self._loop = loop

    @property
    def api_url(self) -> str:
        """The address for the bot's `SLACK_API_URL`."""
        return self.slack.api_url

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine on the server's loop and wait for its result."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def call(self, work: Callable[[RehearsalSlack], Result]) -> Result:
        """Run a plain function on the server's loop, between two requests."""

        async def called() -> Result:
            return work(self.slack)

        return self.run(called())

    def messages(self, channel: str | None = None) -> list[PostedMessage]:
        """Return the messages so far, in one channel or in all."""
        return self.call(lambda slack: slack.workspace.messages(channel))

    def until(self, true: Callable[[RehearsalSlack], bool], within: float = 120.0) -> None:
        """Wait until something becomes true of the server; TimeoutError when it does not."""
        self.run(self.slack.until(lambda: true(self.slack), within))


@contextmanager
def running_slack(
    workspace: Workspace,
    now: Callable[[], datetime],
    *,
    limits: RateLimits,
    app: App,
    host: str = "127.0.0.1",
    port: int = 0,
) -> Iterator[RunningSlack]:
    """Run a server in a thread for as long as the block lasts."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="rehearsal-slack", daemon=True)
    thread.start()
    running = RunningSlack(RehearsalSlack(workspace, now, limits=limits, app=app), loop)
    try:
        running.run(running.slack.start(host, port))
        yield running
    finally:
        running.run(running.slack.stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
