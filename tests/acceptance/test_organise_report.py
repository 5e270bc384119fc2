"""Managers get the report in Slack, with what was published and nothing else; nobody else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.reports.formats import Format, files_of
from bot.reports.published_participation import Report
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import EN, MANAGER, REPRESENTATIVE, SV, moment, participant
from .test_organise import COLLEAGUE, WEEK, organiser, right

WEDNESDAY_EVENING = moment(date(2027, 3, 17), 18)
SAID = EN("organise.report_files", campaign="A week")


async def on_wednesday(run_bot: RunBot) -> Simulation:
    places = [replace(place, headcount=200) for place in WEEK.places]
    week = await run_bot(replace(WEEK, places=places))
    await (await participant(week, COLLEAGUE)).joins("SE")
    await week.run_until(WEDNESDAY_EVENING)
    return week


@pytest.mark.both_ways
async def test_manager_alone_gets_what_was_published(run_bot: RunBot) -> None:
    week = await on_wednesday(run_bot)
    boss = await organiser(week, MANAGER, "en-GB")
    page = right(await boss.types("organise"))
    assert "organise_report" in page.buttons
    told = right(await boss.presses_in_form("organise_report"))
    assert EN("organise.report_sent") in told.text
    publisher = week.bot.publisher
    published = Report.of(week.campaign, await publisher.all(week.campaign), "en")
    [message] = [each for each in week.slack.workspace.messages() if each.files]
    assert week.slack.workspace.ims[message.channel] == MANAGER
    assert message.text == SAID
    assert {file.name: file.content for file in message.files} == files_of(published, (Format.HTML, Format.CSV))


@pytest.mark.both_ways
@pytest.mark.parametrize("user", [REPRESENTATIVE, COLLEAGUE])
async def test_nobody_else_gets_the_report(run_bot: RunBot, user: str) -> None:
    week = await on_wednesday(run_bot)
    who = await participant(week, user)
    page = await who.types("organise")
    assert "organise_report" not in page.buttons
    refused = SV("organise.managers_only" if user == REPRESENTATIVE else "organise.not_yours")
    assert (await who.forges_in_form("organise_report", "SE/0")).text == refused
    assert not [each for each in week.slack.workspace.messages() if each.files]


async def test_before_the_first_figures_there_is_none(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    boss = await organiser(week, MANAGER, "en-GB")
    assert "organise_report" not in (await boss.types("organise")).buttons
    assert (await boss.forges_in_form("organise_report", "SE")).text == EN("organise.report_none")
