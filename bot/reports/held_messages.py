"""The messages that organisers hold, for operators: nobody is named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from bot.campaign.model import Audience, Campaign
from bot.campaign.organiser_decisions import ALL_COUNTRIES, Decisions, Pause
from bot.campaign.overlay import unapproved
from bot.campaign.schedule import Slot


def held(campaign: Campaign, decisions: Decisions, slot: Slot) -> str | None:
    """Return what a slot waits for, or None. Messages to organisers wait for nobody."""
    if slot.audience == Audience.REPRESENTATIVES:
        return None
    if any(pause.holds_for(slot.country) for pause in decisions.pauses):
        return "paused"
    text = campaign.text(slot.post, slot.language)
    if campaign.approval_required and not decisions.approval(slot.post, slot.language, text):
        return "not approved"
    return None


def sentences(campaign: Campaign, decisions: Decisions) -> Iterator[str]:
    """Yield a sentence for each pause and each post that is left out, and one for words that nobody has approved."""
    yield from map(_pause, decisions.pauses)
    for each in decisions.omissions:
        yield f"{each.post} is left out in {each.country}"
    if missing := _by_post(unapproved(campaign, decisions)):
        waits = "these wait for it" if campaign.approval_required else "they are sent all the same"
        yield f"not approved: {missing}; {waits}"


def is_holding(campaign: Campaign, decisions: Decisions) -> bool:
    """Return whether anything waits for an organiser."""
    return bool(decisions.pauses) or (campaign.approval_required and bool(unapproved(campaign, decisions)))


def _pause(pause: Pause) -> str:
    where = "all countries" if pause.country == ALL_COUNTRIES else pause.country
    return f"paused: {where}, since {pause.at:%a %d %b %H:%M} UTC"


def _by_post(pairs: list[tuple[str, str]]) -> str:
    languages: dict[str, list[str]] = defaultdict(list)
    for post, language in pairs:
        languages[post].append(language)
    return ", ".join(f"{post} ({' '.join(sorted(spoken))})" for post, spoken in languages.items())
