"""What could be parsed of a campaign, beside what could not."""

from __future__ import annotations

from pathlib import Path

from bot.campaign import toml
from bot.campaign.folder import Folder
from bot.campaign.model import Country, Header
from bot.campaign.parsed_campaign import ParsedCampaign
from bot.campaign.problems import Problems
from tests.campaigns import MONDAY, country
from tests.campaigns import Folder as Files


def draft(*countries: Country | None) -> ParsedCampaign:
    document = toml.parse("campaign.toml", "", Problems())
    assert document
    header = Header(id="a-week", first_day=MONDAY, last_day=MONDAY, languages=("en",), title={"en": "A week"})
    return ParsedCampaign(Folder(Path()), document, header, countries, (), {})


def test_codes_are_of_what_could_be_parsed() -> None:
    assert draft(country("SE"), None, country("DK"), None).codes == ["SE", "DK"]
    assert draft(None).codes == draft().codes == []


def test_unreadable_country_moves_no_other_problem(folder: Files) -> None:
    folder.change("campaign.toml", "headcount = 50", 'headcount = "50"')
    folder.change("campaign.toml", "Europe/Oslo", "Europe/Olso")
    places = [error.partition(": ")[0] for error in folder.errors()]
    assert places == [folder.at("campaign.toml", 'headcount = "50"'), folder.at("campaign.toml", "Europe/Olso")]
