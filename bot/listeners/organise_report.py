"""Managers get the report as files, in their conversation with the bot alone."""

from __future__ import annotations

import asyncio

from bot.listeners.errors import RequestRefusedError
from bot.listeners.interaction import Interaction
from bot.listeners.organise import require_organiser, show_page
from bot.messages.campaign_texts import campaign_title
from bot.messages.organise.overview import place_and_page
from bot.reports.formats import Format, files_of
from bot.reports.published_participation import Report


async def organise_report(interaction: Interaction, value: str) -> None:
    """Send the report, and show the page again.

    Raises:
        RequestRefusedError: They are no manager, or nothing has been published yet.
    """
    country, number = place_and_page(value)
    organiser = require_organiser(interaction, country)
    if not organiser.is_manager:
        raise RequestRefusedError("organise.managers_only")
    await _send(interaction, await _report(interaction))
    await show_page(interaction, organiser, country, number, interaction.words("organise.report_sent"))


async def _report(interaction: Interaction) -> Report:
    campaign, publisher = interaction.services.campaign(), interaction.services.publisher
    days, former = await publisher.all(campaign), await publisher.former(campaign)
    if not days:
        raise RequestRefusedError("organise.report_none")
    return Report.of(campaign, days, interaction.words.language, former)


async def _send(interaction: Interaction, report: Report) -> None:
    # Drawing takes long enough for others to notice.
    files = await asyncio.to_thread(files_of, report, (Format.HTML, Format.CSV))
    client = interaction.services.client
    # `files_upload_v2` takes the ID of a conversation only, unlike `chat.postMessage`, which takes a user's.
    opened = await client.conversations_open(users=[interaction.user])
    title = campaign_title(report.campaign, interaction.words)
    await client.files_upload_v2(
        channel=opened["channel"]["id"],
        file_uploads=[{"filename": name, "title": name, "content": content} for name, content in files.items()],
        initial_comment=interaction.words("organise.report_files", campaign=title),
    )
