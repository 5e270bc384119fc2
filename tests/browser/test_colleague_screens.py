"""What a colleague sees on a phone: how long each screen is, and pictures of it to look at."""

from __future__ import annotations

from datetime import datetime

from playwright.async_api import Locator

from bot.campaign.model import Campaign
from bot.locales.catalogues import words
from rehearsal.simulation import Rehearsal
from tests.campaigns import SHIPPED

from .conftest import Screenshot, Window
from .room import HOME, Visitor, visiting
from .window import Screen, sticking_out

NORWEGIAN, NB = "U0GUESTNO", words("nb")
TUESDAY, THURSDAY = (datetime.fromisoformat(f"2027-03-{day}T09:30") for day in (16, 18))
BIKE, LAUNDRY = "bike_or_walk_10km", "air_dry_one_load"
PLEDGES_FIT, HOME_FITS = 3.0, 1.5
"""Screens of a phone."""

DESK = Screen(width=1280, height=1000)
PHONE = (375, 812)
TALLEST = "each => Math.max(0, ...[each, ...each.querySelectorAll('*')].map(one => one.scrollHeight))"


async def screens(visitor: Visitor, shown: Locator) -> float:
    """How many screens of a phone something takes, all of it scrolled through."""
    await visitor.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert await sticking_out(visitor.page) == []
    return float(await shown.evaluate(TALLEST)) / PHONE[1]


async def whole(visitor: Visitor, shown: Locator, name: str, screenshot: Screenshot) -> None:
    """Keep pictures of all of it, on a phone and at a desk, light and dark."""
    for width in (PHONE[0], DESK.width):
        for scheme in ("light", "dark"):
            await visitor.page.emulate_media(color_scheme=scheme)
            await visitor.page.set_viewport_size({"width": width, "height": 3400 if width == PHONE[0] else 1800})
            await screenshot(shown, f"{name}-{width}-{scheme}")


async def test_pledges_take_few_screens(window: Window, screenshot: Screenshot) -> None:
    async with visiting(await window(DESK)) as visitor:
        await visitor.turn_to(TUESDAY)
        await visitor.joins(NORWEGIAN, NB)
        await visitor.type("/earthweek pledge")
        await visitor.sees_in_form(NB("form.pledges.intro"))
        assert await screens(visitor, visitor.form) < PLEDGES_FIT
        await whole(visitor, visitor.form, "pledges", screenshot)


async def test_home_takes_few_screens(window: Window, screenshot: Screenshot, campaign: Campaign) -> None:
    async with visiting(await window(DESK), Rehearsal(SHIPPED, people=40, guests=True)) as visitor:
        await visitor.turn_to(THURSDAY)
        await visitor.joins(NORWEGIAN, NB, messages=True)
        for pledge in (BIKE, LAUNDRY):
            await visitor.type("/earthweek pledge")
            async with visitor.page.expect_response("**/act"):
                await visitor.form.locator(f'[data-action="pledge_choose:{pledge}"]').click()
            await visitor.sees_in_form(NB("form.plan.question"))
            await visitor.submit()
            await visitor.is_told(NB("pledge.made", pledge=campaign.pledge_words[pledge, "nb"].title))
        await visitor.go_to(HOME)
        await visitor.sees(NB("my.title"))
        assert await screens(visitor, visitor.talk) < HOME_FITS
        await whole(visitor, visitor.talk, "home", screenshot)
