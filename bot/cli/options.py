"""Options that more than one command takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CampaignOption = Annotated[
    Path | None,
    typer.Option("--campaign", help="The campaign's folder. Otherwise EARTHWEEK_CAMPAIGN.", metavar="FOLDER"),
]
ExamplesOption = Annotated[bool, typer.Option("--allow-examples", help="Send what is still an example, too.")]
DraftOption = Annotated[
    bool, typer.Option("--allow-examples", help="Write a draft from what is still an example, too.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead.")]
OutOption = Annotated[Path, typer.Option("--out", help="The folder to write into.", metavar="DIR")]
