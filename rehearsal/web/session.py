"""The rehearsal that people watch and take part in: a stage, a clock that they turn, and whoever waits for changes."""

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
from bot.campaign.live import UnusableCampaignError
from bot.campaign.model import Campaign
from rehearsal.people.person import UnansweredError
from rehearsal.simulation import Rehearsal, Simulation, open_simulation
from rehearsal.slack.http_transport import HttpTransport
from rehearsal.slack.user import SlackUser
from rehearsal.web.clock_speed import Paused, Playhead, Playing, Running
from rehearsal.web.fault_injection import Mischief
from rehearsal.web.unread import Reading

ANSWER_WITHIN = 3.0
"""Real seconds that Slack waits for an app, https://docs.slack.dev/interactivity/handling-user-interaction."""

_TICK = 0.05
"""Seconds between two turns of a clock that runs at a speed."""

_BREATH = 0.5
"""Seconds after something went wrong, so that what goes wrong again and again does not keep the machine busy."""

_FINISH_WITHIN = 10.0
"""Seconds that the clock waits for the bot to do what somebody asked for."""

log = structlog.get_logger()


@dataclass(frozen=True)
class _Scene:
    """What there is from one start to the next."""

    stage: Simulation
    transport: HttpTransport
    mischief: Mischief


@dataclass
class Room:
    """A rehearsal in progress. It is used on one loop; `real` is the watcher's clock, in seconds.

    `stage` is another one after going back to the start. `changes` counts upwards whenever something may have changed.
    `over` says that the clock has come to the end, and `trouble` why the bot does not start.
    """

    rehearsal: Rehearsal
    real: Callable[[], float] = time.monotonic
    playhead: Playhead = field(default_factory=Paused)
    speed: int | None = 600
    reading: Reading = field(default_factory=Reading)
    changes: int = 0
    over: bool = False
    trouble: str | None = None
    _scene: _Scene | None = None
    _props: AsyncExitStack = field(default_factory=AsyncExitStack)
    _play: asyncio.Task[None] | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)
    _free: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: int = 0
    # Whoever leaves one stage for another; nobody begins to act meanwhile.
    _moving: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def stage(self) -> Simulation:
        """What is played now."""
        return self._here.stage

    @property
    def mischief(self) -> Mischief:
        """What can be made to go wrong."""
        return self._here.mischief

    @property
    def bot(self) -> Bot | None:
        """The bot, unless it is away."""
        return self.stage.bot

    @property
    def campaign(self) -> Campaign:
        """The campaign as its files have it, as far as the bot has read them."""
        return self.stage.campaign

    @property
    def now(self) -> datetime:
        """The rehearsal's time."""
        return self.stage.clock.now()

    @property
    def _here(self) -> _Scene:
        if self._scene is None:
            raise RuntimeError("the room is not open")
        return self._scene

    # The clock

    def play(self) -> None:
        """Let the clock run at the chosen speed."""
        self._turn(Playing(self.speed, self.now, self.real(), self.stage.end))

    def pause(self) -> None:
        """Let the clock stand still."""
        self._turn(Paused())

    def pace(self, speed: int | None) -> None:
        """Choose a speed, None for as fast as it goes."""
        self.speed = speed
        if isinstance(self.playhead, Playing):
            self.play()

    async def go(self, target: datetime) -> None:
        """Run to an instant as fast as it goes; where it has passed, from the start.

        Raises:
            UnusableCampaignError: The campaign has errors by now; everything goes on as it was.
            ValueError: The campaign has no posts any more; likewise.
        """
        if target < self.now:
            await self.begin_again()
        self._turn(Running(min(target, self.stage.end)))

    async def begin_again(self) -> None:
        """Go back to the start: a new Slack, a new database, and nobody has done anything.

        Raises:
            UnusableCampaignError: The campaign has errors by now; everything goes on as it was.
            ValueError: The campaign has no posts any more; likewise.
        """
        async with self._moving, AsyncExitStack() as props:
            # Neither bot is started while the other is: a process migrates one database at a time.
            async with self.stage.looked_into():
                scene = await self._raised(props)
            await self._leave()
            self._enter(scene, props.pop_all())

    def nudge(self) -> None:
        """Look what is due, also while the clock stands."""
        self._wanted.set()
        self.beat()

    def _turn(self, playhead: Playhead) -> None:
        self.playhead = playhead
        # Whoever edits the campaign's files while the clock stands sees it as soon as the clock moves.
        self.stage.ask()
        self.nudge()

    # Who takes part

    async def hand(self, user: str) -> SlackUser:
        """Somebody's hand, once they have finished what they were doing; from here on they do nothing by themselves."""
        await self.stage.population.take_over(user)
        return self.looks(user)

    def looks(self, user: str) -> SlackUser:
        """The same for somebody of whom the app hears only that they look."""
        return SlackUser(self.stage.slack, self._here.transport, user)

    @asynccontextmanager
    async def standing_still(self) -> AsyncIterator[None]:
        """Hold the clock while somebody acts and is answered: what Slack allows for three seconds would be over."""
        async with self._moving:
            self._busy += 1
            self._free.clear()
        try:
            yield
            await self.stage.settle(_FINISH_WITHIN)
        finally:
            self._busy -= 1
            if not self._busy:
                self.playhead = self.playhead.held(self.now, self.real())
                self._free.set()
            self.stage.ask()
            self.nudge()

    # Who watches

    def beat(self) -> None:
        """Something may have changed."""
        self.changes += 1
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def changed(self, since: int, within: float) -> int:
        """Wait for a change after that one, `within` seconds at most; the number of the last change."""
        if self.changes == since:
            try:
                async with asyncio.timeout(within):
                    await self._changed.wait()
            except TimeoutError:
                pass
        return self.changes

    # How it is played

    async def open(self) -> None:
        """Raise the stage and begin to play.

        Raises:
            UnusableCampaignError: The campaign has errors; examples are played.
            ValueError: The campaign has no posts for anybody.
        """
        self._free.set()
        async with AsyncExitStack() as props:
            scene = await self._raised(props)
            self._enter(scene, props.pop_all())

    async def close(self) -> None:
        """End it; everything it kept is gone."""
        async with self._moving:
            await self._leave()

    async def _raised(self, props: AsyncExitStack) -> _Scene:
        stage = await props.enter_async_context(open_simulation(self.rehearsal))
        transport = await props.enter_async_context(stage.way(ANSWER_WITHIN))
        return _Scene(stage, transport, Mischief(stage, self.beat))

    def _enter(self, scene: _Scene, props: AsyncExitStack) -> None:
        self._scene, self._props = scene, props
        self.playhead, self.reading, self.over, self.trouble = Paused(), Reading(), False, None
        self._play = asyncio.create_task(self._run())
        self.beat()

    async def _leave(self) -> None:
        await self._free.wait()
        if self._play:
            self._play.cancel()
            await asyncio.gather(self._play, return_exceptions=True)
        if self._scene:
            await self._scene.mischief.stop()
        props, self._props = self._props, AsyncExitStack()
        await props.aclose()

    async def _run(self) -> None:
        """Play, as far as the playhead allows, until the stage is left."""
        late = False
        while True:
            self._wanted.clear()
            following = await self._go_on()
            self._arrive(following)
            self.beat()
            late = not await self._turn_on(following, late=late)

    async def _go_on(self) -> datetime | None:
        """Do what is due. Whatever goes wrong in it, the room stays open."""
        try:
            following = await self.stage.go_on()
        except UnusableCampaignError as error:
            self.trouble = f"The bot does not start, because its campaign has errors: {error.problems[0]}"
        except UnansweredError as error:
            log.warning("a colleague was not answered", action="room.unanswered", error=str(error))
        except Exception:
            log.exception("the rehearsal stumbled", action="room.stumbled", reference=uuid.uuid4().hex[:8])
        else:
            self.trouble = None
            return following
        self.beat()
        await asyncio.sleep(_BREATH)
        return self.now + timedelta(seconds=1)

    def _arrive(self, following: datetime | None) -> None:
        """Stand still where the playhead leads no further, once everything there is done."""
        self.over = self.now >= self.stage.end
        if self.playhead.is_there(self.now) and (following is None or following > self.now):
            self.playhead = Paused()

    async def _turn_on(self, following: datetime | None, *, late: bool) -> bool:
        """Turn the clock until something is due, or somebody has asked for something; whether it was turned.

        What was asked for is done first, at the instant at which it was asked for. But a clock that is `late` is turned
        once whatever happens: else whoever asks all the time would hold it for ever.
        """
        turned = False
        while late or not self._wanted.is_set():
            if not self._free.is_set():
                await self._free.wait()
                continue
            horizon = self.playhead.horizon(self.now, self.real())
            self.stage.clock.turn_to(min(horizon, following) if following else horizon)
            late, turned = False, True
            if following and following <= self.now:
                break
            if isinstance(self.playhead, Paused):
                await self._wanted.wait()
            elif self.playhead.is_there(self.now):
                break
            else:
                self.beat()
                await asyncio.sleep(_TICK)
        return turned
