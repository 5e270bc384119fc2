"""Lists what is left to do before a new campaign can be sent, in plain words and one line for many places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from bot.campaign.model import Campaign
from bot.campaign.new_campaign import NewCampaign
from bot.campaign.new_campaign_dates import earth_day, published_on_earth_day
from bot.campaign.problems import Problem, Problems, Severity, summarized

_Marked = Mapping[str, Sequence[str]]

_COMPANY = "the company"


def left_to_do(folder: Path, campaign: Campaign | None, problems: Problems, made: NewCampaign) -> list[str]:
    """Return a line for each thing to do: first what only the company knows, then what `check` has found."""
    lines = [*(_only_you_know(folder, campaign) if campaign else ())]
    if problems.examples:
        lines.append("Whatever of this is right by now: take its name out of the `examples` beside it.")
    lines += [*_left_out(made), *(_earth_day(campaign) if campaign else ())]
    return [*lines, *summarized(problems.errors), *map(_found, _other(problems))]


def _only_you_know(folder: Path, campaign: Campaign) -> Iterator[str]:
    marked = _marked(campaign)
    if campaign.earth_hour.origin == "example":
        day = f"{_day(campaign.earth_hour.day)} {campaign.earth_hour.day.year}"
        yield f"Earth Hour: look the day up at earthhour.org. {day} is by the usual rule; correct `date` if need be."
    if marked.get("name"):
        yield "Name: write the name of your company, which texts say."
    if places := marked.get("channel"):
        yield f"Channels: write the names that they have in Slack, for {_list(places)}."
    if places := marked.get("zone"):
        yield f"Clocks: look at the zone of {_list(places)}, where another may be right."
    if places := marked.get("representatives"):
        yield f'Representatives: write their IDs, in Slack under "Copy member ID" of the profile, for {_list(places)}.'
    if marked.get("managers"):
        yield 'Managers: write their IDs, in Slack under "Copy member ID" of the profile.'
    if places := [*dict.fromkeys([*marked.get("headcount", ()), *marked.get("headcount_date", ())])]:
        command = f"`earthweek headcounts FILE.csv --campaign {folder}`"
        yield f"Headcounts: count people in {_list(places)}. {command} writes a table of them into the campaign."
    if campaign.goal and "participation_percent" in campaign.goal.examples:
        yield f"Goal: {campaign.goal.participation_percent} % of colleagues is an example; write your own."
    yield from _texts_and_councils(campaign)


def _texts_and_councils(campaign: Campaign) -> Iterator[str]:
    if posts := [post.post for post in campaign.posts if "text" in post.examples]:
        yield f"Texts: write what your company has done, in each language, in {_list(posts)}."
    councils = [
        each.code
        for each in campaign.countries
        if "works_council_informed" in each.model_fields_set and not each.works_council_informed
    ]
    if councils:
        yield f"Works council: inform it in {_list(councils)}, then write `works_council_informed = true`."


def _marked(campaign: Campaign) -> _Marked:
    """Return where a key is still an example, by its name."""
    found: dict[str, list[str]] = {}
    tables = [(_COMPANY, campaign.company)] if campaign.company else []
    for name, table in [*tables, *((each.code, each) for each in campaign.countries)]:
        for key in table.examples:
            found.setdefault(key, []).append(name)
    return found


def _left_out(made: NewCampaign) -> Iterator[str]:
    places = {code for codes in made.unknown.values() for code in codes}
    if places:
        names = _list(sorted(made.unknown))
        yield (
            f"Pledges: there is no figure for {_list(sorted(places))} in {names}, so they are not offered there. "
            "Add one under [pledges.kg_by_country] and take the country out of `left_out`, or leave it so."
        )
    if made.unsaid:
        codes = _list(dict.fromkeys(code for without in made.unsaid.values() for code in without))
        yield f"Lines a country: write one under [local] for {codes} where you have figures, in {_list(made.unsaid)}."
    if made.dropped:
        yield f"Left out: {_list(made.dropped)}, which would reach nobody or have figures of no country here."


def _earth_day(campaign: Campaign) -> Iterator[str]:
    """Say which posts are not on Earth Day itself, since it is on a weekend or at Easter."""
    year = campaign.first_day.year
    moved, own = published_on_earth_day(year), earth_day(year)
    posts = list(dict.fromkeys(post.post for post in campaign.posts if post.day == moved))
    if moved != own and posts:
        yield (
            f"Earth Day: {_day(own)} {year} is no day for posts. Look at the words for {_day(moved)}: {_list(posts)}."
        )


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"


def _other(problems: Problems) -> list[Problem]:
    return [each for each in problems.warnings if each.weight is not Severity.EXAMPLE]


def _found(problem: Problem) -> str:
    return f"{problem.what}; {problem.todo} ({problem.file}:{problem.line})"


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
