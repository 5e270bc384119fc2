"""Checks of the campaign's words: their placeholders, and the countries for which they have a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bot.campaign.folder import Folder
from bot.campaign.model import Campaign, Post, Text
from bot.campaign.parsed_campaign import ParsedCampaign
from bot.campaign.placeholders import LOCAL, Place, faults, has_local_line
from bot.campaign.problems import Problems
from bot.campaign.toml import Document


class Words(NamedTuple):
    """A piece of text in one file, and the entries of the schedule that it is for."""

    text: str
    place: Place
    posts: tuple[Post, ...] = ()


@dataclass(frozen=True)
class TextFile:
    """A file with words in one language, by its path in the campaign's folder."""

    path: str
    language: str
    words: tuple[Words, ...] = ()

    def line_of(self, written: str, folder: Folder) -> int:
        """Return the first line with a piece of text, for problems; the first line if it stands there otherwise."""
        # Read again only where there is something to report.
        raw = folder.read(self.path, Problems(), "") or ""
        return next((number for number, line in enumerate(raw.split("\n"), 1) if written in line), 1)


def text_files(campaign: Campaign) -> Iterator[TextFile]:
    """Yield the files with words for readers: those of posts by language, then those of pledges and of measures."""
    for (post, language), text in campaign.texts.items():
        entries = tuple(each for each in campaign.posts if each.post == post)
        yield TextFile(_path(post, language), language, tuple(_of_text(text, entries)))
    for language in campaign.languages:
        found = (said for (_, spoken), said in campaign.pledge_words.items() if spoken == language)
        texts = [text for said in found for text in (said.title, said.unit, said.about, *said.plans)]
        if texts:
            words = tuple(Words(text, Place.EVERYWHERE) for text in texts)
            yield TextFile(f"pledges/{language}.toml", language, words)
    for language in campaign.languages:
        named = (said for (_, spoken), said in campaign.measure_words.items() if spoken == language)
        texts = [text for said in named for text in (said.title, said.about, said.responsible, said.unit) if text]
        if texts:
            words = tuple(Words(text, Place.EVERYWHERE) for text in texts)
            yield TextFile(f"measures/{language}.toml", language, words)


def _path(post: str, language: str) -> str:
    return f"posts/{post}/{language}.md"


def _of_text(text: Text, entries: tuple[Post, ...]) -> Iterator[Words]:
    for head in (text.title, text.summary, text.ask, text.alt, *text.answers):
        yield Words(head, Place.HEAD, entries)
    yield Words(text.body, Place.BODY, entries)
    for line in text.local.values():
        yield Words(line, Place.LINE, entries)


def check_placeholders(draft: ParsedCampaign, campaign: Campaign) -> None:
    """Report placeholders that stand for nothing, and lines for countries that do not take part."""
    problems, folder = draft.document.problems, draft.folder
    for language, title in campaign.title.items():
        for fault in faults(title, campaign, Place.EVERYWHERE):
            draft.document.error(("title", language), fault.what, fault.todo)
    for file in text_files(campaign):
        for words in file.words:
            for fault in faults(words.text, campaign, words.place, words.posts):
                line = file.line_of(fault.placeholder, folder)
                problems.error(folder.name(file.path), line, fault.what, fault.todo)
    _check_local_lines(campaign, folder, problems)


def _check_local_lines(campaign: Campaign, folder: Folder, problems: Problems) -> None:
    codes = {country.code for country in campaign.countries}
    for (post, language), text in campaign.texts.items():
        file = TextFile(_path(post, language), language)
        for code in sorted(text.local.keys() - codes):
            what, line = f"{code!r} is no country of the campaign", file.line_of(text.local[code], folder)
            problems.error(folder.name(file.path), line, what, "correct or remove it")
        if has_local_line(text.body) and not text.local:
            what, todo = "{local} has no lines to show", 'add [local] and NO = "…" above the second +++'
            problems.error(folder.name(file.path), file.line_of(f"{{{LOCAL}}}", folder), what, todo)


def warn_of_untranslated(document: Document, campaign: Campaign) -> None:
    """Report a language whose words are those of a language before it, in one line."""
    for index, language in enumerate(campaign.languages):
        found = [_same(campaign, language, other) for other in campaign.languages[:index]]
        most = max(found, key=lambda same: same.posts + same.pledges, default=None)
        if most and most.posts + most.pledges:
            what = f"{language}: {most} still the same as in {most.other}: not translated yet"
            document.warn(("languages",), what, f"translate {most.files(language)}")


class _Same(NamedTuple):
    """The number of posts and of pledges that say the same in another language; `has_all` pledges, if none differs."""

    other: str
    posts: int
    pledges: int
    has_all: bool

    def __str__(self) -> str:
        posts = f"{self.posts} text{'' if self.posts == 1 else 's'}" if self.posts else ""
        number = f"{self.pledges} pledge{'' if self.pledges == 1 else 's'}" if self.pledges else ""
        counted = " and ".join(filter(None, (posts, "all pledges" if self.has_all else number)))
        return f"{counted} {'is' if self.posts + self.pledges == 1 else 'are'}"

    def files(self, language: str) -> str:
        """Return where to translate."""
        posts = f"{language}.md in the folders of posts" if self.posts else ""
        return " and ".join(filter(None, (posts, f"pledges/{language}.toml" if self.pledges else "")))


def _same(campaign: Campaign, language: str, other: str) -> _Same:
    texts = {post: text for (post, code), text in campaign.texts.items() if code == language}
    words = {pledge: said for (pledge, code), said in campaign.pledge_words.items() if code == language}
    # A title and a unit alone may well be the same in related languages.
    whole = {pledge: said for pledge, said in words.items() if said.plans or said.about}
    posts = sum(text == campaign.texts.get((post, other)) for post, text in texts.items())
    pledges = sum(said == campaign.pledge_words.get((pledge, other)) for pledge, said in whole.items())
    return _Same(other, posts, pledges, has_all=0 < pledges == len(whole))
