from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import cast
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from bot.campaign.model import Campaign
from bot.campaign.schedule import addressees, lay_out
from bot.listeners import interaction_handlers, routes
from bot.listeners.interaction import Interaction
from bot.locales.catalogues import words
from bot.messages.campaign_texts import post_text
from rehearsal.people.person import find_button
from rehearsal.simulation import Rehearsal
from rehearsal.slack.acting_user import SlackUser
from rehearsal.web.clock_modes import FastForward
from rehearsal.web.server import served
from rehearsal.web.session import Session
from rehearsal.web.view_models import HOME, Tab
from tests.campaigns import SHIPPED, shipped, shipped_campaign

from .axe import accessible
from .conftest import Screenshot, Window
from .room import DIRECT, Visitor, visiting
from .window import DARK, DESK, PHONE, ZOOMED, Screen, sticking_out

SIZES = {"light": DESK, "dark": DARK, "phone": PHONE, "zoomed": ZOOMED}
DRAWN_AS_BEFORE = {"dark"}
COLOURED = {"light", "dark"}
"""Contrast is the same at every width, and in the dark nothing but the colours is another."""

WEEK = shipped_campaign()
INGRID, ELSA, FREJA, LENA, SAM = "U0GUESTNO", "U0GUESTSE", "U0GUESTDK", "U0GUESTDE", "U0GUESTFAR"
MANAGER, SIGRID = "U0EXAMPLE0", "U0EXAMPLENO"
NORSK = words("nb")
_SLOTS = lay_out(WEEK, addressees(WEEK))
INVITED = next(slot.local for slot in _SLOTS if slot.post == "invitation")
UNTIL_INVITED = [f"{at:%H:%M}" for at in sorted({slot.local for slot in _SLOTS}) if at <= INVITED]
"""The local times of the posts until the invitation, one after the other."""

LEVELS = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6, [role=heading]")]
    .filter(each => each.checkVisibility())
    .map(each => Number(each.ariaLevel ?? each.nodeName[1]))"""


@dataclass(frozen=True)
class House:
    """A room in which nearly everything has happened, and where its page is."""

    room: Session
    address: str

    async def run(self, day: int, hour: int, minute: int = 0) -> None:
        """Let the clock run to a time (UTC) in March."""
        await self.room.go(datetime(2027, 3, day, hour, minute, tzinfo=UTC))
        seen = -1
        while isinstance(self.room.clock_mode, FastForward):
            seen = await self.room.changed(seen, 1)

    async def settled(self) -> None:
        """Wait until the bot has done what it was asked for."""
        async with self.room.clock_held():
            pass

    def hand(self, user: str) -> SlackUser:
        """What somebody does before anybody looks."""
        return self.room.user(user)

    def page(self, scene: Scene) -> str:
        """The address of the page that somebody looks at."""
        town = self.room.simulation.slack.workspace
        channel = town.channel_named(scene.place)
        place = HOME if scene.place == HOME else channel.id if channel else town.im(scene.user)
        return f"{self.address}?{urlencode({'as': scene.user, 'in': place, 'tab': scene.tab})}"


Arranging = Callable[[House, SlackUser], Awaitable[object]]
Touching = Callable[[Page], Awaitable[object]]
Arriving = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Scene:
    """What somebody looks at: what they did before, and what they do on the page."""

    user: str = INGRID
    place: str = "earth-week-no"
    tab: Tab = "none"
    before: Arranging | None = None
    then: Touching | None = None


def typed(words: str, place: str | None = None) -> Arranging:
    async def arrange(_house: House, hand: SlackUser) -> None:
        await hand.command(words, place)

    return arrange


def offered(action: str, pledge: str = "bike_or_walk_10km") -> Arranging:
    """Press a button of a pledge among all that are offered."""

    async def arrange(house: House, hand: SlackUser) -> None:
        await hand.command("pledge")
        await house.settled()
        await hand.press_view(f"pledge_choose:{pledge}")
        if action != "pledge_choose":
            await house.settled()
            await hand.press_view(f"{action}:{pledge}")

    return arrange


def pressed(action: str) -> Arranging:
    """Press the newest button of this kind that somebody sees."""

    async def arrange(_house: House, hand: SlackUser) -> None:
        seen = [*hand.messages("earth-week-no"), *hand.messages()]
        message, found = next((each, found) for each in reversed(seen) if (found := find_button(each.blocks, action)))
        if found.kind == "overflow":
            await hand.choose(message, found.action_id, found.element["value"])
        else:
            await hand.press(message, action)

    return arrange


async def open_moments(page: Page) -> None:
    await page.get_by_text("Go to…").click()


async def begin_again(page: Page) -> None:
    await open_moments(page)
    await page.get_by_role("button", name="Back to the start").click()
    await expect(page.locator("#confirm")).to_be_visible()


async def open_places(page: Page) -> None:
    await _drawer(page, "side")


async def open_panel(page: Page) -> None:
    await _drawer(page, "panel")
    await expect(page.get_by_role("region", name=re.compile("Week|Figures|Faults|Log"))).to_be_visible()


async def _drawer(page: Page, name: str) -> None:
    """Where there is little room, what stands at the sides is asked for."""
    toggle = page.locator(f".toggle[data-drawer={name}]")
    if await toggle.is_visible():
        await toggle.click()


async def ask_for_commands(page: Page) -> None:
    await page.locator("#text").fill("/")
    await expect(page.get_by_role("listbox")).to_be_visible()


async def talk_below(house: House, hand: SlackUser) -> None:
    """Reply to the newest post, which is pinned."""
    post = hand.messages("earth-week-no")[-1]
    hand.say("Hvor finner jeg skjemaet? " * 4, "earth-week-no", to=post)
    house.hand(SIGRID).say("I lenken over, helt nederst.", "earth-week-no", to=post)
    town = house.room.simulation.slack.workspace
    town.conversation(post.channel).pin(post, town.bot.id, house.room.now)
    house.room.notify()


async def open_thread(page: Page) -> None:
    await page.locator(".pins summary").click()
    await page.locator(".pins button").first.click()
    await page.locator(".thread:not(.empty) summary").last.click()
    await expect(page.locator("article.reply").last).to_be_visible()
    await page.locator(".pins summary").click()


SCENES = {
    "channel": Scene(),
    "direct": Scene(place=DIRECT),
    "home": Scene(place=HOME),
    "home-new": Scene(user=SAM, place=HOME),
    "private": Scene(before=typed("standings", "earth-week-no")),
    "my": Scene(before=typed("my", "earth-week-no")),
    "review": Scene(user=SIGRID, place=DIRECT),
    "thread": Scene(before=talk_below, then=open_thread),
    "commands": Scene(then=ask_for_commands),
    "places": Scene(then=open_places),
    "moments": Scene(then=open_moments),
    "confirm": Scene(then=begin_again),
    "week": Scene(user=MANAGER, place="earth-week", tab="week", then=open_panel),
    "figures": Scene(user=MANAGER, place="earth-week", tab="figures", then=open_panel),
    "faults": Scene(user=MANAGER, place="earth-week", tab="faults", then=open_panel),
    "log": Scene(user=MANAGER, place="earth-week", tab="log", then=open_panel),
    "form-join": Scene(user=ELSA, place="earth-week-se", before=typed("join")),
    "form-pledges": Scene(before=typed("pledge")),
    "form-plan": Scene(before=offered("pledge_choose")),
    "form-why": Scene(before=offered("pledge_why")),
    "form-done": Scene(before=typed("done")),
    "form-idea": Scene(before=typed("idea")),
    "form-data": Scene(before=typed("data")),
    "form-forget": Scene(before=typed("forget")),
    "form-pause": Scene(before=pressed("messages_pause")),
    "form-check-in": Scene(before=pressed("check_in_partly")),
    "form-minutes": Scene(before=pressed("earth_hour_did")),
    "form-reply": Scene(user=SIGRID, place=DIRECT, before=pressed("idea_decline")),
}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house() -> AsyncIterator[House]:
    """The Monday after Earth Hour, with twelve colleagues; Ingrid has joined, pledged and sent an idea."""
    async with served(Rehearsal(SHIPPED, people=12, guests=True), 0) as (room, address):
        found = House(room, address)
        ingrid = found.hand(INGRID)
        await found.run(15, 12, 5)
        await ingrid.command("join")
        await found.settled()
        await ingrid.submit(messages=["yes"])
        await found.settled()
        await offered("pledge_choose", "vegetarian_day")(found, ingrid)
        await found.settled()
        await ingrid.submit()
        await ingrid.close(everything=True)
        await ingrid.command("idea")
        await found.settled()
        await ingrid.submit(text="Sykkelverksted i garasjen hver fredag, med noen som kan vise hvordan.")
        await ingrid.close(everything=True)
        await found.run(22, 9, 5)
        yield found


async def in_every_size(page: Page, arrive: Arriving, screenshot: Screenshot, name: str) -> None:
    """Keep a picture of each; nothing sticks out, nobody is shut out, and no level of headings is left out."""
    for size, screen in SIZES.items():
        settings = screen.settings()
        await page.emulate_media(color_scheme=settings["color_scheme"])
        await page.set_viewport_size(settings["viewport"])
        if size not in DRAWN_AS_BEFORE:
            await arrive()
        await screenshot(page, f"room-{name}-{size}")
        assert await sticking_out(page) == []
        if size in {"light", "dark", "phone"}:
            await accessible(page, colours=size in COLOURED)
    levels = await page.evaluate(LEVELS)
    assert [(above, below) for above, below in pairwise([0, *levels]) if below > above + 1] == []


@pytest.mark.parametrize("name", SCENES)
async def test_every_screen_is_fit_to_be_seen(house: House, window: Window, screenshot: Screenshot, name: str) -> None:
    scene, page = SCENES[name], await window()
    hand = house.hand(scene.user)
    if scene.before:
        await scene.before(house, hand)
        await house.settled()

    async def arrive() -> None:
        await page.goto(house.page(scene))
        await expect(page.locator("#dialog[open]" if hand.modal() else ".slack:not(.reply)").last).to_be_visible()
        if scene.then:
            await scene.then(page)

    await in_every_size(page, arrive, screenshot, name)
    if hand.modal():
        await hand.close(everything=True)


async def test_whoever_comes_first_is_told_how_to_begin(window: Window, screenshot: Screenshot) -> None:
    async with visiting(await window()) as visitor:
        page = visitor.page
        await in_every_size(page, page.reload, screenshot, "welcome")
        await page.get_by_role("button", name="To what is posted next").click()
        await expect(page.locator(".walls time").first).to_have_text(UNTIL_INVITED[0])
        await visitor.next_post()
        await expect(visitor.talk.locator(".welcome")).not_to_be_attached()


async def test_trouble_is_seen_by_everybody(window: Window, screenshot: Screenshot) -> None:
    async with visiting(await window()) as visitor:
        await visitor.page.get_by_role("link", name="Faults").click()
        for fault in ("Take away: Slack is away", "Kill: Killed now"):
            await visitor.page.get_by_role("button", name=fault).click()
        await expect(visitor.page.locator("#trouble p")).to_have_count(2)
        await in_every_size(visitor.page, visitor.page.reload, screenshot, "trouble")


MORE = {
    "FI": "Europe/Helsinki",
    "GB": "Europe/London",
    "PL": "Europe/Warsaw",
}
COUNTRY = """
[[countries]]
code = "{code}"
zone = "{zone}"
languages = ["en"]
channel = "earth-week-for-everybody-in-{channel}"
representatives = ["U0EXAMPLE{code}"]
headcount = 100
headcount_date = 2027-01-01
board = true
"""


@pytest.fixture
def worldwide(tmp_path: Path) -> Path:
    """The campaign in seven countries, with a name that takes some time to read."""
    folder = shipped(tmp_path / "campaign")
    more = "".join(COUNTRY.format(code=code, zone=zone, channel=code.lower()) for code, zone in MORE.items())
    folder.change("campaign.toml", "\n[themes.energy]", f"{more}\n[themes.energy]")
    figures = "\n".join(f"{code} = 1.0" for code in MORE)
    folder.change("pledges.toml", "\nDE = 4.005", f"\nDE = 4.005\n{figures}")
    folder.change("campaign.toml", 'en = "Earth Week {year}"', 'en = "Sustainability and Biodiversity Week 2027"')
    return folder.root


async def test_many_countries_and_long_names_fit(window: Window, screenshot: Screenshot, worldwide: Path) -> None:
    async with visiting(await window(), Rehearsal(worldwide, guests=True)) as visitor:
        await visitor.be("U0GUESTGB")
        await visitor.go_to("earth-week-for-everybody-in-gb")
        await visitor.jump("Earth Hour in Finland")
        await expect(visitor.page.locator(".walls li")).to_have_count(7)
        await in_every_size(visitor.page, visitor.page.reload, screenshot, "worldwide")


# Without a mouse


async def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press a key until something has the focus."""
    for _ in range(80):
        if await target.evaluate("each => each === document.activeElement"):
            return
        await page.keyboard.press(key)
    pytest.fail(f"{target} is not reached with {key}")


async def test_the_room_is_used_without_a_mouse(window: Window) -> None:
    async with visiting(await window()) as visitor:
        page, keys = visitor.page, visitor.page.keyboard
        await keys.press("Tab")
        await expect(page.get_by_text("Skip to the conversation")).to_be_in_viewport()

        await tab_to(page, page.get_by_role("button", name="Next post"))
        for wall in UNTIL_INVITED:
            await keys.press("Enter")
            await expect(page.locator(".walls time").first).to_have_text(wall)

        await tab_to(page, page.locator("#as"))
        await keys.press("I")
        await expect(page.locator("#people")).to_contain_text("Oslo")
        await tab_to(page, visitor.place("earth-week-no"))
        await keys.press("Enter")
        join = visitor.talk.get_by_role("button", name=NORSK("button.join"))
        await tab_to(page, join)
        await keys.press("Enter")

        await expect(visitor.form.get_by_role("radio", name="Norge")).to_be_focused()
        await keys.press("ArrowDown")
        await expect(visitor.form.get_by_role("radio", name="Danmark")).to_be_checked()
        await keys.press("ArrowUp")
        await tab_to(page, visitor.form.get_by_role("checkbox"))
        await keys.press("Space")
        await tab_to(page, visitor.form.locator("[data-submit]"))
        await keys.press("Enter")
        await visitor.sees_in_form(NORSK("join.welcome"))
        await keys.press("Escape")
        await expect(visitor.form).not_to_be_attached()
        await expect(join).to_be_focused()

        text = page.locator("#text")
        await tab_to(page, text)
        await keys.type("/earthweek i")
        await expect(page.locator("#suggestions [aria-selected=true]")).to_contain_text("/earthweek idea")
        await keys.press("Enter")
        await keys.press("Enter")
        await expect(visitor.form.locator("textarea")).to_be_focused()
        await keys.press("Escape")
        await expect(text).to_be_focused()


async def test_a_form_that_comes_late_has_the_focus(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interaction_handlers, "LOADING_SECONDS", 0.05)
    idea_route, may_come = routes.COMMANDS["idea"], asyncio.Event()

    async def later(interaction: Interaction, value: str) -> None:
        await may_come.wait()
        await idea_route.handler(interaction, value)

    monkeypatch.setitem(cast("dict[str, routes.Route]", routes.COMMANDS), "idea", replace(idea_route, handler=later))
    async with visiting(await window()) as visitor:
        await visitor.joins(INGRID, NORSK)
        await visitor.page.locator("#text").fill("/earthweek idea")
        await visitor.page.locator("#composer .send").click()
        await visitor.sees_in_form(NORSK("form.waiting"))
        may_come.set()
        await expect(visitor.form.locator("textarea")).to_be_focused()


async def test_a_moment_is_chosen_without_a_mouse(window: Window) -> None:
    async with visiting(await window()) as visitor:
        summary = visitor.page.locator(".goto summary")
        await tab_to(visitor.page, summary)
        await visitor.page.keyboard.press("Enter")
        await visitor.page.keyboard.press("Escape")
        await expect(visitor.page.locator(".pop")).to_be_hidden()
        await expect(summary).to_be_focused()
        await visitor.page.keyboard.press("Enter")
        await tab_to(visitor.page, visitor.page.get_by_role("button", name="Tuesday 16 March"))
        await visitor.page.keyboard.press("Enter")
        await expect(visitor.page.locator(".walls .date").first).to_have_text("Tue 16 Mar")
        await expect(summary).to_be_focused()


async def test_commands_are_listed_and_chosen_with_arrow_keys(window: Window) -> None:
    async with visiting(await window()) as visitor:
        text = visitor.page.locator("#text")
        await text.focus()
        await expect(text).to_have_attribute("aria-expanded", "false")
        await visitor.page.keyboard.type("/")
        await expect(text).to_have_attribute("aria-expanded", "true")
        await visitor.page.keyboard.press("ArrowDown")
        chosen = visitor.page.locator("#suggestions [aria-selected=true]")
        await expect(chosen).to_contain_text("/earthweek pledge")
        await expect(text).to_have_attribute("aria-activedescendant", await chosen.get_attribute("id") or "")
        await visitor.page.keyboard.press("Escape")
        await expect(visitor.page.get_by_role("listbox")).to_be_hidden()
        await expect(text).to_have_value("/")


@pytest_asyncio.fixture(loop_scope="session")
async def invited(window: Window) -> AsyncIterator[Visitor]:
    """Ingrid, when the invitation has just come."""
    async with visiting(await window()) as visitor:
        await visitor.be(INGRID)
        await visitor.go_to("earth-week-no")
        await visitor.turn_to(datetime.fromisoformat("2027-03-12T10:00"))
        yield visitor


async def test_incomplete_form_focuses_missing_field(invited: Visitor) -> None:
    await invited.press(NORSK("button.join"))
    await invited.submit()
    await invited.is_told(NORSK("join.welcome"))
    await invited.type("/earthweek idea")
    await invited.submit()
    missing = invited.form.locator("textarea")
    await expect(missing).to_have_attribute("aria-invalid", "true")
    await expect(missing).to_be_focused()


async def test_form_without_fields_focuses_no_button(invited: Visitor) -> None:
    await invited.type("/earthweek forget")
    await expect(invited.form.locator(".inside")).to_be_focused()


async def test_failure_is_shown_above_its_form(invited: Visitor, screenshot: Screenshot) -> None:
    await invited.press(NORSK("button.join"))
    invited.room.faults.down()
    await invited.submit()
    said = invited.form.get_by_role("status")
    await expect(said).to_contain_text("Slack is down")
    on_top = "each => each === document.elementFromPoint(innerWidth / 2, each.getBoundingClientRect().y + 9)"
    assert await said.evaluate(on_top)
    await screenshot(invited.page, "room-toast")
    await invited.close()
    await expect(invited.talk.get_by_role("button", name=NORSK("button.join"))).to_be_focused()


# The pictures of the README


async def test_the_readme_shows_a_monday_morning_in_norway(window: Window, screenshot: Screenshot) -> None:
    page = await window(Screen(width=1440, height=900))
    async with visiting(page, Rehearsal(SHIPPED, people=40, guests=True)) as visitor:
        await visitor.be(INGRID)
        await visitor.go_to("earth-week-no")
        await visitor.turn_to(datetime.fromisoformat("2027-03-15T09:00"))
        await expect(visitor.talk.locator("article").last).to_contain_text("Dagens utfordring")
        await expect(page.locator("#panel .rounds").last).to_contain_text("Mon 15 Mar 09:00 monday-tip")
        await screenshot(page, "room", document=True)


async def test_the_readme_shows_the_evening_of_earth_hour(
    window: Window, screenshot: Screenshot, campaign: Campaign
) -> None:
    page = await window(Screen(width=1440, height=900, dark=True))
    async with visiting(page) as visitor:
        await visitor.be(INGRID)
        await visitor.go_to("earth-week-no")
        await visitor.turn_to(datetime.fromisoformat("2027-03-19T11:00"))
        await visitor.press(NORSK("button.earth_hour_remind"))
        await visitor.tick(NORSK("form.join.messages_yes"))
        await visitor.submit()
        await visitor.is_told("20:15")
        await visitor.press(NORSK("button.earth_hour_calendar"))
        await visitor.turn_to(datetime.fromisoformat("2027-03-20T20:15"))
        await visitor.go_to(DIRECT)
        await visitor.sees(post_text(campaign, "earth-hour-reminder", NORSK, None).title)
        await expect(page.locator("#panel .rounds").last).to_contain_text("Sat 20 Mar 20:15 earth-hour-reminder")
        await screenshot(page, "earth-hour", document=True)
