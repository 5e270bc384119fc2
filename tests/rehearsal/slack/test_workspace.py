from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from rehearsal.slack.workspace import BOT, MOST_EPHEMERALS, SLACKBOT, Channel, Ephemeral, User, Workspace

from .helpers import START


def test_everybody_is_listed_and_only_colleagues_are_people(workspace: Workspace) -> None:
    assert list(workspace.users) == [SLACKBOT.id, BOT.id, "U1", "U2", "U3", "U4"]
    assert [user.id for user in workspace.people()] == ["U1", "U2", "U3"]


def test_channel_is_found_with_and_without_hash(workspace: Workspace) -> None:
    assert (
        workspace.channel_named("#earth-week") == workspace.channel_named("earth-week") == Channel("C1", "earth-week")
    )
    assert workspace.channel_named("nowhere") is None


def test_a_direct_conversation_is_opened_once_a_person(workspace: Workspace) -> None:
    first, second = workspace.im("U1"), workspace.im("U2")
    assert workspace.im("U1") == first != second
    assert first.startswith("D")
    assert workspace.members(first) == ["U1", BOT.id]
    assert workspace.is_member(first, "U1")
    assert not workspace.is_member(first, "U2")


def test_people_come_and_go(workspace: Workspace) -> None:
    workspace.join("C2", "U2")
    workspace.leave("C2", "U1")
    workspace.leave("C2", "U1")
    assert workspace.members("C2") == ["U2"]
    assert workspace.members("nowhere") == []


def test_channel_added_later_works_like_earlier_ones(workspace: Workspace) -> None:
    workspace.add_channel(Channel("C9", "late"), members=["U1"])
    workspace.post("C9", "U1", "hi", START)
    workspace.add_channel(Channel("C9", "later"))
    assert workspace.members("C9") == ["U1"]
    assert [message.text for message in workspace.messages("C9")] == ["hi"]
    assert workspace.channel_named("later") is not None


def test_a_person_can_change(workspace: Workspace) -> None:
    workspace.add_user(replace(workspace.users["U1"], deleted=True))
    workspace.add_user(User("U9", "new"))
    assert [user.id for user in workspace.people()] == ["U2", "U3", "U9"]


def test_messages_are_listed_by_channel_and_altogether(workspace: Workspace) -> None:
    workspace.post("C1", "U1", "one", START)
    workspace.post(workspace.im("U1"), "U1", "two", START)
    workspace.post_ephemeral("C1", "U1", "psst", START)
    assert [message.text for message in workspace.messages()] == ["one", "two"]
    assert [message.text for message in workspace.messages("C1")] == ["one"]
    assert workspace.messages("nowhere") == []
    assert [said.text for said in workspace.ephemeral_messages] == ["psst"]


def test_an_archived_channel_stays(workspace: Workspace) -> None:
    workspace.archive("C1")
    assert workspace.channels["C1"].is_archived


def test_everybody_sees_their_own(workspace: Workspace) -> None:
    workspace.post_ephemeral("C1", "U1", "one", START)
    workspace.post_ephemeral("C1", "U2", "two", START)
    assert [said.text for said in workspace.ephemerals.of("U1")] == ["one"]
    assert workspace.ephemerals.of("U9") == []


def test_ephemeral_messages_are_listed_in_chronological_order(workspace: Workspace) -> None:
    for number, user in enumerate(["U1", "U2", "U1", "U3"]):
        workspace.post_ephemeral("C1", user, str(number), START + timedelta(seconds=number))
    assert [said.text for said in workspace.ephemeral_messages] == ["0", "1", "2", "3"]


def test_simultaneous_messages_have_different_timestamps(workspace: Workspace) -> None:
    said = [workspace.post_ephemeral("C1", "U1", "a", START).ts for _ in range(2)]
    said.append(workspace.post("C1", "U1", "b", START).ts)
    assert len(set(said)) == 3


def test_one_is_found_changed_and_taken_away(workspace: Workspace) -> None:
    whispers, said = workspace.ephemerals, workspace.post_ephemeral("C1", "U1", "one", START)
    assert whispers.find("U1", "C1", said.ts) == said
    assert whispers.find("U2", "C1", said.ts) is whispers.find("U1", "C2", said.ts) is None
    whispers.keep(Ephemeral("C1", "U1", said.ts, "two", ()))
    assert [known.text for known in whispers.of("U1")] == ["two"]
    whispers.remove(said)
    whispers.remove(said)
    assert whispers.of("U1") == []


def test_only_a_persons_newest_are_kept(workspace: Workspace) -> None:
    for number in range(MOST_EPHEMERALS + 2):
        workspace.post_ephemeral("C1", "U1", str(number), START)
    workspace.post_ephemeral("C1", "U2", "another's", START)
    kept = [said.text for said in workspace.ephemerals.of("U1")]
    assert kept == [str(number) for number in range(2, MOST_EPHEMERALS + 2)]
    assert len(workspace.ephemerals.of("U2")) == 1
