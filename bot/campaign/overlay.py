"""Puts what organisers have decided over the campaign of the files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from bot.campaign.localtime import local
from bot.campaign.model import PEOPLE, Audience, Campaign, Country, Post, Text
from bot.campaign.organiser_decisions import Decisions, Ending, OwnPost, Revision
from bot.campaign.schedule import Slot, everyone, lay_out
from bot.campaign.text_hash import text_hash

Texts = Mapping[tuple[str, str], Text]

_OWN_KIND = "note"


def apply(files: Campaign, decisions: Decisions, now: datetime) -> Campaign:
    """Return the campaign as the organisers have it now. Without decisions that is the one of the files."""
    own = tuple(_post(each) for each in decisions.own_posts if _can_be_sent(files, decisions, each))
    return replace(
        files,
        texts=_texts(files, decisions, own),
        posts=_without_omissions((*files.posts, *own), decisions),
        countries=tuple(_with_stand_ins(each, decisions, now) for each in files.countries),
    )


def outdated(files: Campaign, decisions: Decisions) -> dict[str, Ending]:
    """Return the revisions that end because their file says something else by now, or says the same, by ID."""
    found: dict[str, Ending] = {}
    for key, revision in decisions.revisions.items():
        # A file that is not there says nothing, and may come back.
        if text := files.texts.get(key):
            said = text_hash(text)
            if said == revision.hash:
                found[revision.id] = Ending.ABSORBED
            elif said != revision.base:
                found[revision.id] = Ending.SUPERSEDED
    return found


def unapproved(campaign: Campaign, decisions: Decisions) -> list[tuple[str, str]]:
    """List the posts with the languages in which they are sent to colleagues and nobody has approved their words."""
    pairs = {(slot.post, language): None for slot, language in sent_words(campaign)}
    return [each for each in pairs if not decisions.approval(*each, campaign.text(*each))]


def sent_words(campaign: Campaign) -> Iterator[tuple[Slot, str]]:
    """Yield what colleagues are sent, by due instant, with each language in which they may read it."""
    for slot in lay_out(campaign, everyone(campaign)):
        if slot.audience != Audience.REPRESENTATIVES:
            # People read in the language that they have chosen, whatever the country's is.
            for language in campaign.languages if slot.audience in PEOPLE else (slot.language,):
                yield slot, language


def _texts(files: Campaign, decisions: Decisions, own: tuple[Post, ...]) -> Texts:
    revised = {key: each.text for key, each in decisions.revisions.items() if _is_over(files.texts.get(key), each)}
    for post in own:
        home = _home_text(files, decisions, post.post, post.countries[0])
        # Whatever asks for a post in any language of the campaign has to find one.
        revised |= {(post.post, language): home for language in files.languages if home} | {
            key: each.text for key, each in decisions.revisions.items() if key[0] == post.post
        }
    return {**files.texts, **revised}


def _is_over(text: Text | None, revision: Revision) -> bool:
    return text is not None and text_hash(text) == revision.base


def _home_text(files: Campaign, decisions: Decisions, post: str, country: str) -> Text | None:
    home = files.country(country)
    found = decisions.revisions.get((post, home.language)) if home else None
    return found.text if found else None


def _can_be_sent(files: Campaign, decisions: Decisions, own: OwnPost) -> bool:
    """Return whether the country of an own post still takes part, and has words for its channel."""
    return _home_text(files, decisions, own.id, own.country) is not None


def _post(own: OwnPost) -> Post:
    return Post(
        post=own.id, kind=_OWN_KIND, audience=Audience.COUNTRIES, day=own.day, time=own.time, countries=(own.country,)
    )


def _without_omissions(posts: tuple[Post, ...], decisions: Decisions) -> tuple[Post, ...]:
    by_post: dict[str, list[str]] = defaultdict(list)
    for each in decisions.omissions:
        by_post[each.post].append(each.country)
    for post in posts:
        # Without its guess, an answer has nothing to stand below.
        if post.guess in by_post:
            by_post[post.post] += by_post[post.guess]
    return tuple(
        post.model_copy(update={"left_out": tuple(sorted({*post.left_out, *by_post[post.post]}))})
        if post.post in by_post
        else post
        for post in posts
    )


def _with_stand_ins(country: Country, decisions: Decisions, now: datetime) -> Country:
    today = local(now, country.zone).date()
    there = [each.user for each in decisions.stand_ins if each.country == country.code and today <= each.until]
    named = dict.fromkeys((*country.representatives, *there))
    return country.model_copy(update={"representatives": tuple(named)}) if there else country
