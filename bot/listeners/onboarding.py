"""Joining: the country is asked for once, and then what the person had pressed is done."""

from __future__ import annotations

from dataclasses import replace

from bot.listeners.interaction import Visit
from bot.listeners.opt_out import stop
from bot.messages.modals import join as form
from bot.messages.modals.modal import Then
from bot.store.actions import Deed, Kind
from bot.store.people import SAID, Person


async def ask(visit: Visit, then: Then | None = None) -> None:
    """Ask for country, language and messages; `then` is what waits for the answer."""
    person = visit.person
    await visit.show(
        form.draw(
            visit.words,
            visit.campaign,
            country=person.country if person else await _suggested(visit),
            language=visit.words.language,
            messages=bool(person and person.direct_messages),
            then=then,
            settings=person is not None,
        )
    )


async def join(visit: Visit, _value: str) -> None:
    """Join, or look at the settings when one has."""
    if visit.person is None:
        visit.require_open()
    await ask(visit)


async def _suggested(visit: Visit) -> str | None:
    return (await visit.desk.profile(visit.user)).country


async def joined(visit: Visit, answers: form.Joining) -> None:
    """Keep what somebody said of themselves, once Slack has said that they are a colleague and where they are."""
    await visit.locate()
    visit.require_colleague()
    before = visit.person
    if before is None:
        visit.require_open()
    stopping = before is not None and before.direct_messages and not answers.messages
    person = replace(
        before or await _newcomer(visit),
        country=answers.country,
        country_source=SAID,
        language=answers.language,
        direct_messages=answers.messages,
    )
    await visit.desk.store.people.join(
        replace(person, stopped_at=None) if answers.messages else person,
        Deed(visit.campaign.id, visit.user, Kind.JOINED, "", person.country, visit.now),
    )
    if stopping:
        await stop(visit)
    await visit.meet()
    visit.plan_soon()
    if answers.then is None:
        await visit.tell(visit.words("settings.saved" if before else "join.welcome"))


async def _newcomer(visit: Visit) -> Person:
    zone = (await visit.desk.profile(visit.user)).zone or visit.campaign.zone
    return Person(_workspace(visit), visit.user, zone, joined_at=visit.now)


def _workspace(visit: Visit) -> str:
    team = visit.body.get("team") or {}
    return str(team.get("id") or visit.body.get("team_id") or (visit.body.get("user") or {}).get("team_id", ""))
