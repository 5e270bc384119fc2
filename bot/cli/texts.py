"""`earthweek texts list` and `earthweek texts export`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, cast

import typer

from bot.campaign.campaign_reader import FILE
from bot.campaign.decision_export import changed_files, is_same_week
from bot.campaign.folder import Folder
from bot.campaign.kept_ideas import FILE as IDEAS
from bot.campaign.kept_ideas import KeptIdea, Stage, with_ideas
from bot.campaign.model import Campaign
from bot.campaign.organiser_decisions import Decisions
from bot.campaign.overlay import apply, outdated, unapproved
from bot.campaign.problems import Problems
from bot.cli.atomic_files import copied_to, write_text
from bot.cli.campaign_loader import read_campaign, settings_for, usable_campaign
from bot.cli.console import fail
from bot.cli.options import CampaignOption
from bot.clock import SystemClock
from bot.database.urls import read_only
from bot.messages.organise.idea_stages import stage_of
from bot.store.ideas import Idea, Ideas
from bot.store.schema import require_current
from bot.store.store import decisions

NewFolder = Annotated[Path, typer.Option("--out", help="The folder to make; it must be new.", metavar="FOLDER")]

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def texts() -> None:
    """List what organisers have written in Slack, and write it into a campaign's files."""


@dataclass(frozen=True)
class _Decided:
    """The folder of a campaign, its files, what organisers have decided, and the campaign that comes of it.

    `kept` are ideas whose authors agreed that they are kept, or told to customers.
    """

    folder: Path
    files: Campaign
    decisions: Decisions
    campaign: Campaign
    kept: Sequence[KeptIdea] = ()


@app.command("list")
def list_texts(campaign: CampaignOption = None) -> None:
    """Show which words differ from the files, by whom and since when, and what waits for approval."""
    decided = _read(campaign)
    lines = [*_revisions(decided), *_own_posts(decided), *_omissions(decided)]
    for line in lines or ["Nothing differs from the files."]:
        typer.echo(line)
    for post, language in unapproved(decided.campaign, decided.decisions):
        waits = "waits to be approved" if decided.campaign.approval_required else "not approved, and sent all the same"
        typer.echo(f"{post} ({language}): {waits}")


@app.command()
def export(out: NewFolder, campaign: CampaignOption = None) -> None:
    """Write a copy of the campaign's folder that says what organisers have decided in Slack."""
    decided = _read(campaign)
    with copied_to(out, decided.folder) as draft:
        changed = _write(decided, draft)
        if problems := [each.replace(draft.as_posix(), out.as_posix()) for each in _problems(decided, draft)]:
            fail("\n".join([*problems, f"{out} was not written, because of what is listed above"]))
    count = f"{changed} file{'' if changed == 1 else 's'} changed" if changed else "nothing differs from the files"
    typer.echo(f"Wrote {out}: {count}.")


def _read(campaign: Path | None) -> _Decided:
    """Read the files and the database, which is neither created nor upgraded nor locked.

    Raises:
        UnusableCampaignError: The files have errors.
        DatabaseUnusableError: There is no database yet, it cannot be read, or it is another version's.
    """
    settings, now = settings_for(campaign), SystemClock().now()
    # No starter campaign here: nobody has decided anything about it.
    folder = settings.earthweek_campaign
    files, _ = usable_campaign(folder)
    require_current(settings.database_url)
    with read_only(settings.database_url) as connection:
        found = decisions(connection, files.id)
        kept = [_kept(idea) for idea in Ideas().of_campaign(connection, files.id) if idea.kept or idea.told]
    overtaken = outdated(files, found)
    in_force = {key: each for key, each in found.revisions.items() if each.id not in overtaken}
    # People who stand in are in no file.
    return _Decided(folder, files, found, apply(files, replace(found, revisions=in_force, stand_ins=()), now), kept)


def _kept(idea: Idea) -> KeptIdea:
    """Return an idea without its author."""
    return KeptIdea(
        campaign=idea.campaign,
        country=idea.country,
        language=idea.language,
        text=idea.text,
        stage=cast("Stage", stage_of(idea.state)),
        became=idea.reason or "",
        customers=idea.told,
        next_year=idea.kept,
    )


def _revisions(decided: _Decided) -> Iterator[str]:
    overtaken = outdated(decided.files, decided.decisions)
    for (post, language), each in sorted(decided.decisions.revisions.items()):
        if post in {own.id for own in decided.decisions.own_posts}:
            continue
        if each.id in overtaken:
            yield f"{post} ({language}): {_who(each.by)} wrote other words, and the file is newer"
        elif (post, language) in decided.files.texts:
            yield f'{post} ({language}): "{each.text.title}", by {_who(each.by)} since {_when(each.at)}'


def _own_posts(decided: _Decided) -> Iterator[str]:
    known = {each.post for each in decided.files.posts}
    for own in decided.decisions.own_posts:
        if own.id not in known:
            due = f"{own.country}, {own.day:%a %d %b} {own.time:%H:%M}"
            yield f"{own.id}: a post of their own in {due}, by {_who(own.by)} since {_when(own.at)}"


def _omissions(decided: _Decided) -> Iterator[str]:
    for each in decided.decisions.omissions:
        yield f"{each.post}: left out in {each.country}, by {_who(each.by)} since {_when(each.at)}"


def _who(user: str | None) -> str:
    return user or "somebody who asked to be forgotten"


def _when(at: datetime) -> str:
    return f"{at:%a %d %b %H:%M} UTC"


def _write(decided: _Decided, draft: Path) -> int:
    """Write what has to say something else into a copy of the folder. Returns the number of files."""
    source = Folder(decided.folder)
    try:
        # Read as the campaign's reader does, which has found no problem in these files.
        changed = changed_files(decided.files, decided.campaign, lambda path: source.read(path, Problems(), "") or "")
    except LookupError:
        fail(f"the posts in {FILE} are not written as [[posts]], so nothing can be added to them; write it by hand")
    known, before = decided.files.kept_ideas, source.read(IDEAS, Problems(), "") if source.exists(IDEAS) else None
    if ideas := with_ideas(before, known, decided.kept):
        changed[IDEAS] = ideas
    for path, text in changed.items():
        write_text(draft / path, text)
    return len(changed)


def _problems(decided: _Decided, draft: Path) -> list[str]:
    """Return why the copy is not what it should be, in sentences."""
    reading = read_campaign(draft)
    if reading.campaign is None:
        return [str(each) for each in reading.problems.errors]
    if not is_same_week(reading.campaign, decided.campaign):
        return ["the copy would not send what is sent now; please report it"]
    return []
