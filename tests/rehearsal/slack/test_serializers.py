from __future__ import annotations

from datetime import UTC, datetime

from rehearsal.slack import serializers
from rehearsal.slack.workspace import BOT, Channel, User, Workspace

AT = datetime(2027, 3, 15, tzinfo=UTC)


def test_only_the_bots_messages_name_the_app() -> None:
    workspace = Workspace([User("U1", "ann")], [Channel("C1", "earth-week")], members={"C1": [BOT.id]})
    own, other = (
        serializers.message(workspace.post("C1", user, "Hello.", AT, metadata={"id": "1"}), workspace, metadata=asked)
        for user, asked in ((BOT.id, True), ("U1", False))
    )
    assert own["app_id"] == serializers.APP_ID
    assert "app_id" not in other
    assert ("metadata" in own, "metadata" in other) == (True, False)


def test_channel_counts_members_and_knows_the_bot() -> None:
    workspace = Workspace([], [Channel("C1", "earth-week", is_private=True)], members={"C1": [BOT.id]})
    shown = serializers.channel(workspace.channels["C1"], workspace)
    assert (shown["num_members"], shown["is_member"], shown["is_private"]) == (1, True, True)
