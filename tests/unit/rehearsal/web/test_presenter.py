from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from rehearsal.slack.arguments import Arguments
from rehearsal.slack.responses import ResponseTarget, respond
from rehearsal.slack.workspace import Channel
from rehearsal.web import user_requests
from rehearsal.web.presenter import MOST_SHOWN, Drawing
from rehearsal.web.session import Room
from rehearsal.web.view_models import HOME, Conversation, Home, Said, Standpoint
from tests.acceptance.campaigns import write
from tests.acceptance.rooms import GERMAN, GUEST, TIP, channel, go, opened
from tests.acceptance.visitors import MANAGER, MONDAY, REPRESENTATIVE, VISITED, moment

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with opened(tmp_path) as made:
        yield made


@pytest.fixture
def drawing(room: Room) -> Drawing:
    return Drawing(room)


def talk(room: Room, drawing: Drawing, user: str = GUEST, place: str | None = None) -> Conversation:
    shown = drawing.screen(Standpoint(user, place or channel(room, "week-se"))).shown
    assert isinstance(shown, Conversation)
    return shown


def newest(room: Room, drawing: Drawing, user: str = GUEST, place: str | None = None) -> Said:
    return talk(room, drawing, user, place).said[-1]


def text(said: Said) -> str:
    return re.sub(r"<[^>]+>", "", said.body)


async def act(room: Room, do: str, user: str = GUEST, **more: object) -> str:
    return await user_requests.do(
        room, user_requests.read({"as": user, "in": channel(room, "week-se"), "do": do, **more})
    )


# Who sees what


async def test_people_see_their_own_channels_and_their_conversation_with_the_app(room: Room, drawing: Drawing) -> None:
    town = room.stage.slack.workspace
    secret = Channel("G0SECRET", "secret", is_private=True)
    town.add_channel(secret, [GERMAN])
    names = {user: [place.name for place in drawing.screen(Standpoint(user, HOME)).places] for user in (GUEST, GERMAN)}
    assert names == {
        GUEST: ["Home", "week-all", "week-se", "Earth Week"],
        GERMAN: ["Home", "secret", "week-all", "week-de", "Earth Week"],
    }
    for place in ("G0SECRET", town.im(GERMAN), "C0NOWHERE"):
        with pytest.raises(KeyError):
            drawing.screen(Standpoint(GUEST, place))
    with pytest.raises(KeyError):
        drawing.screen(Standpoint("U0NOBODY", HOME))


async def test_what_is_said_to_one_person_only_they_see_where_it_was_said(room: Room, drawing: Drawing) -> None:
    await act(room, "command", text="/earthweek help")
    assert newest(room, drawing).private
    assert talk(room, drawing, REPRESENTATIVE).said == []
    assert talk(room, drawing, place=room.stage.slack.workspace.im(GUEST)).said == []


async def test_only_ones_own_form_is_open(room: Room, drawing: Drawing) -> None:
    await act(room, "command", text="/earthweek join")
    mine, theirs = (drawing.screen(Standpoint(user, channel(room, "week-all"))).modal for user in (GUEST, GERMAN))
    assert mine
    assert (mine.submit is None, mine.depth) == (False, 1)
    assert theirs is None


async def test_the_home_is_there_once_the_app_has_drawn_it(room: Room, drawing: Drawing) -> None:
    assert drawing.screen(Standpoint(GUEST, HOME)).shown == Home(None)
    async with room.standing_still():
        await room.looks(GUEST).open_home()
    shown = drawing.screen(Standpoint(GUEST, HOME)).shown
    assert isinstance(shown, Home)
    assert shown.body
    assert drawing.screen(Standpoint(GERMAN, HOME)).shown == Home(None)


async def test_one_can_be_anybody_and_finds_them_by_country_and_duty(room: Room, drawing: Drawing) -> None:
    screen = drawing.screen(Standpoint(GUEST, HOME))
    groups = {group.label: [one.user for one in group.people] for group in screen.personas}
    assert groups["Responsible"][0] == MANAGER
    assert (groups["Sweden"], groups["Elsewhere"]) == ([GUEST], ["U0GUESTFAR"])
    everybody = [user for people in groups.values() for user in people]
    assert sorted(everybody) == sorted(user.id for user in room.stage.slack.workspace.people())
    assert screen.me.about == "Svenska, Stockholm"
    assert drawing.first(everybody) == GUEST
    assert drawing.home_of(GUEST) == channel(room, "week-se")
    assert drawing.home_of("U0GUESTFAR") == room.stage.slack.workspace.im("U0GUESTFAR")


async def test_what_people_write_is_text(room: Room, drawing: Drawing) -> None:
    town = room.stage.slack.workspace
    town.add_user(replace(town.users[GUEST], name=HOSTILE))
    await act(room, "say", text=HOSTILE)
    said = newest(room, drawing)
    assert "<script>" not in said.body
    assert said.who == HOSTILE


# When


async def test_times_and_days_are_the_readers(room: Room, drawing: Drawing) -> None:
    everywhere = channel(room, "week-all")
    room.stage.slack.workspace.post(everywhere, GUEST, "late", moment(MONDAY, 23, 30))
    seen = {user: newest(room, drawing, user, everywhere) for user in (GUEST, "U0GUESTFAR")}
    assert [(said.day, said.time) for said in seen.values()] == [("Mon 15 Mar", "23:30"), ("Mon 15 Mar", "18:30")]


async def test_today_is_yesterday_tomorrow(room: Room, drawing: Drawing) -> None:
    now = int(room.now.timestamp())
    room.stage.slack.workspace.post(channel(room, "week-se"), GUEST, f"<!date^{now}^{{date_pretty}}|x>", room.now)
    assert text(newest(room, drawing)) == "i dag"
    room.stage.clock.turn_to(room.now + timedelta(days=1))
    assert text(newest(room, drawing)) == "i går"


async def test_how_long_ago_something_was_is_never_out_of_date(room: Room, drawing: Drawing) -> None:
    now = int(room.now.timestamp())
    room.stage.slack.workspace.post(channel(room, "week-se"), GUEST, f"<!date^{now}^{{ago}}|x>", room.now)
    before = text(newest(room, drawing))
    room.stage.clock.turn_to(room.now + timedelta(minutes=20))
    assert text(newest(room, drawing)) != before


# What has changed


async def test_what_has_not_changed_is_drawn_once(room: Room, drawing: Drawing) -> None:
    await go(room, TIP)
    assert newest(room, drawing) is newest(room, drawing)


async def test_a_changed_message_is_drawn_anew(room: Room, drawing: Drawing) -> None:
    await go(room, TIP)
    town = room.stage.slack.workspace
    before = newest(room, drawing)
    conversation = town.conversation(channel(room, "week-se"))
    conversation.change(conversation.messages[-1], text="new", blocks=(), metadata=None, at=room.now)
    after = newest(room, drawing)
    assert (after.key, after.edited, text(after)) == (before.key, True, "new")
    assert after.fingerprint != before.fingerprint


async def test_an_answer_that_takes_the_place_of_another_is_drawn(room: Room, drawing: Drawing) -> None:
    town = room.stage.slack.workspace
    here = channel(room, "week-se")
    first = town.post_ephemeral(here, GUEST, "first", room.now)
    assert text(newest(room, drawing)) == "first"
    respond(ResponseTarget(GUEST, here, first), town, Arguments({"text": "second", "replace_original": True}), room.now)
    assert [text(said) for said in talk(room, drawing).said] == ["second"]
    respond(ResponseTarget(GUEST, here, first), town, Arguments({"delete_original": True}), room.now)
    assert talk(room, drawing).said == []


async def test_back_at_the_start_nothing_of_before_is_drawn(room: Room, drawing: Drawing) -> None:
    await go(room, TIP)
    assert talk(room, drawing).said
    await room.begin_again()
    assert talk(room, drawing).said == []


async def test_only_the_newest_messages_are_shown(room: Room, drawing: Drawing) -> None:
    for number in range(MOST_SHOWN + 5):
        room.stage.slack.workspace.post(channel(room, "week-se"), GUEST, f"{number}", room.now)
    shown = talk(room, drawing)
    assert (len(shown.said), shown.earlier, text(shown.said[-1])) == (MOST_SHOWN, 5, str(MOST_SHOWN + 4))
    assert len({said.key for said in shown.said}) == MOST_SHOWN


async def test_unread_marks_go_away_when_one_looks(room: Room, drawing: Drawing) -> None:
    await go(room, TIP)

    def unread(user: str, place: str) -> int:
        places = drawing.screen(Standpoint(user, place)).places
        return next(each.unread for each in places if each.name == "week-se")

    assert unread(GUEST, HOME) == 1
    talk(room, drawing)
    assert unread(GUEST, HOME) == 0
    assert unread(REPRESENTATIVE, HOME) == 1


async def test_trouble_is_told(room: Room, drawing: Drawing) -> None:
    assert drawing.screen(Standpoint(GUEST, HOME)).trouble == []
    room.mischief.down()
    await room.mischief.kill()
    assert drawing.screen(Standpoint(GUEST, HOME)).trouble == [
        "Slack is down until 08:10. Nothing reaches it, and nothing comes.",
        "The bot was killed. It is down since 08:00:00 and starts again at 08:00:40, when the clock gets there.",
    ]


async def test_the_clock_shows_every_country_and_where_it_runs(room: Room, drawing: Drawing) -> None:
    face = drawing.screen(Standpoint(GUEST, HOME)).face
    assert [(wall.code, wall.time) for wall in face.walls] == [("SE", "08:00"), ("DE", "08:00"), ("NO", "08:00")]
    assert (face.playing, face.target, face.share, face.over) == (False, None, 0, False)
    running = room.go(moment(MONDAY, 13))
    await running
    face = drawing.screen(Standpoint(GUEST, HOME)).face
    assert (face.playing, face.target) == (True, "Mon 15 Mar 13:00")


async def test_moments_to_jump_to_follow_the_files(room: Room, drawing: Drawing) -> None:
    before = drawing.screen(Standpoint(GUEST, HOME)).face.jumps
    assert drawing.screen(Standpoint(GUEST, HOME)).face.jumps is before
    write(room.rehearsal.folder, replace(VISITED, posts=VISITED.posts[1:]))
    await go(room, room.now + timedelta(minutes=1))
    assert drawing.screen(Standpoint(GUEST, HOME)).face.jumps != before
