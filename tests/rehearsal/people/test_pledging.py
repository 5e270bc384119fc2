"""How colleagues pledge, say how it goes and take it back, with the forms that the bot draws."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, time, timedelta
from functools import partial
from typing import Any

import pytest

from bot.locales.catalogues import words
from bot.messages.modals import check_in, choose_pledge, mark_done, message_modal, pledge_plan
from rehearsal.people import pledging
from rehearsal.people.habits import Habit
from rehearsal.people.journal import AnsweredCheckIn, DoesAlready, MadePledge, WithdrewPledge, WroteRemark
from rehearsal.people.person import Person

from .scripted_app import ANN, START, Scene, notes, row

EN = words("en")
TODAY = START.date()
DAYS = [TODAY - timedelta(days=back) for back in range(4)]
BIKE, DRY = "bike_or_walk_10km", "air_dry_one_load"


def chooser(*own: str) -> Any:
    return {
        "type": "modal",
        "callback_id": choose_pledge.CALLBACK,
        "blocks": [row(*((f"pledge_choose:{each}", each) for each in own))],
    }


def plan(scene: Scene, *days: date, has_presets: bool = True) -> Any:
    pledge = next(each for each in scene.campaign.pledges if each.id == BIKE)
    given: dict[str, Any] = {"plan": None, "chosen": (), "at": time(9), "any_hour": False, "is_mine": False}
    drawn = pledge_plan.draw(EN, scene.campaign, pledge, "SE", days=days, **given)
    return {**drawn, "blocks": [each for each in drawn["blocks"] if has_presets or each.get("block_id") != "how"]}


def pledged(scene: Scene, *own: str, habits: tuple[Habit, ...] = (), seed: str = "1") -> Person:
    """Somebody with these pledges, which stand first among the notes."""
    one = scene.person(*habits, seed=seed)
    one.write("made before", *map(MadePledge, own))
    return one


# Choosing


@pytest.mark.parametrize("seed", list("1234"))
async def test_pledge_is_one_of_those_on_screen(scene: Scene, seed: str) -> None:
    one = scene.person(seed=seed)
    scene.app.shows |= {"/pledge": chooser(BIKE, DRY), "pledge_choose": plan(scene)}
    await pledging.pledge(one)
    [made] = notes(one)
    assert made in {MadePledge(BIKE), MadePledge(DRY)}
    assert (one.activities["pledge"], one.form) == (1, None)


async def test_nothing_is_pledged_a_second_time(scene: Scene) -> None:
    one = pledged(scene, BIKE)
    one.write("already", DoesAlready(DRY))
    scene.app.shows["/pledge"] = chooser(BIKE, DRY)
    await pledging.pledge(one)
    await pledging.do_already(one)
    assert (scene.app.heard, one.form) == (["/pledge", "/pledge"], None)


async def test_a_pledge_without_presets_has_own_words(scene: Scene) -> None:
    scene.app.shows |= {"/pledge": chooser(BIKE), "pledge_choose": plan(scene, has_presets=False)}
    await pledging.pledge(scene.person())
    assert scene.app.forms[0]["own"]


@pytest.mark.parametrize("any_hour", [False, True])
async def test_reminders_are_those_that_were_sent(scene: Scene, *, any_hour: bool) -> None:
    one = scene.person(Habit.PLANS_REMINDERS, *([Habit.ANY_HOUR] if any_hour else []))
    days = tuple(TODAY + timedelta(days=each) for each in range(3))
    scene.app.shows |= {"/pledge": chooser(BIKE), "pledge_choose": plan(scene, *days)}
    await pledging.pledge(one)
    [made], [sent] = notes(one), scene.app.forms
    assert isinstance(made, MadePledge)
    assert (len(made.days), made.days) == (2, tuple(sorted(made.days)))
    assert [each.isoformat() for each in made.days] == sent["days"]
    assert made.remind_at == time.fromisoformat(sent["at"])
    assert (made.any_hour, bool(sent["any_hour"])) == (any_hour, any_hour)


async def test_refused_pledge_is_not_written_down(scene: Scene) -> None:
    one = scene.person()
    scene.app.shows |= {"/pledge": chooser(BIKE), "pledge_choose": message_modal.draw(EN, "Too late")}
    await pledging.pledge(one)
    assert (notes(one), one.form) == ([], None)


async def test_what_is_done_anyway_is_no_pledge(scene: Scene) -> None:
    one = scene.person()
    scene.app.shows |= {
        "/pledge": chooser(BIKE),
        "pledge_choose": plan(scene),
        "pledge_already": message_modal.draw(EN, "Noted"),
    }
    await pledging.do_already(one)
    assert (notes(one), one.pledges, one.form) == ([DoesAlready(BIKE)], [], None)


# Saying how it goes


@pytest.mark.parametrize(("back", "act"), [(0, "say done"), (3, "back-date")])
async def test_day_in_the_form_is_the_day_noted(scene: Scene, back: int, act: str) -> None:
    one = pledged(scene, BIKE)
    scene.app.shows["/done"] = mark_done.draw(EN, scene.campaign, [BIKE], DAYS)
    await pledging.say_done(one, back)
    day = DAYS[back].isoformat()
    assert notes(one)[1:] == [AnsweredCheckIn(BIKE, day, "done")]
    assert (scene.app.forms, one.activities[act]) == ([{"pledge": BIKE, "day": day}], 1)


async def test_day_that_is_not_offered_is_not_said(scene: Scene) -> None:
    one = pledged(scene, BIKE)
    scene.app.shows["/done"] = mark_done.draw(EN, scene.campaign, [BIKE], DAYS)
    await pledging.say_done(one, 4)
    assert (notes(one)[1:], one.form) == ([], None)


@pytest.mark.parametrize(("habits", "times"), [((), 1), ((Habit.PRESSES_TWICE,), 2)])
async def test_one_press_says_done_today(scene: Scene, habits: tuple[Habit, ...], times: int) -> None:
    one = pledged(scene, BIKE, habits=habits)
    scene.app.shows["/my"] = [row(("done_today", BIKE))]
    await pledging.press_done(one)
    assert notes(one)[1:] == [AnsweredCheckIn(BIKE, TODAY.isoformat(), "done")] * times
    assert scene.app.heard == ["/my", *["done_today"] * times]


async def test_form_left_open_is_sent_next_morning(scene: Scene) -> None:
    one = pledged(scene, BIKE)
    scene.app.shows |= {
        "/done": mark_done.draw(EN, scene.campaign, [BIKE], DAYS),
        "done!": {"response_action": "errors", "errors": {"day": "Too far back"}},
    }
    await pledging.leave_form_open(one)
    assert (one.form, scene.app.forms) == (mark_done.CALLBACK, [])
    scene.clock.turn_to(START + timedelta(days=1))
    await pledging.send_old_form(one)
    assert scene.app.forms == [{"pledge": BIKE, "day": DAYS[-1].isoformat()}]
    assert (notes(one)[1:], one.activities["too far back"], one.form) == ([], 1, None)


async def test_form_without_oldest_day_is_closed(scene: Scene) -> None:
    one = pledged(scene, BIKE)
    scene.app.shows["/done"] = mark_done.draw(EN, scene.campaign, [BIKE], DAYS[:3])
    await pledging.leave_form_open(one)
    assert one.form is None
    await pledging.send_old_form(one)
    assert (scene.app.forms, one.activities["too far back"]) == ([], 0)


async def test_a_pledge_is_taken_back_by_its_button(scene: Scene) -> None:
    one = pledged(scene, BIKE)
    scene.app.shows["/my"] = [row((f"pledge_withdraw:{BIKE}", BIKE))]
    await pledging.withdraw(one)
    assert (notes(one)[1:], one.pledges) == ([WithdrewPledge(BIKE)], [])


Act = Callable[[Person], Awaitable[None]]


@pytest.mark.parametrize(
    "act", [partial(pledging.say_done, back=0), pledging.press_done, pledging.leave_form_open, pledging.withdraw]
)
async def test_who_has_pledged_nothing_asks_nothing(scene: Scene, act: Act) -> None:
    await act(scene.person())
    assert scene.app.heard == []


# Check-ins


def asked(scene: Scene) -> None:
    scene.post(*((f"check_in_{answer}", "friday") for answer in check_in.ANSWERS), direct=True)


def shown(scene: Scene, *own: str, saved: bool = False) -> dict[str, Any]:
    """The form for each answer."""
    drawn = {
        answer: check_in.draw(EN, scene.campaign, pledges=own, answer=answer, occasion="friday", saved=saved)
        for answer in check_in.ANSWERS
    }
    return {f"check_in_{answer}": form for answer, form in drawn.items()}


@pytest.mark.parametrize("seed", list("12345678"))
async def test_answers_noted_are_those_in_the_form(scene: Scene, seed: str) -> None:
    one = pledged(scene, BIKE, DRY, habits=(Habit.WRITES_LINES,), seed=seed)
    asked(scene)
    scene.app.shows |= shown(scene, BIKE, DRY)
    await pledging.answer(one, "friday")
    [sent] = scene.app.forms
    answers = [each for each in notes(one) if isinstance(each, AnsweredCheckIn)]
    assert [(each.pledge, each.answer) for each in answers] == [(id_, sent[f"answer:{id_}"]) for id_ in (BIKE, DRY)]
    assert {each.continues for each in answers} == {bool(sent["continues"])}
    assert all(each.obstacle == (None if each.answer == "done" else sent["obstacle"]) for each in answers)
    worst = max(answers, key=lambda each: check_in.ANSWERS.index(each.answer))
    assert notes(one)[4:] == [WroteRemark(worst.pledge, "friday")]


async def test_answer_in_short_is_the_press_alone(scene: Scene) -> None:
    one = pledged(scene, BIKE, habits=(Habit.ANSWERS_IN_SHORT,))
    asked(scene)
    scene.app.shows |= shown(scene, BIKE, saved=True)
    await pledging.answer(one, "friday")
    [_, note] = notes(one)
    assert isinstance(note, AnsweredCheckIn)
    assert scene.app.heard == [f"check_in_{note.answer}"]
    assert (scene.app.forms, one.form) == ([], None)


async def test_who_is_not_asked_answers_nothing(scene: Scene) -> None:
    asked(scene)
    await pledging.answer(pledged(scene, BIKE), "monday")
    await pledging.answer(scene.person(joined=False), "friday")
    assert scene.app.heard == []
    assert scene.slack.workspace.views.top(ANN) is None
