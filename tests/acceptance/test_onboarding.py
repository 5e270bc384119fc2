"""Joining: asked once, suggested from the time zone, and then what was pressed is done."""

from __future__ import annotations

from datetime import date

from bot.campaign.model import ANOTHER_COUNTRY
from bot.locales.catalogues import words
from bot.messages.modals.join import NOT_SAID
from bot.store.actions import ActionKind
from tests.simulation import MIDNIGHT

from .conftest import RunBot
from .participants import EN, MONDAY, SV, VISITED, member, moment, participant, said, totals_of


async def test_command_opens_one_form_and_sending_it_joins(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await participant(week)
    form = await ann.types("join", "week-se")
    assert (form.form, form.fields) == ("join", ["country", "language", "messages"])
    assert (form.chosen("country"), form.chosen("language")) == ("SE", "sv")
    assert form.options("country") == ["SE", "DE", "NO", ANOTHER_COUNTRY, NOT_SAID]
    assert SV("form.join.stop") in form.text
    assert await ann.stored() == {}
    assert (await ann.fills()).text == SV("join.welcome")
    known = await ann.person()
    assert known is not None
    assert (known.country, known.country_source, known.language, known.zone) == ("SE", "said", "sv", "Europe/Stockholm")
    assert (known.direct_messages, known.workspace, known.joined_at) == (False, "T0REHEARSAL", MIDNIGHT)
    assert await ann.did() == [("joined", "", "SE")]


async def test_button_under_post_opens_same_form(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    await week.run_until(moment(MONDAY, 10))
    ann = await participant(week)
    assert (await ann.presses(said(week, "week-se", "tip"), "join")).form == "join"
    welcome = await ann.fills(messages=True)
    assert (welcome.text, welcome.buttons) == (SV("join.welcome"), ["pledge"])
    assert (await ann.presses_in_form("pledge")).form == "pledges"
    known = await ann.person()
    assert known is not None
    assert known.direct_messages


async def test_home_button_opens_same_form_and_updates_home(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await participant(week)
    assert SV("home.invitation") in await ann.looks_home()
    assert (await ann.presses_at_home("join")).form == "join"
    await ann.fills()
    await ann.hand.until(lambda: SV("home.invitation") not in ann.home)
    assert "settings:home" in str(ann.hand.home())


SUGGESTED = {
    "Europe/Oslo": "NO",
    "Asia/Calcutta": ANOTHER_COUNTRY,
    "Asia/Kolkata": ANOTHER_COUNTRY,
    "UTC": None,
    "Nowhere/At_All": None,
    None: None,
}


async def test_country_is_suggested_from_current_or_old_zone(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    for number, (zone, suggested) in enumerate(SUGGESTED.items()):
        ann = await participant(week, f"U0ANN{number}", zone=zone, locale="en-GB")
        form = await ann.types("join")
        assert form.chosen("country") == suggested, zone
        assert (await ann.fills(country="SE")).text == EN("join.welcome")
        known = await ann.person()
        assert known is not None
        assert known.zone == (zone if zone and not zone.startswith("Nowhere") else "Europe/Stockholm")


async def test_country_must_be_chosen_where_none_is_suggested(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await participant(week, zone=None)
    await ann.types("join")
    assert (await ann.submits()).outcome == "incomplete"
    assert await ann.stored() == {}


async def test_joining_works_with_other_or_no_country(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    for number, (chosen, kept) in enumerate({NOT_SAID: None, ANOTHER_COUNTRY: ANOTHER_COUNTRY, "DE": "DE"}.items()):
        ann = await member(week, f"U0ANN{number}", country=chosen)
        assert await ann.did() == [("joined", "", kept)]
    assert await totals_of(week) == {("participants", place): 1 for place in (None, ANOTHER_COUNTRY, "DE")}


SPOKEN = {"sv-SE": "sv", "no-NO": "nb", "nn-NO": "nb", "de-AT": "de", "en-US": "en", "fi-FI": "sv"}


async def test_newcomer_is_addressed_in_own_or_channel_language(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    for number, (locale, language) in enumerate(SPOKEN.items()):
        ann = await participant(week, f"U0ANN{number}", locale=locale)
        form = await ann.types("join", "week-se")
        assert form.chosen("language") == language
        assert words(language)("form.join.stop") in form.text


async def test_i_did_this_asks_country_once_then_counts(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    await week.run_until(moment(MONDAY, 10))
    ann = await participant(week)
    form = await ann.presses(said(week, "week-se", "tip"), "did_this")
    assert form.form == "join"
    assert SV("form.join.first") in form.text
    assert await ann.stored() == {}
    assert (await ann.fills(country="DE")).text == SV("tip.noted")
    assert await ann.did() == [("joined", "", "DE"), ("tip", "tip", "DE")]
    again = await ann.presses(said(week, "week-se", "tip"), "did_this")
    assert (again.form, again.text) == (None, SV("tip.known"))


async def test_pledge_pressed_first_continues_after_joining(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    await week.run_until(moment(MONDAY, 14))
    ann = await participant(week)
    assert (await ann.presses(said(week, "week-se", "call"), "pledge")).form == "join"
    assert (await ann.fills()).form == "pledges"
    assert (await ann.presses_in_form("pledge_choose:bike")).form == "plan"
    assert (await ann.fills()).text == SV("pledge.made", pledge="The pledge bike in sv")
    assert [each.pledge for each in await ann.pledged()] == ["bike"]


async def test_member_commands_continue_after_joining(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    commands = ("done", "idea", "my", "messages on", "pause 2027-04-06", "language de", "country DE")
    people = [await participant(week, f"U0{command.split()[0].upper()}") for command in commands]
    for ann, command in zip(people, commands, strict=True):
        assert (await ann.types(command)).form == "join"
        answer = await ann.fills()
        assert answer.form == ("idea" if command == "idea" else "notice")
        assert SV("trouble.join_first") not in answer.text
    known = {person.user: person for ann in people if (person := await ann.person())}
    assert known["U0MESSAGES"].direct_messages
    assert known["U0PAUSE"].paused_until == date(2027, 4, 6)
    assert (known["U0LANGUAGE"].language, known["U0COUNTRY"].country) == ("de", "DE")
    assert SV("my.none") in people[commands.index("my")].answer(modal=True).text


async def test_commands_that_only_show_ask_nobody_to_join(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    await week.run_until(moment(MONDAY, 14))
    ann = await participant(week)
    for command in ("", "help", "standings", "tip", "earthhour"):
        assert (await ann.types(command)).form is None
    assert (await ann.types("data")).form == "data"
    assert (await ann.types("forget")).form == "forget"
    assert await ann.stored() == {}


async def test_joining_twice_counts_once_and_shows_settings(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    form = await ann.types("join")
    assert (form.form, form.chosen("country")) == ("join", "SE")
    assert (await ann.fills(country="NO")).text == SV("settings.saved")
    assert await ann.did() == [("joined", "", "SE")]


async def test_join_form_sent_twice_joins_once(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await participant(week)
    await ann.types("join")
    await ann.fills_twice(country="SE")
    assert [deed.kind for deed in await ann.deeds()] == [ActionKind.JOINED]


async def test_who_comes_back_after_a_restart_is_known(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await week.restart()
    await week.open_door()
    assert SV("my.none") in (await ann.types("my")).text
    assert (await ann.types("messages on")).text == SV("messages.on")
    assert ann.hand.modal() is None or ann.answer(modal=True).form != "loading"
