"""The first page of the report, on one sheet of paper: the results for a management review.

It says all that has been published of all countries together, and beside it what was published a campaign before. What
is listed is cut to a few entries, which the annex has in full.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.campaign.awareness import QUESTIONS
from bot.campaign.localtime import local
from bot.campaign.measures import Goal, Measure
from bot.campaign.model import Pledge
from bot.campaign.pledges import OBSTACLE, OBSTACLES
from bot.messages.campaign_texts import campaign_title, measure_words, pledge_words, title_of_post
from bot.messages.measures import arranged, bar, reach_phrase, status_phrase
from bot.messages.replies.awareness_figures import share_sentence
from bot.messages.replies.phrases import join_names, medium_date, people_phrase
from bot.messages.words import Words
from bot.reports.figure_text import Cell, figure_cell
from bot.reports.published_participation import Report, obstacle_label, place_label
from bot.standings.closing import by_figure
from bot.standings.published_figures import IDEA_STAGES, WHOLE, Closing, Figure
from bot.standings.year_on_year import Direction, change

_COMPARED = (
    "participants",
    "rate",
    "pledges",
    "pledged",
    "confirmed_pledges",
    "confirmed",
    "response_rate",
    "continuing",
    "earth_hour_people",
    "earth_hour_minutes",
    "opted_out",
)
"""The figures of the first page, in reading order."""

_MOST = 4
"""Entries of a list on the first page."""

_MOST_SUMS = 3
_MOST_COMMITMENTS = 3
"""Themes and UN goals, and measures and goals of the company, of which there is less room for each."""


@dataclass(frozen=True)
class Compared:
    """A figure, and beside it the one before and the change."""

    name: str
    now: Cell
    before: Cell
    change: str


@dataclass(frozen=True)
class Part:
    """A list on the first page, or the sentence that says why there is none."""

    title: str
    entries: Sequence[str]
    otherwise: str = ""


@dataclass(frozen=True)
class Review:
    """The values of the first page.

    `before` heads the column of the campaign before, if there was one. Goals are title, bar and where they stand,
    measures title and status.
    """

    title: str
    period: str
    before: str
    rows: Sequence[Compared]
    parts: Sequence[Part]
    goals: Sequence[tuple[str, str, str]]
    measures: Sequence[tuple[str, str]]
    note: str
    roles: str


@dataclass(frozen=True)
class ClosingTables:
    """The closing figures in full, for the annex."""

    pledges: Sequence[tuple[str, Cell, Cell]]
    sums: Sequence[Part]
    posts: Sequence[tuple[str, str]]


def review(report: Report) -> Review:
    """Put the first page together."""
    words, campaign, newest = report.words, report.campaign, report.newest
    former = report.former
    return Review(
        title=words("review.title", campaign=campaign_title(campaign, words)),
        period=words(
            "review.period",
            **{"from": words.day(campaign.first_day), "to": words.day(campaign.last_day)},
            day=medium_date(words, report.day(newest)),
            definition=newest.definition,
            factors=newest.factors,
        ),
        before=words("review.before", day=medium_date(words, local(former.taken_at, campaign.zone).date()))
        if former
        else "",
        rows=[_compared(report, name) for name in _COMPARED],
        parts=list(_parts(report)),
        goals=[_goal(report, each) for each in arranged(campaign, None)[0][:_MOST_COMMITMENTS]],
        measures=[_measure(report, each) for each in arranged(campaign, None)[1][:_MOST_COMMITMENTS]],
        note=" ".join(words(f"report.note.{each}") for each in ("blurred", "estimates", "accounts")),
        roles=words(
            "review.roles", countries=join_names(words, (place_label(words, c.code) for c in campaign.countries))
        ),
    )


def closing_tables(report: Report) -> ClosingTables | None:
    """Put together what the annex has of the closing figures, or return None where they are not published yet."""
    closing, words = report.newest.closing, report.words
    if closing is None:
        return None
    smallest = report.newest.smallest_group
    pledges = [
        (
            title,
            figure_cell(words, "chosen", chosen, smallest),
            figure_cell(words, "kept", closing.kept.get(each.id), smallest),
        )
        for each, title, chosen in _pledges(report, closing.chosen)
    ]
    posts = [
        (
            title_of_post(report.campaign, post, words) or post,
            words("review.of", arrived=words.number(each.arrived), planned=words.number(each.planned)),
        )
        for post, each in closing.posts.items()
    ]
    return ClosingTables(pledges, [_themes(report, closing), _sdgs(report, closing)], posts)


def _compared(report: Report, name: str) -> Compared:
    words, newest, former = report.words, report.newest, report.former
    changed = change(former, newest, name) if former else None
    before = former.figures.get((WHOLE, name)) if former else None
    # An arrow of its own is no word: screen readers would name it.
    direction = changed.direction if changed else Direction.UNSURE
    return Compared(
        words(f"report.head.{name}"),
        figure_cell(words, name, getattr(newest.whole, name), newest.smallest_group),
        figure_cell(words, name, before, former.smallest_group if former else newest.smallest_group),
        words(f"review.change.{direction}") if changed else words("report.none"),
    )


def _parts(report: Report) -> Iterator[Part]:
    words, closing = report.words, report.newest.closing
    if rates := _rates(report):
        yield Part(words("report.countries"), rates)
    yield Part(words("report.group.obstacles"), _obstacles(report)[:_MOST], words("review.nothing"))
    if known := _aware(report, WHOLE):
        yield Part(words("review.awareness"), known)
    if closing is None:
        yield Part(words("review.reach"), (), words("review.closing_later"))
        return
    for title, figures in (("review.chosen", closing.chosen), ("review.kept", closing.kept)):
        yield Part(words(title), _most(report, figures), words("review.no_pledges"))
    for part in (_themes(report, closing), _sdgs(report, closing)):
        yield Part(part.title, part.entries[:_MOST_SUMS], part.otherwise)
    yield Part(words("review.ideas"), _ideas(report, closing), words("review.nothing"))
    yield Part(words("review.reach"), _reach(report, closing))


def _rates(report: Report) -> list[str]:
    """Write the rates of the countries that are shown alone, the highest first."""
    ranked = sorted(report.newest.places, key=lambda each: each.rank or 0)
    return [_item(report, place_label(report.words, each.place), each.rate, "rate") for each in ranked if each.rate]


def _goal(report: Report, goal: Goal) -> tuple[str, str, str]:
    words, campaign = report.words, report.campaign
    return measure_words(campaign, goal.id, words).title, bar(goal), reach_phrase(words, campaign, goal)


def _measure(report: Report, measure: Measure) -> tuple[str, str]:
    return measure_words(report.campaign, measure.id, report.words).title, status_phrase(report.words, measure)


def _obstacles(report: Report) -> list[str]:
    figures = {OBSTACLE + each: getattr(report.newest.whole, OBSTACLE + each) for each in OBSTACLES}
    numbers = [(name, figure) for name, figure in by_figure(figures) if isinstance(figure, int)]
    return [_item(report, obstacle_label(report.words, name), figure) for name, figure in numbers]


def awareness_parts(report: Report) -> list[Part]:
    """List what was answered in each place that is shown, for the annex."""
    places = [(each.place, _aware(report, each.place)) for each in report.newest.rows()]
    return [Part(place_label(report.words, place), known) for place, known in places if known]


def _aware(report: Report, place: str) -> list[str]:
    return [said for question in QUESTIONS if (said := share_sentence(report.words, report.newest, question, place))]


def _pledges(report: Report, figures: Mapping[str, Figure]) -> Iterator[tuple[Pledge, str, Figure]]:
    """Yield the pledges with a published figure, the most first. Of one in no file any more nothing is known."""
    for name, figure in by_figure(figures):
        pledge = report.campaign.pledge(name)
        if pledge:
            yield pledge, pledge_words(report.campaign, name, report.words).title, figure


def _most(report: Report, figures: Mapping[str, Figure]) -> list[str]:
    numbers = [(title, figure) for _, title, figure in _pledges(report, figures) if isinstance(figure, int)]
    return [_item(report, title, figure) for title, figure in numbers[:_MOST]]


def _themes(report: Report, closing: Closing) -> Part:
    words, themes = report.words, report.campaign.themes
    sums: Counter[str] = Counter()
    for pledge, _, figure in _pledges(report, closing.chosen):
        if isinstance(figure, int) and pledge.theme:
            sums[pledge.theme] += figure
    named = [(themes[theme][words.language], count) for theme, count in sums.most_common()]
    return Part(words("review.themes"), _at_least(words, named), words("review.no_pledges"))


def _sdgs(report: Report, closing: Closing) -> Part:
    words = report.words
    sums: Counter[int] = Counter()
    for pledge, _, figure in _pledges(report, closing.chosen):
        if isinstance(figure, int):
            sums.update(dict.fromkeys(pledge.sdgs, figure))
    named = [(f"{goal} {words(f'sdg.{goal}')}", count) for goal, count in sums.most_common()]
    return Part(words("review.sdgs"), _at_least(words, named), words("review.no_pledges"))


def _at_least(words: Words, sums: Sequence[tuple[str, int]]) -> list[str]:
    """Write sums of shown figures, which lack the pledges that have no number."""
    return [
        words("review.item", item=name, figure=words("review.at_least", count=words.number(count)))
        for name, count in sums
    ]


def _ideas(report: Report, closing: Closing) -> list[str]:
    labelled = [(stage, closing.ideas.get(stage)) for stage in IDEA_STAGES]
    return [
        _item(report, report.words(f"organise.stage.{stage}"), figure)
        for stage, figure in labelled
        if figure is not None
    ]


def _reach(report: Report, closing: Closing) -> list[str]:
    words, posts = report.words, closing.posts.values()
    arrived, planned = sum(each.arrived for each in posts), sum(each.planned for each in posts)
    said = [words("review.channels", arrived=words.number(arrived), planned=words.number(planned))]
    if closing.messaged is not None:
        people = people_phrase(words, closing.messaged, report.newest.smallest_group)
        said.append(words("review.messaged", people=people))
    return said


def _item(report: Report, name: str, figure: Figure, kind: str = "") -> str:
    cell = figure_cell(report.words, kind, figure, report.newest.smallest_group)
    return report.words("review.item", item=name, figure=cell.text)
