"""What only representatives and managers may do is refused to everybody else, however the request is made up."""

from __future__ import annotations

import asyncio
import copy
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.store.ideas import Idea
from rehearsal.slack.workspace import PostedMessage
from tests.acceptance.conftest import RunBot
from tests.acceptance.participants import (
    DEPUTY,
    MANAGER,
    REPRESENTATIVE,
    SV,
    VISITED,
    Participant,
    member,
    moment,
    participant,
)
from tests.simulation import Simulation

from .raw import exchange, statuses, whole

ELSEWHERE = "U0REPDE"
WEEK = replace(
    VISITED, places=(VISITED.places[0], replace(VISITED.places[1], representative=ELSEWHERE), *VISITED.places[2:])
)
"""Sweden and Germany have representatives, and there is a manager."""

DECISIONS = ("idea_approve", "idea_publish", "idea_decline", "idea_ask")
NOON = moment(date(2027, 3, 16), 12)


@dataclass
class Case:
    """An idea from Sweden before its representatives."""

    week: Simulation
    author: Participant
    representative: Participant
    letter: PostedMessage
    idea: Idea

    async def stands(self) -> bool:
        """Whether nothing has been decided."""
        return await self.week.bot.store.read(self.week.bot.store.ideas.of_campaign, self.week.campaign.id) == [
            self.idea
        ]


@pytest.fixture
async def case(run_bot: RunBot) -> Case:
    week = await run_bot(WEEK, start=moment(date(2027, 3, 16), 9))
    author = await member(week)
    await author.types("idea")
    await author.fills(text="A shed")
    await week.run_until(NOON)
    [idea] = await week.bot.store.read(week.bot.store.ideas.of_campaign, week.campaign.id)
    [letter] = week.messages(REPRESENTATIVE)
    return Case(week, author, await participant(week, REPRESENTATIVE), letter, idea)


async def test_nobody_else_decides_with_buttons_never_shown_them(case: Case) -> None:
    stranger = await participant(case.week, "U0STRANGER")
    colleague = await member(case.week, "U0COLLEAGUE")
    neighbour = await participant(case.week, ELSEWHERE, locale="sv-SE")
    for who in (case.author, stranger, colleague, neighbour):
        for action in DECISIONS:
            answer = await who.forges(action, case.idea.id, case.letter)
            assert answer.text == SV("idea.not_yours"), (who.user, action)
    assert await case.stands()


@pytest.mark.parametrize("purpose", ["decline", "ask"])
async def test_nobody_else_decides_with_forms_never_shown_them(case: Case, purpose: str) -> None:
    await case.representative.presses(case.letter, f"idea_{purpose}")
    form = filled(case.representative.submission({}, {}), "No")
    for user in (case.author.user, "U0STRANGER", ELSEWHERE):
        who = await participant(case.week, user, locale="sv-SE")
        assert await sent_by(who, form) == SV("idea.not_yours"), user
    assert await case.stands()


async def test_nobody_but_the_author_answers_a_question(case: Case) -> None:
    await case.representative.presses(case.letter, "idea_ask")
    form = filled(case.representative.submission({"purpose": "answer"}, {}), "Here")
    await case.representative.fills(text="Where?")
    [asked] = await case.week.bot.store.read(case.week.bot.store.ideas.of_campaign, case.week.campaign.id)
    for user in (REPRESENTATIVE, MANAGER, ELSEWHERE, "U0STRANGER"):
        who = await participant(case.week, user, locale="sv-SE")
        assert await sent_by(who, form) == SV("trouble.stale"), user
    assert await case.week.bot.store.read(case.week.bot.store.ideas.of_campaign, case.week.campaign.id) == [asked]


async def test_former_representative_decides_nothing(case: Case) -> None:
    """The files are what counts at the moment of the press, not what the letter once offered."""
    await case.representative.presses(case.letter, "idea_decline")
    form = filled(case.representative.submission({}, {}), "No")
    places = (replace(WEEK.places[0], representative=DEPUTY, deputy=None), *WEEK.places[1:])
    case.week.say(replace(WEEK, places=places, managers=("U0OTHERBOSS",)))
    await case.week.bot.delivery.plan()
    manager = await participant(case.week, MANAGER, locale="sv-SE")
    for who in (case.representative, manager):
        for action in DECISIONS:
            assert (await who.forges(action, case.idea.id, case.letter)).text == SV("idea.not_yours"), who.user
        assert await sent_by(who, form) == SV("idea.not_yours")
    assert await case.stands()


NAMES: Mapping[str, Mapping[str, Any]] = {
    "another name": {"user": {"id": "U0ANN", "name": REPRESENTATIVE, "username": REPRESENTATIVE}},
    "a second user": {"user": {"id": "U0ANN"}, "user_id": REPRESENTATIVE},
    "an event of another": {"user": {"id": "U0ANN"}, "event": {"type": "x", "user": REPRESENTATIVE}},
    "a message of another": {"user": {"id": "U0ANN"}, "message": {"user": REPRESENTATIVE}},
    "an authorisation of another": {"user": {"id": "U0ANN"}, "authorizations": [{"user_id": REPRESENTATIVE}]},
    "small letters": {"user": {"id": REPRESENTATIVE.lower()}},
    "signs of another width": {"user": {"id": "\uff35\uff10\uff32\uff25\uff30"}},
    "a space": {"user": {"id": f" {REPRESENTATIVE}"}},
    "a NUL": {"user": {"id": f"{REPRESENTATIVE}\0"}},
    "a list": {"user": {"id": [REPRESENTATIVE]}},
    "no more than a word": {"user": REPRESENTATIVE},
    "a mention": {"user": {"id": f"<@{REPRESENTATIVE}>"}},
    "nobody": {"user": None, "user_id": REPRESENTATIVE},
}


@pytest.mark.parametrize("name", NAMES)
async def test_payload_of_another_does_not_pass_for_representatives(case: Case, name: str) -> None:
    for action in ("idea_approve", "idea_publish"):
        payload = {**press(case, action), **NAMES[name]}
        status = await knocks(case.week, json.dumps(payload))
        assert status in ([200], [400])
    await case.week.settle()
    assert await case.stands()


async def test_last_of_two_users_is_who_pressed(case: Case) -> None:
    """JSON may say a thing twice; who verifies and who acts have to mean the same."""
    payload = json.dumps(press(case, "idea_approve"))
    assert await knocks(
        case.week, payload.replace('{"type"', f'{{"user": {{"id": "{REPRESENTATIVE}"}}, "type"', 1)
    ) == [200]
    await case.week.settle()
    assert await case.stands()


async def test_deactivated_person_hears_nothing_and_gets_no_letters(case: Case) -> None:
    town = case.week.slack.workspace
    town.add_user(replace(town.users[ELSEWHERE], deleted=True))
    answer = await case.author.forges("idea_approve", case.idea.id, case.letter)
    assert answer.text == SV("idea.not_yours")
    assert case.week.messages(ELSEWHERE) == []
    assert await case.stands()


async def test_invalid_idea_ids_reveal_nothing(case: Case) -> None:
    for value in (case.idea.id[:-1], case.idea.id + "0", case.idea.id.upper(), "%", "_" * 32, "' OR '1'='1", "*"):
        assert (await case.representative.forges("idea_approve", value, case.letter)).text == SV("trouble.stale")
    assert await case.stands()


def press(case: Case, action: str) -> dict[str, Any]:
    """A press of the author's that could only be a representative's."""
    return {
        "type": "block_actions",
        "team": {"id": "T0REHEARSAL"},
        "user": {"id": case.author.user},
        "container": {"type": "message", "message_ts": case.letter.ts, "channel_id": case.letter.channel},
        "channel": {"id": case.letter.channel, "name": "directmessage"},
        "trigger_id": "1.2.3",
        "actions": [{"type": "button", "action_id": action, "block_id": "answers", "value": case.idea.id}],
    }


def filled(form: dict[str, Any], text: str) -> dict[str, Any]:
    form["view"]["state"]["values"]["text"]["text"]["value"] = text
    return form


async def sent_by(who: Participant, form: Mapping[str, Any]) -> str:
    """What somebody is told who sends this form as theirs, in a window of their own."""
    await who.types("data")
    sent = copy.deepcopy(dict(form))
    sent["user"] = {**sent["user"], "id": who.user}
    sent["view"]["id"] = (who.hand.modal() or {})["id"]
    return (await who.sends(sent)).text


async def knocks(week: Simulation, payload: str) -> list[int]:
    body = urlencode({"payload": payload}).encode()
    request = whole(body, week.slack.sign(body, int(time.time())))
    return statuses(await asyncio.to_thread(exchange, week._port, request))
