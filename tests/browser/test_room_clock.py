from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from bot.campaign.schedule import addressees, lay_out
from bot.delivery.sender import EVENT
from bot.locales.catalogues import words
from bot.messages.campaign_texts import post_text
from rehearsal.simulation import BEFORE as START_BEFORE
from rehearsal.simulation import Rehearsal
from tests.campaigns import SHIPPED, shipped, shipped_campaign

from .conftest import Window
from .room import DIRECT, Visitor, visiting

FINLAND = """
[[countries]]
code = "FI"
zone = "Europe/Helsinki"
languages = ["en"]
channel = "earth-week-fi"
representatives = ["U0EXAMPLEFI"]
headcount = 100
headcount_date = 2027-01-01
board = true
"""

GUESTS = {"SE": "sv", "NO": "nb", "DK": "da", "DE": "de", "FI": "en"}
"""The countries, and the language in which the bot speaks to the guest there."""

INVITED = datetime.fromisoformat("2027-03-12T10:00")
"""When the invitation goes to the channels, local time."""

BEFORE = INVITED - timedelta(minutes=5)
AFTERWARDS = INVITED + timedelta(minutes=15)


def title(post: str, language: str) -> str:
    return post_text(shipped_campaign(), post, words(language), None).title


def asked(post: str, language: str) -> str:
    """The question of a post, which is in no other message; its title is in the week at a glance."""
    return shipped_campaign().text(post, language).ask


INVITATION = title("invitation", "nb")


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(window: Window) -> AsyncIterator[Visitor]:
    """The guest in Norway, with nobody else about."""
    async with visiting(await window()) as found:
        await found.be("U0GUESTNO")
        await found.go_to("earth-week-no")
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def crowded(window: Window) -> AsyncIterator[Visitor]:
    """The same among twenty colleagues."""
    async with visiting(await window(), Rehearsal(SHIPPED, people=20, guests=True)) as found:
        await found.be("U0GUESTNO")
        await found.go_to("earth-week-no")
        yield found


async def shows(visitor: Visitor, wall: str | re.Pattern[str], country: str = "Sweden") -> None:
    """The clock of a country on the wall shows this, in a moment."""
    clock = visitor.page.locator(".walls li").filter(has_text=country)
    await expect(clock.locator("time")).to_have_text(wall)


async def says_the_day(visitor: Visitor, day: str) -> None:
    await expect(visitor.page.locator(".walls .date").first).to_have_text(day)


async def look_at(visitor: Visitor, tab: str) -> Locator:
    """The panel with this tab open."""
    await visitor.page.get_by_role("navigation", name="Panel").get_by_role("link", name=tab).click()
    panel = visitor.page.get_by_role("region", name=tab)
    await expect(panel).to_be_visible()
    return panel


async def spoil(visitor: Visitor, what: str) -> None:
    """Press a button among the faults."""
    panel = await look_at(visitor, "Faults")
    async with visitor.page.expect_response("**/fault"):
        await panel.get_by_role("button", name=what).click()


async def all_is_well(visitor: Visitor, arrived: int) -> None:
    """The panel counts so many messages, none lost and none twice."""
    panel = await look_at(visitor, "Week")
    await expect(panel.get_by_role("heading", name="Nothing lost, nothing twice")).to_be_visible()
    await expect(panel.locator(".verdict dd").first).to_have_text(str(arrived))


def arrivals(visitor: Visitor) -> list[str]:
    """The channels in which the invitation stands, once for each time it came."""
    town = visitor.room.simulation.slack.workspace
    posted = [each for each in town.log if each.metadata and each.metadata["event_type"] == EVENT]
    # The questions on what people know come the day before, and the week at a glance five minutes after it.
    others = {"glance_coming", "kept_apart"}
    invited = [each for each in posted if not any(block["block_id"] in others for block in each.blocks)]
    found = [town.channels[each.channel].name for each in invited if each.channel in town.channels]
    return sorted(found)


def due(until: datetime) -> int:
    """Messages until this local time: those of the campaign, and for five organisers what is left to do."""
    week = shipped_campaign()
    return 5 + sum(slot.local <= until for slot in lay_out(week, addressees(week)))


FIRST_POST = min(slot.local for slot in lay_out(shipped_campaign(), addressees(shipped_campaign())))
BEGINS = f"{FIRST_POST - START_BEFORE:%H:%M}"
"""When the room begins, local time."""

EVERYWHERE = ["earth-week-de", "earth-week-dk", "earth-week-no", "earth-week-se"]


# The clock


async def test_the_clock_goes_from_post_to_post(visitor: Visitor) -> None:
    await shows(visitor, "09:00")
    await visitor.sees("Nothing has been said here yet")
    await visitor.next_post()
    await shows(visitor, "10:00", "Norway")
    await visitor.next_post()
    await shows(visitor, "08:30")
    await visitor.next_post()
    await shows(visitor, "10:00", "Norway")
    await visitor.sees(INVITATION)


@pytest.mark.parametrize(
    ("moment", "day", "wall"),
    [
        ("Earth Hour in Sweden", "Sat 20 Mar", "20:30"),
        ("Clocks go forward an hour", "Sun 28 Mar", "01:59"),
        ("Good Friday in", "Fri 26 Mar", "08:55"),
    ],
)
async def test_what_is_special_is_two_presses_away(visitor: Visitor, moment: str, day: str, wall: str) -> None:
    await visitor.jump(moment)
    await says_the_day(visitor, day)
    await shows(visitor, wall)


async def test_summer_time_comes_while_one_watches(visitor: Visitor) -> None:
    await visitor.jump("Clocks go forward an hour")
    await visitor.page.get_by_label("Speed").select_option("60")
    await visitor.page.locator("#clock .round").click()
    await shows(visitor, re.compile("^03:0"))
    await shows(visitor, re.compile("^03:0"), "Germany")


async def test_clock_runs_at_chosen_speed_until_paused(visitor: Visitor) -> None:
    state = visitor.page.locator("#clock .state")
    await visitor.page.get_by_label("Speed").select_option("an hour a second")
    begun, before = time.monotonic(), visitor.room.now
    await visitor.page.locator("#clock .round").click()
    await expect(state).to_have_text("Running")
    while visitor.room.now - before < timedelta(hours=1):
        await visitor.room.changed(visitor.room.changes, 1)
    await visitor.page.locator("#clock .round").click()
    await expect(state).to_have_text("Paused")
    stood = visitor.room.now
    assert timedelta(hours=1) <= stood - before <= timedelta(hours=time.monotonic() - begun)
    await visitor.go_to(DIRECT)
    assert visitor.room.now == stood


async def test_clock_goes_to_company_time_within_week(visitor: Visitor) -> None:
    await visitor.turn_to(datetime.fromisoformat("2027-03-16T15:30"))
    await shows(visitor, "15:30")
    await says_the_day(visitor, "Tue 16 Mar")
    # What is told goes away after a while, which may be before the clock is there.
    told = expect(visitor.page.locator("#toast")).to_contain_text("ends after the last")
    await asyncio.gather(told, visitor.turn_to(datetime.fromisoformat("2028-01-01T12:00")))
    await expect(visitor.page.locator("#clock .state")).to_have_text("The week is over")
    await expect(visitor.page.get_by_role("button", name="Next post")).to_be_disabled()


async def test_going_to_past_restarts_and_runs_there(visitor: Visitor) -> None:
    await visitor.turn_to(datetime.fromisoformat("2027-03-15T12:00"))
    await visitor.sees(asked("monday-tip", "nb"))
    await visitor.turn_to(AFTERWARDS)
    await says_the_day(visitor, "Fri 12 Mar")
    await visitor.sees(INVITATION)
    await visitor.does_not_see(asked("monday-tip", "nb"))
    await all_is_well(visitor, due(AFTERWARDS))


async def test_going_back_to_start_needs_confirmation(visitor: Visitor) -> None:
    await visitor.turn_to(AFTERWARDS)
    back = visitor.page.get_by_role("button", name="Back to the start")
    await visitor.page.get_by_text("Go to…").click()
    for answer in ("Cancel", "Start again"):
        await back.click()
        await visitor.page.get_by_role("button", name=answer).click()
        await expect(visitor.page.locator("#confirm")).to_be_hidden()
        await visitor.sees(INVITATION if answer == "Cancel" else "Nothing has been said here yet")
    await shows(visitor, BEGINS)
    await expect(back).to_be_hidden()
    await all_is_well(visitor, 0)


# Earth Hour, in four countries and one more


@pytest.fixture
def with_finland(tmp_path: Path) -> Path:
    """The campaign as it is shipped, and a country more; nothing but the file says so."""
    folder = shipped(tmp_path / "campaign")
    folder.change("campaign.toml", "\n[themes.energy]", f"{FINLAND}\n[themes.energy]")
    folder.change("pledges.toml", "\nDE = 4.005", "\nDE = 4.005\nFI = 1.0")
    return folder.root


async def ask_to_be_reminded(visitor: Visitor, code: str, language: str) -> None:
    """Join by asking for the reminder in the channel of one's country."""
    spoken = words(language)
    await visitor.be(f"U0GUEST{code}")
    await visitor.go_to(f"earth-week-{code.lower()}")
    await visitor.press(spoken("button.earth_hour_remind"))
    await visitor.submit()
    await expect(visitor.form).to_contain_text(re.compile("20[:.]15"))
    await visitor.close()


async def is_reminded(visitor: Visitor, code: str, language: str) -> None:
    """The reminder has come, at a quarter past eight where this person is."""
    await visitor.be(f"U0GUEST{code}")
    await visitor.go_to(DIRECT)
    reminder = visitor.message(title("earth-hour-reminder", language))
    await expect(reminder.locator("time").first).to_have_text("20:15")


async def test_earth_hour_comes_at_each_countrys_own_time(window: Window, with_finland: Path) -> None:
    async with visiting(await window(), Rehearsal(with_finland, guests=True)) as visitor:
        await visitor.jump("Friday 19 March")
        await visitor.turn_to(datetime.fromisoformat("2027-03-19T12:00"))
        for code, language in GUESTS.items():
            await ask_to_be_reminded(visitor, code, language)
        await visitor.jump("Before the Earth Hour reminder in Finland")
        await visitor.next_post()
        await shows(visitor, "20:15", "Finland")
        await shows(visitor, "19:15", "Sweden")
        await is_reminded(visitor, "FI", "en")
        await visitor.be("U0GUESTSE")
        await visitor.does_not_see(title("earth-hour-reminder", "sv"))
        await visitor.next_post()
        for country in ("Sweden", "Norway", "Denmark", "Germany"):
            await shows(visitor, "20:15", country)
        for code, language in GUESTS.items():
            await is_reminded(visitor, code, language)
        await visitor.jump("Earth Hour in Sweden, Norway, Denmark and Germany")
        await shows(visitor, "20:30", "Germany")
        await shows(visitor, "21:30", "Finland")


async def test_added_country_gets_posts_at_its_own_time(window: Window, with_finland: Path) -> None:
    async with visiting(await window(), Rehearsal(with_finland, guests=True)) as visitor:
        await visitor.be("U0GUESTFI")
        await visitor.go_to("earth-week-fi")
        await visitor.turn_to(INVITED - timedelta(minutes=30))
        invitation = visitor.message(asked("invitation", "en"))
        await expect(invitation.locator("time").first).to_have_text("10:00")
        await shows(visitor, "10:30", "Finland")
        assert arrivals(visitor) == ["earth-week-fi"]
        await visitor.turn_to(INVITED)
        await expect(visitor.place("earth-week-fi")).to_have_attribute("aria-current", "page")
        assert arrivals(visitor) == sorted([*EVERYWHERE, "earth-week-fi"])


# Colleagues


async def test_colleagues_live_their_week_beside_whoever_watches(crowded: Visitor) -> None:
    counted = (await look_at(crowded, "Figures")).locator("tbody tr:last-child td").first
    await crowded.jump("Monday 15 March")
    await expect(counted).to_have_text(re.compile(r"^[1-9]"))
    at_first = await counted.text_content() or ""
    await crowded.jump("Friday 19 March")
    await expect(counted).not_to_have_text(at_first)


async def test_press_is_answered_while_playing_at_full_speed(crowded: Visitor) -> None:
    await crowded.page.get_by_label("Speed").select_option("as fast as it goes")
    await crowded.page.locator("#clock .round").click()
    await crowded.sees(INVITATION)
    await crowded.type("/earthweek help")
    await crowded.sees("Only visible to you")
    await crowded.press(words("nb")("button.join"), crowded.message(INVITATION))
    await expect(crowded.form).to_be_visible()
    await expect(crowded.page.locator("#clock .state")).to_have_text("Running")


# What goes wrong


async def test_a_post_waits_until_slack_is_back(visitor: Visitor) -> None:
    await visitor.turn_to(BEFORE)
    await spoil(visitor, "Take away: Slack is away")
    trouble = visitor.page.locator("#trouble")
    await expect(trouble).to_contain_text("Slack is down until 10:05")
    await visitor.type("/earthweek help")
    await expect(visitor.page.locator("#toast")).to_contain_text("Slack is down: nothing reaches the app")
    await visitor.next_post()
    await visitor.does_not_see(INVITATION)
    assert arrivals(visitor) == []
    await visitor.turn_to(AFTERWARDS)
    await expect(trouble).to_be_empty()
    await visitor.sees(INVITATION)
    assert arrivals(visitor) == EVERYWHERE
    await all_is_well(visitor, due(AFTERWARDS))


async def test_message_refused_by_rate_limit_is_sent_again(visitor: Visitor) -> None:
    await visitor.turn_to(BEFORE)
    await spoil(visitor, "Limit: Too many requests")
    panel = await look_at(visitor, "Faults")
    await expect(panel.locator(".waiting")).to_contain_text("Slack will refuse 20 more messages")
    await visitor.turn_to(AFTERWARDS)
    assert arrivals(visitor) == EVERYWHERE
    log = await look_at(visitor, "Log")
    await expect(log.locator("dl div", has_text="Told to wait (429)").locator("dd")).to_have_text("20")
    await expect(log.locator(".calls .wrong").first).to_contain_text("ratelimited")
    await all_is_well(visitor, due(AFTERWARDS))


async def test_planned_faults_can_be_called_off(visitor: Visitor) -> None:
    await spoil(visitor, "Limit: Too many requests")
    await spoil(visitor, "Set up: Killed in the middle")
    waiting = visitor.page.locator("#panel .waiting")
    await expect(waiting.locator("li")).to_have_count(2)
    await spoil(visitor, "Make all well again")
    await expect(waiting).not_to_be_attached()
    await visitor.turn_to(INVITED)
    assert arrivals(visitor) == EVERYWHERE


async def test_bot_killed_in_broadcast_sends_rest_once(visitor: Visitor) -> None:
    await visitor.turn_to(BEFORE)
    await spoil(visitor, "Set up: Killed in the middle")
    await visitor.next_post()
    trouble = visitor.page.locator("#trouble")
    await expect(trouble).to_contain_text("and starts again at 10:00:40")
    assert arrivals(visitor), "Slack has what the bot has not heard of"
    await visitor.turn_to(AFTERWARDS)
    await expect(trouble).to_be_empty()
    assert arrivals(visitor) == EVERYWHERE
    # Its title is in the week at a glance as well.
    await expect(visitor.talk.locator("article", has_text=asked("invitation", "nb"))).to_have_count(1)
    await all_is_well(visitor, due(AFTERWARDS))


async def test_killed_bot_is_missed_and_can_be_restarted(visitor: Visitor) -> None:
    await spoil(visitor, "Kill: Killed now")
    trouble = visitor.page.locator("#trouble")
    await expect(trouble).to_contain_text("The bot was killed")
    await visitor.type("/earthweek help")
    await expect(visitor.page.locator("#toast")).to_contain_text("the app did not answer")
    await spoil(visitor, "Start now: The bot is away")
    await expect(trouble).to_be_empty()
    await visitor.type("/earthweek help")
    await visitor.sees("Only visible to you")
    await shows(visitor, BEGINS)


async def test_killed_bot_comes_back_at_its_time(visitor: Visitor) -> None:
    await spoil(visitor, "Kill: Killed now")
    await expect(visitor.page.locator("#trouble")).to_contain_text("The bot was killed")
    await visitor.turn_to(INVITED)
    await expect(visitor.page.locator("#trouble")).to_be_empty()
    await all_is_well(visitor, due(INVITED))


async def test_post_to_archived_channel_waits_until_reopened(visitor: Visitor) -> None:
    await visitor.turn_to(BEFORE)
    await spoil(visitor, "Archive #earth-week-no")
    await expect(visitor.page.locator("#composer")).to_contain_text("an archived channel")
    await expect(visitor.page.locator("#text")).not_to_be_attached()
    await expect(visitor.place("earth-week-no")).to_contain_text("archived")
    await visitor.next_post()
    week = await look_at(visitor, "Week")
    # The hourly look at the channels was before it was archived: Slack refuses the post, which a restart tries again.
    await expect(week).to_contain_text("unarchive it in Slack")
    assert arrivals(visitor) == [each for each in EVERYWHERE if each != "earth-week-no"]
    await spoil(visitor, "Reopen #earth-week-no")
    await spoil(visitor, "Kill: Killed now")
    await visitor.turn_to(AFTERWARDS)
    await visitor.sees(INVITATION)
    assert arrivals(visitor) == EVERYWHERE
    await all_is_well(visitor, due(AFTERWARDS))


# The panel


async def test_the_week_is_counted_country_by_country(visitor: Visitor) -> None:
    await visitor.turn_to(AFTERWARDS)
    panel = await look_at(visitor, "Week")
    together = panel.get_by_role("row", name="All together").get_by_role("cell")
    await expect(together.nth(2)).to_have_text(str(due(AFTERWARDS)))
    norway = await panel.get_by_role("row", name="Norway").get_by_role("cell").all_inner_texts()
    assert norway[2:] == ["5", "0", "0 s"]
    for planned, waiting, arrived, *_ in (norway, await together.all_inner_texts()):
        assert int(planned) == int(waiting) + int(arrived)
    await expect(panel.locator(".rounds").first.locator("li").first).to_contain_text("Mon 15 Mar 09:00 monday-tip 4")
    await expect(panel.locator(".rounds").last.locator("li").first).to_contain_text(
        "Fri 12 Mar 10:05 week-at-a-glance 4"
    )


async def test_counted_figures_stand_beside_published_ones(visitor: Visitor) -> None:
    panel = await look_at(visitor, "Figures")
    await expect(panel.get_by_role("columnheader")).to_have_text(["Country", "Counted now", "Published"])
    norway = panel.get_by_role("row", name="Norway").first.get_by_role("cell")
    await expect(norway).to_have_text(["0", "not yet"])


async def test_the_log_has_every_call_to_slack(visitor: Visitor) -> None:
    await visitor.turn_to(INVITED)
    log = await look_at(visitor, "Log")
    await expect(log.locator(".totals li", has_text="chat.postMessage")).to_contain_text(str(due(INVITED)))
    await expect(log.locator(".calls li").first).to_contain_text("chat.postMessage")
    await expect(log.locator("dl div", has_text="Told to wait (429)").locator("dd")).to_have_text("0")
