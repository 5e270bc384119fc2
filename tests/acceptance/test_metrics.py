"""What Prometheus is told of presses, of requests that Slack has not signed, and of what replicas share."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import text

from bot.slack.signature_log import SignatureFlaw
from bot.store.outbox import State

from .conftest import RunBot, over_http, over_sockets
from .participants import MONDAY, VISITED, member, moment, said


@over_sockets
async def test_interactions_are_counted_by_outcome(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(MONDAY, 8))
    await week.open_door()
    ann = await member(week)
    before = await week.metrics()
    assert before['earthweek_interactions_total{kind="button",outcome="failed"}'] == 0
    await week.run_until(moment(MONDAY, 10))
    post = said(week, "week-se", "tip")
    await ann.presses(post, "did_this")
    await ann.forges("pledge_withdraw", "nothing", post)
    with week.bot.store.database.transaction() as connection:
        connection.execute(text("ALTER TABLE actions RENAME TO elsewhere"))
    await ann.presses(post, "did_this")
    with week.bot.store.database.transaction() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO actions"))
    await ann.types("tip")
    await ann.looks_home()
    await week.settle()
    after = await week.metrics()
    told = Counter({name: after[name] - before.get(name, 0) for name in after if "_interactions_total{" in name})
    assert +told == {
        'earthweek_interactions_total{kind="button",outcome="answered"}': 1,
        'earthweek_interactions_total{kind="button",outcome="refused"}': 1,
        'earthweek_interactions_total{kind="button",outcome="failed"}': 1,
        'earthweek_interactions_total{kind="command",outcome="answered"}': 1,
        'earthweek_interactions_total{kind="home",outcome="answered"}': 1,
    }
    assert after['earthweek_interaction_failures_total{route="did_this"}'] == 1
    [build] = [name for name in after if name.startswith("earthweek_build_info{")]
    assert ('database="sqlite"' in build, 'transport="Socket Mode"' in build) == (True, True)


@over_http
async def test_unsigned_requests_and_refused_token_are_told(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    assert (await week.metrics())['earthweek_unsigned_requests_total{flaw="wrong"}'] == 0
    week.bot.http_server._signatures.record_invalid(SignatureFlaw.WRONG, week.clock.now())
    week.bot.http_server._signatures.record_valid(week.clock.now())
    week.slack.faults.answer("token_revoked", method="auth.test")
    await week.bot.delivery.token_check.check()
    figures = await week.metrics()
    assert figures['earthweek_unsigned_requests_total{flaw="wrong"}'] == 1, "a valid one does not take it back"
    assert figures["earthweek_token_refused"] == 1
    assert figures["earthweek_ready"] == 0


@over_http
async def test_metrics_know_every_state_of_the_outbox(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    figures = await week.metrics()
    assert {f'earthweek_outbox{{state="{state}"}}' for state in State} <= figures.keys()
