from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from rehearsal.slack.call_arguments import Arguments
from rehearsal.slack.conversation import BROADCAST
from rehearsal.slack.response_urls import ResponseTarget, respond
from rehearsal.slack.workspace import BOT, Channel
from rehearsal.web import user_requests
from rehearsal.web.presenter import MOST_SHOWN, Presenter
from rehearsal.web.session import Session
from rehearsal.web.view_models import HOME, ConversationView, HomeView, MessageView, Viewpoint
from tests.acceptance.participants import MANAGER, MONDAY, REPRESENTATIVE, VISITED, moment
from tests.acceptance.rooms import GERMAN, GUEST, TIP, channel, go, opened
from tests.campaigns import write

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    async with opened(tmp_path) as made:
        yield made


@pytest.fixture
def presenter(session: Session) -> Presenter:
    return Presenter(session)


def talk(session: Session, presenter: Presenter, user: str = GUEST, place: str | None = None) -> ConversationView:
    shown = presenter.screen(Viewpoint(user, place or channel(session, "week-se"))).shown
    assert isinstance(shown, ConversationView)
    return shown


def newest(session: Session, presenter: Presenter, user: str = GUEST, place: str | None = None) -> MessageView:
    return talk(session, presenter, user, place).said[-1]


def text(said: MessageView) -> str:
    return re.sub(r"<[^>]+>", "", said.body)


async def act(session: Session, do: str, user: str = GUEST, **more: object) -> str:
    return await user_requests.carry_out(
        session, user_requests.read({"as": user, "in": channel(session, "week-se"), "do": do, **more})
    )


# Who sees what


async def test_people_see_own_channels_and_conversation_with_app(session: Session, presenter: Presenter) -> None:
    town = session.simulation.slack.workspace
    secret = Channel("G0SECRET", "secret", is_private=True)
    town.add_channel(secret, [GERMAN])
    names = {user: [place.name for place in presenter.screen(Viewpoint(user, HOME)).places] for user in (GUEST, GERMAN)}
    assert names == {
        GUEST: ["Home", "week-all", "week-se", "Earth Week"],
        GERMAN: ["Home", "secret", "week-all", "week-de", "Earth Week"],
    }
    for place in ("G0SECRET", town.im(GERMAN), "C0NOWHERE"):
        with pytest.raises(KeyError):
            presenter.screen(Viewpoint(GUEST, place))
    with pytest.raises(KeyError):
        presenter.screen(Viewpoint("U0NOBODY", HOME))


async def test_ephemeral_answer_is_seen_only_by_its_recipient(session: Session, presenter: Presenter) -> None:
    await act(session, "command", text="/earthweek help")
    assert newest(session, presenter).private
    assert talk(session, presenter, REPRESENTATIVE).said == []
    assert talk(session, presenter, place=session.simulation.slack.workspace.im(GUEST)).said == []


async def test_only_ones_own_form_is_open(session: Session, presenter: Presenter) -> None:
    await act(session, "command", text="/earthweek join")
    mine, theirs = (presenter.screen(Viewpoint(user, channel(session, "week-all"))).modal for user in (GUEST, GERMAN))
    assert mine
    assert (mine.submit is None, mine.depth) == (False, 1)
    assert theirs is None


async def test_home_is_shown_once_app_has_drawn_it(session: Session, presenter: Presenter) -> None:
    assert presenter.screen(Viewpoint(GUEST, HOME)).shown == HomeView(None)
    async with session.clock_held():
        await session.user(GUEST).open_home()
    shown = presenter.screen(Viewpoint(GUEST, HOME)).shown
    assert isinstance(shown, HomeView)
    assert shown.body
    assert presenter.screen(Viewpoint(GERMAN, HOME)).shown == HomeView(None)


async def test_identities_are_grouped_by_duty_and_country(session: Session, presenter: Presenter) -> None:
    screen = presenter.screen(Viewpoint(GUEST, HOME))
    groups = {group.label: [one.user for one in group.people] for group in screen.identities}
    assert groups["Responsible"][0] == MANAGER
    assert (groups["Sweden"], groups["Elsewhere"]) == ([GUEST], ["U0GUESTFAR"])
    everybody = [user for people in groups.values() for user in people]
    assert sorted(everybody) == sorted(user.id for user in session.simulation.slack.workspace.people())
    assert screen.me.description == "Svenska, Stockholm"
    assert presenter.first(everybody) == GUEST
    assert presenter.home_of(GUEST) == channel(session, "week-se")
    assert presenter.home_of("U0GUESTFAR") == session.simulation.slack.workspace.im("U0GUESTFAR")


async def test_what_people_write_is_text(session: Session, presenter: Presenter) -> None:
    town = session.simulation.slack.workspace
    town.add_user(replace(town.users[GUEST], name=HOSTILE))
    await act(session, "say", text=HOSTILE)
    said = newest(session, presenter)
    assert "<script>" not in said.body
    assert said.who == HOSTILE


# When


async def test_times_and_days_are_the_readers(session: Session, presenter: Presenter) -> None:
    everywhere = channel(session, "week-all")
    session.simulation.slack.workspace.post(everywhere, GUEST, "late", moment(MONDAY, 23, 30))
    seen = {user: newest(session, presenter, user, everywhere) for user in (GUEST, "U0GUESTFAR")}
    assert [(said.day, said.time) for said in seen.values()] == [("Mon 15 Mar", "23:30"), ("Mon 15 Mar", "18:30")]


async def test_today_is_yesterday_tomorrow(session: Session, presenter: Presenter) -> None:
    now = int(session.now.timestamp())
    session.simulation.slack.workspace.post(
        channel(session, "week-se"), GUEST, f"<!date^{now}^{{date_pretty}}|x>", session.now
    )
    assert text(newest(session, presenter)) == "i dag"
    session.simulation.clock.turn_to(session.now + timedelta(days=1))
    assert text(newest(session, presenter)) == "i går"


async def test_relative_time_is_never_out_of_date(session: Session, presenter: Presenter) -> None:
    now = int(session.now.timestamp())
    session.simulation.slack.workspace.post(channel(session, "week-se"), GUEST, f"<!date^{now}^{{ago}}|x>", session.now)
    before = text(newest(session, presenter))
    session.simulation.clock.turn_to(session.now + timedelta(minutes=20))
    assert text(newest(session, presenter)) != before


# What has changed


async def test_what_has_not_changed_is_drawn_once(session: Session, presenter: Presenter) -> None:
    await go(session, TIP)
    assert newest(session, presenter) is newest(session, presenter)


async def test_a_changed_message_is_drawn_anew(session: Session, presenter: Presenter) -> None:
    await go(session, TIP)
    town = session.simulation.slack.workspace
    before = newest(session, presenter)
    conversation = town.conversation(channel(session, "week-se"))
    conversation.change(conversation.messages[-1], text="new", blocks=(), metadata=None, at=session.now)
    after = newest(session, presenter)
    assert (after.key, after.edited, text(after)) == (before.key, True, "new")
    assert after.fingerprint != before.fingerprint


async def test_changed_blocks_are_not_said_to_be_edited(session: Session, presenter: Presenter) -> None:
    await go(session, TIP)
    before = newest(session, presenter)
    conversation = session.simulation.slack.workspace.conversation(channel(session, "week-se"))
    conversation.change(
        conversation.messages[-1], text="new", blocks=[{"type": "divider"}], metadata=None, at=session.now
    )
    after = newest(session, presenter)
    assert (after.edited, after.fingerprint == before.fingerprint) == (False, False)


async def test_a_message_shows_its_thread(session: Session, presenter: Presenter) -> None:
    town, here = session.simulation.slack.workspace, channel(session, "week-se")
    parent = town.post(here, GUEST, "one", session.now)
    before = newest(session, presenter)
    assert before.replies == ()
    reply = town.post(here, REPRESENTATIVE, "two", session.now, parent_ts=parent.ts)
    after = newest(session, presenter)
    assert after.replies
    assert [(text(each), each.ts, each.replies) for each in after.replies] == [("two", reply.ts, None)]
    assert (text(after), after.fingerprint == before.fingerprint) == ("one", False)
    town.conversation(here).change(reply, text="three", blocks=(), metadata=None, at=session.now)
    assert newest(session, presenter).fingerprint != after.fingerprint


async def test_a_broadcast_reply_is_drawn_in_both_places(session: Session, presenter: Presenter) -> None:
    town, here = session.simulation.slack.workspace, channel(session, "week-se")
    parent = town.post(here, GUEST, "one", session.now)
    town.post(here, GUEST, "two", session.now, parent_ts=parent.ts, subtype=BROADCAST)
    first, second = talk(session, presenter).said
    assert first.replies
    assert (first.replies[0].replied, second.replied, second.replies) == (False, True, None)
    assert first.replies[0].key != second.key


async def test_nobody_replies_to_an_ephemeral_message(session: Session, presenter: Presenter) -> None:
    session.simulation.slack.workspace.post_ephemeral(channel(session, "week-se"), GUEST, "psst", session.now)
    assert newest(session, presenter).replies is None


async def test_pins_are_listed_and_marked(session: Session, presenter: Presenter) -> None:
    town, here = session.simulation.slack.workspace, channel(session, "week-se")
    first, second = (town.post(here, GUEST, words, session.now) for words in ("one &lt; *two*", "x" * 200))
    before = talk(session, presenter).said[0]
    for message in (first, second):
        town.conversation(here).pin(message, BOT.id, session.now)
    shown = talk(session, presenter)
    assert [pin.beginning for pin in shown.pins] == ["x" * 90 + "…", "one < two"]
    assert [pin.key for pin in shown.pins] == [shown.said[1].key, shown.said[0].key]
    assert (before.pinned_by, shown.said[0].pinned_by) == (None, "Earth Week")
    assert shown.said[0].fingerprint != before.fingerprint
    del town.conversation(here).pins[first.ts]
    assert talk(session, presenter).said[0] == before


async def test_answer_replacing_another_is_drawn(session: Session, presenter: Presenter) -> None:
    town = session.simulation.slack.workspace
    here = channel(session, "week-se")
    first = town.post_ephemeral(here, GUEST, "first", session.now)
    assert text(newest(session, presenter)) == "first"
    respond(
        ResponseTarget(GUEST, here, first), town, Arguments({"text": "second", "replace_original": True}), session.now
    )
    assert [text(said) for said in talk(session, presenter).said] == ["second"]
    respond(ResponseTarget(GUEST, here, first), town, Arguments({"delete_original": True}), session.now)
    assert talk(session, presenter).said == []


async def test_restart_draws_nothing_of_earlier_run(session: Session, presenter: Presenter) -> None:
    await go(session, TIP)
    assert talk(session, presenter).said
    await session.restart()
    assert talk(session, presenter).said == []


async def test_only_the_newest_messages_are_shown(session: Session, presenter: Presenter) -> None:
    for number in range(MOST_SHOWN + 5):
        session.simulation.slack.workspace.post(channel(session, "week-se"), GUEST, f"{number}", session.now)
    shown = talk(session, presenter)
    assert (len(shown.said), shown.earlier, text(shown.said[-1])) == (MOST_SHOWN, 5, str(MOST_SHOWN + 4))
    assert len({said.key for said in shown.said}) == MOST_SHOWN


async def test_unread_marks_go_away_when_one_looks(session: Session, presenter: Presenter) -> None:
    await go(session, TIP)

    def unread(user: str, place: str) -> int:
        places = presenter.screen(Viewpoint(user, place)).places
        return next(each.unread for each in places if each.name == "week-se")

    assert unread(GUEST, HOME) == 1
    talk(session, presenter)
    assert unread(GUEST, HOME) == 0
    assert unread(REPRESENTATIVE, HOME) == 1


async def test_trouble_is_told(session: Session, presenter: Presenter) -> None:
    assert presenter.screen(Viewpoint(GUEST, HOME)).trouble == []
    session.faults.down()
    await session.faults.kill()
    assert presenter.screen(Viewpoint(GUEST, HOME)).trouble == [
        "Slack is down until 08:10. Nothing reaches it, and nothing comes.",
        "The bot was killed. It is down since 08:00:00 and starts again at 08:00:40, when the clock gets there.",
    ]


async def test_clock_shows_every_country_and_its_target(session: Session, presenter: Presenter) -> None:
    clock = presenter.screen(Viewpoint(GUEST, HOME)).clock
    assert [(wall.code, wall.time) for wall in clock.local_times] == [("SE", "08:00"), ("DE", "08:00"), ("NO", "08:00")]
    assert (clock.playing, clock.target, clock.share, clock.over) == (False, None, 0, False)
    running = session.go(moment(MONDAY, 13))
    await running
    clock = presenter.screen(Viewpoint(GUEST, HOME)).clock
    assert (clock.playing, clock.target) == (True, "Mon 15 Mar 13:00")


async def test_moments_to_jump_to_follow_the_files(session: Session, presenter: Presenter) -> None:
    before = presenter.screen(Viewpoint(GUEST, HOME)).clock.bookmarks
    assert presenter.screen(Viewpoint(GUEST, HOME)).clock.bookmarks is before
    write(session.rehearsal.folder, replace(VISITED, posts=VISITED.posts[1:]))
    await go(session, session.now + timedelta(minutes=1))
    assert presenter.screen(Viewpoint(GUEST, HOME)).clock.bookmarks != before
