from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date, datetime

import pytest_asyncio
from playwright.async_api import expect

from bot.campaign.model import Campaign
from bot.locales.catalogues import words
from bot.messages.campaign_texts import post_text
from bot.messages.words import Words

from .conftest import Window
from .room import DIRECT, HOME, Visitor, plain, visiting

SV, NB, DA, DE = map(words, ("sv", "nb", "da", "de"))
SWEDE, NORWEGIAN, DANE, GERMAN, TRAVELLER = "U0GUESTSE", "U0GUESTNO", "U0GUESTDK", "U0GUESTDE", "U0GUESTFAR"
REPRESENTATIVE, COLLEAGUE, MANAGER = "U0EXAMPLEDK", "U0EXAMPLESE", "U0EXAMPLE0"
EVERYBODY = "earth-week"
BIKE = "bike_or_walk_10km"

WICKED = "<script>alert(1)</script> <!channel> <@U0EXAMPLE0> @here & <b>a < b</b>"


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(window: Window) -> AsyncIterator[Visitor]:
    async with visiting(await window()) as here:
        yield here


def march(day: int, hour: int, minute: int = 0) -> datetime:
    """A time on the company's clock, in the month of the week."""
    return datetime(2027, 3, day, hour, minute)  # noqa: DTZ001 - the clock on the wall


async def chooses(visitor: Visitor, own: Words, pledge: str) -> None:
    """Choose one of the pledges that are shown, so that its plan is asked for."""
    row = visitor.form.locator(f'[data-block="pledge:{pledge}"]')
    await visitor.press_in_form(own("button.pledge_choose"), within=row)


async def test_joining_asks_for_country_once(visitor: Visitor, campaign: Campaign) -> None:
    await visitor.turn_to(march(12, 10))
    await visitor.be(SWEDE)
    await visitor.sees(post_text(campaign, "invitation", SV, None).title)
    await visitor.press(SV("button.join"))
    await visitor.sees_in_form(SV("form.join.country"))
    await expect(visitor.form.get_by_role("radio", name=SV.country("SE"))).to_be_checked()
    await visitor.choose(SV.country("DK"))
    await visitor.submit()
    await visitor.is_told(SV("join.welcome"))
    await visitor.press(SV("button.join"))
    await visitor.sees_in_form(SV("form.settings.title"))
    await expect(visitor.form.get_by_role("radio", name=SV.country("DK"))).to_be_checked()


async def test_what_is_pressed_before_joining_is_done_afterwards(visitor: Visitor, campaign: Campaign) -> None:
    await visitor.turn_to(march(15, 13))
    await visitor.be(DANE)
    await visitor.sees(post_text(campaign, "pledge-call", DA, None).title)
    await visitor.press(DA("button.pledge"))
    await visitor.sees_in_form(DA("form.join.first"))
    await visitor.submit()
    await visitor.sees_in_form(DA("form.pledges.intro"))
    await visitor.close()
    await visitor.press(DA("button.pledge"))
    await visitor.sees_in_form(DA("form.pledges.intro"))


async def test_pledge_is_planned_reminded_of_and_followed_up(visitor: Visitor, campaign: Campaign) -> None:
    bike = campaign.pledge_words[BIKE, "nb"]
    await visitor.turn_to(march(15, 13))
    await visitor.joins(NORWEGIAN, NB, messages=True)
    await visitor.press(NB("button.pledge"))
    await chooses(visitor, NB, BIKE)
    await visitor.choose(bike.plans[0])
    await visitor.tick(NB.short_day(date(2027, 3, 16)))
    await visitor.fill_in(NB("form.plan.at"), "10:30")
    await visitor.submit()
    await visitor.is_told(NB("pledge.made_reminded", pledge=bike.title))
    await visitor.go_to(DIRECT)
    await visitor.turn_to(march(16, 12))
    reminder = visitor.message(NB("reminder.text", title=bike.title))
    await expect(reminder).to_have_attribute("aria-label", f"{DIRECT}, 10:30")
    await visitor.sees(NB("my.plan", plan=bike.plans[0]))
    await visitor.press(NB("button.done_today"))
    await visitor.sees(NB("done.noted", pledge=bike.title, day=NB.short_day(date(2027, 3, 16))))
    await visitor.turn_to(march(19, 14))
    await visitor.sees(post_text(campaign, "friday-check-in", NB, None).title)
    await visitor.press(NB("button.check_in_partly"))
    await visitor.sees_in_form(NB("form.check_in.saved"))
    await expect(visitor.form.get_by_role("radio", name=NB("button.check_in_partly"))).to_be_checked()
    await visitor.select(NB("form.check_in.obstacle"), NB("obstacle.time"))
    await visitor.tick(NB("form.check_in.continues_yes"))
    await visitor.submit()
    await visitor.is_told(NB("check_in.thanks"))


async def test_earth_hour_is_joined_reminded_of_and_reported(visitor: Visitor, campaign: Campaign) -> None:
    await visitor.turn_to(march(19, 11))
    await visitor.joins(GERMAN, DE)
    await visitor.press(DE("button.earth_hour_join"))
    await visitor.sees(DE("earth_hour.joined", day=DE.short_day(date(2027, 3, 20)), time="20:30"))
    await visitor.press(DE("button.earth_hour_remind"))
    await visitor.sees(DE("earth_hour.reminder_set", day=DE.short_day(date(2027, 3, 20)), time="20:15"))
    await visitor.press(DE("button.earth_hour_calendar"))
    await visitor.sees(DE("earth_hour.calendar_sent"))
    await visitor.go_to(DIRECT)
    link = visitor.talk.get_by_role("link", name="earth-hour.ics")
    await expect(link).to_have_attribute("href", re.compile("^/file/"))
    async with visitor.page.expect_download() as coming:
        await link.click()
    file = await coming.value
    assert file.suggested_filename == "earth-hour.ics"
    assert "DTSTART:20270320T203000\r\n" in await (await visitor.page.request.get(file.url)).text()
    await visitor.turn_to(march(20, 20, 30))
    reminder = visitor.message(post_text(campaign, "earth-hour-reminder", DE, None).title)
    await expect(reminder).to_have_attribute("aria-label", f"{DIRECT}, 20:15")
    await visitor.turn_to(march(22, 10))
    await visitor.go_to("earth-week-de")
    await visitor.press(DE("button.earth_hour_did"))
    await visitor.fill_in(DE("form.minutes.question"), "45")
    await visitor.submit()
    await visitor.is_told(DE.plural("earth_hour.minutes_noted", 45))
    await visitor.type("/earthweek my")
    await visitor.sees(DE.plural("my.earth_hour_minutes", 45))


async def test_a_thread_is_read_and_answered_below_its_message(visitor: Visitor, campaign: Campaign) -> None:
    await visitor.turn_to(march(15, 13))
    await visitor.be(SWEDE)
    await visitor.go_to("earth-week-se")
    talk = visitor.talk.get_by_role("log")
    parent = talk.locator("article", has_text=campaign.text("pledge-call", "sv").ask)
    await parent.get_by_text("Reply to Earth Week").click()
    field = parent.get_by_role("textbox", name="Reply to")
    await field.fill(WICKED)
    async with visitor.page.expect_response("**/act"):
        await field.press("Enter")
    reply = parent.locator(".reply")
    await expect(reply).to_contain_text(WICKED)
    await expect(field).to_be_focused()
    await expect(field).to_have_value("")
    await expect(parent.locator("summary")).to_contain_text("1 reply")

    await field.fill("half a sent")
    town = visitor.room.simulation.slack.workspace
    channel = town.channel_named("earth-week-se")
    assert channel
    said = town.conversation(channel.id)
    town.post(channel.id, COLLEAGUE, "so it is", visitor.room.now, parent_ts=said.messages[-1].ts)
    said.pin(said.messages[-1], town.bot.id, visitor.room.now)
    visitor.room.notify()
    await expect(reply.last).to_contain_text("so it is")
    await expect(field).to_have_value("half a sent")

    await visitor.be(COLLEAGUE)
    await expect(reply.last).to_be_hidden()
    # Beside the week at a glance, which was pinned before.
    await visitor.talk.get_by_text("2 pinned").click()
    await visitor.talk.locator(".pins button").first.click()
    await expect(parent).to_be_focused()
    await expect(parent).to_contain_text("Pinned by Earth Week")
    await expect(visitor.talk.locator(".pins ul")).to_be_hidden()
    await parent.get_by_text("2 replies").click()
    await expect(reply.last).to_be_visible()
    await expect(field).to_have_value("")


async def sends_idea(visitor: Visitor, idea: str) -> None:
    """Write an idea as the Dane, who wants to be named."""
    await visitor.type("/earthweek idea")
    await visitor.fill_in(DA("form.idea.question"), idea)
    await visitor.tick(DA("form.idea.named_yes"))
    await visitor.submit()
    await visitor.is_told(DA("idea.sent"))


async def reads(visitor: Visitor, user: str, text: str) -> None:
    """Be somebody to whom the app has written this."""
    await visitor.be(user)
    await visitor.go_to(DIRECT)
    await visitor.sees(text)


async def replies(visitor: Visitor, field: str, text: str, told: str) -> None:
    """Write a few words about an idea and send them."""
    await visitor.fill_in(DA(field), text)
    await visitor.submit()
    await visitor.is_told(DA(told))


async def test_an_idea_goes_to_the_representative_and_back(visitor: Visitor) -> None:
    idea, question, answer = "En cykelpumpe ved hver indgang", "Hvem fylder den?", "Det gør jeg gerne selv."
    await visitor.turn_to(march(17, 13, 30))
    await visitor.joins(DANE, DA)
    await sends_idea(visitor, idea)
    await reads(visitor, REPRESENTATIVE, idea)
    await visitor.press(DA("button.idea_ask"))
    await replies(visitor, "form.reply.ask", question, "idea.asked")
    await reads(visitor, DANE, question)
    await visitor.turn_to(march(17, 13, 40))
    await visitor.press(DA("button.idea_answer"))
    await replies(visitor, "form.reply.answer", answer, "idea.answered")
    await reads(visitor, REPRESENTATIVE, answer)
    await visitor.press(DA("button.idea_approve"), within=visitor.message(answer))
    await visitor.sees(DA("idea.approved"))
    await visitor.turn_to(march(17, 13, 50))
    await reads(visitor, DANE, DA("idea_letter.approved"))


async def test_another_language_is_spoken_at_once(visitor: Visitor) -> None:
    await visitor.joins(NORWEGIAN, NB)
    await visitor.go_to(HOME)
    await visitor.sees(NB("my.none"))
    await visitor.choose_entry(NB("button.settings"))
    await visitor.select(NB("form.join.language"), "Deutsch")
    await visitor.submit()
    await visitor.is_told(DE("settings.saved"))
    await visitor.sees(DE("my.none"))
    await visitor.does_not_see(NB("my.none"))
    await visitor.go_to(DIRECT)
    await visitor.type("/earthweek help")
    await visitor.sees(DE("help.title"))


async def test_people_with_stopped_or_paused_messages_get_none(visitor: Visitor, campaign: Campaign) -> None:
    friday, later = "friday-check-in", "follow-up"
    await visitor.turn_to(march(15, 9))
    await visitor.joins(SWEDE, SV, messages=True)
    await visitor.joins(NORWEGIAN, NB, messages=True)
    await visitor.type("/earthweek pause")
    await visitor.fill_in(NB("form.pause.question"), "2027-03-22")
    await visitor.submit()
    await visitor.is_told(NB("pause.until", day=NB.day(date(2027, 3, 22))))
    for user, own in ((NORWEGIAN, NB), (SWEDE, SV)):
        await visitor.be(user)
        await visitor.go_to(HOME)
        await visitor.press(own("button.pledge"))
        await chooses(visitor, own, BIKE)
        await visitor.submit()
        await visitor.is_told(own("pledge.made", pledge=campaign.pledge_words[BIKE, own.language].title))
    await visitor.turn_to(march(19, 14))
    await visitor.go_to(DIRECT)
    await visitor.choose_entry(
        SV("button.messages_stop"), within=visitor.message(post_text(campaign, friday, SV, None).title)
    )
    await visitor.sees(SV("messages.stopped"))
    await visitor.jump("Figures for results and company-results")
    await reads(visitor, NORWEGIAN, post_text(campaign, later, NB, None).title)
    await visitor.does_not_see(post_text(campaign, friday, NB, None).title)
    await reads(visitor, SWEDE, post_text(campaign, friday, SV, None).title)
    await visitor.does_not_see(post_text(campaign, later, SV, None).title)


async def test_what_is_stored_is_shown_and_forgotten(visitor: Visitor) -> None:
    await visitor.joins(GERMAN, DE)
    await visitor.type("/earthweek data")
    await visitor.sees_in_form(GERMAN)
    await visitor.close()
    await visitor.type("/earthweek forget")
    await visitor.sees_in_form(DE("form.forget.goes"))
    await visitor.submit()
    await visitor.is_told(DE("forget.done"))
    await visitor.type("/earthweek data")
    await visitor.sees_in_form(DE("my_data.nothing"))
    await visitor.close()
    await visitor.type("/earthweek my")
    await visitor.sees_in_form(DE("form.join.first"))
    await visitor.close()
    await visitor.go_to(HOME)
    await visitor.sees(DE("home.invitation"))


async def test_answer_is_seen_only_by_who_asked(visitor: Visitor) -> None:
    await visitor.joins(SWEDE, SV)
    await visitor.go_to(EVERYBODY)
    await visitor.type("Hej alla")
    await visitor.type("/earthweek my")
    await expect(visitor.message(SV("my.none"))).to_contain_text("Only visible to you")
    await expect(visitor.message("Hej alla")).not_to_contain_text("Only visible to you")
    await visitor.be(NORWEGIAN)
    await visitor.sees("Hej alla")
    await visitor.does_not_see(SV("my.title"))
    await expect(visitor.talk.locator("article.private")).to_have_count(0)


async def test_field_error_is_shown_and_entered_values_stay(visitor: Visitor) -> None:
    await visitor.joins(NORWEGIAN, NB)
    await visitor.type("/earthweek idea")
    idea = visitor.field(NB("form.idea.question"))
    at_idea = visitor.form.locator('[data-block="text"]')
    await visitor.tick(NB("form.idea.named_yes"))
    await visitor.submit()
    await expect(at_idea).to_contain_text("Please complete this required field.")
    await visitor.fill_in(NB("form.idea.question"), "@channel")
    await visitor.submit()
    await expect(at_idea).to_contain_text(NB("form.idea.only_mentions"))
    await expect(idea).to_have_attribute("aria-invalid", "true")
    await expect(idea).to_have_value("@channel")
    await expect(visitor.form.get_by_role("checkbox", name=NB("form.idea.named_yes"))).to_be_checked()
    await visitor.fill_in(NB("form.idea.question"), "@channel Bussbillett til alle")
    await visitor.submit()
    await visitor.is_told(NB("idea.sent"))


async def test_home_updates_in_place_after_press(visitor: Visitor, campaign: Campaign) -> None:
    bike = campaign.pledge_words[BIKE, "sv"].title
    await visitor.turn_to(march(15, 9))
    await visitor.joins(SWEDE, SV)
    await visitor.go_to(HOME)
    await visitor.press(SV("button.pledge"))
    await chooses(visitor, SV, BIKE)
    await visitor.submit()
    await visitor.is_told(SV("pledge.made", pledge=bike))
    await visitor.sees(bike)
    await visitor.press(SV("button.done_today"))
    await visitor.is_told(SV("done.noted", pledge=bike, day=SV.short_day(date(2027, 3, 15))))
    await visitor.sees(SV("my.done", days=SV.short_day(date(2027, 3, 15))))
    await expect(visitor.talk.get_by_role("button", name=SV("button.done_today"))).to_have_count(0)


async def test_doing_tip_is_thanked_in_own_language(visitor: Visitor) -> None:
    await visitor.turn_to(march(15, 9))
    for user, own, place in (
        (SWEDE, SV, "earth-week-se"),
        (NORWEGIAN, NB, "earth-week-no"),
        (DANE, DA, "earth-week-dk"),
        (REPRESENTATIVE, DA, "earth-week-dk"),
        (GERMAN, DE, "earth-week-de"),
    ):
        await visitor.be(user)
        await visitor.go_to(place)
        await visitor.press(own("button.did_this"))
        await visitor.submit()
        await visitor.is_told(own("tip.noted"))


async def test_typed_text_is_shown_literally_and_notifies_nobody(visitor: Visitor) -> None:
    await visitor.joins(DANE, DA)
    await visitor.go_to(EVERYBODY)
    await visitor.type(WICKED)
    for user in (DANE, MANAGER, TRAVELLER):
        await visitor.be(user)
        await expect(visitor.message("Freja Holm").locator(".message")).to_have_text(WICKED)
        await expect(visitor.talk.locator(".bk-mention")).to_have_count(0)


async def test_idea_with_mass_mention_is_published_as_written(visitor: Visitor) -> None:
    await visitor.turn_to(march(17, 13, 30))
    await visitor.joins(DANE, DA)
    await sends_idea(visitor, WICKED)
    await reads(visitor, REPRESENTATIVE, WICKED)
    await visitor.press(DA("button.idea_publish"))
    await visitor.go_to("earth-week-dk")
    await visitor.turn_to(march(17, 13, 40))
    await visitor.sees(WICKED)
    await expect(visitor.message(WICKED).locator(".bk-mention")).to_have_text(["@Freja Holm"])


async def test_unread_messages_are_bold_and_counted_per_person(visitor: Visitor) -> None:
    await visitor.be(SWEDE)
    await visitor.go_to(HOME)
    unread = visitor.place("earth-week-se")
    await expect(unread.locator(".badge")).to_have_count(0)
    await visitor.turn_to(march(15, 9))
    await expect(unread).to_have_accessible_name("earth-week-se 4 unread")
    await expect(unread).to_have_css("font-weight", "700")
    await visitor.go_to("earth-week-se")
    assert await unread.locator(".badge").count() == 0
    await visitor.go_to(HOME)
    await expect(unread).to_have_accessible_name("earth-week-se")
    await visitor.be(COLLEAGUE)
    await expect(unread).to_have_accessible_name("earth-week-se 4 unread")


async def test_withdrawing_pledge_needs_confirmation(visitor: Visitor, campaign: Campaign) -> None:
    bike = campaign.pledge_words[BIKE, "da"].title
    await visitor.joins(DANE, DA)
    await visitor.type("/earthweek pledge")
    await chooses(visitor, DA, BIKE)
    await visitor.submit()
    await visitor.is_told(DA("pledge.made", pledge=bike))
    await visitor.type("/earthweek my")
    await visitor.talk.get_by_role("button", name=DA("button.pledge_withdraw")).click()
    asked = visitor.page.get_by_role("dialog", name=DA("withdraw.title"))
    await expect(asked).to_contain_text(DA("withdraw.text"))
    await asked.get_by_role("button", name=DA("withdraw.no")).click()
    await expect(asked).to_be_hidden()
    await visitor.type("/earthweek my")
    await expect(visitor.talk.get_by_text(plain(bike))).to_have_count(2)
    await visitor.press(DA("button.pledge_withdraw"), confirm=True)
    await visitor.sees(DA("pledge.withdrawn", pledge=bike))
