"""The modals that are open and the App Home of every person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.rehearsal.slack import timestamp

MOST_IN_STACK = 3
"""Modals on top of each other, https://docs.slack.dev/reference/methods/views.push."""


@dataclass(frozen=True)
class View:
    """A modal or a Home tab as one person sees it; `content` is what the app sent."""

    id: str
    user: str
    content: Mapping[str, Any]
    hash: str
    root: str
    previous: str | None = None

    @property
    def external_id(self) -> str:
        """The app's own name for the view, empty when it has none."""
        return str(self.content.get("external_id") or "")


@dataclass
class Views:
    """Every view of the workspace: `modals` by id, `homes` by user."""

    modals: dict[str, View] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    _triggers: dict[str, str] = field(default_factory=dict)
    _spent: set[str] = field(default_factory=set)
    _count: int = 0

    def trigger(self, user: str) -> str:
        """A trigger id that lets the app open one modal for this person."""
        self._count += 1
        trigger = f"{self._count}.{self._count:07d}.{self._count:032x}"
        self._triggers[trigger] = user
        return trigger

    def holder(self, trigger: str) -> str | None:
        """Whose press made this trigger id; None when it was not made here."""
        return self._triggers.get(trigger)

    def is_spent(self, trigger: str) -> bool:
        """Whether a modal was opened with this trigger id already."""
        return trigger in self._spent

    def open(self, trigger: str, content: Mapping[str, Any], at: datetime) -> View:
        """Show a modal to the person whose trigger this is, in the place of whatever modal they had open."""
        self._spent.add(trigger)
        user = self._triggers[trigger]
        self.close(user)
        view_id = self._new_id()
        return self._keep(View(view_id, user, content, self._hash(at), root=view_id))

    def push(self, trigger: str, content: Mapping[str, Any], at: datetime) -> View | None:
        """Show a modal on top of the person's modals; None when there is none, or there are three."""
        stack = self.stack(self._triggers[trigger])
        if not 0 < len(stack) < MOST_IN_STACK:
            return None
        self._spent.add(trigger)
        top = stack[-1]
        return self._keep(View(self._new_id(), top.user, content, self._hash(at), top.root, top.id))

    def update(self, view: View, content: Mapping[str, Any], at: datetime) -> View:
        """Change what a modal says."""
        return self._keep(replace(view, content=content, hash=self._hash(at)))

    def publish(self, user: str, content: Mapping[str, Any], at: datetime) -> View:
        """Show a Home tab to one person."""
        known = self.homes.get(user)
        view_id = known.id if known else self._new_id()
        self.homes[user] = View(view_id, user, content, self._hash(at), root=view_id)
        return self.homes[user]

    def stack(self, user: str) -> list[View]:
        """The modals that a person has open, the visible one last."""
        return [view for view in self.modals.values() if view.user == user]

    def close(self, user: str) -> None:
        """Close every modal of a person, as after a submission."""
        for view in self.stack(user):
            del self.modals[view.id]

    def named(self, external_id: str) -> View | None:
        """The open modal that the app gave this name."""
        return next((view for view in self.modals.values() if view.external_id == external_id), None)

    def _keep(self, view: View) -> View:
        self.modals[view.id] = view
        return view

    def _new_id(self) -> str:
        self._count += 1
        return f"V{self._count:010d}"

    def _hash(self, at: datetime) -> str:
        self._count += 1
        return f"{timestamp.of(at) // 1_000_000}.{self._count:08x}"
