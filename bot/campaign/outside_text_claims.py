"""The campaign's words that customers and users may read, and the claims in them that must not leave the house.

They are the campaign's title, its themes, the week's tips and guesses, the titles of pledges, all words of measures
and goals, ideas that customers may read of, and the bot's words for the page and the kit where the campaign brings
them. What colleagues alone read, such as the call for ideas, is no commercial practice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.campaign.bot_words import file_of
from bot.campaign.folder import Folder
from bot.campaign.green_claims import ACCURACY, Claim, claims_in, has_list
from bot.campaign.guesses import ANSWER, GUESS
from bot.campaign.kept_ideas import FILE as IDEAS
from bot.campaign.model import Campaign, Text
from bot.campaign.problems import Problem, Severity
from bot.campaign.text_checks import TextFile

CAMPAIGN_FILE = "campaign.toml"

_KINDS = frozenset({"tip", GUESS, ANSWER})
"""The kinds of posts that readers outside see."""

_OUTSIDE_WORDS = ("site.", "kit.")
"""The beginnings of the names of the bot's own words that readers outside see."""


@dataclass(frozen=True)
class OutsideText:
    """A text for readers outside. `is_sourced` says that the source of its figures stands beside it."""

    text: str
    file: TextFile
    is_sourced: bool = False

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims in the text."""
        return claims_in(self.text, self.file.language, is_sourced=self.is_sourced)


def outside_texts(campaign: Campaign) -> Iterator[OutsideText]:
    """Yield every text of a campaign that readers outside may see, in all its languages."""
    for language in campaign.languages:
        named = TextFile(CAMPAIGN_FILE, language)
        for names in (campaign.title, *campaign.themes.values()):
            yield OutsideText(names.get(language, ""), named)
        yield from _posts(campaign, language)
        pledges = TextFile(f"pledges/{language}.toml", language)
        for (_, spoken), said in campaign.pledge_words.items():
            if spoken == language:
                yield OutsideText(said.title, pledges)
        yield from _measures(campaign, language)
        yield from _brought(campaign, language)
    for idea in filter(lambda each: each.is_for_customers, campaign.kept_ideas):
        yield from (OutsideText(text, TextFile(IDEAS, idea.language)) for text in (idea.text, idea.became))


def _posts(campaign: Campaign, language: str) -> Iterator[OutsideText]:
    for post in campaign.posts:
        if post.kind in _KINDS:
            text, file = campaign.text(post.post, language), TextFile(f"posts/{post.post}/{language}.md", language)
            yield from (OutsideText(each, file, is_sourced=bool(post.source)) for each in _shown(text))


def _shown(text: Text) -> tuple[str, ...]:
    return (text.title, text.summary, text.body, text.alt, *text.answers, *text.local.values())


def _measures(campaign: Campaign, language: str) -> Iterator[OutsideText]:
    file = TextFile(f"measures/{language}.toml", language)
    # The values of a goal have a source each; a measure's figure may be an estimate.
    sourced = {goal.id for goal in campaign.goals}
    sourced |= {measure.id for measure in campaign.measures if measure.figure and measure.figure.measured}
    for (name, spoken), said in campaign.measure_words.items():
        if spoken == language:
            for text in (said.title, said.about, said.responsible, said.unit or ""):
                yield OutsideText(text, file, is_sourced=name in sourced)


def _brought(campaign: Campaign, language: str) -> Iterator[OutsideText]:
    """Yield the words that the campaign brings for the page and the kit, in place of the bot's own."""
    for key, text in campaign.bot_words.by_language.get(language, {}).items():
        if key.startswith(_OUTSIDE_WORDS):
            yield OutsideText(text, TextFile(file_of(language), language))


def claims_outside(campaign: Campaign, folder: Folder) -> Iterator[Problem]:
    """Yield each claim in a text for outside, with the file and line in which it stands."""
    for each in outside_texts(campaign):
        for claim in each.claims:
            yield problem_of(claim, folder.name(each.file.path), _line_of(claim, each, folder))


def _line_of(claim: Claim, text: OutsideText, folder: Folder) -> int:
    """Return the line of a claim. The same words may stand in the file before it, where they are allowed."""
    before, rest = text.text[: claim.position], text.text[claim.position :]
    whole = before.rpartition("\n")[2] + rest.partition("\n")[0]
    line = text.file.line_of(whole, folder)
    return line if line > 1 else text.file.line_of(claim.words.partition("\n")[0], folder)


def problem_of(claim: Claim, file: str, line: int) -> Problem:
    """Put a claim into a sentence: what it is, why, and what to write instead in the text's own language."""
    point = "" if claim.rule == ACCURACY else f" (point {claim.rule})"
    said = " ".join(claim.words.split())
    what = f"“{said}” {'must not leave' if claim.is_refused else 'needs a look before it leaves'} the house"
    weight = Severity.OUTSIDE if claim.is_refused else Severity.WARNING
    # Each is listed by itself, wherever it stands.
    return Problem(file, line, f"{what}: {claim.why}{point}", claim.instead, weight, f"claim {file}:{line} {said}")


def unlisted(campaign: Campaign, folder: Folder) -> Iterator[Problem]:
    """Yield a warning for each language of the campaign in which nobody has looked, since there is no list of words."""
    for language in campaign.languages:
        if not has_list(language):
            what = f"there is no list of claims in {language!r}, so texts for customers are not looked through in it"
            todo = "have them read by somebody who knows Directive (EU) 2024/825"
            yield Problem(folder.name(CAMPAIGN_FILE), 1, what, todo, Severity.WARNING)
