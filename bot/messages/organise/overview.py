"""The page from which organisers run the week: what is not ready, what is paused, the posts, and who did what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from bot.campaign.localtime import local
from bot.campaign.model import Audience, Campaign
from bot.campaign.organiser_decisions import ALL_COUNTRIES, Pause
from bot.messages.blocks import action_id_for, button, escape, heading
from bot.messages.campaign_texts import measure_words, title_of_post
from bot.messages.message import Block
from bot.messages.modals.modal import MY_WEEK, View, home_metadata, modal
from bot.messages.organise.idea_stages import counts_sentence, ideas_value
from bot.messages.organise.post_state import PostStatus, state_sentence
from bot.messages.replies import standings as figures
from bot.messages.replies.phrases import join_names, medium_date
from bot.messages.replies.reply_blocks import button_row, line, lines, small_print
from bot.messages.unicode_text import truncate
from bot.messages.words import Words
from bot.standings.published_figures import Standings

CALLBACK = "organise"

FACE = "organise"
"""The second face of the App Home, with the organiser's first country."""

POSTS_ON_A_PAGE = 15
"""A country's week at a glance, on a phone too; with all around them far fewer than the hundred blocks of a modal."""

_MOST_LINES = 12
"""Lines of one list of what is not ready, or paused; the rest is counted."""

EVERYTHING = "all"
"""All countries, in the value of a button: Slack takes no empty one."""

ON, OFF = "on", "off"
"""The values of the button that switches the digest."""

_IN_A_ROW = 25
"""Buttons that Slack allows in a row."""


@dataclass(frozen=True)
class NotSaid:
    """Something that a country has not said yet: who can, as the campaign names them, and the day it is needed by."""

    country: str
    users: Sequence[str]
    day: date | None


@dataclass(frozen=True)
class NotReady:
    """Things that stand in the way.

    They are places of examples, channels, posts with languages that nobody has approved, countries without a
    headcount or whose works council has not been informed, and measures and goals with the day of an old figure.
    """

    examples: Sequence[str] = ()
    channels: Sequence[str] = ()
    unapproved: Sequence[tuple[str, str]] = ()
    is_earth_hour_unconfirmed: bool = False
    headcounts: Sequence[NotSaid] = ()
    works_councils: Sequence[NotSaid] = ()
    stale_figures: Sequence[tuple[str, date]] = ()


@dataclass(frozen=True)
class ActDone:
    """Something that an organiser did: the name of the act, and the post, language and country that it was about."""

    user: str | None
    act: str
    post: str
    language: str | None
    country: str | None
    at: datetime


@dataclass(frozen=True)
class Overview:
    """Everything that the page shows of one country. `countries` are those that the organiser can look at.

    The ideas are their numbers by stage. `has_digest` is false for an organiser who has switched it off.
    """

    country: str
    countries: Sequence[str]
    is_manager: bool
    zone: str
    not_ready: NotReady
    pauses: Sequence[Pause]
    ideas: Mapping[str, int]
    posts: Sequence[PostStatus]
    acts: Sequence[ActDone]
    standings: Standings | None
    next_figures_at: datetime | None
    has_digest: bool = True


def draw(words: Words, campaign: Campaign, shown: Overview, page: int | None, *, today: date, told: str = "") -> View:
    """Draw a page, without a number the one of `today`. `told` is what has come of the last press."""
    blocks = [*([line(told, "told")] if told else []), *_blocks(words, campaign, shown, page, today, "organise_page")]
    return modal(words, CALLBACK, "form.organise.title", blocks)


def draw_home(
    words: Words, campaign: Campaign, shown: Overview, page: int | None, *, today: date, face: str
) -> dict[str, object]:
    """Draw a page as the second face of the App Home, on which its buttons turn the pages."""
    blocks = [switch(words, is_organising=True), *_blocks(words, campaign, shown, page, today, "organise_home")]
    return {"type": "home", "blocks": blocks, "private_metadata": home_metadata(face)}


def switch(words: Words, *, is_organising: bool) -> Block:
    """Build the row that turns the App Home of an organiser from one face to the other."""
    faces = ((MY_WEEK, "button.organise_my_week", not is_organising), (FACE, "button.organise", is_organising))
    row = [
        button(action_id_for("organise_home", face), words(label), face, primary=is_shown)
        for face, label, is_shown in faces
    ]
    return button_row("faces", *row)


def _blocks(
    words: Words, campaign: Campaign, shown: Overview, page: int | None, today: date, turning: str
) -> list[Block]:
    """Build what the modal and the App Home both show. `turning` is the action of the buttons to other pages."""
    pages = _pages(shown.posts)
    # The button may come from a time when there were more pages.
    number = _page_of(pages, today) if page is None else max(0, min(page, len(pages) - 1))
    return [
        *_not_ready(words, campaign, shown.not_ready),
        *_pauses(words, shown),
        _ideas(words, shown),
        *_posts(words, shown, pages[number], _page_buttons(words, shown, number, len(pages), turning)),
        *_countries(words, shown, turning),
        *_figures(words, campaign, shown),
        *_report(words, shown, number),
        *_acts(words, campaign, shown),
        button_row("digest", digest_switch(words, page_value(shown.country, number), is_off=not shown.has_digest)),
    ]


def digest_switch(words: Words, page: str = "", *, is_off: bool) -> Block:
    """Build the button that switches the digest off, or on again. `page` is where it stands, if on a page."""
    to = ON if is_off else OFF
    return button("organise_digest", words(f"button.organise_digest_{to}"), f"{to}/{page}")


def switched_digest(value: str) -> tuple[bool, str]:
    """Read the value of that button: whether the digest is wanted, and the page."""
    to, _, page = value.partition("/")
    return to == ON, page


def place_and_page(value: str) -> tuple[str, int | None]:
    """Read the value of a button that leads to a page: a country, and a number or nothing."""
    country, _, page = value.partition("/")
    return country, int(page) if page.isascii() and page.isdecimal() and len(page) < len("1000") else None


def page_value(country: str, page: int | None = None) -> str:
    """Write the value of a button that leads to a page."""
    return country if page is None else f"{country}/{page}"


def instant_words(words: Words, at: datetime, zone: str) -> dict[str, str]:
    """Return the values of the placeholders `day` and `time` for an instant, on the clocks of a zone."""
    wall = local(at, zone)
    return {"day": words.short_day(wall.date()), "time": words.time(wall.time())}


def name_of(words: Words, user: str | None) -> str:
    """Return a mention of an organiser, or a word for one who has asked to be forgotten."""
    return f"<@{user}>" if user else words("organise.somebody")


def scope_name(words: Words, country: str | None) -> str:
    """Return the name of a country, escaped, or a word for all of them."""
    return escape(words.country(country)) if country else words("organise.everywhere")


def _pages(posts: Sequence[PostStatus]) -> list[Sequence[PostStatus]]:
    return [posts[start : start + POSTS_ON_A_PAGE] for start in range(0, len(posts), POSTS_ON_A_PAGE)] or [()]


def _page_of(pages: Sequence[Sequence[PostStatus]], today: date) -> int:
    """Return the page with the first post of today or later, or the last one."""
    coming = (number for number, posts in enumerate(pages) if posts and posts[-1].local.date() >= today)
    return next(coming, len(pages) - 1)


def _not_ready(words: Words, campaign: Campaign, missing: NotReady) -> list[Block]:
    found = missing_sentences(words, campaign, missing)
    return [heading(words("organise.not_ready"), "not_ready_title"), *lines(found, "not_ready")]


def missing_sentences(words: Words, campaign: Campaign, missing: NotReady) -> list[str]:
    """Say what is not ready, or that everything is."""
    return list(_missing(words, campaign, missing)) or [words("organise.ready")]


def _missing(words: Words, campaign: Campaign, missing: NotReady) -> Iterator[str]:
    if missing.is_earth_hour_unconfirmed:
        yield words("organise.earth_hour", day=words.day(campaign.earth_hour.day))
    if missing.examples:
        shown = [f"`{escape(each)}`" for each in missing.examples[:_MOST_LINES]]
        yield words.plural("organise.examples", len(missing.examples), places=join_names(words, shown))
    yield from cut(words, [words("organise.channel", channel=f"`{escape(each)}`") for each in missing.channels])
    yield from cut(words, [_not_said(words, "organise.works_council", each) for each in missing.works_councils])
    yield from cut(words, [_not_said(words, "organise.headcount", each) for each in missing.headcounts])
    yield from cut(words, [_stale(words, campaign, each, day) for each, day in missing.stale_figures])
    yield from cut(words, list(unapproved_sentences(words, campaign, missing.unapproved)))


def _stale(words: Words, campaign: Campaign, commitment: str, day: date) -> str:
    title = escape(measure_words(campaign, commitment, words).title)
    return words("measures.stale", title=title, day=medium_date(words, day))


def _not_said(words: Words, name: str, missing: NotSaid) -> str:
    said = [words(name, country=scope_name(words, missing.country))]
    if missing.users:
        said.append(words("organise.who_can", names=join_names(words, (f"<@{user}>" for user in missing.users))))
    if missing.day:
        said.append(words("organise.needed_by", day=words.short_day(missing.day)))
    return " ".join(said)


def unapproved_sentences(words: Words, campaign: Campaign, pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield a sentence for each post that waits to be approved, with its languages."""
    for post, found in groupby(pairs, key=lambda pair: pair[0]):
        spoken = [words.language_name(language) for _, language in found]
        yield words("organise.unapproved", post=post_title(words, campaign, post), languages=join_names(words, spoken))


def cut(words: Words, found: list[str]) -> list[str]:
    """Cut a list of lines to as many as fit, and count the rest."""
    more = len(found) - _MOST_LINES
    return found if more <= 0 else [*found[:_MOST_LINES], words.plural("organise.and_more", more)]


def post_title(words: Words, campaign: Campaign, post: str) -> str:
    """Return the title of a post in the reader's language, in bold."""
    # A post that is in no file any more, or was withdrawn, has its name only.
    return f"*{escape(title_of_post(campaign, post, words) or post)}*"


def _pauses(words: Words, shown: Overview) -> Iterator[Block]:
    if shown.pauses:
        yield heading(words("organise.paused_title"), "paused_title")
        yield from lines(cut(words, [pause_sentence(words, each, shown.zone) for each in shown.pauses]), "paused")
    yield button_row("pauses", *_pause_buttons(words, shown))


def _pause_buttons(words: Words, shown: Overview) -> Iterator[Block]:
    """Yield a button to pause or resume the country, and one for everything where that is the organiser's."""
    yield _pause_button(words, shown, shown.country, shown.country)
    if shown.is_manager:
        yield _pause_button(words, shown, ALL_COUNTRIES, EVERYTHING)


_OF_EVERYTHING = {
    "organise_pause": "button.organise_pause_all",
    "organise_resume": "button.organise_resume_all",
}


def _pause_button(words: Words, shown: Overview, country: str, scope: str) -> Block:
    pause = next((each for each in shown.pauses if each.country == country), None)
    action, subject = ("organise_resume", pause.id) if pause else ("organise_pause", scope)
    value = f"{subject}/{shown.country}"
    label = _OF_EVERYTHING[action] if country == ALL_COUNTRIES else f"button.{action}"
    return button(action_id_for(action, value), words(label), value)


def pause_sentence(words: Words, pause: Pause, zone: str) -> str:
    """Say what is paused, since when and by whom."""
    when, who = instant_words(words, pause.at, zone), name_of(words, pause.by)
    if pause.country == ALL_COUNTRIES:
        return words("organise.paused_all", who=who, **when)
    return words("organise.paused_country", country=scope_name(words, pause.country), who=who, **when)


def _ideas(words: Words, shown: Overview) -> Block:
    title = f"*{escape(words('organise.ideas', country=words.country(shown.country)))}*"
    value = ideas_value(shown.country)
    opening = button(action_id_for("organise_ideas", value), words("button.organise_ideas"), value)
    return line(f"{title}\n{counts_sentence(words, shown.ideas)}", "ideas", beside=opening)


def _posts(words: Words, shown: Overview, posts: Sequence[PostStatus], turning: Sequence[Block]) -> Iterator[Block]:
    yield heading(words("organise.posts", country=words.country(shown.country)), "posts_title")
    if not posts:
        yield line(words("organise.no_posts"), "no_posts")
    for day, found in groupby(posts, key=lambda each: each.local.date()):
        yield line(f"*{escape(words.short_day(day))}*", f"day:{day}")
        for each in found:
            yield _post(words, shown.country, each)
    yield button_row("pages", *turning, *_screens(words, shown))


def _screens(words: Words, shown: Overview) -> Iterator[Block]:
    """Yield the buttons that open other screens of the country."""
    for action in ("organise_own_post", *(("organise_stand_ins",) if shown.is_manager else ()), "organise_help"):
        yield button(action, words(f"button.{action}"), shown.country)


def _page_buttons(words: Words, shown: Overview, page: int, pages: int, turning: str) -> list[Block]:
    ways = ((page - 1, "button.organise_back"), (page + 1, "button.organise_more"))
    return [_page_button(turning, words(label), shown.country, to) for to, label in ways if 0 <= to < pages]


def _post(words: Words, country: str, status: PostStatus) -> Block:
    addressed = "" if status.post.audience is Audience.COUNTRIES else words(f"organise.to.{status.post.audience}")
    channel = f"#{escape(status.channel)}" if status.channel else ""
    about = " · ".join(each for each in (state_sentence(words, status), addressed, channel) if each)
    text = f"{words.time(status.local.time())}  *{escape(truncate(status.title, 120))}*\n{about}"
    key = ":".join((status.post.post, str(status.local.date()), status.post.audience, status.channel))
    opening = button(
        action_id_for("organise_post", key), words("button.organise_post"), f"{country}/{status.post.post}"
    )
    return line(text, f"post:{key}", beside=opening)


def _page_button(turning: str, label: str, country: str, page: int | None = None) -> Block:
    value = page_value(country, page)
    return button(action_id_for(turning, value), label, value)


def _countries(words: Words, shown: Overview, turning: str) -> Iterator[Block]:
    """Yield the buttons to the other countries that the organiser can look at."""
    others = [code for code in shown.countries if code != shown.country]
    for start in range(0, len(others), _IN_A_ROW):
        row = [_page_button(turning, words.country(code), code) for code in others[start : start + _IN_A_ROW]]
        yield button_row(f"other_countries_{start}", *row)


def _figures(words: Words, campaign: Campaign, shown: Overview) -> list[Block]:
    """Build the figures as they were published, with what would have made it easier."""
    published = figures.blocks(
        words, campaign, shown.standings, country=shown.country, chart=False, next_at=shown.next_figures_at
    )
    return [heading(words("standings.title"), "figures_title"), *published]


def _report(words: Words, shown: Overview, page: int) -> Iterator[Block]:
    """Yield the button that sends the report to a manager, once there are figures."""
    if shown.is_manager and shown.standings:
        value = page_value(shown.country, page)
        yield button_row("report", button("organise_report", words("button.organise_report"), value))


def _acts(words: Words, campaign: Campaign, shown: Overview) -> list[Block]:
    if not shown.acts:
        return []
    said = [_act(words, campaign, each, shown.zone) for each in shown.acts]
    return [heading(words("organise.acts"), "acts_title"), small_print(said, "acts")]


def _act(words: Words, campaign: Campaign, done: ActDone, zone: str) -> str:
    sentence = words(
        f"organise.act.{done.act}",
        who=name_of(words, done.user),
        post=post_title(words, campaign, done.post) if done.post else "",
        language=words.language_name(done.language) if done.language else "",
        country=scope_name(words, done.country),
    )
    return words("organise.act_line", act=sentence, **instant_words(words, done.at, zone))
