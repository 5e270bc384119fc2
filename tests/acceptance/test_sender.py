"""Everything that Slack or the network can answer: nothing is lost, and nothing comes twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest

from bot.app import LEASE
from bot.slack.errors import PERMANENT, TOKEN_ERRORS
from bot.store.outbox import Outbox, State
from rehearsal.slack.faults import Faults
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import RehearsalSlack
from tests.campaigns import GERMANY, NORWAY, SWEDEN, Place, Post, Week, said
from tests.simulation import MIDNIGHT, Simulation, channel_id, person

from .conftest import RunBot, over_http

pytestmark = over_http
"""Nobody comes to the bot here: one way is enough."""

MONDAY = date(2027, 3, 15)
TIP = Post("tip", MONDAY, time(9), kind="tip")
DUE = datetime(2027, 3, 15, 8, tzinfo=UTC)
PLACES = (SWEDEN, NORWAY, GERMANY)
SHORT = 0.3


async def once_everywhere(simulation: Simulation) -> None:
    """Each post of the campaign stands in each country's channel once, and the books say the same."""
    for place in simulation.week.places:
        expected = sorted(said(post.name, place.language) for post in simulation.week.posts)
        assert sorted(simulation.texts(place.channel)) == expected
    assert set(await simulation.states()) == {State.SENT}
    posted = {(message.channel, message.ts) for message in simulation.slack.workspace.messages()}
    assert {(row.channel, row.ts) for row in await simulation.rows()} == posted


async def test_rate_limit_wait_holds_everything_and_loses_nothing(run_bot: RunBot) -> None:
    posts = tuple(Post(f"post-{minute}", MONDAY, time(9, minute)) for minute in range(3))
    week = await run_bot(Week(posts, PLACES))
    week.slack.faults.throttle(240)
    await week.run_until(DUE + timedelta(seconds=239))
    asked = [call.at for call in week.slack.calls if call.method == "chat.postMessage"]
    assert asked == [DUE] * len(PLACES), "what was already in flight is all that Slack saw"
    assert len(week.slack.workspace.messages()) == len(PLACES) - 1
    await week.run_until(DUE + timedelta(minutes=10))
    await once_everywhere(week)


async def test_rate_limit_without_length_is_kept_too(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)))
    week.slack.faults.throttle(None)
    await week.run_until(DUE + timedelta(seconds=29))
    assert week.texts("week-se") == []
    await week.run_until(DUE + timedelta(minutes=1))
    await once_everywhere(week)


async def test_wait_beyond_late_limit_skips_post_with_reason(run_bot: RunBot) -> None:
    week = await run_bot(Week((Post("brief", MONDAY, time(9), until=time(9, 10)),)))
    week.slack.faults.throttle(3600)
    await week.run_until(DUE + timedelta(hours=2))
    row = await week.row("brief")
    assert (row.state, row.reason) == (State.SKIPPED, "its late limit passed; before that: Slack asked to wait")
    assert week.texts("week-se") == []


Trouble = Callable[[Faults], None]


def _all(faults: Faults) -> None:
    faults.reset(accepted=True)
    faults.status(500)
    faults.throttle(7)
    faults.reset()
    faults.answer("team_is_on_a_picnic", times=2)
    faults.answer("internal_error")


TROUBLES: dict[str, Trouble] = {
    "a 500": lambda faults: faults.status(500, '{"ok": false, "error": "internal_error"}', kind="application/json"),
    "a 500 without words": lambda faults: faults.status(500),
    "a 503 in plain text": lambda faults: faults.status(503, "upstream is away", kind="text/plain"),
    "an HTML page that says 502": lambda faults: faults.status(502, "<html>Bad Gateway</html>"),
    "an HTML page that says 200": lambda faults: faults.status(200, "<html>Hello</html>"),
    "plain text that says 200": lambda faults: faults.status(200, "hello", kind="text/plain"),
    "JSON that breaks off": lambda faults: faults.status(200, '{"ok": tr', kind="application/json"),
    "JSON that is a list": lambda faults: faults.status(200, "[1]", kind="application/json"),
    "a reset before it was accepted": lambda faults: faults.reset(),
    "a reset after it was accepted": lambda faults: faults.reset(accepted=True),
    "two resets after it was accepted": lambda faults: faults.reset(accepted=True, times=2),
    "internal_error": lambda faults: faults.answer("internal_error"),
    "fatal_error": lambda faults: faults.answer("fatal_error"),
    "request_timeout": lambda faults: faults.answer("request_timeout"),
    "service_unavailable": lambda faults: faults.answer("service_unavailable"),
    "ratelimited as a word": lambda faults: faults.answer("ratelimited"),
    "a word nobody knows": lambda faults: faults.answer("team_is_on_a_picnic"),
    "a wait of no time": lambda faults: faults.throttle(0, times=3),
    "every trouble in turn": _all,
}


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
async def test_nothing_is_lost_and_nothing_comes_twice_after(run_bot: RunBot, trouble: Trouble) -> None:
    week = await run_bot(Week((TIP, Post("note", MONDAY, time(9, 30))), PLACES))
    trouble(week.slack.faults)
    await week.run_until(DUE + timedelta(hours=3))
    await once_everywhere(week)


@pytest.mark.parametrize("accepted", [False, True])
async def test_silence_is_checked_and_not_taken_for_refusal(
    run_bot: RunBot, monkeypatch: pytest.MonkeyPatch, *, accepted: bool
) -> None:
    monkeypatch.setattr("bot.app.ANSWER_WITHIN", SHORT)
    week = await run_bot(Week((TIP,), PLACES))
    week.slack.faults.silence(accepted=accepted)
    await week.run_until(DUE + timedelta(minutes=10))
    await once_everywhere(week)


async def test_silent_history_is_asked_again(run_bot: RunBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.app.ANSWER_WITHIN", SHORT)
    week = await run_bot(Week((TIP,)))
    week.slack.faults.reset(accepted=True)
    week.slack.faults.silence(method="conversations.history")
    week.slack.faults.reset(method="conversations.history")
    week.slack.faults.status(500, method="conversations.history")
    week.slack.faults.throttle(90, method="conversations.history")
    await week.run_until(DUE + timedelta(minutes=30))
    await once_everywhere(week)


async def test_ten_minutes_without_slack_delay_and_lose_nothing(run_bot: RunBot) -> None:
    posts = tuple(Post(f"post-{minute}", MONDAY, time(9, minute)) for minute in range(0, 12, 3))
    week = await run_bot(Week(posts, PLACES))
    week.slack.faults.down(DUE + timedelta(minutes=10))
    await week.run_until(DUE + timedelta(minutes=9, seconds=59))
    assert week.slack.workspace.messages() == []
    part = (await week.readiness())["outbox"]
    assert not part["ok"]
    assert part["detail"].startswith("12 messages are overdue, the oldest by 599 s; ")
    assert "Slack could not be asked" in part["detail"]
    await week.run_until(DUE + timedelta(minutes=16))
    await once_everywhere(week)
    assert all(heard.at < DUE + timedelta(minutes=12) for heard in week.heard("week-se"))


async def test_unreachable_slack_at_start_is_waited_for(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,), PLACES), start=MIDNIGHT)
    await week.stop()
    week.slack.workspace.leave("C0WEEKSE", week.slack.workspace.bot.id)
    week.slack.faults.down(DUE + timedelta(minutes=3))
    await week.start()
    await week.run_until(DUE + timedelta(minutes=15))
    await once_everywhere(week)


async def test_refused_connection_is_tried_again(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,), PLACES))
    port = int(week.slack.api_url.split(":")[2].split("/")[0])
    await week.slack.stop()
    await week.run_until(DUE + timedelta(minutes=2))
    assert (await week.row("tip")).reason == "Slack cannot be reached"
    await week.slack.start(port=port)
    await week.run_until(DUE + timedelta(minutes=5))
    await once_everywhere(week)


async def test_refused_blocks_are_sent_in_plain_form(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)))
    week.slack.faults.answer("invalid_blocks")
    await week.run_until(DUE + timedelta(minutes=1))
    await once_everywhere(week)
    [message] = week.slack.workspace.messages()
    assert [block["type"] for block in message.blocks] == ["header", "section", "context", "actions"]
    assert "Something *to do* about tip." in str(message.blocks)


async def test_unclear_plain_form_is_looked_for_as_well(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)))
    week.slack.faults.answer("invalid_blocks")
    week.slack.faults.reset(accepted=True)
    await week.run_until(DUE + timedelta(minutes=1))
    await once_everywhere(week)


async def test_blocks_refused_in_every_form_fail_with_sentence(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)))
    week.slack.faults.answer("invalid_blocks", times=2)
    await week.run_until(DUE + timedelta(minutes=5))
    row = await week.row("tip")
    assert row.state is State.FAILED
    assert row.reason == f"invalid_blocks: {PERMANENT['invalid_blocks']}"


@pytest.mark.parametrize("word", sorted(set(PERMANENT) - TOKEN_ERRORS - {"invalid_blocks"}))
async def test_permanent_refusal_fails_only_its_row_with_advice(run_bot: RunBot, word: str) -> None:
    week = await run_bot(Week((TIP, Post("note", MONDAY, time(10))), PLACES))
    week.slack.faults.answer(word)
    await week.run_until(DUE + timedelta(hours=3))
    states = await week.states()
    assert states == {State.FAILED: 1, State.SENT: 5}
    [failed] = [row for row in await week.rows() if row.state is State.FAILED]
    assert failed.reason is not None
    assert failed.reason.startswith(f"{word}: ")
    assert len(failed.reason.split()) > 4, "a sentence"
    assert "{" not in failed.reason
    assert week.slack.errors[word] == 1, "it is not tried again"


@pytest.mark.parametrize("word", sorted(TOKEN_ERRORS))
async def test_revoked_token_stops_everything_until_replaced(run_bot: RunBot, word: str) -> None:
    week = await run_bot(Week((TIP,), PLACES))
    week.slack.faults.answer(word, times=10_000)
    await week.run_until(DUE + timedelta(minutes=20))
    assert week.slack.workspace.log == []
    assert week.slack.errors[word] <= 3 * 21, "about once a minute, and not once for each that waits"
    assert await week.states() == {State.DUE: 3}
    assert {row.reason for row in await week.rows()} == {f"{word}: {PERMANENT[word]}"}
    assert PERMANENT[word] in (await week.readiness())["outbox"]["detail"]
    week.slack.faults.clear()
    await week.restart()
    await week.run_until(DUE + timedelta(hours=1))
    assert [week.texts(place.channel) for place in PLACES] == [[said("tip", place.language)] for place in PLACES]


async def test_failed_post_is_retried_after_restart_in_time(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP, Post("brief", MONDAY, time(9, 1), until=time(9, 30))), PLACES))
    week.slack.faults.answer("restricted_action", times=6)
    await week.run_until(DUE + timedelta(hours=1))
    assert await week.states() == {State.FAILED: 6}
    await week.restart()
    await week.run_until(DUE + timedelta(hours=2))
    assert await week.states() == {State.SENT: 3, State.SKIPPED: 3}
    skipped = [row.reason or "" for row in await week.rows() if row.state is State.SKIPPED]
    assert all(reason.startswith("its late limit passed; before that: restricted_action: ") for reason in skipped)
    assert [week.texts(place.channel) for place in PLACES] == [[said("tip", place.language)] for place in PLACES]


async def test_unknown_error_is_retried_until_late_limit(run_bot: RunBot) -> None:
    week = await run_bot(Week((Post("brief", MONDAY, time(9), until=time(11)),)))
    week.slack.faults.answer("team_is_on_a_picnic", times=10_000)
    await week.run_until(DUE + timedelta(hours=3))
    row = await week.row("brief")
    assert row.state is State.SKIPPED
    assert row.reason == "its late limit passed; before that: team_is_on_a_picnic"
    tries = [call.at for call in week.slack.calls if call.error == "team_is_on_a_picnic"]
    assert 100 < len(tries) < 150, "about once a minute, more often at first"
    assert max(tries) < DUE + timedelta(hours=2)


async def test_restart_during_unclear_delivery_asks_first(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,), PLACES))
    week.slack.faults.reset(accepted=True)
    week.slack.faults.reset()
    await week.run_until(DUE + timedelta(seconds=5))
    assert await week.states() == {State.SENDING: 2, State.SENT: 1}
    await week.restart()
    await week.run_until(DUE + timedelta(minutes=5))
    await once_everywhere(week)


async def test_unconfirmed_post_is_found_after_long_absence(run_bot: RunBot) -> None:
    week = await run_bot(Week((Post("brief", MONDAY, time(9), until=time(9, 30)),), PLACES))
    week.slack.faults.reset(accepted=True)
    week.slack.faults.reset()
    await week.run_until(DUE + timedelta(seconds=5))
    await week.stop()
    week.clock.turn_to(DUE + timedelta(hours=5))
    await week.start()
    await week.run_until(DUE + timedelta(hours=6))
    assert await week.states() == {State.SENT: 2, State.SKIPPED: 1}
    assert len(week.slack.workspace.messages()) == 2


async def test_slow_slack_reaches_two_hundred_people_once_each(run_bot: RunBot) -> None:
    reminder = Post(
        "reminder", date(2027, 3, 20), time(20, 15), kind="earth_hour_reminder", audience="earth_hour_reminder"
    )
    people = [person(f"U{number:04d}", earth_hour_reminder=True) for number in range(200)]
    limits = RateLimits(posts_per_minute=60)
    week = await run_bot(Week((reminder,)), people, start=datetime(2027, 3, 20, 19, tzinfo=UTC), limits=limits)
    week.slack.faults.reset(accepted=True)
    week.slack.faults.throttle(20)
    week.slack.faults.reset(times=3)
    await week.run_until(datetime(2027, 3, 20, 20, tzinfo=UTC))
    for each in people:
        [heard] = week.heard(each.user)
        assert heard.at < datetime(2027, 3, 20, 19, 30, tzinfo=UTC), "Earth Hour has not begun"
    assert await week.states() == {State.SENT: 200}
    assert week.slack.errors["ratelimited"] > 3, "Slack did refuse for haste"


@pytest.mark.parametrize("seed", range(2))
async def test_any_sequence_of_faults_posts_each_once(run_bot: RunBot, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - the same seed makes the same trouble
    posts = tuple(Post(f"post-{minute}", MONDAY, time(9, minute)) for minute in range(0, 30, 3))
    places = (*PLACES, Place("JP", "Asia/Tokyo", "en", "week-jp"))
    week = await run_bot(Week(posts, places), start=datetime(2027, 3, 14, 20, tzinfo=UTC))
    for _ in range(60):
        _something(random, week.slack)
    moment = week.clock.now()
    while moment < DUE + timedelta(hours=3):
        moment += timedelta(seconds=random.randint(1, 1800))
        await week.run_until(moment)
        if random.random() < 0.3:
            await week.restart()
    await week.run_until(DUE + timedelta(hours=14))
    await once_everywhere(week)


def _something(random: Random, slack: RehearsalSlack) -> None:
    trouble: Trouble = random.choice(
        [
            lambda faults: faults.reset(accepted=True),
            lambda faults: faults.reset(),
            lambda faults: faults.status(500),
            lambda faults: faults.throttle(random.randint(1, 90)),
            lambda faults: faults.answer("internal_error"),
            lambda faults: faults.answer("team_is_on_a_picnic"),
            lambda faults: faults.reset(method="conversations.history"),
            lambda faults: faults.throttle(30, method="conversations.history"),
        ]
    )
    trouble(slack.faults)


async def test_post_in_old_channel_is_not_repeated_elsewhere(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,), (SWEDEN,)))
    week.add_channel("new-se")
    week.slack.faults.reset(accepted=True)
    await week.run_until(DUE + timedelta(seconds=1))
    week.say(Week((TIP,), (replace(SWEDEN, channel="new-se"),)))
    await week.run_until(DUE + timedelta(minutes=10))
    assert (len(week.heard("week-se")), len(week.heard("new-se"))) == (1, 0)
    assert (await week.row(TIP.name)).channel == channel_id("week-se")


async def test_claimed_but_unsent_row_is_sent_without_check(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,), (SWEDEN,)))
    await week.run_until(DUE - timedelta(seconds=1))
    week.clock.turn_to(DUE)
    [claimed] = await week.bot.store.write(week.bot.store.outbox.claim, DUE, 1)
    week.slack.scopes.discard("channels:history")
    await week.restart()
    await week.run_until(DUE + timedelta(minutes=2))
    assert len(week.heard("week-se")) == 1
    assert (await week.row(TIP.name)).id == claimed.id


async def test_who_lost_the_lease_does_not_post(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,), (SWEDEN,)))
    await week.run_until(DUE - timedelta(seconds=1))
    database, outbox = week.bot.store.database, week.bot.store.outbox
    [claimed] = await database.write(outbox.claim, DUE, 1)
    other = Outbox("another-process", LEASE)
    assert await database.write(other.reclaim_expired, DUE + 2 * LEASE) == 1
    assert len(await database.write(other.claim, DUE + 2 * LEASE, 1)) == 1
    assert not await database.write(outbox.mark_posting, claimed.id, "C0WEEKSE")
    assert await database.write(other.mark_posting, claimed.id, "C0WEEKSE")


@pytest.mark.parametrize("kind", ["application/json", "text/html"])
async def test_truncated_channel_answer_is_named_and_asked_again(run_bot: RunBot, kind: str) -> None:
    week = await run_bot(Week((TIP,), PLACES))
    await week.stop()
    week.slack.faults.status(200, '{"ok": tr', kind=kind, method="users.conversations")
    await week.start()
    assert (await week.readiness())["channels"]["detail"].startswith("week-all: Slack could not be asked (http_200)")
    await week.run_until(DUE + timedelta(minutes=1))
    await once_everywhere(week)
