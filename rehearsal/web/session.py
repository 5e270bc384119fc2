"""A rehearsal that people watch and take part in: a simulation, its clock, and notifications of changes."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.app import Bot
from bot.campaign.live_reload import UnusableCampaignError
from bot.campaign.model import Campaign
from rehearsal.people.person import UnansweredError
from rehearsal.simulation import Rehearsal, Simulation, open_simulation
from rehearsal.slack.acting_user import SlackUser
from rehearsal.slack.http_transport import HttpTransport
from rehearsal.slack.workspace import Workspace
from rehearsal.web.clock_modes import ClockMode, FastForward, Paused, Playing
from rehearsal.web.fault_injection import FaultInjection

ANSWER_WITHIN = 3.0
"""Real seconds that Slack waits for an app, https://docs.slack.dev/interactivity/handling-user-interaction."""

_TICK = 0.05
"""Seconds between two turns of a clock that runs at a speed."""

_BREATH = 0.5
"""Seconds after something went wrong, so that what goes wrong again and again does not keep the machine busy."""

_FINISH_WITHIN = 10.0
"""Seconds that the clock waits for the bot to do what somebody asked for."""

log = structlog.get_logger()


@dataclass
class ReadMarkers:
    """The timestamp of the last message that each person has seen, by conversation."""

    _seen: dict[tuple[str, str], str] = field(default_factory=dict)

    def mark(self, user: str, channel: str, workspace: Workspace) -> None:
        """Mark a conversation as read by somebody who looks at it."""
        said = workspace.conversation(channel).messages
        if said:
            self._seen[user, channel] = said[-1].ts

    def unread(self, user: str, channel: str, workspace: Workspace) -> int:
        """Count the messages of others that somebody has not seen."""
        seen, unread = self._seen.get((user, channel), ""), 0
        for message in reversed(workspace.conversation(channel).messages):
            # All timestamps of a rehearsal have as many digits, so that they compare as texts.
            if message.ts <= seen:
                break
            unread += message.user != user
        return unread


@dataclass(frozen=True)
class _Run:
    """The parts of the session that a restart replaces."""

    simulation: Simulation
    transport: HttpTransport
    faults: FaultInjection


@dataclass
class Session:
    """A rehearsal in progress. It is used on one loop; `real` is the watcher's clock, in seconds.

    `simulation` is another one after going back to the start. `changes` counts upwards whenever something may have
    changed. `over` says that the clock has come to the end, and `trouble` why the bot does not start.
    """

    rehearsal: Rehearsal
    real: Callable[[], float] = time.monotonic
    clock_mode: ClockMode = field(default_factory=Paused)
    speed: int | None = 600
    read_markers: ReadMarkers = field(default_factory=ReadMarkers)
    changes: int = 0
    over: bool = False
    trouble: str | None = None
    _current: _Run | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _task: asyncio.Task[None] | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)
    _free: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: int = 0
    # Held while one simulation replaces another, so that nobody begins to act meanwhile.
    _moving: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def simulation(self) -> Simulation:
        """The simulation that is played now."""
        return self._open_run.simulation

    @property
    def faults(self) -> FaultInjection:
        """The fault injection of the current simulation."""
        return self._open_run.faults

    @property
    def bot(self) -> Bot | None:
        """The bot, unless it is away."""
        return self.simulation.bot

    @property
    def campaign(self) -> Campaign:
        """The campaign as its files have it, as far as the bot has read them."""
        return self.simulation.campaign

    @property
    def now(self) -> datetime:
        """The rehearsal's time."""
        return self.simulation.clock.now()

    @property
    def _open_run(self) -> _Run:
        if self._current is None:
            raise RuntimeError("the room is not open")
        return self._current

    # The clock

    def play(self) -> None:
        """Let the clock run at the chosen speed."""
        self._turn(Playing(self.speed, self.now, self.real(), self.simulation.end))

    def pause(self) -> None:
        """Let the clock stand still."""
        self._turn(Paused())

    def set_speed(self, speed: int | None) -> None:
        """Choose a speed, None for as fast as it goes."""
        self.speed = speed
        if isinstance(self.clock_mode, Playing):
            self.play()

    async def go(self, target: datetime) -> None:
        """Run to an instant as fast as it goes; where it has passed, from the start.

        Raises:
            UnusableCampaignError: The campaign has errors by now; everything goes on as it was.
            ValueError: The campaign has no posts any more; likewise.
        """
        if target < self.now:
            await self.restart()
        self._turn(FastForward(min(target, self.simulation.end)))

    async def restart(self) -> None:
        """Go back to the start: a new Slack, a new database, and nobody has done anything.

        Raises:
            UnusableCampaignError: The campaign has errors by now; everything goes on as it was.
            ValueError: The campaign has no posts any more; likewise.
        """
        async with self._moving, AsyncExitStack() as stack:
            # Neither bot is started while the other is: a process migrates one database at a time.
            async with self.simulation.held():
                run = await self._raised(stack)
            await self._leave()
            self._enter(run, stack.pop_all())

    def wake(self) -> None:
        """Check what is due, also while the clock stands still."""
        self._wanted.set()
        self.notify()

    def _turn(self, mode: ClockMode) -> None:
        self.clock_mode = mode
        # Files of the campaign that were edited while the clock stood still take effect as soon as it moves.
        self.simulation.request_plan()
        self.wake()

    # Who takes part

    async def take_over(self, user: str) -> SlackUser:
        """Take a person over from the simulation, once they have finished what they were doing."""
        await self.simulation.population.take_over(user)
        return self.user(user)

    def user(self, user: str) -> SlackUser:
        """Return a person's actions without taking them over from the simulation, for somebody who only looks."""
        return SlackUser(self.simulation.slack, self._open_run.transport, user)

    @asynccontextmanager
    async def clock_held(self) -> AsyncIterator[None]:
        """Hold the clock while somebody acts and is answered: what Slack allows for three seconds would be over."""
        async with self._moving:
            self._busy += 1
            self._free.clear()
        try:
            yield
            # Also what follows the answer, such as a message to a representative, belongs to the same instant.
            await self.simulation.wait_for_bot(_FINISH_WITHIN)
        finally:
            self._busy -= 1
            if not self._busy:
                self.clock_mode = self.clock_mode.resumed(self.now, self.real())
                self._free.set()
            self.simulation.request_plan()
            self.wake()

    # Who watches

    def notify(self) -> None:
        """Announce that something may have changed."""
        self.changes += 1
        # A new event for the next wait: clearing this one would race with those that wait for it.
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def changed(self, since: int, within: float) -> int:
        """Wait for a change after `since`, at most `within` seconds. Returns the number of the last change."""
        if self.changes == since:
            try:
                async with asyncio.timeout(within):
                    await self._changed.wait()
            except TimeoutError:
                pass
        return self.changes

    # How it is played

    async def open(self) -> None:
        """Open the simulation and start its loop.

        Raises:
            UnusableCampaignError: The campaign has errors; examples are played.
            ValueError: The campaign has no posts for anybody.
        """
        self._free.set()
        async with AsyncExitStack() as stack:
            run = await self._raised(stack)
            self._enter(run, stack.pop_all())

    async def close(self) -> None:
        """End the session and remove everything that it kept."""
        async with self._moving:
            await self._leave()

    async def _raised(self, stack: AsyncExitStack) -> _Run:
        simulation = await stack.enter_async_context(open_simulation(self.rehearsal))
        transport = await stack.enter_async_context(simulation.transport(ANSWER_WITHIN))
        return _Run(simulation, transport, FaultInjection(simulation, self.notify))

    def _enter(self, run: _Run, stack: AsyncExitStack) -> None:
        self._current, self._stack = run, stack
        self.clock_mode, self.read_markers, self.over, self.trouble = Paused(), ReadMarkers(), False, None
        self._task = asyncio.create_task(self._run())
        self.notify()

    async def _leave(self) -> None:
        await self._free.wait()
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._current:
            await self._current.faults.stop()
        stack, self._stack = self._stack, AsyncExitStack()
        await stack.aclose()

    async def _run(self) -> None:
        """Run the simulation as far as the clock's mode allows, until the session is left."""
        late = False
        while True:
            # Before the work, so that a request that comes during it is seen afterwards.
            self._wanted.clear()
            following = await self._advance()
            self._arrive(following)
            self.notify()
            late = not await self._turn_on(following, late=late)

    async def _advance(self) -> datetime | None:
        """Do what is due. Whatever goes wrong, the session stays open."""
        try:
            following = await self.simulation.advance()
        except UnusableCampaignError as error:
            self.trouble = f"The bot does not start, because its campaign has errors: {error.problems[0]}"
        except UnansweredError as error:
            log.warning("a colleague was not answered", action="rehearsal.unanswered", error=str(error))
        except Exception:
            log.exception("the rehearsal stumbled", action="rehearsal.stumbled", reference=uuid.uuid4().hex[:8])
        else:
            self.trouble = None
            return following
        self.notify()
        await asyncio.sleep(_BREATH)
        return self.now + timedelta(seconds=1)

    def _arrive(self, following: datetime | None) -> None:
        """Stop the clock at the end of its mode, once everything that is due there is done."""
        self.over = self.now >= self.simulation.end
        if self.clock_mode.is_done(self.now) and (following is None or following > self.now):
            self.clock_mode = Paused()

    async def _turn_on(self, following: datetime | None, *, late: bool) -> bool:
        """Advance the clock until something is due or requested. Returns whether it was advanced.

        A request is carried out first, at the instant at which it was made. But a clock that is `late` advances once
        whatever happens: otherwise constant requests would hold it for ever.
        """
        turned = False
        while late or not self._wanted.is_set():
            if not self._free.is_set():
                await self._free.wait()
                continue
            horizon = self.clock_mode.horizon(self.now, self.real())
            self.simulation.clock.turn_to(min(horizon, following) if following else horizon)
            late, turned = False, True
            if following and following <= self.now:
                break
            if isinstance(self.clock_mode, Paused):
                await self._wanted.wait()
            elif self.clock_mode.is_done(self.now):
                break
            else:
                self.notify()
                await asyncio.sleep(_TICK)
        return turned
