"""The kinds of post: one table, with what each kind shows above and below its small print.

A post begins with its title and its text, as the campaign has them, and ends with what its readers can do. To add a
kind, see `CONTRIBUTING.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.campaign.awareness import AWARENESS
from bot.campaign.earth_hour import EarthHour
from bot.campaign.guesses import ANSWER, GUESS
from bot.campaign.model import PEOPLE, Audience
from bot.campaign.post_deadlines import After, UntilEarthHour
from bot.campaign.post_kind_rules import Rules
from bot.messages import awareness, guesses, measures, week_at_a_glance
from bot.messages.blocks import actions, button, context, escape, header, link, markdown, picture, section
from bot.messages.button_availability import is_available
from bot.messages.campaign_texts import mentions, names_representatives, with_mentions
from bot.messages.markdown_to_mrkdwn import mrkdwn, split_text
from bot.messages.message import Block
from bot.messages.modals.check_in import ANSWERS
from bot.messages.post_context import PostContext
from bot.messages.replies import standings
from bot.messages.replies.phrases import capitalized, named_representatives, people_phrase
from bot.messages.replies.reply_blocks import line, lines, menu
from bot.messages.words import Words
from bot.standings.published_figures import Band

DIRECT = PEOPLE | {Audience.REPRESENTATIVES}
"""Audiences that are reached by direct message."""

_CHANNELS = frozenset({Audience.COUNTRIES, Audience.COMPANY})

Part = Callable[[PostContext], list[Block]]


def _nothing(_post: PostContext) -> list[Block]:
    return []


@dataclass(frozen=True, kw_only=True)
class PostKind(Rules):
    """A kind of post: its rules, and the parts of it that other kinds do not have.

    `above` and `below` stand around the small print. `shows_standings` asks for the newest standings. One that
    `is_pinned` stands at the top of its channel, and is kept up with what has happened since.
    """

    above: Part = _nothing
    below: Part = _nothing
    shows_standings: bool = False
    is_pinned: bool = False

    def draw(self, post: PostContext) -> list[Block]:
        """Draw the blocks of a post of this kind."""
        text = [header(post.shown.title), *_picture(post), *_body(post), *_question(post)]
        return [*text, *self.above(post), *_small_print(post), *self.below(post), *_ending(post)]


def _body(post: PostContext) -> list[Block]:
    """Return the text of a post. One that mentions people is drawn in mrkdwn: a Markdown block mentions nobody."""
    if not _names_representatives(post):
        return [markdown(post.shown.body)]
    text = with_mentions(mrkdwn(post.shown.body), mentions(post.campaign, post.country))
    return [section(piece, f"words_{index}") for index, piece in enumerate(split_text(text))]


def _picture(post: PostContext) -> list[Block]:
    shows = post.picture and post.text.picture and post.post.audience not in DIRECT
    return [picture(post.picture, post.shown.alt)] if shows and post.picture else []


def _names_representatives(post: PostContext) -> bool:
    return names_representatives(post.text, post.country)


def _question(post: PostContext) -> list[Block]:
    """Return the question for the thread, which a direct message does not have."""
    asks = post.shown.ask and post.post.audience not in DIRECT
    return [section(mrkdwn(f"*{post.shown.ask}*"), "ask")] if asks else []


def _invitation(post: PostContext) -> list[Block]:
    return [*_representatives(post), *_buttons(post, *_join(post))]


def _tip(post: PostContext) -> list[Block]:
    return _buttons(post, "did_this", *_join(post))


def _pledge_call(post: PostContext) -> list[Block]:
    return _buttons(post, "pledge", *_join(post))


def _idea(post: PostContext) -> list[Block]:
    return _buttons(post, "idea")


def _measure(post: PostContext) -> list[Block]:
    """Return the measure that the post is about, as the campaign has it now."""
    measure = post.campaign.measure(post.post.measure)
    return lines(measures.measure_lines(post.words, post.campaign, measure), "measure") if measure else []


def _measures_and_idea(post: PostContext) -> list[Block]:
    return _buttons(post, "idea", "measures")


def _progress(post: PostContext) -> list[Block]:
    return standings.brief(post.words, post.campaign, post.standings, post.country) if post.standings else []


def _earth_hour_notice(post: PostContext) -> list[Block]:
    row = _buttons(post, "earth_hour_join", "earth_hour_remind", "earth_hour_calendar")
    return [*_unconfirmed_earth_hour(post), *row]


def _earth_hour_check(post: PostContext) -> list[Block]:
    return [*_unconfirmed_earth_hour(post), *_buttons(post, "earth_hour_did", "earth_hour_forgot", "earth_hour_other")]


def _check_in(post: PostContext) -> list[Block]:
    return _buttons(post, *(f"check_in_{answer}" for answer in ANSWERS), "check_in_stop")


def _results(post: PostContext) -> list[Block]:
    figures = standings.full(post.words, post.campaign, post.standings, post.country) if post.standings else []
    return [*figures, *measures.brief(post.words, post.campaign, post.country, "measures")]


def _idea_until_close(post: PostContext) -> list[Block]:
    # Results are read for days, so the button needs more than a last evening.
    return _idea(post) if post.moment.is_open_tomorrow else []


def _note(post: PostContext) -> list[Block]:
    return [] if post.post.audience in DIRECT else _invitation(post)


def _glance(post: PostContext) -> list[Block]:
    return _buttons(post, *_join(post), *(("pledge",) if post.moment.is_in_time else ()))


def _count(post: PostContext) -> list[Block]:
    """Return the number of colleagues who have done what a tip proposes, where it may be shown."""
    # "Fewer than five" under a tip would discourage, and comes close to naming people.
    if post.count in {None, Band.FEW}:
        return []
    done = capitalized(people_phrase(post.words, post.count, post.campaign.smallest_group))
    return [context("count", [post.words("count.done", people=done), post.words("standings.blurred")])]


def _small_print(post: PostContext) -> list[Block]:
    """Return theme, goals and source, as far as the post has them."""
    lines = [*_theme(post), *_goals(post), *_source(post)]
    return [context("about", lines)] if lines else []


def _theme(post: PostContext) -> list[str]:
    return [post.words("line.theme", theme=escape(post.theme))] if post.theme else []


def _goals(post: PostContext) -> list[str]:
    names = " · ".join(f"{goal} {post.words(f'sdg.{goal}')}" for goal in post.post.sdgs)
    return [post.words("line.goals", goals=escape(names))] if names else []


def _source(post: PostContext) -> list[str]:
    source, url = post.post.source, post.post.source_url
    if not source:
        return []
    return [post.words("line.source", source=link(source, url) if url else escape(source))]


def _unconfirmed_earth_hour(post: PostContext) -> list[Block]:
    return unconfirmed_date(post.words, post.campaign.earth_hour)


def unconfirmed_date(words: Words, earth_hour: EarthHour) -> list[Block]:
    """Build a line that says that the date of Earth Hour is an estimate, unless somebody has confirmed it."""
    if earth_hour.confirmed:
        return []
    doubt = words("line.earth_hour_unconfirmed", date=words.day(earth_hour.day))
    return [context("earth_hour_doubt", [doubt])]


def _representatives(post: PostContext) -> list[Block]:
    """Return the representatives of the country, so that colleagues know whom to ask."""
    # Not again below a text that names them.
    home = None if _names_representatives(post) else post.campaign.country(post.country)
    sentence = home and named_representatives(post.words, home)
    return [context("representatives", [sentence])] if sentence else []


def _buttons(post: PostContext, *names: str) -> list[Block]:
    """Build a row of the buttons that can be used when the post is sent; the first one is the primary one."""
    usable = [name for name in names if is_available(name, post.moment)]
    row = [
        button(name, post.words(f"button.{name}"), post.post.post, primary=index == 0)
        # One primary button in a row, as Slack's guidelines ask.
        for index, name in enumerate(usable)
    ]
    return [actions("answers", row)] if row else []


def _join(post: PostContext) -> tuple[str, ...]:
    """Return the button to join, unless the week is over: a post that looks back does not ask anybody to join."""
    return ("join",) if post.moment.is_in_time else ()


def _ending(post: PostContext) -> list[Block]:
    """Return the end of a direct message: a menu to pause and stop, unless the reader gets it as a duty."""
    if post.post.audience is Audience.REPRESENTATIVES:
        return [on_duty(post.words)]
    return [pause_or_stop(post.words, post.post.post)] if post.post.audience in DIRECT else []


def on_duty(words: Words) -> Block:
    """Build a line for representatives: the campaign's files decide what they get, even when they stop messages."""
    return context("duty", [words("line.duty")])


def pause_or_stop(words: Words, value: str) -> Block:
    """Return the end of a direct message: a line with a menu; `value` says which message it is."""
    entries = ("messages_pause", "messages_stop", "settings")
    return line(words("line.messages"), "messages", beside=menu(words, "messages_menu", entries, value))


KINDS: Mapping[str, PostKind] = {
    kind.name: kind
    for kind in (
        PostKind(name="invitation", below=_invitation),
        PostKind(name="tip", needs=("theme", "source"), above=_count, below=_tip),
        PostKind(name=GUESS, needs=("right",), audiences=_CHANNELS, below=guesses.question),
        # The source comes with the answer, which it would give away.
        PostKind(
            name=ANSWER,
            needs=("guess", "source"),
            audiences=_CHANNELS,
            above=guesses.solution,
            shows_standings=True,
        ),
        PostKind(name=AWARENESS, needs=("wave",), audiences=_CHANNELS, below=awareness.questions),
        PostKind(name="pledge_call", below=_pledge_call),
        PostKind(name="measure", needs=("measure",), above=_measure, below=_measures_and_idea),
        PostKind(name="idea_call", below=_idea),
        # Figures of the afternoon are stale by the evening.
        PostKind(
            name="progress",
            deadline=After(timedelta(hours=4)),
            above=_progress,
            below=_pledge_call,
            shows_standings=True,
        ),
        PostKind(name="earth_hour_notice", below=_earth_hour_notice),
        PostKind(
            name="earth_hour_reminder",
            deadline=UntilEarthHour(),
            audiences=frozenset({Audience.EARTH_HOUR_REMINDER}),
            below=_unconfirmed_earth_hour,
        ),
        PostKind(name="earth_hour_check", below=_earth_hour_check),
        PostKind(name="check_in", below=_check_in),
        # Results are still news two days later.
        PostKind(
            name="results",
            deadline=After(timedelta(days=2)),
            above=_results,
            below=_idea_until_close,
            shows_standings=True,
        ),
        PostKind(name="note", below=_note),
        # Somebody who comes on Friday still wants to see what is left.
        PostKind(
            name=week_at_a_glance.KIND,
            deadline=After(timedelta(days=5)),
            audiences=frozenset({Audience.COUNTRIES}),
            above=week_at_a_glance.blocks,
            below=_glance,
            shows_standings=True,
            is_pinned=True,
        ),
    )
}
"""The kinds by their names in `campaign.toml`."""
