from __future__ import annotations

from datetime import timedelta

from rehearsal.slack.ephemerals import MOST_KEPT, Ephemeral
from rehearsal.slack.workspace import Workspace

from .helpers import START


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
    for number in range(MOST_KEPT + 2):
        workspace.post_ephemeral("C1", "U1", str(number), START)
    workspace.post_ephemeral("C1", "U2", "another's", START)
    kept = [said.text for said in workspace.ephemerals.of("U1")]
    assert kept == [str(number) for number in range(2, MOST_KEPT + 2)]
    assert len(workspace.ephemerals.of("U2")) == 1
