"""Find and read the campaign that a command works on."""

from __future__ import annotations

from pathlib import Path

import typer

from bot.campaign.campaign_reader import Reading, read
from bot.campaign.live_reload import UnusableCampaignError
from bot.campaign.model import Campaign
from bot.campaign.organiser_decisions import Decisions
from bot.campaign.problems import Problems
from bot.database.errors import DatabaseUnusableError
from bot.database.urls import read_only
from bot.locales.catalogues import vocabulary
from bot.messages.post_kinds import KINDS
from bot.settings import Settings, read_settings
from bot.store.schema import schema_of
from bot.store.store import decisions

_STARTERS = (
    Path(__file__).parents[1] / "starter_campaign",
    Path(__file__).parents[2] / "campaigns" / "earth-week-2027",
)
"""In an installed package, and in a checkout."""


def settings_for(campaign: Path | None) -> Settings:
    """Read the settings, with the campaign of `--campaign` where it was given."""
    settings = read_settings()
    return settings.model_copy(update={"earthweek_campaign": campaign}) if campaign else settings


def folder_to_try(campaign: Path | None) -> Path:
    """Return the campaign's folder for commands that send nothing: where none is named, the starter campaign will do.

    Somebody who has installed the package alone can look at a week before writing one. Commands that speak to Slack or
    change the database never fall back to it.
    """
    settings = settings_for(campaign)
    folder = settings.earthweek_campaign
    # A folder that was named is the one that is wanted: a mistyped name must not show another campaign.
    if campaign or "earthweek_campaign" in settings.model_fields_set or folder.exists():
        return folder
    starter = starter_campaign()
    if starter is None:
        return folder
    what = f"No campaign is named, so this is the starter campaign, {starter}"
    typer.echo(f"{what}; `earthweek new FOLDER` makes your own of it.", err=True)
    return starter


def starter_campaign() -> Path | None:
    """Return the campaign that comes with the package. The image has none within it, but beside it."""
    return next((each for each in _STARTERS if each.is_dir()), None)


def read_decisions(settings: Settings, campaign: Campaign) -> Decisions:
    """Read what organisers have decided. Where there is no database yet, or none that can be read, that is nothing."""
    try:
        with read_only(settings.database_url) as connection:
            if schema_of(connection).is_current:
                return decisions(connection, campaign.id)
    except DatabaseUnusableError:
        # Such as before the first start. Whether the database is as it should be is what `doctor` tells.
        pass
    return Decisions()


def read_campaign(folder: Path) -> Reading:
    """Read a campaign's files, with everything that is wrong in them."""
    return read(folder, KINDS, vocabulary())


def usable_campaign(folder: Path) -> tuple[Campaign, Problems]:
    """Read a campaign that has no errors, and what else there is to say about it.

    Raises:
        UnusableCampaignError: It has errors.
    """
    reading = read_campaign(folder)
    if reading.campaign is None:
        raise UnusableCampaignError(reading.problems.errors)
    return reading.campaign, reading.problems
