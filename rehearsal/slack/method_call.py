"""One call of a Web API method, with everything that a method may look at."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rehearsal.slack.call_arguments import Arguments
from rehearsal.slack.errors import RefusedError
from rehearsal.slack.workspace import Workspace

ApiAnswer = dict[str, Any]


@dataclass(frozen=True)
class ApiRequest:
    """A call: its arguments, its instant, the workspace it is about and the scopes of its token.

    `origin` is the server's own address, `link` makes one for a Socket Mode connection.
    """

    workspace: Workspace
    args: Arguments
    at: datetime
    scopes: Collection[str]
    link: Callable[[], str]
    origin: str

    def need(self, scope: str) -> None:
        """Refuse the call unless its token was granted this scope."""
        if scope not in self.scopes:
            raise RefusedError("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))
