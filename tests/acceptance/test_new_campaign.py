"""The campaign of 2028 for six other countries, made from the shipped one by commands alone, and played.

The translator is played too: a Finnish text is the English one with other letters, so that whatever nobody translated
is seen. The bot's own words are the Finnish ones that are shipped.
"""

from __future__ import annotations

import asyncio
import codecs
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from babel import Locale
from babel.dates import format_date

import rehearsal.slack.server
from bot.campaign.grid_emissions import CREDIT
from bot.campaign.measures import MeasureFigure
from bot.campaign.model import Campaign
from bot.campaign.post_texts import FENCE, split_text
from bot.campaign.toml import Location, quoted, set_value
from bot.locales.catalogues import vocabulary
from rehearsal.headless import RehearsalResult, play
from rehearsal.simulation import Rehearsal
from rehearsal.slack.http_transport import AppReply, HttpTransport
from tests.campaigns import SHIPPED, Folder, shipped_campaign

COUNTRIES = ("FI", "PL", "NL", "GB", "IN", "BR")
COMMANDS = (
    ("new", "week", "--from", str(SHIPPED), "--countries", ",".join(COUNTRIES), "--languages", "en,fi"),
    ("headcounts", "people.csv", "--campaign", "week"),
    ("check", "--campaign", "week"),
)
"""Everything that the manager types."""

PEOPLE = 8

KEPT = re.compile(r"(\{[a-z_:0-9-]+\}|`[^`]*`|\]\([^)]*\)|<[^>]*>|https://\S+|:[a-z_]+:)")
"""What is in no language: placeholders, commands, links, mentions and emoji."""

SHOWN = {"text", "alt_text", "initial_value", "title", "label", "name", "errors"}
"""Keys under which people read something in what Slack is sent."""

Sent = list[tuple[str, str]]
"""Each call of Slack and each answer to it: its name, and what people read in it."""


# What the manager does


@dataclass(frozen=True)
class Played:
    """The new campaign, what the commands said, and everything that Slack was sent."""

    campaign: Campaign
    said: tuple[subprocess.CompletedProcess[str], ...]
    outcome: RehearsalResult
    sent: Sent


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    path = tmp_path_factory.mktemp("manager")
    rows = "".join(f"{code};{count};1.1.2028\n" for code, count in zip(COUNTRIES, range(40, 100, 10), strict=True))
    (path / "people.csv").write_text(f"country;headcount;date\n{rows}", "utf-8-sig")
    said = tuple(earthweek(path, *words) for words in COMMANDS)
    folder = Folder(path / "week")
    translate(folder)
    sent: Sent = []
    with recorded(sent):
        outcome = asyncio.run(play(Rehearsal(folder.root, PEOPLE, 2028)))
    return Played(folder.campaign(), said, outcome, sent)


def earthweek(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *words]
    return subprocess.run(  # noqa: S603 - our own words
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )


def translate(folder: Folder) -> None:
    """Exchange the words of every file that is to be Finnish, as a translator does."""
    schedule = folder.text("campaign.toml")
    data = tomllib.loads(schedule)
    named: dict[Location, Mapping[str, str]] = {("title",): data["title"]}
    named |= {("themes", theme): names for theme, names in data["themes"].items()}
    for at, names in named.items():
        schedule = set_value(schedule, (*at, "fi"), quoted(translated(names["fi"])))
    folder.write("campaign.toml", schedule)
    for file in ("pledges/fi.toml", "measures/fi.toml"):
        folder.write(file, translated_values(folder.text(file)))
    for file in folder.files:
        if file.endswith("/fi.md"):
            front, body, _line = split_text(folder.text(file)) or ("", "", 0)
            folder.write(file, f"{FENCE}\n{translated_values(front)}\n{FENCE}\n{translated(body)}")


def translated_values(text: str) -> str:
    """A TOML text with every value translated, apart from names of files."""
    for at, value in values(tomllib.loads(text)):
        if at == ("picture",):
            continue
        done = translated(value) if isinstance(value, str) else [translated(each) for each in value]
        text = set_value(text, at, quoted(done))
    return text


def values(table: Mapping[str, Any], at: Location = ()) -> Iterator[tuple[Location, Any]]:
    """Every value with its place, also of tables within."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from values(value, (*at, key))
        else:
            yield (*at, key), value


def translated(text: str) -> str:
    """The text in the other language, which is as long."""
    parts = KEPT.split(text)
    return "".join(part if place % 2 else codecs.encode(part, "rot13") for place, part in enumerate(parts))


# What Slack is sent


@contextmanager
def recorded(sent: Sent) -> Iterator[None]:
    """Record what the bot calls Slack with, and what it answers to forms."""
    values_of, post = rehearsal.slack.server._values, HttpTransport._post

    async def read(request: web.Request) -> Mapping[str, Any] | None:
        found = await values_of(request)
        sent.append((request.match_info.get("method", "response_url"), "\n".join(shown(found))))
        return found

    async def posted(self: HttpTransport, body: str, headers: Mapping[str, str], asked: Mapping[str, Any]) -> AppReply:
        reply = await post(self, body, headers, asked)
        sent.append(("answer", "\n".join(shown(reply.body))))
        return reply

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rehearsal.slack.server, "_values", read)
        patch.setattr(HttpTransport, "_post", posted)
        yield


def shown(value: Any, key: str = "") -> Iterator[str]:
    """The texts in a value that people read."""
    if isinstance(value, str) and key in {"blocks", "view"}:
        yield from shown(json.loads(value), key)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from shown(inner, "errors" if key == "errors" else name)
    elif isinstance(value, list):
        for inner in value:
            yield from shown(inner, key)
    elif isinstance(value, str) and key in SHOWN:
        yield value


def without_names(text: str, campaign: Campaign) -> str:
    """A text without what is said in no language of its own: sources, the company's name, and what KEPT has."""
    sources = {post.source for post in campaign.posts if post.source}
    sources |= {source for each in campaign.pledges for source in (each.source, *each.source_by_country.values())}
    sources |= {each.figure.source for each in campaign.measures if isinstance(each.figure, MeasureFigure)}
    sources |= {reached.source for each in campaign.goals for reached in (each.baseline, each.latest) if reached.source}
    names = {campaign.company.name} if campaign.company and campaign.company.name else set()
    # Whoever chooses a language finds it under its own name.
    names |= {Locale(language).languages[language].capitalize() for language in campaign.languages}
    for each in sorted({*sources, *names, CREDIT}, key=len, reverse=True):
        text = text.replace(each, "").replace(each.replace("&", "&amp;"), "")
    return KEPT.sub(" ", text)


def words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in re.findall(r"[^\W\d_]{3,}", KEPT.sub(" ", text).lower())}


def written(campaign: Campaign, *languages: str) -> Iterator[str]:
    """Everything that a campaign's files say in some languages."""
    for (_post, language), text in campaign.texts.items():
        if language in languages:
            yield from (text.title, text.summary, text.body, text.ask, text.alt, *text.local.values())
    for (_pledge, language), pledge in campaign.pledge_words.items():
        if language in languages:
            yield from (pledge.title, pledge.unit, pledge.about, *pledge.plans)
    for (_measure, language), said in campaign.measure_words.items():
        if language in languages:
            yield from (text for text in vars(said).values() if isinstance(text, str))
    for names in (campaign.title, *campaign.themes.values()):
        yield from (name for language, name in names.items() if language in languages)


def calendar(language: str) -> Iterator[str]:
    locale = Locale(language)
    yield from (*locale.months["format"]["wide"].values(), *locale.days["format"]["wide"].values())


def english(campaign: Campaign) -> set[str]:
    own = (text for each in vocabulary().sentences for text in each.texts)
    return words([*written(campaign, "en"), *own, *calendar("en")])


def finnish(campaign: Campaign) -> set[str]:
    own = campaign.bot_words.by_language["fi"].values()
    return words([*written(campaign, "fi"), *own, *calendar("fi")])


def traces(before: Campaign) -> re.Pattern[str]:
    """The year, days, countries and channels of a campaign, as they are written in English and in Finnish."""
    found = [r"\b2027\b", *(rf"\b{re.escape(each.channel)}\b" for each in before.countries)]
    for code in (country.code for country in before.countries):
        found += [rf"\b{Locale('en').territories[code]}\b", rf"\b{Locale('fi').territories[code]}"]
    for day in {before.first_day, before.last_day, before.opens, *(post.day for post in before.posts)}:
        found.append(rf"\b{format_date(day, 'EEEE d MMMM', 'en')}\b")
        found.append(rf"\b{format_date(day, 'EEEE', 'fi')}\w* {format_date(day, 'd. MMMM', 'fi')}")
    return re.compile("|".join(found))


def test_commands_make_it_without_an_error(played: Played) -> None:
    assert [(each.returncode, each.stderr) for each in played.said] == [(0, "")] * len(COMMANDS)
    assert [country.code for country in played.campaign.countries] == list(COUNTRIES)
    assert [country.headcount for country in played.campaign.countries] == list(range(40, 100, 10))
    assert played.campaign.first_day.isoformat() == "2028-03-20"


def test_nothing_is_lost_and_nothing_comes_twice(played: Played) -> None:
    assert (played.outcome.audit.duplicates, played.outcome.audit.lost) == (0, 0)
    assert played.outcome.errors.total() == 0
    assert {"join", "pledge", "send an idea", "edit a post"} <= set(played.outcome.activities)


def test_nothing_of_the_old_campaign_is_sent(played: Played) -> None:
    before = shipped_campaign()
    trace = traces(before)
    others = words(written(before, "sv", "nb", "da", "de")) - english(played.campaign) - finnish(played.campaign)
    for name, text in played.sent:
        said = without_names(text, played.campaign)
        assert not trace.search(said), (name, text)
        assert words([said]) & others == set(), (name, text)


def test_no_message_is_in_two_languages(played: Played) -> None:
    one, other = english(played.campaign), finnish(played.campaign)
    seen = {name: [0, 0] for name, _text in played.sent}
    for name, text in played.sent:
        said = words([without_names(text, played.campaign)])
        in_english, in_finnish = said & (one - other), said & (other - one)
        assert not (in_english and in_finnish), (name, in_english, in_finnish, text)
        seen[name][0] += bool(in_english)
        seen[name][1] += bool(in_finnish)
    for name in ("chat.postMessage", "views.open"):
        assert all(seen[name]), name
