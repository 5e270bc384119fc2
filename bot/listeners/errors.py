"""The errors of the listeners."""

from __future__ import annotations


class ListenerError(Exception):
    """The base of all errors that a listener raises on purpose."""


class RequestRefusedError(ListenerError):
    """A request that cannot be carried out. `name` is the sentence in the catalogue that says why."""

    def __init__(self, name: str, **values: str) -> None:
        super().__init__(name)
        self.name = name
        self.values = values


class ReplyNotDeliveredError(ListenerError):
    """Slack did not take an answer that was sent to a response URL."""
