"""Reads a campaign's folder into a campaign, or reports every problem in it at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from bot.campaign import awareness, checks, earth_hour, guesses, hardcoded_values, text_checks, toml, warnings
from bot.campaign.bot_words import BotWords, Vocabulary, read_bot_words, warn_of_missing
from bot.campaign.earth_hour import EarthHour
from bot.campaign.folder import Folder
from bot.campaign.kept_ideas import read_kept_ideas
from bot.campaign.measures_file import list_measure_examples, read_measures
from bot.campaign.model import Campaign, Country, Header, Post, Text
from bot.campaign.outside_text_claims import claims_outside
from bot.campaign.parsed_campaign import ParsedCampaign, Themes
from bot.campaign.pictures import read_pictures
from bot.campaign.pledges import PledgeBook, read_pledges
from bot.campaign.post_kind_rules import RulesByKind
from bot.campaign.post_texts import read_text
from bot.campaign.problems import Problems
from bot.campaign.toml import Document
from bot.campaign.toml_table_parsing import tables, value

FILE = "campaign.toml"

_LISTS = ("countries", "posts", "themes")
_THEMES_EXAMPLE = 'write [themes.energy], then en = "Energy" and so on'

Texts = dict[tuple[str, str], Text]


@dataclass(frozen=True)
class Reading:
    """The result of reading a folder. `campaign` is None if there is any error."""

    campaign: Campaign | None
    problems: Problems


def read(path: Path, rules: RulesByKind, vocabulary: Vocabulary) -> Reading:
    """Read the campaign in a folder.

    1. Parse `campaign.toml` table by table, so that one mistake does not hide another.
    2. Read texts, pledges and measures in every language of the campaign, the words that it brings for the bot, and
       pictures.
    3. Check that the parts agree: days, zones, languages, channels, deadlines.
    4. Without any error, assemble the campaign and check its schedule.
    """
    problems = Problems()
    folder = Folder(path)
    draft = _read_draft(folder, problems)
    if draft is None:
        return Reading(None, problems)
    texts = _read_texts(draft, problems)
    book = read_pledges(folder, draft.header.languages, draft.codes, draft.themes, problems)
    measures = read_measures(folder, draft.header.languages, draft.codes, problems)
    kept_ideas = read_kept_ideas(folder, problems)
    brought = read_bot_words(folder, draft.header.languages, vocabulary, problems)
    pictures = read_pictures(folder, problems)
    checks.check_parts(draft, rules)
    checks.check_measures_of_posts(draft, measures.known_measures)
    # The checks below need a whole campaign to lay out in time.
    if problems.errors:
        return Reading(None, problems)
    campaign = replace(
        _assemble(draft, texts, book, rules, brought),
        pictures=pictures,
        measures=measures.measures,
        goals=measures.goals,
        measure_words=measures.words,
        kept_ideas=kept_ideas,
    )
    checks.check_whole(draft.document, campaign)
    text_checks.check_placeholders(draft, campaign)
    guesses.check_guesses(draft, campaign)
    awareness.check_awareness(draft, campaign)
    text_checks.warn_of_untranslated(draft.document, campaign)
    hardcoded_values.warn_of_stale_words(draft, campaign)
    for claim in claims_outside(campaign, folder):
        problems.add(claim)
    warnings.look(draft.document, campaign)
    warn_of_missing(draft.document, campaign.languages, vocabulary, brought, folder)
    checks.list_examples(draft.document, draft.header, campaign)
    list_measure_examples(measures)
    return Reading(None if problems.errors else campaign, problems)


def _read_draft(folder: Folder, problems: Problems) -> ParsedCampaign | None:
    raw = folder.read(FILE, problems, "name a folder that holds a campaign.toml")
    document = toml.parse(folder.name(FILE), raw, problems) if raw is not None else None
    if document is None:
        return None
    # Entries of the lists are parsed one by one below, so that a mistake in one does not lose the others.
    header = value(Header, {k: v for k, v in document.data.items() if k not in _LISTS}, document, ())
    countries = tuple(
        value(Country, table, document, ("countries", index))
        for index, table in enumerate(tables(document, "countries"))
    )
    posts = tuple(
        value(Post, table, document, ("posts", index)) for index, table in enumerate(tables(document, "posts"))
    )
    themes = _read_themes(document)
    return ParsedCampaign(folder, document, header, countries, posts, themes) if header else None


def _read_themes(document: Document) -> Themes:
    themes = document.data.get("themes", {})
    if not isinstance(themes, dict):
        document.error(("themes",), "`themes` is not readable", _THEMES_EXAMPLE)
        return {}
    for theme, names in themes.items():
        if not _is_translated(names):
            document.error(("themes", theme), f"`themes.{theme}` is not readable", _THEMES_EXAMPLE)
    return {theme: names for theme, names in themes.items() if _is_translated(names)}


def _is_translated(names: object) -> bool:
    return isinstance(names, dict) and all(isinstance(name, str) for name in names.values())


def _read_texts(draft: ParsedCampaign, problems: Problems) -> Texts:
    texts: Texts = {}
    scheduled = list(dict.fromkeys(post.post for post in draft.posts if post))
    for post in scheduled:
        for language in draft.header.languages:
            if text := read_text(draft.folder, f"posts/{post}/{language}.md", problems):
                texts[post, language] = text
        _warn_of_strays(draft, post, problems)
    for item in draft.folder.listing("posts"):
        # While a [[posts]] table cannot be read, nobody knows which folder it would have named.
        if item.name not in scheduled and all(draft.posts):
            problems.warn(item.as_posix(), 1, "this post is in no [[posts]]", "schedule it, or take the folder away")
    return texts


def _warn_of_strays(draft: ParsedCampaign, post: str, problems: Problems) -> None:
    wanted = {f"{language}.md" for language in draft.header.languages}
    for item in draft.folder.listing(f"posts/{post}"):
        if item.name not in wanted:
            problems.warn(item.as_posix(), 1, "this file is never read", "name it after a language of the campaign")


def _earth_hour(header: Header) -> EarthHour:
    entry = header.earth_hour
    is_example = "date" in entry.examples
    return earth_hour.settle(header.first_day.year, entry.date, entry.starts, is_example=is_example)


def _assemble(draft: ParsedCampaign, texts: Texts, book: PledgeBook, rules: RulesByKind, brought: BotWords) -> Campaign:
    header = draft.header
    return Campaign(
        id=header.id,
        title=header.title,
        first_day=header.first_day,
        last_day=header.last_day,
        opens=header.opens or header.first_day,
        closes=header.closes or header.last_day,
        languages=header.languages,
        earth_hour=_earth_hour(header),
        goal=header.goal,
        smallest_group=header.smallest_group,
        guests=header.guests,
        approval_required=header.approval.required,
        figures=header.figures,
        company=header.company,
        countries=tuple(country for country in draft.countries if country),
        themes=draft.themes,
        posts=guesses.with_deadlines([post for post in draft.posts if post]),
        texts=texts,
        deadlines={name: rule.deadline for name, rule in rules.items()},
        pledges=book.pledges,
        pledge_words=book.words,
        factors_version=book.version,
        bot_words=brought,
    )
