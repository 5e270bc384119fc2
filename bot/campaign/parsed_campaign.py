"""The parts of a campaign that could be parsed, before they are checked against each other."""

from __future__ import annotations

from dataclasses import dataclass

from bot.campaign.folder import Folder
from bot.campaign.model import Country, Header, Post
from bot.campaign.toml import Document

Themes = dict[str, dict[str, str]]


@dataclass(frozen=True)
class ParsedCampaign:
    """Parsed tables. A country or post that could not be parsed is None, so that the others keep their indexes."""

    folder: Folder
    document: Document
    header: Header
    countries: tuple[Country | None, ...]
    posts: tuple[Post | None, ...]
    themes: Themes

    @property
    def codes(self) -> list[str]:
        """The codes of the countries, in the order of the file."""
        return [country.code for country in self.countries if country]
