"""Country, language and messages: changed at any time, by command, by a form, at home, and under every message."""

from __future__ import annotations

from datetime import date, timedelta

from bot.campaign.model import ANOTHER_COUNTRY
from bot.locales.catalogues import words
from bot.store.outbox import State
from bot.store.people import Person
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import (
    CLOSES,
    FRIDAY,
    MANAGER,
    MONDAY,
    MONDAY_AFTER,
    SV,
    VISITED,
    Participant,
    member,
    moment,
    participant,
    said,
    totals_of,
)

SATURDAY = date(2027, 3, 20)


async def asked(run_bot: RunBot) -> tuple[Simulation, Participant]:
    """Somebody who gets direct messages, shortly before the check-in of Friday is due."""
    week = await run_bot(VISITED, start=moment(FRIDAY, 13))
    ann = await member(week, messages=True)
    await ann.pledges("bike", days=["2027-03-22"], at="09:00")
    await week.bot.delivery.plan()
    return week, ann


async def known(who: Participant) -> Person:
    found = await who.person()
    assert found is not None
    return found


async def test_moving_changes_the_country_and_not_the_past(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.pledges("bike")
    moves = {
        "DE": "DE",
        "zz": ANOTHER_COUNTRY,
        "Tyskland": "DE",
        "no": "NO",
        "germany": "DE",
        "🇸🇪": "SE",
        "to Norway": "NO",
    }
    moves |= {
        "\u201cDeutschland\u201d.": "DE",
        "annat land": ANOTHER_COUNTRY,
        "SWE": "SE",
        "norwegen!": "NO",
        "tyskland\u200b": "DE",
    }
    for wanted, code in moves.items():
        name = SV("place.another") if code == ANOTHER_COUNTRY else SV.country(code)
        assert (await ann.types(f"country {wanted}")).text == SV("country.changed", country=name)
    await ann.pledges("dryer")
    assert {each.pledge: each.country for each in await ann.pledged()} == {"bike": "SE", "dryer": "DE"}
    found = await totals_of(week)
    assert {what: found[what] for what in found if what[0] in {"participants", "pledges"}} == {
        ("participants", "SE"): 1,
        ("pledges", "SE"): 1,
        ("pledges", "DE"): 1,
    }


async def test_unknown_country_is_answered_with_known_ones(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    for wanted in ("Atlantis", "<!channel>", "X" * 500, "Finland"):
        answer = await ann.types(f"country {wanted}")
        assert "`DE` Tyskland" in answer.text
        assert "<!channel>" not in answer.text
    known = await ann.person()
    assert known is not None
    assert known.country == "SE"


async def test_changed_language_applies_from_next_word(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    asked = {
        "de": "de",
        "engelska": "en",
        "Norsk bokmål": "nb",
        "no": "nb",
        "sv-SE": "sv",
        "Norsk": "nb",
        "german": "de",
    }
    asked |= {
        "norwegian": "nb",
        "in English, please": "en",
        "nynorsk": "nb",
        "Svenska!": "sv",
        "tysk": "de",
        "nb-NO": "nb",
        "SE": "sv",
        "norsk bokmaal": "nb",
        "\U0001f1f8\U0001f1ea": "sv",
    }
    for wanted, code in asked.items():
        own = words(code)
        if wanted == "engelska":
            await ann.types("language sv")
        if wanted == "Norsk bokmål":
            wanted = own.language_name("nb")  # noqa: PLW2901 - as its speakers write it
        assert (await ann.types(f"language {wanted}")).text == own("language.changed", language=own.language_name(code))
        assert own("my.none") in (await ann.types("my")).text


async def test_unknown_language_is_answered_with_known_ones(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    for wanted in ("klingon", "fi", "<!here>", "deutschland"):
        answer = await ann.types(f"language {wanted}")
        assert "`nb` norsk bokmål" in answer.text
        assert "<!here>" not in answer.text
    known = await ann.person()
    assert known is not None
    assert known.language == "sv"


async def test_command_without_word_opens_current_settings(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week, country="NO", language="de", messages=True)
    for command in ("country", "language", "join"):
        form = await ann.types(command)
        assert (form.form, form.chosen("country"), form.chosen("language")) == ("join", "NO", "de")
        assert form.filled["messages"]["messages"]["selected_options"]
    assert (await ann.fills(country="DE", messages=False)).text == words("de")("settings.saved")
    known = await ann.person()
    assert known is not None
    assert (known.country, known.direct_messages) == ("DE", False)


async def test_messages_are_turned_on_and_off(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(FRIDAY, 13))
    ann = await member(week)
    await ann.pledges("bike")
    assert (await ann.types("messages")).text == SV("messages.unclear")
    assert (await ann.types("messages  ON ")).text == SV("messages.on")
    for stop in ("messages off", "messages “off”", "STOP!", "unsubscribe", "avsluta", "please stop."):
        assert (await ann.types(stop)).text == SV("messages.stopped")
        assert not (await known(ann)).direct_messages
        assert (await ann.types("messages on")).text == SV("messages.on")
    await week.run_until(moment(FRIDAY, 15))
    assert len(week.messages(ann.user)) == 1


async def test_stopping_does_not_require_joining(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann, boss = await participant(week), await participant(week, MANAGER)
    for stop in ("stop", "messages off", "leave"):
        assert (await ann.types(stop)).text == SV("messages.none")
        assert (await boss.types(stop)).text == SV("messages.duty")


async def test_pause_accepts_common_date_formats_and_ends(run_bot: RunBot) -> None:
    week, ann = await asked(run_bot)
    assert (await ann.types("pause off")).text == SV("pause.none")
    for typed in ("2027\u201103\u201130", "30.3.", "30 mars", "till 30 mars 2027", "30/3"):
        assert (await ann.types(f"pause {typed}")).text == SV("pause.until", day=SV.day(date(2027, 3, 30)))
        assert (await ann.types("pause off")).text == SV("pause.ended")
        assert (await known(ann)).paused_until is None
    await ann.types("pause 30.3.")
    assert (await ann.types("fortsätt")).text == SV("pause.ended")
    await ann.types("stop")
    assert (await ann.types("resume")).text == SV("messages.on")
    await week.run_until(moment(FRIDAY, 15))
    assert said(week, ann.user, "how")


async def test_opt_out_removes_waiting_messages_from_outbox(run_bot: RunBot) -> None:
    week, ann = await asked(run_bot)
    people = [ann, await member(week, "U0SETTINGS", messages=True), await member(week, "U0HOME", messages=True)]
    await week.bot.delivery.plan()
    assert {(await week.row("how", who.user)).state for who in people} == {State.DUE}
    assert (await ann.types("messages off")).text == SV("messages.stopped")
    assert (await week.row("how", ann.user)).state is State.CANCELLED
    await people[1].types("join")
    await people[1].fills(messages=False)
    await people[2].looks_home()
    assert (await people[2].presses_at_home("messages_stop")).text == SV("messages.stopped")
    await week.run_until(moment(MONDAY_AFTER, 12))
    assert [week.messages(who.user) for who in people] == [[], [], []]
    found = await totals_of(week)
    assert (found["participants", "SE"], found["pledges", "SE"]) == (3, 1)


async def test_every_direct_message_has_a_menu_to_stop(run_bot: RunBot) -> None:
    week, ann = await asked(run_bot)
    await week.run_until(moment(FRIDAY, 15))
    question = said(week, ann.user, "how")
    assert (await ann.presses(question, "messages_stop")).text == SV("messages.stopped")
    await week.run_until(moment(date(2027, 3, 31), 9))
    assert len(week.messages(ann.user)) == 1
    assert ("opted_out", "how", "SE") in await ann.did()
    await ann.presses(question, "messages_stop")
    assert (await totals_of(week))["opted_out", "SE"] == 1


async def test_messages_that_were_turned_on_again_come_again(run_bot: RunBot) -> None:
    week, ann = await asked(run_bot)
    await ann.types("messages off")
    await ann.types("messages on")
    await week.run_until(moment(FRIDAY, 15))
    await week.run_until(moment(date(2027, 3, 31), 9))
    assert said(week, ann.user, "later")


async def test_pause_holds_exactly_until_its_day(run_bot: RunBot) -> None:
    week, ann = await asked(run_bot)
    answer = await ann.types("pause 2027-03-30")
    assert answer.text == SV("pause.until", day=SV.day(date(2027, 3, 30)))
    await week.run_until(moment(date(2027, 3, 29), 12))
    assert week.messages(ann.user) == []
    await week.run_until(moment(date(2027, 3, 31), 12))
    assert said(week, ann.user, "later")


async def test_messages_on_ends_a_pause(run_bot: RunBot) -> None:
    week, ann = await asked(run_bot)
    await ann.types("pause 2027-03-30")
    await ann.types("messages on")
    await week.run_until(moment(FRIDAY, 15))
    assert said(week, ann.user, "how")


async def test_settings_open_from_the_menu_below_a_message(run_bot: RunBot) -> None:
    week, ann = await asked(run_bot)
    await week.run_until(moment(FRIDAY, 15))
    form = await ann.presses(said(week, ann.user, "how"), "settings")
    assert (form.form, form.chosen("country")) == ("join", "SE")


async def test_the_press_under_a_message_asks_until_when(run_bot: RunBot) -> None:
    week, ann = await asked(run_bot)
    await week.run_until(moment(FRIDAY, 15))
    form = await ann.presses(said(week, ann.user, "how"), "messages_pause")
    assert (form.form, form.fields) == ("pause", ["day"])
    assert form.filled["day"]["day"]["selected_date"] == "2027-03-20"
    assert await ann.is_refused(day="2027-03-19") == {"day": SV("form.pause.past")}
    assert (await ann.fills(day="2027-03-26")).text == SV("pause.until", day=SV.day(date(2027, 3, 26)))


async def test_pause_form_left_open_cannot_reach_past(run_bot: RunBot) -> None:
    week, ann = await asked(run_bot)
    assert (await ann.types("pause")).form == "pause"
    week.clock.turn_to(moment(MONDAY_AFTER, 9))
    assert (await ann.fills(day="2027-03-20")).text == SV("pause.past", day=SV.day(SATURDAY), example="2027-03-29")
    known = await ann.person()
    assert known is not None
    assert known.paused_until is None


async def test_invalid_pause_days_are_told_and_change_nothing(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    yesterday = MONDAY - timedelta(days=1)
    assert (await ann.types(f"pause {yesterday}")).text == SV("pause.past", day=SV.day(yesterday), example="2027-03-22")
    assert (await ann.types(f"pause {MONDAY}")).text == SV("pause.past", day=SV.day(MONDAY), example="2027-03-22")
    assert (await ann.types("pause 2099-01-01")).text == SV("pause.too_long")
    for nonsense in ("2027-02-30", "soon", "2027-04", "20270406x", "monday 6 april"):
        assert (await ann.types(f"pause {nonsense}")).text == SV("pause.unclear", asked=nonsense, example="2027-03-22")
    assert (await ann.types("pause <!channel>")).text == SV(
        "pause.unclear", asked="&lt;!channel&gt;", example="2027-03-22"
    )
    known = await ann.person()
    assert known is not None
    assert known.paused_until is None


async def test_stopping_and_changing_go_on_after_the_end(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(FRIDAY, 13))
    ann = await member(week, messages=True)
    week.clock.turn_to(moment(CLOSES + timedelta(days=2), 9))
    assert (await ann.types("messages off")).text == SV("messages.stopped")
    assert (await ann.types("language en")).text == words("en")("language.changed", language="English")
    known = await ann.person()
    assert known is not None
    assert (known.direct_messages, known.language) == (False, "en")


async def test_opt_out_in_settings_removes_waiting_messages(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week, messages=True)
    await ann.types("join")
    await ann.fills(messages=False)
    assert (await totals_of(week))["opted_out", "SE"] == 1
    person = await ann.person()
    assert person is not None
    assert person.stopped_at == week.clock.now()
