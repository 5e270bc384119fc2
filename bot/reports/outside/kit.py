"""The kit: texts, a poster and a calendar file for people to hand on, in each language of the campaign."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.campaign.model import Campaign
from bot.locales.catalogues import campaign_words
from bot.messages.campaign_texts import campaign_title
from bot.messages.words import Words
from bot.reports.calendar_files import earth_hour_as_ics
from bot.reports.html import attributes, render
from bot.reports.outside.kit_texts import KitText, kit_texts
from bot.reports.outside.poster import poster

CALENDAR = "earth-hour.ics"


def kit_files(campaign: Campaign, url: str, now: datetime) -> Mapping[str, str]:
    """Return what every file of the kit says, by its path. `url` is where there is more to read."""
    spoken = [(language, campaign_words(campaign, language)) for language in campaign.languages]
    files = {CALENDAR: earth_hour_as_ics(campaign, now), "index.html": _start(campaign, spoken)}
    for language, words in spoken:
        texts = kit_texts(campaign, words, url)
        files |= {f"{language}/{text.name}.txt": text.plain for text in texts}
        files[f"{language}/index.html"] = _page(campaign, words, url, texts)
        files[f"{language}/poster.svg"] = poster(campaign, words, url)
    return files


def _page(campaign: Campaign, words: Words, url: str, texts: tuple[KitText, ...]) -> str:
    title = words("kit.title", campaign=campaign_title(campaign, words))
    values = {"title": title, "texts": texts, "poster_alt": words("kit.poster_alt", url=url)}
    return render("texts.html", say=words, calendar=f"../{CALENDAR}", **values, **attributes(words))


def _start(campaign: Campaign, spoken: list[tuple[str, Words]]) -> str:
    """Draw the page on which a language is chosen."""
    pages = [
        {
            "address": f"{language}/index.html",
            "title": words("kit.title", campaign=campaign_title(campaign, words)),
            "read": words("site.read"),
            **attributes(words),
        }
        for language, words in spoken
    ]
    title = pages[0]["title"]
    return render("start.html", pages=pages, title=title, heading=title, **attributes(spoken[0][1]))
