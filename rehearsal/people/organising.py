"""A representative runs the week of the own country, from the page that `/earthweek organise` opens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial

from bot.campaign.localtime import instant
from bot.campaign.model import Audience, Campaign
from bot.campaign.schedule import day_of
from bot.messages.organise import edit as edit_form
from bot.messages.organise import overview
from bot.messages.organise import resume as resume_form
from rehearsal.people.habits import Habit
from rehearsal.people.journal import Organised
from rehearsal.people.person import Person, find_button
from rehearsal.people.persona import Persona
from rehearsal.people.tips_ideas_earth_hour import idea_number
from rehearsal.slack.interactive_elements import controls

_LINE: Mapping[str, str] = {
    "sv": "Hör gärna av dig om du har frågor!",
    "nb": "Si gjerne fra hvis du lurer på noe!",
    "da": "Sig endelig til, hvis du har spørgsmål!",
    "de": "Melde dich gern, wenn du Fragen hast!",
    "fi": "Kysy rohkeasti, jos jokin mietityttää!",
}
"""A line that representatives add to a text in their language; in any other they add an English one."""

_ENGLISH = "Let me know if you have any questions!"


Act = Callable[[Person], Awaitable[None]]


def week(campaign: Campaign, persona: Persona) -> Iterator[tuple[datetime, Act]]:
    """Plan what a representative does about the posts of the own country, each before it is due."""
    home = persona.home
    if home is None:
        return
    there = sorted(
        (day_of(post, home.code), post.post)
        for post in campaign.posts
        if post.audience is Audience.COUNTRIES and post.reaches(home.code)
    )
    first = campaign.first_day
    coming = {after: [post for day, post in there if day > first + timedelta(days=after)] for after in range(3)}
    for habit, after, hour, act in (
        (Habit.APPROVES, 0, time(11, 30), approve),
        (Habit.REWORDS, 0, time(12), add_line),
        (Habit.HESITATES, 1, time(12), hesitate),
    ):
        if persona.has(habit) and coming[after]:
            yield _at(first, after, hour, persona.zone), partial(act, post=coming[after][0])
    if persona.has(Habit.SHARES):
        yield _at(first, 3, time(14), persona.zone), share_idea
    if persona.has(Habit.INTERRUPTS):
        yield _at(first, 2, time(12), persona.zone), pause
        yield _at(first, 2, time(12, 30), persona.zone), resume


def _at(first: date, after: int, wall: time, zone: str) -> datetime:
    return instant(datetime.combine(first + timedelta(days=after), wall), zone)


async def approve(one: Person, post: str) -> None:
    """Approve the words of a post in the language of the own country."""
    if await _open(one, post) and (found := find_button(one.blocks(), "organise_approve")):
        await one.press_form("organise_approve", found.element["value"])
        one.write("approve a post", Organised("approved"))
    await one.close_modal()


async def add_line(one: Person, post: str) -> None:
    """Add a line to the words of a post, before it is sent."""
    if await _open(one, post) and (found := find_button(one.blocks(), "organise_edit")):
        await one.press_form("organise_edit", found.element["value"])
        if one.form == edit_form.CALLBACK:
            language = str(found.element["value"]).split("/")[2]
            body = f"{one.initial_value('body')}\n\n{_LINE.get(language, _ENGLISH)}"
            await one.submit(body=body)
            one.write("edit a post", Organised("edited"))
    await one.close_modal()


async def pause(one: Person) -> None:
    """Pause everything in the own country, while something is being looked into."""
    if await _press_on_page(one, "organise_pause"):
        one.write("pause a country", Organised("paused"))
    await one.close_modal()


async def resume(one: Person) -> None:
    """End the pause, and have what was missed sent."""
    if await _press_on_page(one, "organise_resume") and one.form == resume_form.CALLBACK:
        await one.submit()
        one.write("resume a country", Organised("resumed"))
    await one.close_modal()


async def hesitate(one: Person, post: str) -> None:
    """Leave a post out, and think better of it."""
    for action, act, said in (
        ("organise_leave_out", "left_out", "leave out a post"),
        ("organise_bring_back", "brought_back", "bring back a post"),
    ):
        if await _open(one, post) and (found := find_button(one.blocks(), action)):
            await one.press_form(action, found.element["value"])
            one.write(said, Organised(act))
        await one.close_modal()


async def share_idea(one: Person) -> None:
    """Share the newest idea of the own country that can be shared with the other representatives."""
    is_there = await _press_on_page(one, "organise_ideas")
    values = [each.element["value"] for each in controls(one.blocks()) if each.action_id.startswith("organise_idea:")]
    for value in values if is_there else ():
        await one.press_form("organise_idea", value)
        number, found = idea_number(one.blocks()), find_button(one.blocks(), "organise_idea_share")
        if number and found:
            await one.press_form("organise_idea_share", found.element["value"])
            one.write("share an idea", Organised("shared_idea", number))
            break
        await _press_on_page(one, "organise_ideas")
    await one.close_modal()


async def _press_on_page(one: Person, action: str) -> bool:
    await one.type("organise")
    found = find_button(one.blocks(), action) if one.form == overview.CALLBACK else None
    if found is None:
        return False
    await one.press_form(action, found.element["value"])
    return True


async def _open(one: Person, post: str) -> bool:
    """Open the page of a post. Returns False if it is not on the first page that is shown."""
    await one.type("organise")
    if one.form != overview.CALLBACK or one.persona.home is None:
        return False
    value = f"{one.persona.home.code}/{post}"
    if find_button(one.blocks(), "organise_post", value) is None:
        return False
    await one.press_form("organise_post", value)
    return True
