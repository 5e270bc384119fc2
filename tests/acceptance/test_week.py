"""The week in virtual time: what is said, where, when, and once."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.delivery.outbox_planner import MOVED
from bot.store.outbox import WITHDRAWN, State
from tests.campaigns import GERMANY, SWEDEN, Place, Post, Week, said
from tests.simulation import MIDNIGHT, Heard, Simulation

from .conftest import RunBot, over_http

pytestmark = over_http
"""Nobody comes to the bot here: one way is enough."""

MONDAY, TUESDAY, WEDNESDAY = date(2027, 3, 15), date(2027, 3, 16), date(2027, 3, 17)
NINE = time(9)
TIP = Post("tip", MONDAY, NINE, kind="tip")
PLACES = (
    SWEDEN,
    GERMANY,
    Place("JP", "Asia/Tokyo", "en", "week-jp"),
    Place("NP", "Asia/Kathmandu", "en", "week-np"),
    Place("BR", "America/Sao_Paulo", "da", "week-br"),
    Place("US", "America/Los_Angeles", "en", "week-us"),
)


def at(day: date, hour: int, minute: int = 0, second: int = 0, zone: str = "Europe/Stockholm") -> datetime:
    return datetime.combine(day, time(hour, minute, second), ZoneInfo(zone)).astimezone(UTC)


async def test_countries_get_each_post_once_in_local_language(run_bot: RunBot) -> None:
    posts = (TIP, Post("call", MONDAY, time(13), kind="pledge_call"), Post("thanks", TUESDAY, NINE))
    week = await run_bot(Week(posts, PLACES), start=MIDNIGHT - timedelta(days=1))
    await week.run_until(at(WEDNESDAY, 12))
    for place in PLACES:
        assert week.heard(place.channel) == [
            Heard(at(post.day, post.time.hour, zone=place.zone), said(post.name, place.language)) for post in posts
        ]
    assert await week.states() == {State.SENT: len(posts) * len(PLACES)}


async def test_company_and_representatives_get_only_their_posts(run_bot: RunBot) -> None:
    home = Place("SE", "Europe/Stockholm", "sv", "week-se", representative="U0REP")
    posts = (
        Post("standings", MONDAY, NINE, kind="progress", audience="company"),
        Post("brief", MONDAY, NINE, audience="representatives"),
    )
    week = await run_bot(Week(posts, (home,)))
    await week.run_until(at(MONDAY, 12))
    assert week.texts("week-all") == [said("standings", "en")]
    assert week.texts("U0REP") == [said("brief", "sv")]
    assert week.texts("week-se") == []


async def test_local_time_is_kept_over_clock_change(run_bot: RunBot) -> None:
    saturday, sunday = date(2027, 3, 27), date(2027, 3, 28)
    posts = (Post("before", saturday, NINE), Post("after", sunday, NINE), Post("gap", sunday, time(2, 30)))
    plan = Week(posts, last=date(2027, 3, 28))
    week = await run_bot(plan, start=datetime(2027, 3, 27, tzinfo=UTC))
    await week.run_until(datetime(2027, 3, 28, 12, tzinfo=UTC))
    assert week.heard("week-se") == [
        Heard(datetime(2027, 3, 27, 8, tzinfo=UTC), said("before", "sv")),
        Heard(datetime(2027, 3, 28, 1, tzinfo=UTC), said("gap", "sv")),
        Heard(datetime(2027, 3, 28, 7, tzinfo=UTC), said("after", "sv")),
    ]


async def test_planning_again_and_again_changes_nothing(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,), PLACES))
    before = await week.rows()
    for _ in range(5):
        await week.bot.delivery.plan()
    assert await week.rows() == before
    await week.run_until(at(TUESDAY, 12))
    await week.bot.delivery.plan()
    await week.run_until(at(WEDNESDAY, 12))
    assert [len(week.texts(place.channel)) for place in PLACES] == [1] * len(PLACES)


async def test_post_added_during_week_is_posted(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)))
    await week.run_until(at(MONDAY, 12))
    week.say(week.week.saying(TIP, Post("more", MONDAY, time(13))))
    await week.run_until(at(TUESDAY, 0))
    assert week.texts("week-se") == [said("tip", "sv"), said("more", "sv")]


async def test_post_moved_before_due_comes_at_new_time(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP, Post("note", MONDAY, time(10)))))
    week.say(week.week.saying(Post("tip", TUESDAY, time(11), kind="tip"), Post("note", MONDAY, time(15))))
    await week.run_until(at(WEDNESDAY, 0))
    assert week.heard("week-se") == [
        Heard(at(MONDAY, 15), said("note", "sv")),
        Heard(at(TUESDAY, 11), said("tip", "sv")),
    ]


async def test_withdrawn_post_returns_only_when_listed_again(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP, Post("note", MONDAY, time(10)))))
    week.say(week.week.saying(TIP))
    await week.run_until(at(MONDAY, 12))
    assert week.texts("week-se") == [said("tip", "sv")]
    assert (await week.row("note")).reason == WITHDRAWN
    week.say(week.week.saying(TIP, Post("note", MONDAY, time(14))))
    await week.run_until(at(MONDAY, 15))
    assert week.heard("week-se")[1:] == [Heard(at(MONDAY, 14), said("note", "sv"))]


@pytest.mark.parametrize("new", [Post("tip", TUESDAY, NINE, kind="tip"), Post("tip", MONDAY, time(15), kind="tip")])
async def test_post_moved_after_sending_is_not_sent_again(run_bot: RunBot, new: Post) -> None:
    week = await run_bot(Week((TIP,)))
    await week.run_until(at(MONDAY, 12))
    week.say(week.week.saying(new))
    await week.run_until(at(WEDNESDAY, 12))
    assert week.texts("week-se") == [said("tip", "sv")]
    refused = [row for row in await week.rows() if row.slot.local_date == TUESDAY]
    assert [row.reason for row in refused] == ([MOVED] if new.day == TUESDAY else [])


async def test_second_date_of_sent_post_is_sent_too(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)))
    await week.run_until(at(MONDAY, 12))
    again = Post("tip", TUESDAY, NINE, kind="tip")
    week.say(week.week.saying(again))
    await week.bot.delivery.plan()
    week.say(week.week.saying(TIP, again))
    await week.run_until(at(WEDNESDAY, 12))
    assert [heard.at for heard in week.heard("week-se")] == [at(MONDAY, 9), at(TUESDAY, 9)]


async def test_text_changed_before_its_time_is_posted_changed(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)))
    file = week.folder / "posts" / "tip" / "sv.md"
    file.write_text(file.read_text().replace(said("tip", "sv"), "Nya ord."))
    await week.run_until(at(MONDAY, 12))
    assert week.texts("week-se") == ["Nya ord."]


async def test_faulty_files_keep_good_edition_and_are_named(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)))
    good = (week.folder / "campaign.toml").read_text()
    (week.folder / "campaign.toml").write_text(good.replace("09:00:00", "at nine"))
    await week.run_until(at(MONDAY, 12))
    assert week.heard("week-se") == [Heard(at(MONDAY, 9), said("tip", "sv"))]
    part = (await week.readiness())["campaign"]
    assert not part["ok"]
    assert "campaign.toml:" in part["detail"]
    (week.folder / "campaign.toml").write_text(good)
    await week.bot.delivery.plan()
    assert (await week.readiness())["campaign"]["ok"]


async def test_restart_at_any_time_posts_nothing_twice(run_bot: RunBot) -> None:
    posts = tuple(Post(f"post-{hour}", MONDAY, time(hour)) for hour in range(8, 18))
    week = await run_bot(Week(posts, (SWEDEN, GERMANY)))
    for hour in range(8, 19):
        for minute in (0, 30):
            await week.run_until(at(MONDAY, hour, minute))
            await week.restart()
    for place in (SWEDEN, GERMANY):
        assert week.texts(place.channel) == [said(post.name, place.language) for post in posts]


async def test_long_absence_skips_late_posts_and_sends_rest(run_bot: RunBot) -> None:
    posts = (
        Post("standings", MONDAY, NINE, kind="progress"),
        Post("tip", MONDAY, time(9, 5), kind="tip"),
        Post("outcome", MONDAY, time(9, 10), kind="results"),
        Post("brief", MONDAY, time(9, 15), until=time(12)),
    )
    week = await run_bot(Week(posts))
    await week.stop()
    week.clock.turn_to(at(MONDAY, 13, 1))
    await week.start()
    await week.run_until(at(MONDAY, 14))
    assert [heard.text for heard in week.heard("week-se")] == [said("tip", "sv"), said("outcome", "sv")]
    assert all(heard.at - at(MONDAY, 13, 1) < timedelta(seconds=10) for heard in week.heard("week-se"))
    for skipped in ("standings", "brief"):
        row = await week.row(skipped)
        assert (row.state, row.reason) == (State.SKIPPED, "its late limit passed")


async def test_a_late_limit_counts_to_the_second(run_bot: RunBot) -> None:
    post = Post("brief", MONDAY, NINE, until=time(9, 30))
    week = await run_bot(Week((post, Post("other", MONDAY, time(9, 1), until=time(9, 30, 1)))))
    await week.stop()
    week.clock.turn_to(at(MONDAY, 9, 30))
    await week.start()
    await week.run_until(at(MONDAY, 10))
    assert week.heard("week-se") == [Heard(at(MONDAY, 9, 30), said("other", "sv"))]


async def test_campaign_started_midway_does_not_post_earlier_days(run_bot: RunBot) -> None:
    posts = tuple(Post(f"day-{day.day}", day, NINE) for day in (MONDAY, TUESDAY, WEDNESDAY))
    week = await run_bot(Week(posts), start=at(TUESDAY, 12))
    await week.run_until(at(WEDNESDAY, 12))
    assert week.texts("week-se") == [said("day-16", "sv"), said("day-17", "sv")]
    assert (await week.row("day-15")).state is State.SKIPPED


async def test_message_metadata_holds_only_opaque_row_id(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP, Post("call", MONDAY, time(13), kind="pledge_call")), PLACES))
    await week.run_until(at(TUESDAY, 12))
    rows = {row.id: row for row in await week.rows()}
    found = week.slack.workspace.messages()
    assert len(found) == len(rows)
    for message in found:
        row = rows[_only_id(message.metadata)]
        assert (row.channel, row.ts) == (message.channel, message.ts)
        assert message.metadata == {"event_type": "earthweek_post", "event_payload": {"id": row.id}}
        assert set(row.id) <= set("0123456789abcdef")


def _only_id(metadata: dict[str, dict[str, str]] | None) -> str:
    assert metadata
    return metadata["event_payload"]["id"]


async def test_readiness_is_well_when_everything_is(run_bot: RunBot) -> None:
    week: Simulation = await run_bot(Week((TIP,)))
    await week.run_until(at(MONDAY, 12))
    parts = await week.readiness()
    assert {name for name, part in parts.items() if not part["ok"]} == {"scheduler"}, "nothing ticks in virtual time"


async def test_plans_that_race_write_each_post_once(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,), PLACES))
    week.say(week.week.saying(TIP, Post("more", MONDAY, time(13))))
    await asyncio.gather(*(week.bot.delivery.plan() for _ in range(5)))
    assert len(await week.rows()) == 2 * len(PLACES)
    await week.run_until(at(TUESDAY, 12))
    assert [week.texts(place.channel) for place in PLACES] == [
        [said("tip", place.language), said("more", place.language)] for place in PLACES
    ]
