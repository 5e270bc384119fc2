"""The posts of a campaign as the preview shows them: when, to whom, and the message in every language."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from babel.dates import format_time
from markupsafe import Markup

from bot.campaign.localtime import local
from bot.campaign.model import PEOPLE, Audience, Campaign, Post
from bot.campaign.pictures import Picture
from bot.campaign.schedule import Slot, everyone, slots_of
from bot.locales.catalogues import campaign_words, words
from bot.messages.campaign_texts import title_of_post
from bot.messages.post_context import PostContext
from bot.messages.post_rendering import compose
from bot.messages.words import Words
from rehearsal.html.blocks import render
from rehearsal.html.render_context import Viewer
from rehearsal.preview.language_names import PAGE, country_name, language_name

_AUDIENCES = {
    Audience.COUNTRIES: "Country channels",
    Audience.COMPANY: "Company channel",
    Audience.JOINED: "Direct message to everyone who joined",
    Audience.EARTH_HOUR_REMINDER: "Direct message to everyone who asked to be reminded",
    Audience.REPRESENTATIVES: "Direct message to the representatives",
}


@dataclass(frozen=True)
class Version:
    """A post in one language. `goes_to` is where it is posted in this language, if anywhere."""

    words: Words
    name: str
    goes_to: str
    when: tuple[str, ...]
    clock: str
    text: str
    message: Markup
    examples: tuple[str, ...]


@dataclass(frozen=True)
class PostEntry:
    """A post of the schedule in all its languages."""

    id: str
    post: Post
    starts: datetime
    title: str
    kind: str
    audience: str
    moments: tuple[str, ...]
    doubtful: bool
    versions: tuple[Version, ...]

    @property
    def examples(self) -> tuple[str, ...]:
        """The parts of the post that are still examples, in any language."""
        found = (name for version in self.versions for name in version.examples)
        return tuple(dict.fromkeys((*self.post.examples, *found)))


def entries(campaign: Campaign) -> list[PostEntry]:
    """Return all posts in the order in which they are sent."""
    every = (_entry(campaign, post, f"post-{number}") for number, post in enumerate(campaign.posts, 1))
    return sorted(every, key=lambda entry: entry.starts)


def _entry(campaign: Campaign, post: Post, name: str) -> PostEntry:
    slots = _slots(campaign, post)
    return PostEntry(
        id=name,
        post=post,
        starts=_starts(post, slots)[0],
        title=title_of_post(campaign, post.post, words(PAGE)) or post.post,
        kind=post.kind.replace("_", " ").capitalize(),
        audience=_AUDIENCES[post.audience],
        moments=tuple(_moments(slots)),
        doubtful=post.kind.startswith("earth_hour") and not campaign.earth_hour.confirmed,
        versions=tuple(
            _version(campaign, post, slots, campaign_words(campaign, language)) for language in campaign.languages
        ),
    )


def _starts(post: Post, slots: Iterable[Slot]) -> list[datetime]:
    """Return the local times of a post. A follow-up waits for a working day, which differs between countries."""
    # A post that reaches nobody is shown as well, at the time that was written.
    return sorted({each.local for each in slots}) or [datetime.combine(post.day, post.time)]


def _slots(campaign: Campaign, post: Post) -> list[Slot]:
    """Return a slot for each channel, and one a country for people, who are not known here."""
    return list(slots_of(campaign, post, everyone(campaign)))


def _moments(slots: Iterable[Slot]) -> Iterator[str]:
    """Describe when a post is sent and until when, once for all countries where that is the same."""
    own = words(PAGE)
    places: dict[str, list[str]] = {}
    for each in slots:
        moment = f"{_when(own, each.local)} local time, {_until(own, each)}"
        places.setdefault(moment, []).append(country_name(own, each.country) if each.country else "")
    for moment, where in places.items():
        yield moment if len(places) == 1 else f"{moment}: {', '.join(dict.fromkeys(where))}"


def _until(own: Words, each: Slot) -> str:
    end = local(each.expires_at, each.zone)
    if end == datetime.combine(each.local + timedelta(days=1), time.min):
        return "not after midnight"
    if end.date() == each.local.date():
        return f"not after {_clock(own, end.time())}"
    return f"not after {_when(own, end)}"


def _when(spoken: Words, moment: datetime) -> str:
    return f"{spoken.day(moment.date())}, {_clock(spoken, moment.time())}"


def _clock(spoken: Words, clock: time) -> str:
    return format_time(clock, "short", locale=spoken.locale)


def _version(campaign: Campaign, post: Post, slots: Sequence[Slot], spoken: Words) -> Version:
    mine = [each for each in slots if _reads(campaign, each, spoken.language)]
    country = mine[0].country if mine else None
    drawn = PostContext(campaign, post, spoken, country=country)
    picture = campaign.pictures.get(drawn.text.picture)
    message = compose(replace(drawn, picture=_file_of(picture) if picture else None))
    return Version(
        words=spoken,
        name=language_name(spoken.language),
        goes_to=_goes_to(campaign, post, mine),
        when=tuple(_when(spoken, moment) for moment in _starts(post, mine or slots)),
        clock=_clock(spoken, post.time),
        text=message.text,
        message=render(message.blocks, _viewer(campaign, mine, spoken.language)),
        examples=campaign.text(post.post, spoken.language).examples,
    )


def _reads(campaign: Campaign, slot: Slot, language: str) -> bool:
    """Return whether a post may reach somebody in that language: a channel has one, colleagues choose their own."""
    country = campaign.country(slot.country)
    if slot.audience in PEOPLE and country:
        return language in country.languages
    return slot.language == language


def _goes_to(campaign: Campaign, post: Post, mine: Sequence[Slot]) -> str:
    if post.audience in PEOPLE:
        return "for those who read it"
    if post.audience is Audience.REPRESENTATIVES:
        return ", ".join(dict.fromkeys(country_name(words(PAGE), each.country or "") for each in mine))
    channels = (campaign.channel(each.audience, each.recipient) for each in mine)
    return ", ".join(f"#{channel}" for channel in channels if channel)


def _viewer(campaign: Campaign, mine: Sequence[Slot], language: str) -> Viewer:
    zone = mine[0].zone if mine else campaign.countries[0].zone if campaign.countries else "UTC"
    return Viewer(zone=zone, language=language, pictures=_addresses(campaign.pictures.values()))


def _addresses(pictures: Iterable[Picture]) -> dict[str, str]:
    """Return the pictures themselves as addresses, since the page is complete in itself."""
    return {_file_of(each): f"data:image/png;base64,{b64encode(each.content).decode()}" for each in pictures}


def _file_of(picture: Picture) -> str:
    """Return the ID that a picture's file could have in Slack."""
    return f"F{picture.hash[:10].upper()}"
