"""What a colleague sees on a phone: how long each screen is, and pictures of it to look at."""

from __future__ import annotations

from datetime import datetime

from playwright.async_api import Locator

from bot.locales.catalogues import words

from .conftest import Screenshot, Window
from .room import Visitor, visiting
from .window import Screen, sticking_out

NORWEGIAN, NB = "U0GUESTNO", words("nb")
TUESDAY = datetime.fromisoformat("2027-03-16T09:30")
PLEDGES_FIT = 3.0
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
