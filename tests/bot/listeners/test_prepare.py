"""What is done once before anybody asks, so that the first to ask does not keep everybody waiting."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator

import pytest

from bot import run
from bot.campaign.model import Campaign
from bot.listeners import command_parsing, country_and_language_parsing, prepare
from bot.listeners.typed_words import TypedWords
from bot.locales import catalogues

ASKED: list[Callable[[Campaign], object]] = [
    lambda of: command_parsing.parse("please stop writing to me", TypedWords(of.bot_words)),
    lambda of: command_parsing.closest_subcommand("stadings", TypedWords(of.bot_words)),
    lambda of: country_and_language_parsing.country(of, "Sverige"),
    lambda of: country_and_language_parsing.language(of, "Deutsch"),
]


def catalogues_read() -> int:
    return catalogues._catalogue.cache_info().misses + country_and_language_parsing._locale.cache_info().misses


@pytest.mark.parametrize("ask", ASKED, ids=["command", "nearest", "country", "language"])
def test_who_asks_first_reads_no_catalogue(campaign: Campaign, ask: Callable[[Campaign], object]) -> None:
    for cached in (
        catalogues._catalogue,
        catalogues.words,
        country_and_language_parsing._locale,
        country_and_language_parsing._codes_by_key,
    ):
        cached.cache_clear()
    prepare(campaign)
    before = catalogues_read()
    ask(campaign)
    assert catalogues_read() == before


@pytest.fixture
def thawed() -> Iterator[None]:
    gc.unfreeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("thawed")
def test_objects_from_startup_are_excluded_from_garbage_collection(campaign: Campaign) -> None:
    there = {"once": [campaign]}
    run._prepare(campaign)
    assert gc.get_freeze_count() > 10_000
    assert not any(each is there for each in gc.get_objects())
