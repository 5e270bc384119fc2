"""Totals by the colleagues' own journals, independent of the bot.

The rules are those of `bot.store.participation`, written a second time on purpose: a mistake in one of them shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from rehearsal.people.journal import (
    AnsweredAwareness,
    AnsweredCheckIn,
    DecidedIdea,
    DoesAlready,
    Forgot,
    Joined,
    Journal,
    JournalEntry,
    MadeGuess,
    MadePledge,
    Moved,
    Note,
    Organised,
    ReportedEarthHour,
    SentIdea,
    StoppedMessages,
    TriedTip,
    WithdrewPledge,
)

FIGURES = (
    "participants",
    "pledges",
    "confirmed",
    "earth_hour",
    "earth_hour_minutes",
    "continuing",
    "obstacles",
    "opted_out",
    "tips",
    "guesses",
    "awareness",
    "ideas",
)
"""The figures that both accounts have."""

Place = str | None
"""A country's code, `ZZ` for another country, `None` for who said none."""

_DONE, _DID = "done", "did"


Acts = Mapping[tuple[str, str], int]
"""How often an organiser did what, by their user ID and the name of the act."""


@dataclass(frozen=True)
class _Promise:
    country: Place
    already: bool = False
    withdrawn: bool = False

    @property
    def counts(self) -> bool:
        return not self.already and not self.withdrawn


@dataclass(frozen=True)
class _Word:
    """An answer about a pledge or Earth Hour: the country and entry of the first, and what is true by now."""

    country: Place
    first: JournalEntry
    answer: str
    continues: bool = False
    obstacle: str | None = None
    minutes: int | None = None


@dataclass
class _Account:
    """One colleague's figures by country, worked out entry by entry; what is `lasting` is decided and never done."""

    lasting: Collection[str] = ()
    country: Place = None
    found: dict[Place, Counter[str]] = field(default_factory=dict)
    promises: dict[str, _Promise] = field(default_factory=dict)
    words: dict[tuple[str, str], _Word] = field(default_factory=dict)
    hour: _Word | None = None
    tips: set[str] = field(default_factory=set)
    guesses: set[str] = field(default_factory=set)
    ideas: set[int] = field(default_factory=set)
    is_in: bool = False
    is_out: bool = False

    def count(self, name: str, country: Place, by: int = 1) -> None:
        self.found.setdefault(country, Counter())[name] += by

    def take(self, entry: JournalEntry) -> None:
        """Count one entry; each of these looks only at the notes that it knows."""
        self._take_person(entry.note)
        self._take_pledge(entry)
        self._take_deed(entry)

    def _take_person(self, note: Note) -> None:
        match note:
            case Joined(country=country):
                self.country = country
                self._once("participants", known=self.is_in)
                self.is_in = True
            case Moved(country=country):
                self.country = country
            case _:
                pass

    def _take_pledge(self, entry: JournalEntry) -> None:
        match entry.note:
            case MadePledge(pledge=pledge):
                self._promise(pledge, already=False)
            case DoesAlready(pledge=pledge):
                self._promise(pledge, already=True)
            case WithdrewPledge(pledge=pledge):
                self.promises[pledge] = replace(self.promises[pledge], withdrawn=True)
            case AnsweredCheckIn():
                self._answered(entry, entry.note)
            case _:
                pass

    def _take_deed(self, entry: JournalEntry) -> None:
        match entry.note:
            case ReportedEarthHour(answer, minutes):
                # The country of the first answer stays, as in the bot's store.
                first = self.hour or _Word(self.country, entry, answer)
                self.hour = replace(first, answer=answer, minutes=minutes)
            case TriedTip(post):
                self._once("tips", known=post in self.tips)
                self.tips.add(post)
            case MadeGuess(post):
                self._once("guesses", known=post in self.guesses)
                self.guesses.add(post)
            case SentIdea(idea):
                self._once("ideas", known=idea in self.ideas)
                self.ideas.add(idea)
            case StoppedMessages():
                self._once("opted_out", known=self.is_out)
                self.is_out = True
            case _:
                pass

    def _once(self, name: str, *, known: bool) -> None:
        if not known:
            self.count(name, self.country)

    def _promise(self, pledge: str, *, already: bool) -> None:
        known = self.promises.get(pledge)
        # Made anew after it was withdrawn, a pledge counts in the country of now.
        if known is None or known.withdrawn:
            self.promises[pledge] = _Promise(self.country, already)
        else:
            self.promises[pledge] = replace(known, already=already)

    def _answered(self, entry: JournalEntry, note: AnsweredCheckIn) -> None:
        key = note.pledge, note.occasion
        first = self.words.get(key) or _Word(self.country, entry, note.answer)
        self.words[key] = replace(first, answer=note.answer, continues=note.continues, obstacle=note.obstacle)

    def close(self) -> Mapping[Place, Counter[str]]:
        """Add up what can only be told at the end."""
        for promise in self.promises.values():
            if promise.counts:
                self.count("pledges", promise.country)
        standing = {pledge for pledge, promise in self.promises.items() if promise.counts}
        # By time and then by key, since notes of one form share an instant.
        words = sorted(self.words.items(), key=lambda each: (each[1].first.at, *each[0]))
        told = [(pledge, word) for (pledge, _), word in words if pledge in standing]
        done = ((pledge, word) for pledge, word in told if word.answer == _DONE and pledge not in self.lasting)
        self._first("confirmed", done)
        self._first("continuing", (("", word) for _, word in told if word.continues))
        self._first("obstacles", ((word.obstacle, word) for _, word in told if word.obstacle))
        if self.hour and self.hour.answer == _DID:
            self.count("earth_hour", self.hour.country)
            self.count("earth_hour_minutes", self.hour.country, self.hour.minutes or 0)
        return self.found

    def _first(self, name: str, words: Iterable[tuple[str, _Word]]) -> None:
        seen: set[str] = set()
        for key, word in words:
            if key not in seen:
                self.count(name, word.country)
            seen.add(key)


def journal_totals(everybody: Iterable[Journal], lasting: Collection[str] = ()) -> dict[Place, dict[str, int]]:
    """Return the figures by country, without what people did before they had everything removed."""
    total: dict[Place, Counter[str]] = {}
    for journal in everybody:
        account = _Account(lasting)
        for entry in journal.remembered:
            account.take(entry)
        for country, figures in account.close().items():
            total.setdefault(country, Counter()).update(figures)
        for country in _awareness(journal):
            total.setdefault(country, Counter())["awareness"] += 1
    return {country: {name: figures[name] for name in FIGURES} for country, figures in total.items()}


def _awareness(journal: Journal) -> Iterator[Place]:
    """Yield the country of each answer on awareness. They have no name, so what was answered stays after all."""
    country: Place = None
    answered: set[AnsweredAwareness] = set()
    for entry in journal.entries:
        match entry.note:
            case Joined(country=here) | Moved(country=here):
                country = here
            case Forgot():
                # Nobody knows any more that they have answered, so they may answer again.
                answered.clear()
            case AnsweredAwareness() as note if note not in answered:
                answered.add(note)
                yield country
            case _:
                pass


def journal_acts(everybody: Iterable[Journal]) -> Acts:
    """Count what organisers decided about posts, pauses and ideas."""
    acts = ((journal.user, _act(entry.note)) for journal in everybody for entry in journal.entries)
    return Counter((user, act) for user, act in acts if act)


def _act(note: Note) -> str | None:
    match note:
        case Organised(act=act):
            return act
        case DecidedIdea(decision="ask"):
            return "asked_about_idea"
        # The author answers, and is no organiser.
        case DecidedIdea(decision=decision) if decision != "answer":
            return "decided_idea"
        case _:
            return None
