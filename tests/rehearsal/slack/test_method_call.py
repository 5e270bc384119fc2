"""A call of a method, and the scopes that it needs."""

from __future__ import annotations

import pytest

from rehearsal.slack.call_arguments import Arguments
from rehearsal.slack.errors import RefusedError
from rehearsal.slack.method_call import ApiRequest
from rehearsal.slack.workspace import Workspace

from .helpers import START


def call(*scopes: str) -> ApiRequest:
    return ApiRequest(Workspace(), Arguments({}), START, scopes, lambda: "ws://127.0.0.1/", "http://127.0.0.1")


def test_granted_scope_lets_the_call_through() -> None:
    call("chat:write", "users:read").need("users:read")


@pytest.mark.parametrize(
    ("scopes", "provided"),
    [((), ""), (("users:read", "chat:write.public", "commands"), "chat:write.public,commands,users:read")],
)
def test_missing_scope_is_refused_by_name(scopes: tuple[str, ...], provided: str) -> None:
    with pytest.raises(RefusedError) as refused:
        call(*scopes).need("chat:write")
    assert refused.value.answer() == {
        "ok": False,
        "error": "missing_scope",
        "needed": "chat:write",
        "provided": provided,
    }
