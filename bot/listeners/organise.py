"""`/earthweek organise`: the page from which organisers run the week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime

from bot.campaign.figure_publication_times import next_at
from bot.campaign.idea_recipients import is_listed
from bot.campaign.localtime import local
from bot.campaign.model import PEOPLE, Audience, Campaign, Country, Post
from bot.campaign.organiser_decisions import Decisions
from bot.campaign.schedule import Addressee, Slot, slot
from bot.campaign.text_hash import text_hash
from bot.listeners.command_parsing import parse
from bot.listeners.errors import RequestRefusedError
from bot.listeners.interaction import Interaction
from bot.listeners.organisers import Organiser, role
from bot.messages.campaign_texts import title_of_post
from bot.messages.modals.modal import MY_WEEK
from bot.messages.organise import guide
from bot.messages.organise import overview as page
from bot.messages.organise.idea_stages import stage_of
from bot.messages.organise.post_state import PostState, PostStatus
from bot.messages.organise.week_readiness import not_ready
from bot.messages.organise.who_organises import who_organises
from bot.messages.replies.written_message_answers import offer
from bot.standings.publisher import as_shown
from bot.store.ideas import IdeaState
from bot.store.organiser_acts import Acted
from bot.store.outbox import Entry, State
from bot.store.store import Overview

LAST_ACTS = 8
"""Acts of organisers on the page."""

COMPANY = "company"
"""The recipient of what is posted in the channel for everybody."""

_ENDED: Mapping[State, PostState] = {
    State.SENDING: PostState.SENDING,
    State.SENT: PostState.SENT,
    State.SKIPPED: PostState.SKIPPED,
    State.CANCELLED: PostState.CANCELLED,
    State.FAILED: PostState.FAILED,
    State.UNCONFIRMED: PostState.UNCONFIRMED,
}


async def organise(interaction: Interaction, _value: str) -> None:
    """Show organisers their page, and tell everybody else who organises."""
    if organiser := await _organiser(interaction):
        await show_page(interaction, organiser, organiser.countries[0])


async def organise_typed(interaction: Interaction, text: str) -> None:
    """Show the guide to somebody who asks for help, and else the page."""
    if text and parse(text, interaction.typed_words).route == "help":
        await organise_help(interaction, text)
    elif interaction.responder.conversation:
        # A message has no trigger ID, so only a button can open the page.
        await interaction.reply_message(offer(interaction.words, "organise"))
    else:
        await organise(interaction, text)


async def organise_help(interaction: Interaction, _value: str) -> None:
    """Show organisers what they can do here."""
    if organiser := await _organiser(interaction):
        await interaction.reply_message(guide.draw(interaction.words, is_manager=organiser.is_manager))


async def _organiser(interaction: Interaction) -> Organiser | None:
    """Return the role of whoever asks, or tell them who organises."""
    organiser = role(interaction.campaign, interaction.user)
    if organiser is None:
        interaction.require_colleague()
        await interaction.reply(who_organises(interaction.words, interaction.campaign, interaction.country))
    return organiser


async def organise_page(interaction: Interaction, value: str) -> None:
    """Show another page, or another country."""
    country, number = page.place_and_page(value)
    await show_page(interaction, require_organiser(interaction, country), country, number)


def require_organiser(interaction: Interaction, country: str) -> Organiser:
    """Return the role of somebody who looks at a country.

    Raises:
        RequestRefusedError: They do not organise, or not there, or there is no such country.
    """
    organiser = role(interaction.campaign, interaction.user)
    if organiser is None or country not in organiser.countries:
        raise RequestRefusedError("organise.not_yours")
    return organiser


async def show_page(
    interaction: Interaction, organiser: Organiser, country: str, number: int | None = None, told: str = ""
) -> None:
    """Show a page of a country, as everything is now; `told` is what has come of the last press."""
    shown, today = await _overview(interaction, organiser, country)
    campaign = interaction.services.campaign()
    await interaction.show(page.draw(interaction.words, campaign, shown, number, today=today, told=told))


async def home_page(interaction: Interaction, organiser: Organiser, face: str) -> dict[str, object]:
    """Draw the second face of the App Home: a country and a page, or what comes first."""
    country, number = page.place_and_page(face)
    if country not in organiser.countries:
        country, number = organiser.countries[0], None
    shown, today = await _overview(interaction, organiser, country)
    return page.draw_home(interaction.words, interaction.services.campaign(), shown, number, today=today, face=face)


async def organise_home(interaction: Interaction, value: str) -> None:
    """Turn the App Home to another face or page; it is drawn once this has returned."""
    if not interaction.responder.home_is_open:
        raise RequestRefusedError("trouble.stale")
    country, _ = page.place_and_page(value)
    if value not in {MY_WEEK, page.FACE}:
        require_organiser(interaction, country)
    interaction.responder.home_face = value


async def _overview(interaction: Interaction, organiser: Organiser, country: str) -> tuple[page.Overview, date]:
    """Look up everything that a page of a country shows, and the date there."""
    # Not what it was when the press arrived: it may have changed something.
    campaign, store = interaction.services.campaign(), interaction.store
    home = country_of(campaign, country)
    found = await store.read(store.overview, campaign.id, (*home.channels, COMPANY), LAST_ACTS, interaction.user)
    shown = page.Overview(
        country=country,
        countries=organiser.countries,
        is_manager=organiser.is_manager,
        zone=home.zone,
        not_ready=_not_ready(interaction, campaign, organiser),
        pauses=interaction.services.live.decisions.pauses,
        ideas=_stage_counts(interaction, country, found.ideas),
        posts=list(statuses(interaction, campaign, home, found)),
        acts=[_act(each) for each in found.acts],
        standings=as_shown(campaign, found.figures),
        next_figures_at=next_at(campaign, interaction.now),
        has_digest=found.has_digest,
    )
    return shown, local(interaction.now, home.zone).date()


def country_of(campaign: Campaign, code: str) -> Country:
    """Return a country of the campaign.

    Raises:
        RequestRefusedError: It takes part no longer.
    """
    found = campaign.country(code)
    if found is None:
        raise RequestRefusedError("trouble.stale")
    return found


def _not_ready(interaction: Interaction, campaign: Campaign, organiser: Organiser) -> page.NotReady:
    own = [each for each in campaign.countries if organiser.answers_for(each.code)]
    return not_ready(interaction.services.live, interaction.services.missing_channels(), own, interaction.today)


def _stage_counts(
    interaction: Interaction, country: str, counted: Mapping[tuple[str | None, IdeaState], int]
) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for (home, state), count in counted.items():
        if is_listed(interaction.campaign, country, home, interaction.user):
            counts[stage_of(state)] += count
    return counts


def _act(acted: Acted) -> page.ActDone:
    return page.ActDone(acted.user, acted.act.value, acted.subject, acted.language, acted.country, acted.at)


def statuses(interaction: Interaction, campaign: Campaign, home: Country, found: Overview) -> Iterator[PostStatus]:
    """Yield every post that a country has or has left out, in each of its channels, in the order of local times."""
    known = {(each.slot.series, each.slot.local_date): each for each in found.entries}
    decisions = interaction.services.live.decisions
    posts = (post for post in campaign.posts if not post.countries or home.code in post.countries)
    # One for each key: of two entries of a post on one day, one message is sent.
    planned = {made.key: (made, post) for post in posts for made in slots_in(campaign, post, home)}
    for made, post in sorted(planned.values(), key=lambda each: each[0].local):
        entry = known.get((made.series, made.local_date))
        state = _state(campaign, decisions, made, post, entry, interaction.now)
        if state is PostState.SENT and entry:
            state = _sent(entry, text_hash(campaign.text(made.post, made.language)), found.replied)
        yield PostStatus(
            post=post,
            title=title_of_post(campaign, post.post, interaction.words, home.code) or post.post,
            local=made.local,
            state=state,
            channel=home.channels.get(made.recipient, "") if home.more_channels else "",
            sent=local(entry.sent_at, made.zone) if entry and entry.sent_at else None,
            reason=entry.reason if entry else None,
        )


def slots_in(campaign: Campaign, post: Post, home: Country) -> Iterator[Slot]:
    """Yield the slots of a post in a country, one a channel; for people, one that stands for all of them.

    A post that is left out has its slots all the same.
    """
    if post.audience is Audience.COMPANY and campaign.company:
        company = campaign.company
        yield slot(campaign, post, Addressee(post.audience, COMPANY, company.zone, company.language))
        return
    recipients = home.channels if post.audience is Audience.COUNTRIES else (home.code,)
    for recipient in recipients:
        yield slot(campaign, post, Addressee(post.audience, recipient, home.zone, home.language, home.code))


def _sent(entry: Entry, now: str, replied: Collection[tuple[str, str]]) -> PostState:
    """Tell whether a message that was sent shows the words of `now`, by their hash, or a reply to it does."""
    if entry.text_hash in {None, now}:
        return PostState.SENT
    return PostState.REPLIED if (entry.id, now) in replied else PostState.CHANGED


def _state(
    campaign: Campaign, decisions: Decisions, made: Slot, post: Post, entry: Entry | None, now: datetime
) -> PostState:
    is_due = made.due_at <= now
    if post.audience in {*PEOPLE, Audience.REPRESENTATIVES}:
        state = PostState.PASSED if is_due else PostState.COMING
        return PostState.LEFT_OUT if made.country in post.left_out else state
    if entry and entry.state is State.SENT:
        return PostState.SENT
    if made.country in post.left_out:
        return PostState.LEFT_OUT
    if entry and entry.state in _ENDED:
        return _ENDED[entry.state]
    if campaign.approval_required and not decisions.approval(
        made.post, made.language, campaign.text(made.post, made.language)
    ):
        return PostState.UNAPPROVED
    if not is_due:
        return PostState.COMING
    is_paused = any(pause.holds_for(made.country) for pause in decisions.pauses)
    return PostState.PAUSED if is_paused else PostState.WAITING
