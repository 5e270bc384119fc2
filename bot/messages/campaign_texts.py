"""The campaign's own words as people read them, with what their placeholders stand for put in.

Everything that shows a title, a post or a pledge asks here; the campaign itself has them as they are written. Dates,
numbers and countries in a text are written in the language of that text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from gettext import NullTranslations

from bot.campaign.earth_hour import LASTS
from bot.campaign.measures import MeasureWords
from bot.campaign.model import Campaign, PledgeWords, Post, Text
from bot.campaign.placeholders import REPRESENTATIVES, Placeholder, fill, is_named, put_local
from bot.campaign.schedule import day_of
from bot.messages.blocks import escape
from bot.messages.replies.phrases import capitalized, join_names, percent
from bot.messages.unicode_text import truncate
from bot.messages.words import Words, locale_of

_LONGEST_OPTION = 75
"""Characters of an option or a button. A name may be longer once its placeholders are filled in."""

_LONGEST_HEADING = 150


def campaign_title(campaign: Campaign, words: Words) -> str:
    """Return the title of the campaign in the reader's language."""
    filler = _filler(campaign, words)
    return filler.filled(campaign.title[filler.words.language], _LONGEST_OPTION)


def post_text(campaign: Campaign, post: str, words: Words, country: str | None) -> Text:
    """Return a post as a reader in a country reads it: its text with the country's line in it, and its question.

    Raises:
        KeyError: There is no such post, or no longer.
    """
    filler = _filler(campaign, words, country)
    return filled_text(campaign.text(post, filler.words.language), campaign, filler.words, country)


def title_of_post(campaign: Campaign, post: str, words: Words, country: str | None = None) -> str | None:
    """Return the title of a post, or None if the campaign has no such post any more."""
    filler = _filler(campaign, words, country)
    text = campaign.texts.get((post, filler.words.language))
    return filler.filled(text.title, _LONGEST_HEADING) if text else None


def filled_text(text: Text, campaign: Campaign, words: Words, country: str | None) -> Text:
    """Return a text in the language of `words` as a reader in a country reads it."""
    filler = _filler(campaign, words, country)
    body = put_local(text.body, text.local.get(country or ""))
    # Copied without being checked: what is filled in may be longer than what is written.
    return text.model_copy(
        update={
            "title": filler.filled(text.title, _LONGEST_HEADING),
            "summary": filler.filled(text.summary),
            "body": filler.filled(body),
            "ask": filler.filled(text.ask),
            "alt": filler.filled(text.alt),
            "answers": tuple(filler.filled(answer, _LONGEST_OPTION) for answer in text.answers),
            "local": {},
        }
    )


def pledge_words(campaign: Campaign, pledge: str, words: Words) -> PledgeWords:
    """Return a pledge in the reader's language.

    Raises:
        KeyError: There is no such pledge, or no longer.
    """
    filler = _filler(campaign, words)
    return _filled_pledge(campaign.pledge_words[pledge, filler.words.language], filler)


def measure_words(campaign: Campaign, measure: str, words: Words) -> MeasureWords:
    """Return a measure or a goal in the reader's language.

    Raises:
        KeyError: There is no such measure or goal, or no longer.
    """
    filler = _filler(campaign, words)
    written = campaign.measure_words[measure, filler.words.language]
    return written.model_copy(
        update={
            "title": filler.filled(written.title, _LONGEST_HEADING),
            "about": filler.filled(written.about),
            "responsible": filler.filled(written.responsible),
            "unit": filler.filled(written.unit) if written.unit else None,
        }
    )


def preset_plans(campaign: Campaign, pledge: str, language: str) -> tuple[str, ...]:
    """Return the plans that a pledge proposes in a language of the campaign, as they were shown.

    Raises:
        KeyError: There is no such pledge in that language.
    """
    # Pledges name no buttons, so nothing is looked up in a catalogue.
    words = Words(language, locale_of(language), NullTranslations())
    return _filled_pledge(campaign.pledge_words[pledge, language], _Filler(campaign, words, None)).plans


def _filled_pledge(written: PledgeWords, filler: _Filler) -> PledgeWords:
    return written.model_copy(
        update={
            "title": filler.filled(written.title, _LONGEST_OPTION),
            "unit": filler.filled(written.unit),
            "about": filler.filled(written.about),
            "plans": tuple(filler.filled(plan, _LONGEST_OPTION) for plan in written.plans),
        }
    )


def mentions(campaign: Campaign, country: str | None) -> list[str]:
    """Return the mentions of a country's representatives, or of all where no country is meant."""
    home = campaign.country(country)
    places = (home,) if home else campaign.countries
    return list(dict.fromkeys(f"<@{user}>" for each in places for user in each.representatives))


def names_representatives(text: Text, country: str | None) -> bool:
    """Return whether a text, as it is written, mentions the representatives of a country."""
    return is_named(REPRESENTATIVES, put_local(text.body, text.local.get(country or "")))


def with_mentions(text: str, named: Iterable[str]) -> str:
    """Return a text in mrkdwn in which these mentions, which are escaped in it, mention people."""
    for mention in named:
        text = text.replace(escape(mention), mention)
    return text


def _filler(campaign: Campaign, words: Words, country: str | None = None) -> _Filler:
    language = campaign.language_for(words.language, country)
    return _Filler(campaign, replace(words, language=language, locale=locale_of(language)), country)


@dataclass(frozen=True)
class _Filler:
    """Fills placeholders in the language of a text. `words` name buttons as their buttons are named."""

    campaign: Campaign
    words: Words
    country: str | None

    def filled(self, text: str, most: int | None = None) -> str:
        done = fill(text, self._value)
        return truncate(done, most) if most else done

    def _value(self, placeholder: Placeholder, begins: bool) -> str | None:  # noqa: FBT001 - as `fill` calls it
        found = self._of_post(placeholder) if placeholder.about else self._plain.get(placeholder.name)
        return capitalized(found) if found and begins else found

    @cached_property
    def _plain(self) -> dict[str, str | None]:
        campaign, words, hour = self.campaign, self.words, self.campaign.earth_hour
        company, goal = campaign.company, campaign.goal
        everywhere = join_names(words, (words.country(each.code) for each in campaign.countries))
        home = campaign.country(self.country)
        ends = (datetime.combine(hour.day, hour.starts) + LASTS).time()
        return {
            "year": str(campaign.first_day.year),
            **{name: words.short_day(day) for name, day in self._days.items()},
            "earth_hour_time": words.time(hour.starts),
            "earth_hour_end": words.time(ends),
            "countries": everywhere,
            # Somebody without a country reads of all.
            "country": words.country(home.code) if home else everywhere,
            "goal": percent(words, goal.participation_percent) if goal else None,
            "company": company.name if company else None,
            "representatives": join_names(words, mentions(campaign, self.country)),
        }

    @property
    def _days(self) -> dict[str, date]:
        campaign = self.campaign
        return {
            "first_day": campaign.first_day,
            "last_day": campaign.last_day,
            "earth_hour": campaign.earth_hour.day,
        }

    def _of_post(self, placeholder: Placeholder) -> str | None:
        name, about = placeholder.name, placeholder.about
        if name == "button":
            return self.words(f"button.{about}")
        if name == "weekday" and about in self._days:
            return self.words.weekday(self._days[about])
        post = _entry((post for post in self.campaign.posts if post.post == about), self.country)
        if post is None:
            return None
        day = day_of(post, self.country)
        values = {"day": self.words.short_day, "weekday": self.words.weekday}
        return self.words.time(post.time) if name == "time" else values[name](day) if name in values else None


def _entry(entries: Iterable[Post], country: str | None) -> Post | None:
    """Choose the first entry of a post that a country gets, or else the first."""
    found = list(entries)
    return next((post for post in found if post.reaches(country)), next(iter(found), None))
