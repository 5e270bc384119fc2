"""One post as organisers handle it: look at it, try it, approve its words, leave it out, have it tried again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial

from bot.campaign.campaign_moment import scheduled
from bot.campaign.model import Audience, Campaign, Country, Post
from bot.campaign.text_hash import text_hash
from bot.listeners.errors import RequestRefusedError
from bot.listeners.interaction import Interaction
from bot.listeners.organise import COMPANY, require_organiser, statuses
from bot.listeners.organisers import Organiser, decide
from bot.listeners.responder import in_a_form_that_is_taken
from bot.messages.message import Message
from bot.messages.modals import message_modal
from bot.messages.organise import post_page as page
from bot.messages.organise.overview import instant_words, name_of, scope_name
from bot.messages.organise.post_state import PostState
from bot.messages.organise.preview import as_test, without_effect
from bot.messages.post_context import PostContext
from bot.messages.post_kinds import KINDS
from bot.messages.post_rendering import compose, plain
from bot.store.outbox import Entry, State

_NOT_YET_SENT = frozenset(
    {PostState.COMING, PostState.WAITING, PostState.PAUSED, PostState.UNAPPROVED, PostState.FAILED}
)
_HAS_LEFT = frozenset({PostState.SENDING, PostState.SENT, PostState.CHANGED, PostState.REPLIED, PostState.UNCONFIRMED})


@dataclass(frozen=True)
class Subject:
    """The post that a press is about, as the campaign has it now in a country, and the rest of the button's value."""

    organiser: Organiser
    home: Country
    posts: tuple[Post, ...]
    rest: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the post."""
        return self.posts[0].post

    @property
    def is_for_country(self) -> bool:
        """True if the country has the post to itself, and does not read it in the company's channel."""
        return any(each.audience is not Audience.COMPANY for each in self.posts)

    def answers(self, organiser: Organiser) -> bool:
        """Return whether somebody decides about the post in the country."""
        return organiser.answers_for(self.home.code) and (self.is_for_country or organiser.is_manager)

    def words_are_of(self, organiser: Organiser, language: str) -> bool:
        """Return whether somebody answers for the words in a language: their country's, and for managers all."""
        return self.answers(organiser) and (organiser.is_manager or language in self.home.languages)


def subject(interaction: Interaction, value: str) -> Subject:
    """Find out what a press is about.

    Raises:
        RequestRefusedError: The person does not organise there, or there is no such post, or no longer.
    """
    country, _, rest = value.partition("/")
    name, *more = rest.split("/")
    organiser, campaign = require_organiser(interaction, country), interaction.services.campaign()
    home = campaign.country(country)
    posts = tuple(
        each for each in campaign.posts if each.post == name and (not each.countries or country in each.countries)
    )
    if home is None or not posts:
        raise RequestRefusedError("trouble.stale")
    return Subject(organiser, home, posts, tuple(more))


async def organise_post(interaction: Interaction, value: str) -> None:
    """Show the page of a post."""
    await show_post(interaction, value)


async def show_post(interaction: Interaction, value: str, told: str = "") -> None:
    """Show the page of a post as everything is now; `told` is what has come of the last press."""
    about, campaign, store = subject(interaction, value), interaction.services.campaign(), interaction.store
    found = await store.read(store.overview, campaign.id, (*about.home.channels, COMPANY), 0)
    share = await store.read(store.shares.get, campaign.id, about.name)
    entries = [each for each in found.entries if each.slot.post == about.name]
    days = [each for each in statuses(interaction, campaign, about.home, found) if each.post.post == about.name]
    shown = page.PostPage(
        country=about.home.code,
        zone=about.home.zone,
        post=about.name,
        title=days[0].title,
        days=days,
        wordings=list(_wordings(interaction, campaign, about)),
        actions={
            *_actions(interaction, about, {each.state for each in days}, entries),
            *(["organise_share_post"] if share is None and _can_be_shared(interaction, about) else []),
        },
    )
    await interaction.show(page.draw(interaction.words, shown, told))


def _wordings(interaction: Interaction, campaign: Campaign, about: Subject) -> Iterator[page.Wording]:
    decisions = interaction.services.live.decisions
    # Those of the country first.
    for language in dict.fromkeys((*about.home.languages, *campaign.languages)):
        if text := campaign.texts.get((about.name, language)):
            revision = decisions.revisions.get((about.name, language))
            is_mine = about.words_are_of(about.organiser, language)
            approval = decisions.approval(about.name, language, text)
            yield page.Wording(language, text_hash(text), approval, revision, is_mine=is_mine)


def _actions(
    interaction: Interaction, about: Subject, states: Collection[PostState], entries: list[Entry]
) -> Iterator[str]:
    if not about.answers(about.organiser):
        return
    if _can_be_brought_back(interaction, about):
        yield "organise_bring_back"
    elif about.is_for_country and not _NOT_YET_SENT.isdisjoint(states):
        yield "organise_leave_out"
    if is_own(interaction, about.name, about.home.code) and _HAS_LEFT.isdisjoint(states):
        yield "organise_withdraw"
    if PostState.CHANGED in states:
        yield "organise_correct"
    if any(_can_be_tried_again(each, interaction) for each in entries):
        yield "organise_try_again"


def _can_be_brought_back(interaction: Interaction, about: Subject) -> bool:
    live, code = interaction.services.live, about.home.code
    is_omitted = any((each.post, each.country) == (about.name, code) for each in live.decisions.omissions)
    # Of what the files leave out, nobody could bring anything back here.
    return is_omitted and not any(each.post == about.name and code in each.left_out for each in live.files.posts)


def _can_be_shared(interaction: Interaction, about: Subject) -> bool:
    has_channel = interaction.services.campaign().organisers_channel is not None
    return has_channel and about.answers(about.organiser) and is_own(interaction, about.name, about.home.code)


def is_own(interaction: Interaction, post: str, country: str) -> bool:
    """Return whether a post is a country's own, and in no file: `texts export` may have written it into one."""
    live = interaction.services.live
    own = {(each.id, each.country) for each in live.decisions.own_posts}
    return (post, country) in own and post not in {each.post for each in live.files.posts}


def _can_be_tried_again(entry: Entry, interaction: Interaction) -> bool:
    return entry.state in {State.FAILED, State.SKIPPED} and entry.slot.expires_at > interaction.now


async def organise_preview(interaction: Interaction, value: str) -> None:
    """Show a post as it will be, in a language."""
    message = await _drawn(interaction, subject(interaction, value))
    await interaction.show(message_modal.of_message(interaction.words, plain(without_effect(message))))


async def organise_send_test(interaction: Interaction, value: str) -> None:
    """Send a post to the organiser alone, marked as a test."""
    about = subject(interaction, value)
    message = as_test(interaction.words, await _drawn(interaction, about))
    post = partial(interaction.services.client.chat_postMessage, channel=interaction.user, unfurl_links=False)
    await in_a_form_that_is_taken(lambda form: post(**form.arguments), message)
    await show_post(interaction, value, interaction.words("organise.test_sent"))


async def organise_test(interaction: Interaction, _value: str) -> None:
    """Say that a button stands on a test, and do nothing."""
    await interaction.reply(interaction.words("organise.test_button"))


async def _drawn(interaction: Interaction, about: Subject) -> Message:
    """Draw a post in a language as it will be when it is due, with the figures that are published by now."""
    campaign, language = interaction.services.campaign(), next(iter(about.rest), "")
    if (about.name, language) not in campaign.texts:
        raise RequestRefusedError("trouble.stale")
    post = about.posts[0]
    standings = await interaction.services.publisher.newest(campaign) if KINDS[post.kind].shows_standings else None
    at, words = scheduled(campaign, post, about.home.zone), interaction.services.words(language)
    country = None if post.audience is Audience.COMPANY else about.home.code
    picture = await interaction.services.picture_of(campaign, campaign.text(about.name, language))
    context = PostContext(campaign, post, words, standings=standings, country=country, picture=picture, at=at)
    return compose(context)


async def organise_approve(interaction: Interaction, value: str) -> None:
    """Approve the words of a post in a language, as the organiser has seen them."""
    about, campaign = subject(interaction, value), interaction.services.campaign()
    language, seen = (*about.rest, "", "")[:2]
    text = campaign.texts.get((about.name, language))
    if text is None:
        raise RequestRefusedError("trouble.stale")
    if text_hash(text) != seen:
        await show_post(interaction, value, interaction.words("organise.changed_meanwhile"))
        return
    approval = await decide(
        interaction,
        lambda who: about.words_are_of(who, language),
        interaction.store.approvals.approve,
        about.name,
        language,
        seen,
    )
    when, who = instant_words(interaction.words, approval.at, about.home.zone), approval.by
    await show_post(
        interaction, value, interaction.words("organise.approved", who=name_of(interaction.words, who), **when)
    )


async def organise_leave_out(interaction: Interaction, value: str) -> None:
    """Leave a post out in a country."""
    about = subject(interaction, value)
    if not about.is_for_country:
        raise RequestRefusedError("organise.not_yours")
    change, code = interaction.store.pauses.leave_out, about.home.code
    omission = await decide(interaction, about.answers, change, about.name, code)
    when = instant_words(interaction.words, omission.at, about.home.zone)
    who, where = name_of(interaction.words, omission.by), scope_name(interaction.words, code)
    await show_post(interaction, value, interaction.words("organise.left_out", who=who, country=where, **when))


async def organise_bring_back(interaction: Interaction, value: str) -> None:
    """Bring a post back that a country has left out."""
    about = subject(interaction, value)
    change, code = interaction.store.pauses.bring_back, about.home.code
    is_back = await decide(interaction, about.answers, change, about.name, code)
    name = "organise.brought_back" if is_back else "organise.brought_back_before"
    await show_post(interaction, value, interaction.words(name, country=scope_name(interaction.words, code)))


async def organise_try_again(interaction: Interaction, value: str) -> None:
    """Have a post tried again that Slack did not take, or that was skipped, while it is not too late."""
    about = subject(interaction, value)
    country = about.home.code if about.is_for_country else None
    change = interaction.store.failed_messages.try_again
    count = await decide(interaction, about.answers, change, about.name, country)
    name = "organise.tried_again" if count else "organise.nothing_to_try"
    await show_post(interaction, value, interaction.words(name))
