from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.campaign.model import Campaign
from bot.database.urls import open_database
from bot.delivery.unscheduled_messages import Notifications
from bot.locales.catalogues import words
from bot.store.store import Store
from tests.bot.store.databases import server, up_to_date, url
from tests.campaigns import shipped_campaign

__all__ = ["server", "up_to_date", "url"]

REPRESENTATIVES = {"SE": ("U0SEA", "U0SEB"), "DE": ("U0DEA",)}
"""Sweden has two, Germany one; the other countries have none."""


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    found = shipped_campaign()
    assert found.company is not None
    countries = [
        each.model_copy(update={"representatives": REPRESENTATIVES.get(each.code, ())}) for each in found.countries
    ]
    company = found.company.model_copy(update={"managers": ("U0BOSS",)})
    return replace(found, countries=tuple(countries), company=company)


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    database = open_database(url)
    yield Store(database, "me", timedelta(seconds=30))
    await database.close()


@pytest.fixture
def letters(store: Store) -> Notifications:
    return Notifications(store, words)
