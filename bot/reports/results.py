"""The results of a campaign as they were published, which the report, the page for outside and next year read.

Everything comes from the last publication and from the campaign's files. As JSON it explains itself: each figure has
its definition beside it, in all languages of the campaign.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from bot.campaign.awareness import QUESTIONS
from bot.campaign.measures import Commitment, Goal, GoalValue, Measure, MeasureFigure, MeasureStatus, MeasureWords
from bot.campaign.model import Campaign
from bot.campaign.toml_table import YEARS
from bot.locales.catalogues import campaign_words
from bot.messages.campaign_texts import campaign_title, measure_words, pledge_words, title_of_post
from bot.messages.words import Words
from bot.reports.published_participation import FIGURES, GROUPS, Report, definitions, hidden_figures, notes
from bot.standings.closing import by_figure
from bot.standings.published_figures import (
    WHOLE,
    Arrived,
    AwarenessFigures,
    Band,
    Closing,
    Figure,
    Kilograms,
    Standings,
)
from bot.standings.year_on_year import Former

Unit = Literal["people", "percent", "pledges", "minutes", "kg CO2e"]

_UNITS: Mapping[str, Unit] = {
    "rate": "percent",
    "response_rate": "percent",
    "pledges": "pledges",
    "confirmed_pledges": "pledges",
    "pledged": "kg CO2e",
    "confirmed": "kg CO2e",
    "earth_hour_minutes": "minutes",
}
"""The units of figures that are no numbers of people."""

_INSIDE = frozenset({"opted_out", *GROUPS["obstacles"]})
"""Figures that are for the company alone."""

Texts = Mapping[str, str]
"""A text by language."""

_LARGEST = 10**12
"""The largest figure that is read: a file may come from anywhere, and what has hundreds of digits cannot be written."""


def _legible(value: int | Band | Kilograms | None) -> int | Band | Kilograms | None:
    numbers = (value.low, value.about, value.high) if isinstance(value, Kilograms) else (value,)
    # NaN is in no range.
    if not all(abs(each) <= _LARGEST for each in numbers if isinstance(each, int | float)):
        raise ValueError("it is no figure that can be written")
    return value


def _near(at: dt.datetime) -> dt.datetime:
    if at.year not in YEARS:
        raise ValueError("it is in no year of an Earth Hour")
    return at


Value = Annotated[int | Band | Kilograms | None, AfterValidator(_legible)]
Count = Annotated[int, Field(ge=0, le=_LARGEST)]


class ResultsUnreadableError(Exception):
    """The file has no results that this version can read; the message says why."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PublishedFigure(_Value):
    """A figure in every place that is shown, by the place's code; `all` are all countries together, `ZZ` elsewhere.

    A value is `None` where there is none. The places in `hidden` have one that is not shown.
    """

    name: str
    unit: Unit
    definition: Texts
    values: Mapping[str, Value]
    hidden: tuple[str, ...] = ()


class PledgeResult(_Value):
    """The colleagues who have chosen a pledge, and who say that they have kept it, in all countries together."""

    id: str
    title: Texts
    theme: str | None
    sdgs: tuple[int, ...]
    chosen: Figure
    kept: Figure


class PostResult(_Value):
    """The channels in which a post has arrived, of those in which it was due."""

    post: str
    title: Texts
    arrived: int
    planned: int


class DatedValue(_Value):
    """A value of a measure or a goal, with its day and its source; `range` is that of an estimate."""

    value: float
    date: dt.date
    source: str | None = None
    source_url: str | None = None
    range: tuple[float, float] | None = None


class MeasureResult(_Value):
    """A measure of the company as its files have it, with its words by language; no figure is not measured yet."""

    id: str
    status: MeasureStatus
    begins: dt.date | None
    ends: dt.date | None
    countries: tuple[str, ...]
    sdgs: tuple[int, ...]
    figure: DatedValue | None
    words: Mapping[str, MeasureWords]


class GoalResult(_Value):
    """A goal of the company as its files have it, with its words by language."""

    id: str
    countries: tuple[str, ...]
    sdgs: tuple[int, ...]
    baseline: DatedValue
    target: DatedValue
    latest: DatedValue
    words: Mapping[str, MeasureWords]


class Results(_Value):
    """The results of a campaign. `pledges`, `ideas`, `messaged` and `posts` come with its last publication only.

    `places` are the codes of all places in the order in which they are shown. `pledges` stand with those first that
    most have chosen. `questions` are those that `awareness` is about. `notes` have to be read with the figures.
    """

    format: Literal[1] = 1
    campaign: str
    title: Texts
    first_day: dt.date
    last_day: dt.date
    published_at: Annotated[AwareDatetime, AfterValidator(_near)]
    definition: str
    factors: str
    smallest_group: Count
    max_kg: Count | None
    goal_percent: int | None
    goal_reached: bool
    places: tuple[str, ...]
    headcount_dates: Mapping[str, dt.date]
    figures: tuple[PublishedFigure, ...]
    pledges: tuple[PledgeResult, ...] = ()
    ideas: Mapping[str, Figure] = {}
    messaged: Figure = None
    posts: tuple[PostResult, ...] = ()
    questions: Mapping[str, Texts] = {}
    awareness: tuple[AwarenessFigures, ...] = ()
    measures: tuple[MeasureResult, ...] = ()
    goals: tuple[GoalResult, ...] = ()
    notes: Mapping[str, tuple[str, ...]]

    def value(self, figure: str, place: str = WHOLE) -> int | Band | Kilograms | None:
        """Return a figure of a place, or None where there is none or it is not shown."""
        found = next((each for each in self.figures if each.name == figure), None)
        return found.values.get(place) if found else None

    @property
    def most_chosen(self) -> tuple[PledgeResult, ...]:
        """The pledges with a number of colleagues who have chosen them, or nearly all, the most first."""
        return tuple(each for each in self.pledges if each.chosen not in {None, Band.FEW})

    @property
    def most_kept(self) -> tuple[PledgeResult, ...]:
        """The pledges with a number of colleagues who have kept them, or nearly all, the most first."""
        known = {each.id: each for each in self.pledges if each.kept not in {None, Band.FEW}}
        return tuple(known[name] for name, _ in by_figure({name: each.kept for name, each in known.items()}))


def results(campaign: Campaign, standings: Standings) -> Results:
    """Put together the results of a campaign from its last publication, as it is shown now."""
    closing = standings.closing or Closing()
    rows = list(standings.rows())
    return Results(
        campaign=campaign.id,
        title=_texts(campaign, lambda words: campaign_title(campaign, words)),
        first_day=campaign.first_day,
        last_day=campaign.last_day,
        published_at=standings.taken_at,
        definition=standings.definition,
        factors=standings.factors,
        smallest_group=standings.smallest_group,
        max_kg=standings.max_kg,
        goal_percent=standings.goal_percent,
        goal_reached=standings.goal_reached,
        places=tuple(each.place for each in rows),
        headcount_dates={each.place: each.headcount_date for each in rows if each.headcount_date},
        figures=_figures(campaign, standings),
        pledges=_pledges(campaign, closing),
        ideas=closing.ideas,
        messaged=closing.messaged,
        posts=tuple(_post(campaign, post, arrived) for post, arrived in closing.posts.items()),
        questions={each: _question(campaign, each) for each in QUESTIONS},
        awareness=standings.awareness,
        measures=tuple(_measure(campaign, each) for each in campaign.measures),
        goals=tuple(_goal(campaign, each) for each in campaign.goals),
        notes={language: tuple(notes(Report.of(campaign, [standings], language))) for language in campaign.languages},
    )


def former_figures(found: Results) -> Former:
    """Take the figures of results to compare those of a later campaign with."""
    values = {(place, each.name): value for each in found.figures for place, value in each.values.items()}
    return Former(
        campaign=found.campaign,
        taken_at=found.published_at,
        definition=found.definition,
        factors=found.factors,
        max_kg=found.max_kg,
        smallest_group=found.smallest_group,
        figures={key: value for key, value in values.items() if value is not None},
    )


def for_customers(found: Results) -> Results:
    """Leave out what only colleagues are asked about: obstacles, opt-outs, reach, and stages of ideas."""
    figures = tuple(each for each in found.figures if each.name not in _INSIDE)
    return found.model_copy(update={"figures": figures, "ideas": {}, "messaged": None, "posts": ()})


def results_json(found: Results) -> str:
    """Write results as JSON."""
    return found.model_dump_json(indent=2) + "\n"


def read_results_json(text: str) -> Results:
    """Read what `results_json` has written, this year or another.

    Raises:
        ResultsUnreadableError: It is something else, or of a version that is not known.
    """
    try:
        return Results.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise ResultsUnreadableError(
            f"these are no results that can be read: {where} is missing or not as expected; "
            f"take the results.json that `earthweek report` or `earthweek site` wrote"
        ) from None


def _texts(campaign: Campaign, text: Callable[[Words], str]) -> Texts:
    return {language: text(campaign_words(campaign, language)) for language in campaign.languages}


def _figures(campaign: Campaign, standings: Standings) -> tuple[PublishedFigure, ...]:
    defined = {language: definitions(campaign_words(campaign, language)) for language in campaign.languages}
    rows = list(standings.rows())
    return tuple(
        PublishedFigure(
            name=name,
            unit=_UNITS.get(name, "people"),
            definition={language: found[name] for language, found in defined.items()},
            values={each.place: getattr(each, name) for each in rows},
            hidden=tuple(each.place for each in rows if name in hidden_figures(each)),
        )
        for name in FIGURES
    )


def _pledges(campaign: Campaign, closing: Closing) -> tuple[PledgeResult, ...]:
    # Of a pledge that is in no file any more there are no words, and one that came later was never published.
    return tuple(
        PledgeResult(
            id=pledge.id,
            title=_title(campaign, pledge.id),
            theme=pledge.theme,
            sdgs=pledge.sdgs,
            chosen=chosen,
            kept=closing.kept.get(pledge.id),
        )
        for name, chosen in by_figure(closing.chosen)
        if (pledge := campaign.pledge(name))
    )


def _title(campaign: Campaign, pledge: str) -> Texts:
    return _texts(campaign, lambda words: pledge_words(campaign, pledge, words).title)


def _question(campaign: Campaign, question: str) -> Texts:
    return _texts(campaign, lambda words: words(f"awareness.{question}"))


def _measure(campaign: Campaign, measure: Measure) -> MeasureResult:
    return MeasureResult(
        id=measure.id,
        status=measure.status,
        begins=measure.begins,
        ends=measure.ends,
        countries=measure.countries,
        sdgs=measure.sdgs,
        figure=_value(measure.figure) if measure.figure else None,
        words=_said(campaign, measure),
    )


def _goal(campaign: Campaign, goal: Goal) -> GoalResult:
    return GoalResult(
        id=goal.id,
        countries=goal.countries,
        sdgs=goal.sdgs,
        baseline=_value(goal.baseline),
        target=_value(goal.target),
        latest=_value(goal.latest),
        words=_said(campaign, goal),
    )


def _value(known: MeasureFigure | GoalValue) -> DatedValue:
    span = known.range if isinstance(known, MeasureFigure) else None
    return DatedValue(value=known.value, date=known.date, source=known.source, source_url=known.source_url, range=span)


def _said(campaign: Campaign, commitment: Commitment) -> Mapping[str, MeasureWords]:
    return {
        language: measure_words(campaign, commitment.id, campaign_words(campaign, language))
        for language in campaign.languages
    }


def _post(campaign: Campaign, post: str, arrived: Arrived) -> PostResult:
    # A post that is in no file any more has its name only.
    title = _texts(campaign, lambda words: title_of_post(campaign, post, words) or post)
    return PostResult(post=post, title=title, arrived=arrived.arrived, planned=arrived.planned)
