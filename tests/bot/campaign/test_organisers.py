from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from bot.campaign.model import Audience, Campaign, Company, Country, Post
from bot.campaign.organisers import approvers, countries_of, organisers
from tests.campaigns import campaign, country

COMPANY = Company(channel="all", language="en", zone="Europe/London", managers=("UBOSS", "USARA"))


def represented(code: str, *users: str, languages: tuple[str, ...] = ("en",)) -> Country:
    return country(code, zone="Europe/Oslo").model_copy(update={"representatives": users, "languages": languages})


def post(name: str, audience: Audience = Audience.COUNTRIES, **more: object) -> Post:
    known = {"post": name, "kind": "note", "audience": audience, "day": date(2027, 3, 15), "time": time(9)}
    return Post.model_validate({**known, **more})


@pytest.fixture
def week() -> Campaign:
    """Sweden and Norway have representatives, one of whom is a manager as well; Denmark has none."""
    return campaign(
        represented("SE", "USARA", languages=("sv",)),
        represented("NO", "UNORA", "USARA", languages=("nb", "en")),
        represented("DK", languages=("da",)),
        company=COMPANY,
        posts=(post("tip"), post("news", Audience.COMPANY), post("own", countries=("NO",))),
    )


def test_everybody_organises_once_with_their_first_country(week: Campaign) -> None:
    found = organisers(week)
    assert {user: (to.zone, to.country) for user, to in found.items()} == {
        "UBOSS": ("Europe/London", None),
        "USARA": ("Europe/Oslo", "SE"),
        "UNORA": ("Europe/Oslo", "NO"),
    }
    assert [*organisers(replace(week, company=None))] == ["UNORA", "USARA"]


def test_managers_have_all_countries_others_their_own(week: Campaign) -> None:
    assert [each.code for each in countries_of(week, "UNORA")] == ["NO"]
    assert [each.code for each in countries_of(week, "UBOSS")] == ["SE", "NO", "DK"]
    assert countries_of(week, "UANN") == ()


@pytest.mark.parametrize(
    ("name", "language", "who"),
    [
        ("tip", "sv", {"USARA"}),
        ("tip", "nb", {"UNORA", "USARA"}),
        ("tip", "da", {"UBOSS", "USARA"}),
        ("tip", "fi", {"UBOSS", "USARA"}),
        ("news", "en", {"UBOSS", "USARA"}),
        ("own", "nb", {"UNORA", "USARA"}),
        ("own", "sv", {"UBOSS", "USARA"}),
    ],
)
def test_a_language_is_approved_where_it_is_read(week: Campaign, name: str, language: str, who: set[str]) -> None:
    assert set(approvers(week, name, language)) == who
