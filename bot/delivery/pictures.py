"""Uploads the pictures of posts to Slack, each once a workspace and before it is needed.

A post never waits for its picture: what is not there yet, or cannot be uploaded, is left out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from slack_sdk.errors import SlackRequestError

from bot.campaign.model import Campaign, Text
from bot.campaign.pictures import Picture
from bot.clock import Clock
from bot.slack.errors import SLACK_ERRORS, describe_failure
from bot.slack.installation import Installation
from bot.store.store import Store

TRY_AGAIN = timedelta(minutes=10)
"""The time for which one process keeps the others from uploading a picture, and after which a failed one is due."""

SETTLES = timedelta(minutes=1)
"""The time after which a picture is used: Slack refuses a file that it is still looking at."""

log = structlog.get_logger()


@dataclass
class Pictures:
    """The campaign's pictures in Slack. Files belong to the bot, and Slack shows them where the bot posts them."""

    store: Store
    installation: Installation
    clock: Clock
    _trouble: str = field(default="", init=False)

    async def upload(self, campaign: Campaign) -> None:
        """Upload what posts show and the workspace does not have. Begins no other one after a failure."""
        wanted = _named(campaign)
        team = await self.installation.known_team() if wanted else None
        if team is None:
            return
        there = await self.store.read(self.store.pictures.uploaded, team.workspace)
        for picture in wanted:
            if picture.hash not in there and not await self._is_through(team.workspace, picture):
                return

    async def _is_through(self, team: str, picture: Picture) -> bool:
        """Upload a picture, unless another process is at it. Returns False if Slack did not take it."""
        now, pictures = self.clock.now(), self.store.pictures
        if not await self.store.write(pictures.claim, team, picture.hash, now, now + TRY_AGAIN):
            return True
        try:
            file = await self._upload(picture)
        except (*SLACK_ERRORS, SlackRequestError) as error:
            self._note(describe_failure(error, "the workspace"), picture)
            return False
        self._trouble = ""
        # Killed before this, it is uploaded once more: a second file that nobody sees does no harm.
        await self.store.write(pictures.record, team, picture.hash, file, self.clock.now())
        log.info("a picture was uploaded", action="pictures.uploaded", picture=picture.name)
        return True

    async def _upload(self, picture: Picture) -> str:
        answer = await self.installation.client.files_upload_v2(
            content=picture.content,
            filename=f"{picture.name}.png",
            title=picture.name,
            # With the type, Slack shows it before it has looked at the file.
            highlight_type="png",
        )
        return str(answer["files"][0]["id"])

    def _note(self, reason: str, picture: Picture) -> None:
        """Log why a picture is missing, once for each reason."""
        if reason != self._trouble:
            log.warning("posts go without it", action="pictures.missing", picture=picture.name, reason=reason)
        self._trouble = reason

    async def file_of(self, campaign: Campaign, text: Text) -> str | None:
        """Return the ID of the file that a text shows, or None if there is none that Slack can show by now."""
        picture = campaign.pictures.get(text.picture)
        team = await self.installation.known_team() if picture else None
        if picture is None or team is None:
            return None
        by = self.clock.now() - SETTLES
        return await self.store.read(self.store.pictures.file, team.workspace, picture.hash, by)

    async def forget(self, files: Collection[str]) -> None:
        """Forget files that Slack refuses to show, such as one that somebody has deleted: they are uploaded anew."""
        for file in files:
            if await self.store.write(self.store.pictures.forget, file):
                log.warning("Slack does not show a picture", action="pictures.refused", file=file)


def _named(campaign: Campaign) -> list[Picture]:
    """List the pictures that texts name, in the order of the posts."""
    texts = (campaign.texts.get((post.post, language)) for post in campaign.posts for language in campaign.languages)
    names = dict.fromkeys(text.picture for text in texts if text)
    return [campaign.pictures[name] for name in names if name in campaign.pictures]
