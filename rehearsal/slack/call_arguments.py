"""The arguments of one call, whether they came as JSON, as a form or in the address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rehearsal.slack import errors
from rehearsal.slack.errors import RefusedError

_FALSE = frozenset({"", "0", "false"})


class Arguments:
    """Typed access to a call's arguments; what does not fit is refused as Slack refuses it."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        """Wrap what was sent."""
        self._values = values

    def __contains__(self, name: str) -> bool:
        """Return whether the argument was sent at all."""
        return self._values.get(name) is not None

    def text(self, name: str) -> str:
        """Return a text argument; empty if it is missing."""
        value = self._values.get(name)
        if value is None:
            return ""
        # slack_sdk sends numbers and booleans as JSON or as text, depending on the method.
        if isinstance(value, bool | int | float):
            return str(value)
        if not isinstance(value, str):
            raise errors.listing("invalid_arguments", [f"must provide a string [json-pointer:/{name}]"])
        return value

    def required(self, name: str) -> str:
        """Return a text argument that must not be missing."""
        value = self.text(name)
        if not value:
            raise errors.missing(name)
        return value

    def flag(self, name: str) -> bool:
        """Return a boolean argument, sent as JSON or as `1`, `0`, `true`, `false` in a form."""
        value = self._values.get(name)
        if isinstance(value, bool):
            return value
        return value is not None and str(value).lower() not in _FALSE

    def limit(self, default: int, most: int) -> int:
        """Return the number of results to answer, at most the method's own limit."""
        value = self.text("limit")
        # Slack takes a limit of 0 as none given.
        if not value or value == "0":
            return default
        if not value.isdecimal():
            raise RefusedError("invalid_limit")
        return min(int(value), most)

    def structure(self, name: str, word: str = "invalid_arguments") -> Any:
        """Return a list or an object, sent as JSON or as JSON in a text; None if it is missing."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise RefusedError(word) from None
