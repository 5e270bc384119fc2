"""Organisers at their screens, in the room: what they press is there, and the guide's pictures show it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from playwright.async_api import Page, expect

from bot.campaign.model import Campaign
from bot.locales.catalogues import words
from tests.browser.conftest import Screenshot, Window
from tests.browser.room import DIRECT, Visitor, visiting
from tests.browser.window import Screen, sticking_out

SIGRID, MANAGER = "U0EXAMPLENO", "U0EXAMPLE0"
EN, NB = words("en"), words("nb")
TUESDAY = datetime.fromisoformat("2027-03-16T09:30")
DESK = Screen(width=1280, height=1000)


async def organising(visitor: Visitor, user: str = SIGRID) -> None:
    """Be an organiser who reads English, on Tuesday morning, with the page open."""
    workspace = visitor.room.simulation.slack.workspace
    workspace.add_user(replace(workspace.users[user], locale="en-GB"))
    await visitor.be(user)
    await visitor.turn_to(TUESDAY)
    await visitor.type("/earthweek organise")
    await visitor.sees_in_form(EN("organise.not_ready"))


async def opens(visitor: Visitor, title: str) -> None:
    """Open the page of a post."""
    await visitor.press_in_form(EN("button.organise_post"), visitor.form.locator(".bk-section", has_text=title))
    await visitor.sees_in_form(EN("organise.not_approved"))


async def edits(visitor: Visitor, title: str) -> None:
    """Change the title of the post whose page is open, in the first language."""
    await visitor.press_in_form(EN("button.organise_edit"))
    await visitor.fill_in(EN("form.organise_edit.headline"), title)
    await visitor.submit()
    await visitor.sees_in_form(EN("organise.saved"))


async def writes(visitor: Visitor) -> None:
    """Fill in the form for a post of one's own."""
    await visitor.press_in_form(EN("button.organise_own_post"))
    await visitor.fill_in(EN("form.organise_edit.headline"), "Klesbytte på torsdag")
    await visitor.fill_in(EN("form.organise_edit.summary"), "Ta med klær du ikke bruker, og ta med andre hjem.")
    await visitor.fill_in(
        EN("form.organise_edit.body"), "**Torsdag kl. 15** i kantina.\n\n- Bare rene klær.\n- Alle er velkommen."
    )


async def narrowed(page: Page) -> None:
    """Look at what is open on the screen of a phone, out of which nothing sticks."""
    await page.set_viewport_size({"width": 375, "height": 800})
    assert await sticking_out(page) == []


async def test_guide_pictures_page_and_post(window: Window, screenshot: Screenshot, campaign: Campaign) -> None:
    page = await window(DESK)
    async with visiting(page) as visitor:
        await organising(visitor)
        await screenshot(visitor.form, "organise", document=True)
        await opens(visitor, campaign.text("wednesday-tip", "en").title)
        await edits(visitor, "Onsdag: én middag uten storfe")
        await visitor.press_in_form(EN("button.organise_approve"))
        await visitor.sees_in_form(EN("button.organise_discard"))
        await screenshot(visitor.form, "organise-post", document=True)


async def test_guide_pictures_own_post(window: Window, screenshot: Screenshot) -> None:
    page = await window(DESK)
    async with visiting(page) as visitor:
        await organising(visitor)
        await writes(visitor)
        await screenshot(visitor.form, "organise-own-post", document=True)
        await visitor.submit()
        await visitor.sees_in_form(EN("organise.own_post_planned"))
        await visitor.press_in_form(EN("button.organise_withdraw"))
        await visitor.sees_in_form(EN("organise.own_post_withdrawn", country="Norway"))


async def test_guide_is_shown_as_a_message(window: Window, screenshot: Screenshot) -> None:
    page = await window(DESK)
    async with visiting(page) as visitor:
        await visitor.be(SIGRID)
        await visitor.type("/earthweek organise help")
        await visitor.sees(NB("guide.title"))
        await screenshot(page, "organise-guide")
        await narrowed(page)
        await screenshot(page, "organise-guide-narrow")


async def test_manager_names_who_stands_in(window: Window, screenshot: Screenshot) -> None:
    page = await window(DESK)
    async with visiting(page) as visitor:
        await organising(visitor, MANAGER)
        await narrowed(page)
        await screenshot(page, "organise-narrow")
        await visitor.press_in_form(EN("button.organise_stand_ins"))
        await visitor.field(EN("form.organise_stand_ins.user")).select_option("U0GUESTSE")
        await screenshot(page, "organise-stand-ins-narrow")
        await visitor.submit()
        await expect(visitor.form).to_contain_text("now stands in (Sweden)")
        await visitor.press_in_form(EN("button.organise_end_stand_in"))
        await visitor.sees_in_form(EN("organise.no_stand_ins"))


async def test_manager_corrects_a_post_and_pauses_norway(window: Window, campaign: Campaign) -> None:
    """Somebody who tries the bot changes a word after it was sent, and keeps Norway still for a day."""
    page, norway = await window(DESK), EN.country("NO")
    # Its title is in the week at a glance as well.
    tip = campaign.text("wednesday-tip", "nb").ask
    async with visiting(page) as visitor:
        await organising(visitor, MANAGER)
        await visitor.press_in_form(norway)
        await opens(visitor, campaign.text("monday-tip", "en").title)
        await edits(visitor, "Mandag: én vask uten tørketrommel i dag")
        await visitor.press_in_form(EN("button.organise_correct"))
        await visitor.sees_in_form(EN("organise.correcting"))
        await visitor.press_in_form(EN("button.organise_all_posts"))
        await visitor.press_in_form(EN("button.organise_pause"))
        await visitor.sees_in_form(EN("organise.paused_now", country=norway))
        await visitor.close()
        await visitor.turn_to(TUESDAY + timedelta(days=1))
        await visitor.be(SIGRID)
        await visitor.go_to("earth-week-no")
        await visitor.sees("Mandag: én vask uten tørketrommel i dag")
        await visitor.sees("Rettet")
        await visitor.does_not_see(tip)
        await visitor.type("/earthweek organise")
        await visitor.press_in_form(NB("button.organise_resume"))
        await visitor.choose(NB("form.organise_resume.send"))
        await visitor.submit()
        await visitor.sees_in_form(NB("organise.resumed_send", country="Norge"))
        await visitor.close()
        await visitor.next_post()
        await visitor.sees(tip)


async def test_ideas_and_the_digest_fit_a_phone(window: Window, screenshot: Screenshot) -> None:
    page = await window(DESK)
    async with visiting(page) as visitor:
        await visitor.turn_to(TUESDAY)
        await visitor.joins("U0GUESTNO", NB)
        await visitor.type("/earthweek idea")
        await visitor.fill_in(NB("form.idea.question"), "Et verksted for sykler i kjelleren, en ettermiddag i måneden.")
        await visitor.submit()
        await visitor.is_told(NB("idea.sent"))
        await visitor.be(SIGRID)
        await visitor.type("/earthweek organise")
        await visitor.press_in_form(NB("button.organise_ideas"))
        await visitor.press_in_form(NB("button.organise_post"))
        await visitor.sees_in_form("Et verksted for sykler")
        await screenshot(visitor.form, "organise-idea")
        await visitor.press_in_form(NB("button.organise_all_ideas"))
        await visitor.close()
        await visitor.turn_to(TUESDAY + timedelta(hours=7))
        await visitor.go_to(DIRECT)
        await visitor.sees(NB("button.organise_digest_off"))
        await narrowed(page)
        await screenshot(page, "organise-digest-narrow")
