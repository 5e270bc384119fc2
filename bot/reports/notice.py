"""The data that is stored of people, for them and for whoever represents them, as two HTML pages in a language.

Both are made from `store.privacy.parts`, from which `/earthweek data` is answered, and from the tables themselves. What
only the company knows is a blank in square brackets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.campaign.figure_publication_times import set_times
from bot.campaign.localtime import local
from bot.campaign.model import Campaign, Country
from bot.locales.catalogues import campaign_words
from bot.messages.campaign_texts import campaign_title
from bot.messages.replies.phrases import join_names, medium_date
from bot.messages.words import Words
from bot.reports.html import render
from bot.standings.indicators import is_shown
from bot.store.privacy import Kept, Part, parts
from bot.store.seen_events import KEPT
from bot.store.tables import metadata

_MINUTE = 60


@dataclass(frozen=True)
class Grid:
    """A table of a page: the heads of its columns, and its rows."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A part of a page: a heading, then a list or a table, with lines below it."""

    heading: str
    items: tuple[str, ...] = ()
    grid: Grid | None = None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Installation:
    """Facts about the program for the pages: its version, the database that it uses, and its permissions in Slack."""

    version: str
    is_sqlite: bool
    scopes: tuple[str, ...]

    @property
    def database(self) -> str:
        """The name of the database program."""
        return "SQLite" if self.is_sqlite else "PostgreSQL"


def notices(campaign: Campaign, installation: Installation) -> Mapping[str, str]:
    """Return the pages by the names of their files: for employees and for works councils, in each language."""
    pages = {}
    for language in campaign.languages:
        writer = _Writer(campaign, campaign_words(campaign, language), installation)
        pages[f"employees-{language}.html"] = writer.page("notice.title", writer.for_employees())
        pages[f"works-council-{language}.html"] = writer.page("notice.council_title", writer.for_works_council())
    return pages


class _Writer:
    """Writes both pages in one language."""

    def __init__(self, campaign: Campaign, words: Words, installation: Installation) -> None:
        self._campaign = campaign
        self._words = words
        self._installation = installation
        # Tables are named in the order in which they are stored: first what colleagues do.
        self._parts = tuple(parts())

    def page(self, title: str, sections: Iterator[Section]) -> str:
        words = self._words
        return render(
            "personal_data.html",
            language=words.locale.language,
            title=words(title, campaign=campaign_title(self._campaign, words)),
            made=words("notice.made", version=self._installation.version),
            sections=tuple(sections),
        )

    def for_employees(self) -> Iterator[Section]:
        say = self._section
        yield say("short", "voluntary", "before", "not_stored", "nobody_sees", "commands")
        own = tuple(self._words(f"notice.part_{each.name}") for each in self._parts if not each.is_of_organisers)
        yield Section(self._words("notice.stored"), own)
        organising = tuple(self._words(f"notice.part_{each.name}") for each in self._parts if each.is_of_organisers)
        yield Section(self._words("notice.stored_organisers"), organising)
        yield Section(self._words("notice.kept"), tuple(self._kept()))
        yield Section(self._words("notice.seen"), (*self._figures(), *self._say("readers", "operators")))
        yield Section(self._words("notice.rights"), (*self._say("rights_text", "basis"), self._contact()))

    def for_works_council(self) -> Iterator[Section]:
        words, database = self._words, self._installation.database
        yield Section(words("notice.purpose"), lines=(self._purpose(), *self._say("voluntary")))
        never = self._say("never_people", "never_work", "never_reads", "never_log")
        elsewhere = words("notice.never_elsewhere", database=database)
        yield Section(words("notice.never"), (*never, elsewhere, *self._say("sync", "files")))
        erased = "erased_sqlite" if self._installation.is_sqlite else "erased_postgresql"
        yield Section(words("notice.tables"), grid=self._tables(), lines=self._say(erased))
        yield Section(words("notice.nameless"), grid=self._nameless())
        yield Section(words("notice.kept"), tuple(self._kept()))
        protection = (*self._figures(), *self._say("protection_more", "readers"))
        yield Section(words("notice.protection"), protection)
        yield Section(words("notice.countries"), grid=self._countries(), lines=self._say("informed_how"))
        scopes = tuple(f"`{scope}`" for scope in self._installation.scopes)
        yield Section(words("notice.permissions"), scopes, lines=self._say("permissions_text"))
        settle = self._say("basis", "settle_council", "operators", "kept_backups", "settle_slack")
        yield Section(words("notice.settle"), (*settle, self._contact()))

    def _say(self, *names: str) -> tuple[str, ...]:
        return tuple(self._words(f"notice.{name}") for name in names)

    def _section(self, heading: str, *names: str) -> Section:
        return Section(self._words(f"notice.{heading}"), self._say(*names))

    def _kept(self) -> Iterator[str]:
        last = self._campaign.kept_until
        days = self._words.number((last - self._campaign.closes).days)
        yield self._words("notice.kept_campaign", day=self._words.day(last), days=days)
        yield from self._say("kept_last_campaign", "kept_wave", "kept_sooner", "kept_stays", "kept_backups")

    def _figures(self) -> Iterator[str]:
        campaign, words = self._campaign, self._words
        if days := [words.short_day(local(at, campaign.zone).date()) for at in set_times(campaign)]:
            yield words("notice.figures", days=join_names(words, days))
        yield words("report.note.blurred")
        yield words("notice.figures_small", count=words.number(2 * campaign.smallest_group))

    def _contact(self) -> str:
        company = self._campaign.company
        is_known = company and company.name and "name" not in company.examples
        name = company.name if company and is_known else None
        return self._words("notice.contact", company=name or self._words("notice.company"))

    def _purpose(self) -> str:
        campaign, words = self._campaign, self._words
        return words(
            "notice.purpose_text",
            campaign=campaign_title(campaign, words),
            first_day=words.short_day(campaign.first_day),
            last_day=words.short_day(campaign.last_day),
            closes=words.short_day(campaign.closes),
        )

    def _tables(self) -> Grid:
        heads = ("table", "what", "columns", "until", "forgetting")
        return Grid(self._say(*heads), tuple(map(self._row, self._parts)))

    def _row(self, part: Part) -> tuple[str, ...]:
        until = {
            Kept.CAMPAIGN: self._words(
                "notice.until_campaign", day=medium_date(self._words, self._campaign.kept_until)
            ),
            Kept.LAST_CAMPAIGN: self._words("notice.until_last_campaign"),
            Kept.WAVE: self._words("notice.until_wave"),
        }
        forgetting = self._words("notice.row_removed" if part.is_removed else "notice.name_removed")
        what = self._words(f"notice.part_{part.name}")
        return f"`{part.table.name}`", what, _columns(part), until[part.kept], forgetting

    def _nameless(self) -> Grid:
        personal = {part.table.name for part in self._parts}
        minutes = self._words.number(KEPT.seconds // _MINUTE)
        rows = (
            (f"`{table.name}`", self._words(f"notice.table_{table.name}", minutes=minutes))
            for table in metadata.sorted_tables
            if table.name not in personal
        )
        return Grid(self._say("table", "what"), tuple(sorted(rows)))

    def _countries(self) -> Grid:
        return Grid(self._say("country", "board", "informed"), tuple(map(self._country, self._campaign.countries)))

    def _country(self, country: Country) -> tuple[str, ...]:
        shown = is_shown(self._campaign, (country,))
        return self._words.country(country.code), self._yes(shown), self._yes(country.works_council_informed)

    def _yes(self, true: bool) -> str:  # noqa: FBT001 - it is what the cell says
        return self._words("my_data.yes" if true else "my_data.no")


def _columns(part: Part) -> str:
    """List the columns of a part; of its own table all, among which others may be named."""
    whole = part.is_removed or part.name == part.table.name
    columns = part.table.c if whole else (*part.columns, *part.named_in)
    return ", ".join(f"`{column.name}`" for column in columns)
