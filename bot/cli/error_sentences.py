"""Tell what the operator can mend, which is said in sentences, from mistakes of the program."""

from __future__ import annotations

from bot.campaign.live_reload import UnusableCampaignError
from bot.cli import standard_output
from bot.database.errors import DatabaseUnusableError
from bot.run import StartupError
from bot.settings import SettingsError


def sentences(error: Exception) -> list[str]:
    """Return what to do about an error, a sentence a line; nothing where a mistake of the program is to blame."""
    if isinstance(error, UnusableCampaignError):
        return [*map(str, error.problems), "Nothing is sent from this campaign; mend what is listed above."]
    if isinstance(error, SettingsError | DatabaseUnusableError | StartupError):
        return str(error).splitlines()
    full = standard_output.write_error(error)
    return [full] if full else []
