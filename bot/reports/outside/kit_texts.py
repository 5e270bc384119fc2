"""The texts of the kit, in one language: for the intranet, a newsletter, e-mails and schools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.campaign.earth_hour import LASTS
from bot.campaign.model import Campaign
from bot.messages.campaign_texts import campaign_title
from bot.messages.replies.phrases import capitalized
from bot.messages.words import Words
from bot.reports.outside.tips import tips

_STEPS = ("monday", "tuesday", "wednesday", "thursday", "last")


@dataclass(frozen=True)
class Part:
    """A paragraph, or a list of lines, or steps in their order."""

    lines: tuple[str, ...]
    kind: str = "paragraph"

    @property
    def plain(self) -> str:
        """The part as text."""
        signs = {"list": "- ", "steps": "{}. "}
        shown = (f"{signs.get(self.kind, '').format(number)}{line}" for number, line in enumerate(self.lines, 1))
        return "\n".join(shown).replace("`", "")


@dataclass(frozen=True)
class KitText:
    """A text to hand on. `heading` says for whom it is, and `name` is that of its file."""

    name: str
    heading: str
    title: str
    parts: tuple[Part, ...]

    @property
    def plain(self) -> str:
        """The text without markup, as its file has it."""
        return "\n\n".join([*([self.title] if self.title else []), *(part.plain for part in self.parts)]) + "\n"


def kit_texts(campaign: Campaign, words: Words, url: str) -> tuple[KitText, ...]:
    """Write every text in a language; `url` is where there is more to read."""
    return (
        _intranet(campaign, words, url),
        _newsletter(campaign, words, url),
        _signature(campaign, words, url),
        _lesson(words, url),
    )


def week_fields(campaign: Campaign, words: Words) -> Mapping[str, str]:
    """Return the values of the placeholders `first_day` and `last_day`."""
    return {"first_day": words.short_day(campaign.first_day), "last_day": words.short_day(campaign.last_day)}


def hour_fields(campaign: Campaign, words: Words) -> Mapping[str, str]:
    """Return the values of the placeholders `day`, `from` and `to` for Earth Hour."""
    hour = campaign.earth_hour
    ends = (datetime.combine(hour.day, hour.starts) + LASTS).time()
    return {"day": words.short_day(hour.day), "from": words.time(hour.starts), "to": words.time(ends)}


def _intranet(campaign: Campaign, words: Words, url: str) -> KitText:
    title = words(
        "kit.intranet_title",
        campaign=campaign_title(campaign, words),
        day=week_fields(campaign, words)["first_day"],
    )
    parts = (
        _paragraph(words("kit.intranet_what")),
        _days(campaign, words),
        _paragraph(words("kit.intranet_join")),
        _paragraph(words("kit.hour", **hour_fields(campaign, words))),
        _paragraph(words("kit.more", url=url)),
    )
    return KitText("intranet", words("kit.intranet"), title, parts)


def _newsletter(campaign: Campaign, words: Words, url: str) -> KitText:
    parts = (
        _paragraph(words("kit.newsletter_what", **week_fields(campaign, words))),
        _days(campaign, words),
        _paragraph(words("kit.newsletter_after")),
        _paragraph(words("kit.hour", **hour_fields(campaign, words))),
        _paragraph(words("kit.more", url=url)),
    )
    return KitText("newsletter", words("kit.newsletter"), words("kit.newsletter_title"), parts)


def _signature(campaign: Campaign, words: Words, url: str) -> KitText:
    hour = hour_fields(campaign, words)
    line = words(
        "kit.signature_line",
        campaign=campaign_title(campaign, words),
        **week_fields(campaign, words),
        hour=hour["day"],
        time=hour["from"],
    )
    return KitText("signature", words("kit.signature"), "", (Part((line, url)),))


def _lesson(words: Words, url: str) -> KitText:
    parts = (
        _paragraph(words("kit.lesson_question")),
        _paragraph(words("kit.lesson_for")),
        _paragraph(words("kit.lesson_needs")),
        Part(tuple(words(f"kit.lesson_{step}") for step in _STEPS), "steps"),
        _paragraph(words("kit.lesson_care")),
        _paragraph(words("kit.more", url=url)),
    )
    return KitText("lesson", words("kit.lesson"), words("kit.lesson_title"), parts)


def _days(campaign: Campaign, words: Words) -> Part:
    found = tips(campaign, words)
    lines = (words("kit.day", weekday=capitalized(words.weekday(tip.day)), title=tip.title) for tip in found)
    return Part(tuple(lines), "list")


def _paragraph(text: str) -> Part:
    return Part((text,))
