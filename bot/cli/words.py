"""`earthweek words`."""

from __future__ import annotations

from typing import Annotated

import typer
from babel import Locale, UnknownLocaleError

from bot.campaign import toml
from bot.campaign.bot_words import file_of, missing, nearest, texts_of
from bot.campaign.campaign_reader import FILE
from bot.campaign.folder import Folder
from bot.campaign.problems import Problems
from bot.cli.atomic_files import write_text
from bot.cli.campaign_loader import settings_for
from bot.cli.console import fail
from bot.cli.options import CampaignOption
from bot.locales.catalogues import vocabulary
from bot.locales.words_file import noted, write

LanguageArgument = Annotated[str, typer.Argument(help="The code of the language, such as fi.", metavar="LANGUAGE")]


def words(language: LanguageArgument, campaign: CampaignOption = None) -> None:
    """Write the file in which the bot's own words are translated into a new language, or add what is missing in it."""
    folder = Folder(settings_for(campaign).earthweek_campaign)
    if not folder.exists(FILE):
        fail(f"{folder.name(FILE)} is missing; name the campaign's folder with --campaign")
    _require_language(language, folder)
    given = _given(folder, file_of(language))
    file = folder.root / file_of(language)
    text = write(language, vocabulary(), given, folder.root.as_posix())
    try:
        write_text(file, text)
    except OSError as error:
        fail(f"{folder.name(file_of(language))} cannot be written: {error.strerror or error}")
    left, total = len(missing(vocabulary(), language, given)), len(vocabulary().by_key(language))
    typer.echo(f"Wrote {folder.name(file_of(language))}: {left or 'none'} of {total} words left to translate.")


def _require_language(language: str, folder: Folder) -> None:
    try:
        Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        fail(f"there is no language {language!r}; use a code such as fi, pl or pt")
    if spoken := nearest(language, vocabulary().languages):
        file = folder.name(file_of(language))
        fail(f"the bot speaks {spoken} by itself; to change single words, write only those into {file}")


def _given(folder: Folder, path: str) -> dict[str, str]:
    """Read what is translated already. A file that cannot be read is never overwritten."""
    if not folder.exists(path):
        return {}
    problems = Problems()
    raw = folder.read(path, problems, "put the file itself here") or ""
    document = toml.parse(folder.name(path), raw, problems)
    texts = texts_of(document) if document else {}
    if problems.errors:
        fail("\n".join([*map(str, problems.errors), "Nothing was written; mend what is listed above."]))
    return {**noted(raw), **texts}
