"""The parts of a campaign, as written in its files.

Dates and times are local: they mean what clocks show in the reader's zone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from bot.campaign.bot_words import BotWords
from bot.campaign.earth_hour import EarthHour
from bot.campaign.kept_ideas import KeptIdea
from bot.campaign.measures import Commitment, Goal, Measure, MeasureTexts
from bot.campaign.pictures import Picture
from bot.campaign.post_deadlines import Deadline
from bot.campaign.toml_table import (
    Channel,
    Channels,
    Contact,
    Day,
    Kilograms,
    Kilowatthours,
    Link,
    LocalLine,
    Name,
    Range,
    Sdgs,
    Slug,
    Strings,
    Table,
    Users,
    WallTime,
    as_pair,
    as_tuple,
    one_line,
)


class Audience(StrEnum):
    """The audience of a post."""

    COUNTRIES = "countries"
    COMPANY = "company"
    JOINED = "joined"
    EARTH_HOUR_REMINDER = "earth_hour_reminder"
    REPRESENTATIVES = "representatives"


ANOTHER_COUNTRY = "ZZ"
"""The country of colleagues whose own is not in the campaign: CLDR's code for an unknown region."""

PEOPLE = frozenset({Audience.JOINED, Audience.EARTH_HOUR_REMINDER})
"""Audiences of colleagues who asked for direct messages. Only the store knows who they are."""


class Impact(StrEnum):
    """The size of a pledge's savings, shown so that small acts do not pass for large ones. The order is high to low."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    SYMBOLIC = "symbolic"


_LEAST = {Impact.HIGH: 40.0, Impact.MEDIUM: 1.0}
"""The least kg CO2e each time for a high or medium impact. `campaigns/README.md` states the same numbers."""


class Per(StrEnum):
    """The unit of a pledge's figure. One for `once` is never multiplied by days."""

    OCCURRENCE = "occurrence"
    DAY = "day"
    WEEK = "week"
    ONCE = "once"


class Evidence(StrEnum):
    """The evidence for a pledge's figure, which is shown with it."""

    PUBLISHED = "published"
    PARTLY_JUDGEMENT = "partly judgement"
    PHYSICS = "physics"
    SYMBOLIC = "symbolic"


PLEDGE_ID = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$"
PledgeId = Annotated[str, Field(pattern=PLEDGE_ID)]


class EarthHourEntry(Table):
    """`[earth_hour]`: the campaign's own date and start, if any."""

    date: Day | None = Field(None, examples=["2027-03-20"])
    starts: dt.time | None = Field(None, examples=["20:30:00"])


class ParticipationGoal(Table):
    """`[goal]`: the participation that the company hopes for."""

    participation_percent: Annotated[int, Field(ge=1, le=100)] = Field(examples=["20"])


class ApprovalRule(Table):
    """`[approval]`: whether words must be approved before they are sent."""

    required: bool = Field(False, examples=["true"])


Publication = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "results"]
"""A time of publication: a day of the week, or with the results."""


class Figures(Table):
    """`[figures]`: when figures are published, and the most kilograms that one pledge counts."""

    days: Annotated[tuple[Publication, ...], BeforeValidator(as_tuple), Field(min_length=1)] = Field(
        ("wednesday", "friday", "results"), examples=['["wednesday", "friday", "results"]']
    )
    max_kg: Annotated[int, Field(ge=1, le=1000)] = Field(50, examples=["50"])


class Company(Table):
    """`[company]`: the channel for everybody, and the people who run the campaign."""

    name: Name | None = Field(None, examples=['"Our company"'])
    channel: Channel = Field(examples=['"earth-week"'])
    language: str = Field(examples=['"en"'])
    zone: str = Field(examples=['"Europe/Stockholm"'])
    managers: Users = Field((), examples=['["U012ABCDEF"]'])
    organisers_channel: Channel | None = Field(None, examples=['"C012ABCDEF"'])
    contact: Contact | None = Field(None, examples=['"earth-week@example.com"'])
    """Where customers and users may write, by e-mail or on a page."""


class Country(Table):
    """`[[countries]]`: a country with its zone, languages, channel and representatives."""

    code: str = Field(examples=['"SE"'])
    zone: str = Field(examples=['"Europe/Stockholm"'])
    languages: Annotated[Strings, Field(min_length=1)] = Field(examples=['["sv"]'])
    channel: Channel = Field(examples=['"earth-week-se"'])
    representatives: Users = Field((), examples=['["U012ABCDEF"]'])
    headcount: Annotated[int, Field(ge=1)] | None = Field(None, examples=["120"])
    headcount_date: Day | None = Field(None, examples=["2027-01-01"])
    board: bool = True
    works_council_informed: bool = False
    more_channels: Channels = Field((), examples=['["earth-week-lund"]'])

    @property
    def language(self) -> str:
        """The language of the country's channel, which is the first."""
        return self.languages[0]

    @property
    def channels(self) -> Mapping[str, str]:
        """The channels of the country, by recipient: the code alone stands for the one that every country has."""
        more = {f"{self.code}-{number}": name for number, name in enumerate(self.more_channels, start=2)}
        return {self.code: self.channel, **more}


class Post(Table):
    """`[[posts]]`: an entry of the schedule."""

    post: Slug = Field(examples=['"monday-tip"'])
    kind: str = Field(examples=['"tip"'])
    audience: Annotated[Audience, Field(strict=False)] = Field(examples=['"countries"'])
    day: Day = Field(examples=["2027-03-15"])
    time: dt.time = Field(examples=["09:00:00"])
    theme: str | None = Field(None, examples=['"energy"'])
    sdgs: Sdgs = Field((), examples=["[7, 13]"])
    source: Annotated[str, Field(min_length=1, max_length=300)] | None = Field(None, examples=['"IEA, 2024"'])
    source_url: Link | None = Field(None, examples=['"https://…"'])
    until: WallTime | None = Field(None, examples=["12:00:00"])
    working_day: bool = False
    countries: Strings = Field((), examples=['["SE"]'])
    left_out: Strings = Field((), examples=['["NO"]'])
    right: Annotated[int, Field(ge=1, le=5)] | None = Field(None, examples=["2"])
    """The number of the answer that is right, in a post that asks for a guess."""
    guess: Slug | None = Field(None, examples=['"wednesday-guess"'])
    """The post that this one answers, in the thread below it."""
    measure: Slug | None = Field(None, examples=['"repaired-laptops"'])
    """The measure that this one is about."""
    wave: Literal["before", "after"] | None = Field(None, examples=['"before"'])
    """Whether a post that asks for awareness asks before the week or after it."""

    def reaches(self, country: str | None) -> bool:
        """Return whether the post is for a country. One that names no countries is for all that do not leave it out."""
        return country not in self.left_out and (not self.countries or country in self.countries)


class Header(Table):
    """The keys at the top of `campaign.toml`, and its single tables."""

    id: Slug = Field(examples=['"earth-week-2027"'])
    first_day: Day = Field(examples=["2027-03-15"])
    last_day: Day = Field(examples=["2027-03-20"])
    opens: Day | None = Field(None, examples=["2027-03-12"])
    closes: Day | None = Field(None, examples=["2027-04-22"])
    languages: Annotated[Strings, Field(min_length=1)] = Field(examples=['["en", "sv"]'])
    title: dict[str, Name] = Field(examples=['{ en = "Earth Week" }'])
    # A group of two would tell each of its members about the other.
    smallest_group: Annotated[int, Field(ge=3, le=50)] = Field(5, examples=["5"])
    guests: bool = Field(False, examples=["true"])
    earth_hour: EarthHourEntry = EarthHourEntry()
    goal: ParticipationGoal | None = None
    figures: Figures = Figures()
    approval: ApprovalRule = ApprovalRule()
    company: Company | None = None


class Pledge(Table):
    """`[[pledges]]` in `pledges.toml`: something that people can pledge, with its figures in kg CO2e."""

    id: PledgeId = Field(examples=['"bike_or_walk_10km"'])
    per: Annotated[Per, Field(strict=False)] = Field(examples=['"occurrence"'])
    kg: Kilograms | None = Field(None, examples=["2.1"])
    kwh: Kilowatthours | None = Field(None, examples=["4"])
    """Electricity saved each time; reading the campaign has made kilograms of it for each country."""
    kwh_range: Annotated[tuple[Kilowatthours, Kilowatthours], BeforeValidator(as_pair)] | None = Field(
        None, examples=["[1.8, 5]"]
    )
    low: Kilograms = Field(examples=["0.1"])
    high: Kilograms = Field(examples=["3.4"])
    sdgs: Annotated[Sdgs, Field(min_length=1)] = Field(examples=["[11, 13]"])
    evidence: Annotated[Evidence, Field(strict=False)] = Field(examples=['"published"'])
    source: Annotated[str, Field(min_length=1)] = Field(examples=['"UK DESNZ, 2025"'])
    source_url: Link | None = Field(None, examples=['"https://…"'])
    kg_by_country: dict[str, Kilograms] = Field({}, examples=["{ SE = 0.163 }"])
    range_by_country: dict[str, Range] = Field({}, examples=["{ SE = [0.07, 0.2] }"])
    source_by_country: dict[str, Annotated[str, Field(min_length=1)]] = Field({}, examples=['{ SE = "RISE, 2019" }'])
    left_out: Strings = Field((), examples=['["IN"]'])
    """The countries in which the pledge is not offered."""
    theme: str | None = Field(None, examples=['"travel"'])
    """The theme below which the pledge is listed; those without one stand last."""
    easy: bool = False
    """True if it takes little effort, so that it may be proposed as a start."""
    fun: bool = False
    """True if people do it gladly, so that it may be proposed as such."""
    lasting: bool = False
    """True if it takes a year, so that deciding on it confirms no kilograms yet."""
    by_car: bool = True
    """True if the figure is also shown as kilometres by car, which makes no sense for a pledge about driving."""

    def is_offered(self, country: str | None) -> bool:
        """Return whether people in a country can choose the pledge."""
        return country not in self.left_out

    def source_in(self, country: str | None) -> str:
        """Return the source of the figure in a country."""
        return self.source_by_country.get(country or "", self.source)

    def kilograms(self, country: str | None) -> float | None:
        """Return the savings in a country in kg CO2e, which for electricity differ from grid to grid."""
        return self.kg_by_country.get(country or "", self.kg)

    def span(self, country: str | None) -> tuple[float, float]:
        """Return the range of the savings. A country with a figure of its own has a range of its own, or none."""
        own = self.kg_by_country.get(country or "")
        if own is None:
            return self.low, self.high
        return self.range_by_country.get(country or "", (own, own))

    def weight(self, country: str | None) -> float:
        """Return the savings by which the pledge is ranked; without a figure, the least, so as not to promise more."""
        kilograms = self.kilograms(country)
        return self.low if kilograms is None else kilograms

    def impact(self, country: str | None) -> Impact:
        """Classify the savings in a country."""
        # Not `kg`, which is missing where only a range is known.
        if not self.high:
            return Impact.SYMBOLIC
        weight = self.weight(country)
        return next((impact for impact, least in _LEAST.items() if weight >= least), Impact.LOW)


class PledgeWords(Table):
    """A pledge in one language."""

    title: Name = Field(examples=['"Cycle or walk"'])
    unit: Annotated[str, Field(min_length=1, max_length=40)] = Field(examples=['"per 10 km"'])
    about: Annotated[str, Field(max_length=200)] = Field("", examples=['"Why it counts."'])
    plans: Annotated[tuple[Name, ...], BeforeValidator(as_tuple), Field(max_length=4)] = ()


class Text(Table):
    """A post in one language, as it is written: its front matter and its body, with their placeholders.

    `ask` is a question for the thread, and `local` has a line for each country that has one of its own. `picture` names
    a picture of the campaign, and `alt` says what is to be seen in it. `answers` are those to choose from where a post
    asks for a guess.
    """

    title: Annotated[str, Field(min_length=1, max_length=120)] = Field(examples=['"Monday"'])
    summary: Annotated[str, Field(min_length=1, max_length=250)] = Field(examples=['"A sentence."'])
    ask: Annotated[str, Field(max_length=150), AfterValidator(one_line)] = Field("", examples=['"Rack or line?"'])
    local: dict[str, LocalLine] = Field({}, examples=['{ NO = "A line for Norway." }'])
    picture: Annotated[str, Field(pattern=r"^([a-z0-9][a-z0-9-]{0,59})?$")] = Field("", examples=['"laundry"'])
    alt: Annotated[str, Field(max_length=300), AfterValidator(one_line)] = Field("", examples=['"A line of laundry."'])
    answers: Annotated[tuple[Name, ...], BeforeValidator(as_tuple)] = Field((), examples=['["2 %", "8 %", "20 %"]'])
    body: Annotated[str, Field(max_length=3000)] = ""


_KEPT_DAYS = 90
"""The retention of personal data after a campaign has closed."""

_NORWEGIAN = ("nb", "no", "nn")
"""Codes of Norwegian. Slack uses `no-NO` as well as `nb-NO`, and readers of one form read the others."""


# Without `eq`, so that two campaigns are never compared field by field, and what is drawn of one can be cached by it.
@dataclass(frozen=True, eq=False)
class Campaign:
    """A complete campaign without errors."""

    id: str
    title: Mapping[str, str]
    first_day: dt.date
    last_day: dt.date
    opens: dt.date
    closes: dt.date
    languages: tuple[str, ...]
    earth_hour: EarthHour
    goal: ParticipationGoal | None
    company: Company | None
    countries: tuple[Country, ...]
    themes: Mapping[str, Mapping[str, str]]
    posts: tuple[Post, ...]
    texts: Mapping[tuple[str, str], Text]
    deadlines: Mapping[str, Deadline]
    smallest_group: int = 5
    guests: bool = False
    approval_required: bool = False
    figures: Figures = field(default_factory=Figures)
    pledges: tuple[Pledge, ...] = ()
    pledge_words: Mapping[tuple[str, str], PledgeWords] = field(default_factory=dict)
    factors_version: str = ""
    measures: tuple[Measure, ...] = ()
    goals: tuple[Goal, ...] = ()
    measure_words: MeasureTexts = field(default_factory=dict)
    kept_ideas: tuple[KeptIdea, ...] = ()
    bot_words: BotWords = field(default_factory=BotWords)
    pictures: Mapping[str, Picture] = field(default_factory=dict)

    def country(self, code: str | None) -> Country | None:
        """Return the country with a code, or None if it does not take part."""
        return next((country for country in self.countries if country.code == code), None)

    @property
    def kept_until(self) -> dt.date:
        """The last day on which the campaign's personal data is kept."""
        return self.closes + dt.timedelta(days=_KEPT_DAYS)

    @property
    def zone(self) -> str:
        """The zone for everything that happens once for all countries, such as publications."""
        zones = [self.company.zone] if self.company else [country.zone for country in self.countries]
        return zones[0] if zones else "UTC"

    @property
    def organisers_channel(self) -> str | None:
        """The private channel of all organisers, by its ID, if there is one."""
        return self.company.organisers_channel if self.company else None

    @property
    def headcount(self) -> int | None:
        """The headcount of all countries, or None unless every country has one."""
        counts = [country.headcount for country in self.countries]
        # A partial sum would make the rate of the company too high.
        return sum(filter(None, counts)) if all(counts) else None

    def pledge(self, pledge: str) -> Pledge | None:
        """Return the pledge with an ID, or None if the campaign does not offer it any more."""
        return next((each for each in self.pledges if each.id == pledge), None)

    @property
    def commitments(self) -> tuple[Commitment, ...]:
        """The measures, then the goals."""
        return (*self.measures, *self.goals)

    def measure(self, measure: str | None) -> Measure | None:
        """Return the measure with an ID, or None if there is no such one, or no longer."""
        return next((each for each in self.measures if each.id == measure), None)

    def offered(self, country: str | None) -> tuple[Pledge, ...]:
        """Return the pledges that people in a country can choose."""
        return tuple(each for each in self.pledges if each.is_offered(country))

    def channel(self, audience: str, recipient: str) -> str | None:
        """Return the channel of an audience, as the campaign names it, or None where posts go to a person."""
        if audience == Audience.COUNTRIES:
            return next((each.channels[recipient] for each in self.countries if recipient in each.channels), None)
        if audience == Audience.COMPANY and self.company:
            return self.company.channel
        return None

    def text(self, post: str, language: str) -> Text:
        """Return a post's text in a language of the campaign."""
        return self.texts[post, language]

    def language_of(self, locale: str | None) -> str | None:
        """Return the campaign's language for a locale such as `nb-NO`, or None if it has none."""
        # The region is ignored: readers of `en-GB` and `en-US` share a text.
        base = (locale or "").replace("_", "-").split("-")[0]
        wanted = (base, *_NORWEGIAN) if base in _NORWEGIAN else (base,)
        texts = {language.split("-")[0]: language for language in reversed(self.languages)}
        return next((texts[each] for each in wanted if each in texts), None)

    def language_for(self, wanted: str | None, country: str | None = None) -> str:
        """Choose a language of the campaign: the one wanted, else the country's first, else English, else the first."""
        home = self.country(country)
        choices = (wanted, home.language if home else None, "en", *self.languages)
        return next(choice for choice in choices if choice in self.languages)
