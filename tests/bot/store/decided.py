"""An organiser who has decided something of every kind, and somebody who stands in for that organiser."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from bot.campaign.model import Text
from bot.campaign.text_hash import text_hash
from bot.store.organiser_acts import Actor
from bot.store.pauses import Missed
from bot.store.store import Store
from bot.store.text_revisions import Edit

from .lines import CAMPAIGN

NOW = datetime(2027, 3, 15, 8, 30, tzinfo=UTC)
FILE = Text(title="Turn it off", summary="Turn it off today.", body="Please.")
NEW = Text(
    title="Turn it off 💡",
    summary="Turn off what sleeps.",
    body="It saves *a lot*.",
    ask="What sleeps at yours?",
    local={"SE": "Här också.", "NO": "Her også."},
    answers=("1 W", "10 W", "100 W"),
)


def edit(text: Text = NEW, post: str = "tip", language: str = "sv", seen: str | None = None) -> Edit:
    return Edit(post, language, text, text_hash(FILE), seen)


async def decide(store: Store, user: str, campaign: str = CAMPAIGN) -> None:
    """Do everything that an organiser can do, each with something in force and something that is over."""
    actor = Actor(campaign, user, NOW)
    first = await store.write(store.revisions.revise, actor, edit(post=f"tip-{user.lower()}"))
    again = edit(FILE, post=f"tip-{user.lower()}", seen=first.id)
    await store.write(store.revisions.revise, actor, again)
    await store.write(store.revisions.keep_sent, campaign, NEW)
    await store.write(store.approvals.approve, actor, f"tip-{user.lower()}", "sv", first.hash)
    for post in ("tip", "notice"):
        await store.write(store.pauses.leave_out, actor, f"{post}-{user.lower()}", "SE")
    await store.write(store.pauses.bring_back, actor, f"tip-{user.lower()}", "SE")
    await store.write(store.pauses.resume, actor, await store.write(store.pauses.pause, actor, "SE"), Missed.SEND)
    await store.write(store.pauses.pause, actor, f"{user[-2:]}")
    # At times of their own: a country has one such post at a time.
    for at in (time(9, ord(user[-1]) % 60), time(10, ord(user[-1]) % 60)):
        own = await store.write(store.revisions.add_post, actor, "SE", date(2027, 3, 17), at, {"sv": NEW})
    await store.write(store.revisions.withdraw_post, actor, own.id)
    await store.write(store.shares.share, actor, f"1dea-{user.lower()}")
    await store.write(store.organisers.name_stand_in, actor, "SE", user, date(2027, 3, 19))
    await store.write(store.digests.switch_off, actor)
