"""Makes a campaign for another year, other countries and other languages from the files of one.

Comments and whatever else somebody wrote stay as they are, apart from what belongs to countries and languages that are
gone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from bot.campaign import bot_words, kept_ideas, measures_file, pledges
from bot.campaign.campaign_reader import FILE
from bot.campaign.grid_emissions import intensities
from bot.campaign.measures import MeasureStatus
from bot.campaign.model import Campaign
from bot.campaign.new_schedule import Renewal, Wanted, marked, new_schedule
from bot.campaign.placeholders import put_local
from bot.campaign.post_texts import FENCE, split_text
from bot.campaign.toml import Location, quoted, remove, set_table, set_value

_IN_ONE_LANGUAGE = re.compile(r"(?P<folder>pledges|measures|words|posts/[^/]+)/[^/]+\.(?P<ending>toml|md)")
_BY_COUNTRY = "_by_country"
"""The end of the names of tables that have a value a country."""


@dataclass(frozen=True)
class NewCampaign:
    """The files of a new campaign by path, and what was left out of it.

    `unknown` has the countries in which there is no figure for a pledge, by pledge, and `unsaid` those for which a post
    has no line, by post. Pledges without a figure for any country are in `dropped`, and so are posts that were for
    countries that are gone.
    """

    files: Mapping[str, str]
    unknown: Mapping[str, Sequence[str]]
    dropped: Sequence[str]
    unsaid: Mapping[str, Sequence[str]] = field(default_factory=dict)


def make_new(files: Mapping[str, str], source: Campaign, wanted: Wanted) -> NewCampaign:
    """Return the new campaign. `files` has the source's texts by path, and `source` is what they say.

    Raises:
        LookupError: A table is written in a way that cannot be edited.
    """
    renewal = Renewal(source, wanted)
    kept = {post.post for post in renewal.posts}
    dropped = list(dict.fromkeys(post.post for post in source.posts if post.post not in kept))
    dropped += sorted(renewal.gone_measures)
    unknown: dict[str, list[str]] = {}
    gone: list[str] = []
    if pledges.FILE in files:
        written = tomllib.loads(files[pledges.FILE]).get("pledges", [])
        without = {pledge["id"]: codes for pledge in written if (codes := _without_figure(pledge, renewal))}
        gone = [name for name, codes in without.items() if set(codes) == set(wanted.countries)]
        unknown = {name: codes for name, codes in without.items() if name not in gone}
    made = dict(_by_language(files, renewal, gone))
    made[FILE] = new_schedule(files[FILE], renewal)
    if ideas := kept_ideas.for_next_year(files.get(kept_ideas.FILE, "")):
        made[kept_ideas.FILE] = ideas
    if measures_file.FILE in files:
        made[measures_file.FILE] = _measures(files[measures_file.FILE], renewal)
    if pledges.FILE in files:
        made[pledges.FILE] = _figures(files[pledges.FILE], renewal, unknown, gone)
    return NewCampaign(made, unknown, [*dropped, *gone], _unsaid(renewal))


def _unsaid(renewal: Renewal) -> dict[str, list[str]]:
    """Return the countries for which a post has no line, of posts that have lines for others."""
    unsaid: dict[str, list[str]] = {}
    for post in renewal.posts:
        lines = renewal.source.text(post.post, renewal.source.languages[0]).local
        without = [code for code in renewal.wanted.countries if code not in lines]
        if lines and without:
            unsaid[post.post] = without
    return unsaid


def is_in_one_language(path: str) -> bool:
    """Return whether a file of a campaign is named after the language that it is written in."""
    return bool(_IN_ONE_LANGUAGE.fullmatch(path))


def _by_language(files: Mapping[str, str], renewal: Renewal, gone: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the files that hold one language each, for the languages of the new campaign."""
    posts = {f"posts/{post.post}" for post in renewal.posts}
    found = filter(None, map(_IN_ONE_LANGUAGE.fullmatch, files))
    for folder, ending in dict.fromkeys((each["folder"], each["ending"]) for each in found):
        if folder.startswith("posts/") and folder not in posts:
            continue
        model = files.get(f"{folder}/{renewal.model_language}.{ending}")
        for language in renewal.wanted.languages:
            path = f"{folder}/{language}.{ending}"
            # The bot's own words are made by a command of their own, which knows what is missing.
            text = files.get(path, model if folder != bot_words.FOLDER else None)
            if text is not None:
                yield path, _without_gone(folder, text, renewal, gone)


def _without_gone(folder: str, text: str, renewal: Renewal, gone: Sequence[str]) -> str:
    if folder == "pledges":
        return reduce(lambda words, name: remove(words, (name,)), gone, text)
    if folder == measures_file.FOLDER:
        written = tomllib.loads(text)
        return reduce(lambda words, name: remove(words, (name,)), sorted(renewal.gone_measures & written.keys()), text)
    return _with_lines(text, renewal) if folder.startswith("posts/") else text


def _with_lines(text: str, renewal: Renewal) -> str:
    """Return a post's text without the lines for countries that are gone."""
    parts = split_text(text)
    front = parts[0] if parts else ""
    lines = tomllib.loads(front).get("local", {})
    if parts is None or not lines:
        return text
    staying = {code: lines[code] for code in renewal.staying(list(lines))}
    front = set_table(front, ("local",), staying)
    # Without any line there is no place for one either.
    body = parts[1] if staying else f"\n{put_local(parts[1], None)}\n"
    return f"{FENCE}\n{front.rstrip()}\n{FENCE}\n{body}"


def _figures(text: str, renewal: Renewal, unknown: Mapping[str, Sequence[str]], gone: Sequence[str]) -> str:
    """Return the pledges without the figures of countries that are gone, left out where there is none."""
    written = list(enumerate(tomllib.loads(text).get("pledges", [])))
    for index, pledge in written:
        at: Location = ("pledges", index)
        for key in [key for key in pledge if key.endswith(_BY_COUNTRY)]:
            text = set_table(text, (*at, key), {code: pledge[key][code] for code in renewal.staying(list(pledge[key]))})
        left_out = [*renewal.staying(pledge.get("left_out", [])), *unknown.get(pledge["id"], [])]
        if left_out != pledge.get("left_out", []):
            text = set_value(text, (*at, "left_out"), quoted(left_out))
    for index, pledge in reversed(written):
        text = remove(text, ("pledges", index)) if pledge["id"] in gone else text
    return text


def _measures(text: str, renewal: Renewal) -> str:
    """Return measures and goals without those of countries that are gone. What was reached by now is looked at anew."""
    written = tomllib.loads(text)
    for key, again in (("measures", "status"), ("goals", "latest")):
        entries = list(enumerate(written.get(key, [])))
        for index, entry in entries:
            at: Location = (key, index)
            if (codes := renewal.staying(entry.get("countries", []))) and codes != entry["countries"]:
                text = set_value(text, (*at, "countries"), quoted(codes))
            # What is done stays done.
            if key == "goals" or entry["status"] in {MeasureStatus.PLANNED, MeasureStatus.UNDER_WAY}:
                text = marked(text, at, entry, [again])
        for index, entry in reversed(entries):
            text = remove(text, (key, index)) if entry["id"] in renewal.gone_measures else text
    return text


def _without_figure(pledge: Mapping[str, Any], renewal: Renewal) -> list[str]:
    """Return the countries in which there is no figure for a pledge that is offered there."""
    if "kg" in pledge:
        return []
    known = {*pledge.get("kg_by_country", {}), *pledge.get("left_out", []), *(intensities() if "kwh" in pledge else ())}
    return [code for code in renewal.wanted.countries if code not in known]
