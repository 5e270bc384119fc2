"""What organisers look at: a page of everything, as large as it may be, and what a test changes of a small one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.campaign.model import Campaign, Text
from bot.campaign.organiser_decisions import Pause, StandIn
from bot.messages.organise import overview
from bot.messages.organise.idea_stages import STAGES
from bot.messages.organise.post_state import PostState, PostStatus

from .reply_samples import ordinary

NOW = datetime(2027, 3, 15, 11, tzinfo=UTC)
TODAY = date(2027, 3, 15)
LONG = "& <!here> " * 12
STOCKHOLM = "Europe/Stockholm"
TEXT = Text(title="Ours", summary="One sentence.", body="Words.", ask="And yours?")


def statuses(campaign: Campaign, count: int = 300) -> list[PostStatus]:
    """As many posts as there may be, each on a day of its own, with the longest title and reason."""
    [post, *_] = campaign.posts
    states = list(PostState)
    return [
        PostStatus(
            post.model_copy(update={"post": f"{number:x<60}"}),
            LONG,
            datetime(2027, 1, 1, 9) + timedelta(days=number),  # noqa: DTZ001 - wall time
            states[number % len(states)],
            datetime(2027, 1, 1, 9),  # noqa: DTZ001 - wall time
            "<reason> " * 60,
        )
        for number in range(count)
    ]


def page_of(campaign: Campaign) -> overview.Overview:
    codes = [each.code for each in campaign.countries]
    return overview.Overview(
        country="SE",
        countries=codes,
        is_manager=True,
        zone="Europe/Stockholm",
        not_ready=overview.NotReady(
            examples=["campaign.toml:12"] * 90,
            channels=["c" * 80] * 90,
            unapproved=[(post.post, language) for post in campaign.posts for language in campaign.languages],
            is_earth_hour_unconfirmed=True,
            headcounts=[overview.NotSaid("SE", ["U0123456789"] * 20, TODAY)] * 90,
            works_councils=[overview.NotSaid("SE", ["U0123456789"] * 20, TODAY)] * 90,
        ),
        ideas=dict.fromkeys(STAGES, 99_999),
        pauses=[Pause(f"{code:0<32}", code, "U0BOSS", NOW) for code in ("", *codes)],
        posts=statuses(campaign),
        acts=[overview.ActDone(None, "edited", campaign.posts[0].post, "sv", None, NOW)] * 8,
        standings=ordinary(),
        next_figures_at=NOW,
    )


def people() -> list[StandIn]:
    return [StandIn("SE", f"U{number:0>20}", TODAY, None, NOW) for number in range(90)]


def quiet(**more: Any) -> overview.Overview:
    """The page of Sweden on which there is nothing yet, for a representative."""
    given = {
        "country": "SE",
        "countries": ("SE",),
        "is_manager": False,
        "zone": STOCKHOLM,
        "not_ready": overview.NotReady(),
        "pauses": (),
        "ideas": {},
        "posts": (),
        "acts": (),
        "standings": None,
        "next_figures_at": None,
    }
    return overview.Overview(**{**given, **more})


def status(campaign: Campaign, post: str = "monday-tip", **more: Any) -> PostStatus:
    """A post of the campaign on its day, which is still to come."""
    found = next(each for each in campaign.posts if each.post == post)
    local = datetime.combine(found.day, found.time)
    return PostStatus(**{"post": found, "title": "A tip", "local": local, "state": PostState.COMING, **more})
