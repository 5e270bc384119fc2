"""A whole week in which everything about everybody is a mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.store.organiser_acts import Actor
from rehearsal.slack.workspace import PostedMessage
from tests.acceptance.participants import (
    CLOSES,
    EARTH_HOUR,
    FRIDAY,
    MANAGER,
    MONDAY,
    MONDAY_AFTER,
    REPRESENTATIVE,
    Participant,
    moment,
    participant,
    said,
)
from tests.simulation import Simulation

from .marks import Finder, Kind, organiser, user, word

_COUNTRIES = ("SE", "DE", "NO")
STAND_IN = organiser(1)
"""Somebody who stands in for a representative of Norway on Monday, and asks to be forgotten at the end."""

_DECISIONS = ("idea_publish", "idea_approve", "idea_decline", "idea_ask")


@dataclass(frozen=True)
class Canary:
    """One person: every third wants to be named, every second asks to be forgotten."""

    number: int
    participant: Participant

    @property
    def named(self) -> bool:
        return self.number % 3 == 0

    @property
    def stays(self) -> bool:
        return self.number % 2 == 0

    def says(self, kind: Kind) -> str:
        return word(kind, self.number)


@dataclass
class Life:
    """The people, and what is done in the order of the days."""

    simulation: Simulation
    finder: Finder
    people: Sequence[Canary] = ()

    async def arrive(self, people: int) -> None:
        """Everybody joins on Monday, in the middle of the day, and does what can be done."""
        await self.simulation.run_until(moment(MONDAY, 14))
        self.people = [Canary(number, await self._known(number)) for number in range(people)]
        for each in self.people:
            who = each.participant
            await who.joins(_COUNTRIES[each.number % 3], messages=True)
            await who.pledges("bike", own=each.says(Kind.PLAN), days=["2027-03-17", "2027-03-22"], at="09:00")
            await who.presses(said(self.simulation, "week-se", "tip"), "did_this")
            await who.types("earthhour")
            for place in ("my", "data", "standings", "tip"):
                await who.types(place)
            await who.looks_home()

    async def _known(self, number: int) -> Participant:
        who = await participant(self.simulation, user(number))
        town = self.simulation.slack.workspace
        town.add_user(replace(town.users[who.user], name=word(Kind.NAME, number)))
        return who

    async def organise(self) -> None:
        """On Monday afternoon a stand-in edits, approves, leaves out, brings back, pauses and resumes."""
        store, campaign = self.simulation.bot.store, self.simulation.campaign.id
        manager = Actor(campaign, MANAGER, self.simulation.clock.now())
        await store.write(store.organisers.name_stand_in, manager, "NO", STAND_IN, MONDAY)
        await self.simulation.bot.delivery.refresh_decisions()
        who = await participant(self.simulation, STAND_IN)
        await who.joins("NO", messages=False)
        page = await who.types("organise")
        [post] = [each for each in page.buttons if each.startswith("organise_post:ideas:")]
        await who.presses_in_form(post)
        await who.presses_in_form("organise_edit:nb")
        said = word(Kind.WORDS, 1)
        await who.fills(title=said, summary=f"{said}.", body=said)
        for action in ("organise_approve:nb", "organise_leave_out", "organise_bring_back"):
            await who.presses_in_form(action)
        await who.types("organise")
        await who.presses_in_form("organise_pause:NO/NO")
        page = await who.types("organise")
        [resume] = [each for each in page.buttons if each.startswith("organise_resume:")]
        await who.presses_in_form(resume)
        await who.fills()

    async def tell(self) -> None:
        """On Friday everybody says how it went, writes a line, and has an idea."""
        await self.simulation.run_until(moment(FRIDAY, 15))
        for each in self.people:
            await each.participant.presses(said(self.simulation, each.participant.user, "how"), "check_in_not")
            await each.participant.fills(obstacle="time", line=each.says(Kind.REMARK))
            await each.participant.types("idea")
            await each.participant.fills(text=each.says(Kind.IDEA), named=each.named)
        store, campaign = self.simulation.bot.store, self.simulation.campaign.id
        self.finder.learn(
            {idea.id: int(idea.user[-4:]) for idea in await store.read(store.ideas.of_campaign, campaign)}
        )
        self.finder.learn(
            {remark.id: int(remark.user[-4:]) for remark in await store.read(store.ideas.remarks_of, campaign)}
        )
        await self.simulation.run_until(moment(EARTH_HOUR, 22))

    async def decide(self) -> None:
        """On Monday the representative and the manager decide about every idea, each in another way."""
        await self.simulation.run_until(moment(MONDAY_AFTER, 12))
        for reader in (REPRESENTATIVE, MANAGER):
            who = await participant(self.simulation, reader)
            for number, letter in self._letters(reader):
                await self._decides(who, letter, number)
        await self.simulation.run_until(moment(MONDAY_AFTER, 14))
        for each in self.people:
            await self._answers(each)
        await self.simulation.run_until(moment(CLOSES + timedelta(days=1), 12))

    def _letters(self, reader: str) -> list[tuple[int, PostedMessage]]:
        found = []
        for message in self.simulation.messages(reader):
            ideas = [mark.number for mark in self.finder.marks(str(message.blocks)) if mark.kind is Kind.IDEA]
            found += [(number, message) for number in ideas]
        return found

    async def _decides(self, who: Participant, letter: PostedMessage, number: int) -> None:
        decision = _DECISIONS[number % len(_DECISIONS)]
        await who.presses(letter, decision)
        words = {"idea_decline": Kind.REASON, "idea_ask": Kind.QUESTION}
        if decision in words:
            await who.fills(text=word(words[decision], number))

    async def _answers(self, each: Canary) -> None:
        question = each.says(Kind.QUESTION)
        asked = [
            message for message in self.simulation.messages(each.participant.user) if question in str(message.blocks)
        ]
        if asked:
            await each.participant.presses(asked[0], "idea_answer")
            await each.participant.fills(text=each.says(Kind.ANSWER))

    async def forget(self) -> None:
        """Whoever does not stay asks to be forgotten."""
        for each in self.people:
            if not each.stays:
                await each.participant.types("forget")
                await each.participant.fills()
        stand_in = await participant(self.simulation, STAND_IN)
        await stand_in.types("forget")
        await stand_in.fills()
        await self.simulation.settle()
        await self.simulation.bot.delivery.plan()

    async def purge(self) -> None:
        """Let the ninety days pass."""
        after = date.fromordinal(self.simulation.campaign.kept_until.toordinal() + 2)
        self.simulation.clock.turn_to(moment(after, 12))
        await self.simulation.bot.delivery.plan()
