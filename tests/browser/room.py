"""Somebody at the page of the rehearsal room: who they are, where they look, what they press and fill in."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from playwright.async_api import Locator, Page, expect

from bot.campaign.localtime import local
from bot.messages.words import Words
from rehearsal.simulation import Rehearsal
from rehearsal.web.clock_modes import FastForward
from rehearsal.web.server import served
from rehearsal.web.session import Session
from tests.campaigns import SHIPPED

HOME, DIRECT = "Home", "Earth Week"
"""The places that are no channels, as the sidebar calls them."""

_STANDS = re.compile("Paused|The week is over")
_MARKS = re.compile(r"[*`]")
_PLACE = re.compile(r"in=(\w+)")


@dataclass(frozen=True)
class Visitor:
    """Whoever sits at the page; `room` runs on the same loop. What they do is over when Slack has been answered."""

    page: Page
    room: Session

    # What they see

    @property
    def talk(self) -> Locator:
        """The conversation or the Home in the middle."""
        return self.page.locator("#conversation")

    @property
    def form(self) -> Locator:
        """The modal on top."""
        return self.page.locator("#dialog")

    def field(self, label: str) -> Locator:
        """A field or menu of the modal."""
        return self.form.locator(".bk-field").and_(self.form.get_by_label(label, exact=True))

    def message(self, text: str) -> Locator:
        """The newest message that says this, in the words of a catalogue."""
        return self.talk.locator("article").filter(has_text=plain(text)).last

    def place(self, name: str) -> Locator:
        """The line of a channel, of `HOME` or of `DIRECT` in the sidebar."""
        called = self.page.locator(".name", has_text=re.compile(f"^{re.escape(name)}$"))
        return self.page.locator("#sidebar a").filter(has=called)

    async def sees(self, text: str) -> None:
        """It is said in the conversation or on the Home, or will be in a moment."""
        await expect(self.talk).to_contain_text(plain(text))

    async def does_not_see(self, text: str) -> None:
        """It is not said there; this is worth something only after something else has been seen."""
        await expect(self.talk).not_to_contain_text(plain(text))

    async def sees_in_form(self, text: str) -> None:
        """The modal on top says it."""
        await expect(self.form).to_contain_text(plain(text))

    # Who they are and where they look

    async def be(self, user: str) -> None:
        """Be somebody else, at the same place where they may be there."""
        await self.page.locator("#as").select_option(user)
        await self._stands(f"as={user}&")

    async def go_to(self, place: str) -> None:
        """Look at a channel, at the `HOME` or at `DIRECT`."""
        link = self.place(place)
        found = _PLACE.search(await link.get_attribute("href") or "")
        assert found, place
        await link.click()
        await self._stands(f"in={found[1]}&")

    async def _stands(self, standpoint: str) -> None:
        # The panel comes after the conversation and the modal, so that these are drawn when it is.
        await expect(self.page.locator("#panel .tabs a").first).to_have_attribute("href", re.compile(standpoint))

    # What they do

    async def press(self, label: str, within: Locator | None = None, *, confirm: bool = False) -> None:
        """Press the last button of this name in the conversation or on the Home; `confirm` that it is meant."""
        async with self.page.expect_response("**/act"):
            await (within or self.talk).get_by_role("button", name=label, exact=True).last.click()
            if confirm:
                await self.page.locator("#confirm [value=yes]").click()

    async def choose_entry(self, label: str, within: Locator | None = None) -> None:
        """Open the last menu behind three dots, and choose an entry of it."""
        await (within or self.talk).locator(".bk-overflow summary").last.click()
        await self.press(label, within)

    async def press_in_form(self, label: str, within: Locator | None = None) -> None:
        """Press the first button of this name in the modal, and wait for what it shows."""
        shown = await self.form.get_attribute("data-fingerprint") or ""
        async with self.page.expect_response("**/act"):
            await (within or self.form).get_by_role("button", name=label, exact=True).first.click()
        # The next button may be called the same, as it is for each country's posts, and must not be pressed too early.
        await expect(self.form).not_to_have_attribute("data-fingerprint", shown)

    async def type(self, text: str) -> None:
        """Write something into the composer and send it."""
        await self.page.locator("#text").fill(text)
        async with self.page.expect_response("**/act"):
            await self.page.locator("#composer .send").click()

    async def fill_in(self, label: str, text: str) -> None:
        """Write into a field of the modal."""
        await self.field(label).fill(text)

    async def choose(self, option: str) -> None:
        """Choose a radio button of the modal."""
        await self.form.get_by_role("radio", name=option).check()

    async def tick(self, option: str) -> None:
        """Tick a box of the modal."""
        await self.form.get_by_role("checkbox", name=option).check()

    async def select(self, label: str, option: str) -> None:
        """Choose in a menu of the modal."""
        await self.field(label).select_option(label=option)

    async def submit(self) -> None:
        """Send the modal."""
        async with self.page.expect_response("**/act"):
            await self.form.locator("[data-submit]").click()

    async def close(self) -> None:
        """Close the modal on top."""
        async with self.page.expect_response("**/act"):
            await self.form.locator("footer [data-close]").click()
        await expect(self.form).not_to_be_attached()

    async def is_told(self, text: str) -> None:
        """The modal, which had been sent, says this and nothing is left to do but close it."""
        await self.sees_in_form(text)
        await self.close()

    async def joins(self, user: str, words: Words, *, messages: bool = False) -> None:
        """Be somebody who joins with the command, in the country where Slack's profile suggests they are."""
        await self.be(user)
        await self.type("/earthweek join")
        if messages:
            await self.tick(words("form.join.messages_yes"))
        await self.submit()
        await self.is_told(words("join.welcome"))

    # The clock

    async def next_post(self) -> None:
        """Run the clock to the next post."""
        async with self.page.expect_response("**/clock"):
            await self.page.get_by_role("button", name="Next post").click()
        await self._arrives()

    async def jump(self, label: str) -> None:
        """Run the clock to a moment of the list, by a part of its label."""
        await self.page.locator(".goto summary").click()
        async with self.page.expect_response("**/clock"):
            await self.page.locator(".goto .moments button").filter(has_text=label).first.click()
        await self._arrives()

    async def turn_to(self, wall: datetime) -> None:
        """Run it to a time on the company's clock."""
        await self.page.locator(".goto summary").click()
        await self.page.locator("#wall").fill(f"{wall:%Y-%m-%dT%H:%M}")
        async with self.page.expect_response("**/clock"):
            # In one turn of the page's loop: a late change of the clock would put its own time into the field.
            await self.page.locator(".goto form .strong").evaluate(
                "(button, wall) => { document.querySelector('#wall').value = wall; button.click(); }",
                f"{wall:%Y-%m-%dT%H:%M}",
            )
        await self._arrives()

    async def _arrives(self) -> None:
        """Wait until the clock stands where it was to go, and the page shows that it does."""
        seen = -1
        while isinstance(self.room.clock_mode, FastForward):
            seen = await self.room.changed(seen, 1)
        wall = local(self.room.now, self.room.campaign.zone)
        await expect(self.page.locator("#wall")).to_have_attribute("value", f"{wall:%Y-%m-%dT%H:%M}")
        await expect(self.page.locator("#clock .state")).to_have_text(_STANDS)


def plain(text: str) -> str:
    """Words of a catalogue as they stand on the page, without the marks of mrkdwn."""
    return _MARKS.sub("", text)


@asynccontextmanager
async def visiting(page: Page, rehearsal: Rehearsal | None = None) -> AsyncIterator[Visitor]:
    """A room with nobody but guests in it unless told, and a visitor before its page, an hour before the first post."""
    async with served(rehearsal or Rehearsal(SHIPPED, guests=True), 0) as (room, address):
        await page.goto(address)
        yield Visitor(page, room)
        # An open page would complain in the console that the room is gone.
        await page.close()
