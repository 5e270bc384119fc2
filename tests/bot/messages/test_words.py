"""Every message that the code asks for is in the catalogue, and none lies there unused."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from gettext import NullTranslations
from pathlib import Path

import pytest
from babel import Locale

from bot.campaign import earth_hour
from bot.campaign.model import Campaign, Post, Text
from bot.messages.post_context import PostContext
from bot.messages.post_kinds import KINDS
from bot.messages.post_rendering import compose
from bot.messages.words import Words
from bot.standings.published_figures import Kilograms, Standing, Standings
from tests.bot.locales.test_catalogues import messages
from tests.campaigns import shipped_campaign
from tests.sources import nodes

ROOT = Path(__file__).parents[3]


NAMES = set(messages("en"))
FAMILIES = sorted({name.partition(".")[0] for name in NAMES})
LOOKS_LIKE_A_NAME = re.compile(rf"(?:{'|'.join(FAMILIES)})\.(?!toml$)[a-z0-9_.]*[a-z0-9]")


class Listening(NullTranslations):
    """A catalogue that remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def gettext(self, message: str) -> str:
        self.asked.add(message)
        return message

    def ngettext(self, one: str, many: str, n: int) -> str:
        self.asked |= {one, many}
        return super().ngettext(one, many, n)


def bot_nodes() -> Iterator[ast.AST]:
    for path in (ROOT / "bot").rglob("*.py"):
        yield from nodes(path)


def constants() -> set[str]:
    return {node.value for node in bot_nodes() if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def actions() -> set[str]:
    """What is logged: an action may begin like the name of a message."""
    keywords = (node for node in bot_nodes() if isinstance(node, ast.keyword) and node.arg == "action")
    return {str(each.value.value) for each in keywords if isinstance(each.value, ast.Constant)}


def in_templates() -> set[str]:
    """What templates ask for; they say it in quotes."""
    texts = [path.read_text("utf-8") for path in (ROOT / "bot").rglob("*.html")]
    return {name for text in texts for name in re.findall(r"[\"']([a-z0-9_.]+)[\"']", text)}


def built() -> list[re.Pattern[str]]:
    """What f-strings such as f"button.{name}" can become, with a group for each part that is filled in."""
    patterns = []
    for node in bot_nodes():
        if isinstance(node, ast.JoinedStr):
            parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else "(.+)" for part in node.values]
            if LOOKS_LIKE_A_NAME.match("".join(parts).replace("\\", "").replace("(.+)", "x")):
                patterns.append(re.compile("".join(parts)))
    return patterns


def everything() -> Campaign:
    """The shipped campaign with every kind for every audience, and nothing left out of a post."""
    shipped = shipped_campaign()
    theme = next(iter(shipped.themes))
    posts = tuple(
        Post(
            post="all",
            kind=kind.name,
            audience=audience,
            day=date(2027, 3, 15),
            time=time(9),
            theme=theme,
            sdgs=tuple(range(1, 18)),
            source="A report",
        )
        for kind in KINDS.values()
        for audience in kind.audiences
    )
    texts = {("all", "en"): Text(title="A title", summary="A sentence.", body="Words.")}
    return replace(shipped, posts=posts, texts=texts, earth_hour=earth_hour.settle(2027))


def drawn(campaign: Campaign, post: Post, spoken: Words) -> PostContext:
    """A post with every figure there is."""
    kilograms = Kilograms(low=1, about=2, high=3)
    counts = dict.fromkeys(set(Standing.model_fields) - {"place", "headcount_date", "rank", "pledged", "confirmed"}, 50)
    whole = Standing(place="all", pledged=kilograms, confirmed=kilograms, **counts)
    places = tuple(whole.model_copy(update={"place": country.code}) for country in campaign.countries)
    standings = Standings(
        campaign=campaign.id,
        taken_at=datetime(2027, 3, 17, 11, tzinfo=UTC),
        definition="1",
        factors="1",
        smallest_group=5,
        goal_percent=20,
        whole=whole,
        places=places,
    )
    return PostContext(campaign, post, spoken, standings, campaign.countries[0].code, count=20)


@pytest.fixture(scope="module")
def asked() -> set[str]:
    """What drawing every post asks for."""
    listening = Listening()
    campaign = everything()
    for post in campaign.posts:
        compose(drawn(campaign, post, Words("en", Locale("en"), listening)))
    return listening.asked


def test_every_message_used_by_a_post_exists(asked: set[str]) -> None:
    assert asked
    assert asked - NAMES == set()


def test_every_message_name_in_the_code_exists() -> None:
    named = {text for text in constants() | in_templates() if LOOKS_LIKE_A_NAME.fullmatch(text)}
    assert named
    assert named - actions() - NAMES == set()


def test_every_message_is_asked_for_somewhere(asked: set[str]) -> None:
    said = constants()
    fillings = said | {str(goal) for goal in range(1, 18)}
    patterns = built()
    matches = [match for name in NAMES for pattern in patterns if (match := pattern.fullmatch(name))]
    can_be_built = {match[0] for match in matches if set(match.groups()) <= fillings}
    assert NAMES - asked - said - in_templates() - can_be_built == set()
