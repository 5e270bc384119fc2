"""The `files.*` methods of an upload in three steps: an address, the bytes, and the message that shows the file.

https://docs.slack.dev/messaging/working-with-files#upload
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rehearsal.slack import errors
from rehearsal.slack.arguments import Arguments
from rehearsal.slack.conversation import File
from rehearsal.slack.errors import RefusedError
from rehearsal.slack.request import ApiAnswer, ApiRequest
from rehearsal.slack.workspace import Workspace

ABSENT = ("channels", "thread_ts", "blocks")
"""Arguments that Slack has and the rehearsal has not."""


def get_upload_url(request: ApiRequest) -> ApiAnswer:
    """Give out an address for the bytes of one file."""
    request.need("files:write")
    name, length = request.args.required("filename"), request.args.required("length")
    # Slack refuses empty files.
    if not length.isdecimal() or not int(length):
        raise errors.listing("invalid_arguments", ["length must be a whole number above 0"])
    file_id = request.workspace.uploads.begin(name, int(length))
    return {"upload_url": f"{request.origin}/upload/{file_id}", "file_id": file_id}


def complete_upload(request: ApiRequest) -> ApiAnswer:
    """Finish uploads, and show them where they shall be seen."""
    request.need("files:write")
    for name in ABSENT:
        if name in request.args:
            raise errors.listing("invalid_arguments", [f"the rehearsal has no {name}"])
    files = [_finished(request.workspace, each) for each in _wanted(request.args)]
    channel = request.args.text("channel_id")
    if channel:
        _share(request, channel, files)
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def _wanted(args: Arguments) -> list[Any]:
    wanted = args.structure("files")
    if not isinstance(wanted, list) or not wanted:
        raise errors.missing("files")
    return wanted


def _finished(workspace: Workspace, wanted: Any) -> File:
    file_id, title = (wanted.get("id"), wanted.get("title")) if isinstance(wanted, dict) else (None, None)
    found = workspace.uploads.finish(str(file_id), str(title) if title else None)
    if found is None:
        raise RefusedError("file_not_found")
    return found


def _share(request: ApiRequest, channel: str, files: Sequence[File]) -> None:
    workspace = request.workspace
    if channel not in workspace.ims and channel not in workspace.channels:
        raise RefusedError("channel_not_found")
    if not workspace.is_member(channel, workspace.bot.id):
        raise RefusedError("not_in_channel")
    workspace.post(channel, workspace.bot.id, request.args.text("initial_comment"), request.at, files=files)
