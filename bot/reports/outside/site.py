"""The page for customers and users: one a language, a page to choose it on, and the figures as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.campaign.earth_hour import settle
from bot.campaign.figure_publication_times import set_times
from bot.campaign.localtime import local
from bot.campaign.model import Campaign
from bot.locales.catalogues import campaign_words
from bot.messages.campaign_texts import campaign_title
from bot.messages.replies.phrases import capitalized, join_names, medium_date
from bot.messages.words import Words
from bot.reports.calendar_files import earth_hour_as_ics
from bot.reports.html import attributes, render, source_line
from bot.reports.outside.commitments import goals, measures, planned
from bot.reports.outside.figures import Figures, figures
from bot.reports.outside.kit import CALENDAR
from bot.reports.outside.kit_texts import hour_fields, week_fields
from bot.reports.outside.tips import Tip, tips
from bot.reports.results import Results, for_customers, results_json

DATA = "results.json"

_NOTES = ("blurred", "estimates", "accounts", "apart")
"""The notes on figures that readers outside need. The others are about tables that the page does not have."""

_Pages = list[Mapping[str, object]]


@dataclass(frozen=True)
class ShownIdea:
    """An idea that was carried out and whose author agreed to show it, in its own words, and what became of it."""

    language: str
    text: str
    became: str


@dataclass(frozen=True)
class SiteContent:
    """Everything that the site is made of. `results` are those of the last publication, if there was one.

    `is_draft` says that something in the campaign is still an example.
    """

    campaign: Campaign
    results: Results | None
    ideas: tuple[ShownIdea, ...]
    now: datetime
    is_draft: bool


def shown_ideas(campaign: Campaign) -> tuple[ShownIdea, ...]:
    """Return the ideas that were carried out and whose authors agreed, as somebody has read them in the files."""
    shown = (each for each in campaign.kept_ideas if each.is_for_customers)
    return tuple(ShownIdea(each.language, each.text, each.became) for each in shown)


def site_files(content: SiteContent) -> Mapping[str, str | bytes]:
    """Return what every file of the site holds, by its path."""
    campaign = content.campaign
    spoken = {language: campaign_words(campaign, language) for language in campaign.languages}
    files: dict[str, str | bytes] = {"index.html": _start(campaign, spoken)}
    for language, words in spoken.items():
        shown = tips(campaign, words)
        files[f"{language}.html"] = _page(content, words, shown, _pages(campaign, spoken, language))
        files |= {f"pictures/{tip.picture.name}.png": tip.picture.content for tip in shown if tip.picture}
    files[CALENDAR] = earth_hour_as_ics(campaign, content.now)
    if content.results:
        files[DATA] = results_json(for_customers(content.results))
    return files


def _pages(campaign: Campaign, spoken: Mapping[str, Words], current: str = "") -> _Pages:
    """Return the pages by language, for the start page and for the list at the top of each page."""
    return [
        {
            "address": f"{language}.html",
            "name": capitalized(words.language_name(language)),
            "read": words("site.read"),
            "title": campaign_title(campaign, words),
            "is_this": language == current,
            **attributes(words),
        }
        for language, words in spoken.items()
    ]


def _start(campaign: Campaign, spoken: Mapping[str, Words]) -> str:
    company = campaign.company
    words = spoken[campaign.language_for(company.language if company else None)]
    values = {"title": _title(campaign, words), "heading": campaign_title(campaign, words)}
    return render("start.html", pages=_pages(campaign, spoken), **values, **attributes(words))


def _page(content: SiteContent, words: Words, shown: tuple[Tip, ...], pages: _Pages) -> str:
    campaign = content.campaign
    return render(
        "page.html",
        say=words,
        pages=pages,
        is_draft=content.is_draft,
        title=_title(campaign, words),
        heading=campaign_title(campaign, words),
        company=_company(campaign),
        lead=capitalized(words("site.lead", **week_fields(campaign, words))),
        countries=join_names(words, (words.country(each.code) for each in campaign.countries)),
        figures=_figures(content, words),
        measures=measures(campaign, words),
        goals=goals(campaign, words),
        ideas=content.ideas,
        tips=[(tip, _when(words, tip), list(_small_print(words, tip))) for tip in shown],
        own_language=words.language,
        hour=_hour(campaign, words),
        unconfirmed=_unconfirmed(campaign, words),
        calendar=CALENDAR,
        coming=[(medium_date(words, day), text) for day, text in sorted(_coming(content, words))],
        notes=[words(f"report.note.{name}") for name in _NOTES] if content.results else [],
        data=DATA,
        contact=_contact(campaign),
        **attributes(words),
    )


def _company(campaign: Campaign) -> str:
    return (campaign.company.name if campaign.company else None) or ""


def _title(campaign: Campaign, words: Words) -> str:
    return ", ".join(filter(None, (campaign_title(campaign, words), _company(campaign))))


def _contact(campaign: Campaign) -> tuple[str, str] | None:
    """Return the address of a link to whoever answers, and what it is called."""
    contact = campaign.company.contact if campaign.company else None
    if contact is None:
        return None
    name = contact.removeprefix("https://")
    return (f"mailto:{contact}", contact) if name == contact else (contact, name)


def _figures(content: SiteContent, words: Words) -> Figures:
    if content.results:
        return figures(content.campaign, words, content.results)
    first = next(iter(_publications(content)), None)
    said = words("site.results_first", day=words.day(first)) if first else words("site.results_none")
    return Figures((said,))


def _publications(content: SiteContent) -> list[date]:
    """Return the days on which figures are still to come, on the company's clock."""
    campaign = content.campaign
    return sorted(local(at, campaign.zone).date() for at in set_times(campaign) if at > content.now)


def _when(words: Words, tip: Tip) -> str:
    return " · ".join(filter(None, (capitalized(words.short_day(tip.day)), tip.theme)))


def _small_print(words: Words, tip: Tip) -> Iterator[str]:
    if tip.source:
        yield source_line(words, [(tip.source, tip.source_url)])
    if tip.sdgs:
        yield words("line.goals", goals=" · ".join(f"{goal} {words(f'sdg.{goal}')}" for goal in tip.sdgs))


def _hour(campaign: Campaign, words: Words) -> str:
    fields = {**hour_fields(campaign, words), "day": words.day(campaign.earth_hour.day)}
    return capitalized(words("site.earth_hour_when", **fields))


def _unconfirmed(campaign: Campaign, words: Words) -> str:
    hour = campaign.earth_hour
    return "" if hour.confirmed else words("line.earth_hour_unconfirmed", date=words.short_day(hour.day))


def _coming(content: SiteContent, words: Words) -> Iterator[tuple[date, str]]:
    """Yield what is still to come, with its day."""
    campaign, today = content.campaign, local(content.now, content.campaign.zone).date()
    if content.results:
        yield from ((day, words("site.next_figures")) for day in _publications(content))
    yield from ((day, title) for day, title in planned(campaign, words) if day >= today)
    # Before this year's, "the next one" would be this one.
    if content.now >= campaign.earth_hour.ends(campaign.zone):
        yield settle(campaign.earth_hour.day.year + 1).day, words("site.next_hour")
