"""The modals that are open and the App Home of every person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from rehearsal.slack import timestamp
from rehearsal.slack.interactive_elements import FilledIn, kept
from rehearsal.slack.triggers import Triggers

MOST_IN_STACK = 3
"""Modals on top of each other, https://docs.slack.dev/reference/methods/views.push."""


@dataclass(frozen=True)
class View:
    """A modal or a Home tab as one person sees it.

    `content` is what the app sent, `filled` what the person filled in, `errors` what the app said of it by block.
    """

    id: str
    user: str
    content: Mapping[str, Any]
    hash: str
    root: str
    previous: str | None = None
    filled: FilledIn = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def external_id(self) -> str:
        """The app's own name for the view, empty when it has none."""
        return str(self.content.get("external_id") or "")


@dataclass
class Views:
    """Every view of the workspace: `modals` by id, `homes` by user."""

    modals: dict[str, View] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    triggers: Triggers = field(default_factory=Triggers)
    _stacks: dict[str, list[str]] = field(default_factory=dict)
    _count: int = 0

    def open(self, user: str, content: Mapping[str, Any], at: datetime) -> View:
        """Show a modal to a person, in the place of whatever modal they had open."""
        # `views.open` while a modal is open replaces it; stacking takes `views.push`.
        self.close(user)
        view_id = self._new_id()
        self._stacks[user] = [view_id]
        return self._keep(View(view_id, user, content, self._hash(at), root=view_id))

    def push(self, user: str, content: Mapping[str, Any], at: datetime) -> View | None:
        """Show a modal on top of the person's modals; None when there is none, or there are three."""
        stack = self.stack(user)
        if not 0 < len(stack) < MOST_IN_STACK:
            return None
        top = stack[-1]
        pushed = View(self._new_id(), user, content, self._hash(at), top.root, top.id)
        self._stacks[user].append(pushed.id)
        return self._keep(pushed)

    def update(self, view: View, content: Mapping[str, Any], at: datetime) -> View:
        """Change what a modal says; fields that are still there stay filled in."""
        # Slack keeps what was entered as long as block and action ID stay the same.
        filled = kept(content["blocks"], view.filled)
        return self._keep(replace(view, content=content, hash=self._hash(at), filled=filled, errors={}))

    def publish(self, user: str, content: Mapping[str, Any], at: datetime) -> View:
        """Show a Home tab to one person."""
        known = self.homes.get(user)
        view_id, filled = (known.id, kept(content["blocks"], known.filled)) if known else (self._new_id(), {})
        self.homes[user] = View(view_id, user, content, self._hash(at), root=view_id, filled=filled)
        return self.homes[user]

    def fill(self, view: View, filled: FilledIn) -> View:
        """Note what a person filled in, on a modal or a Home tab."""
        changed = replace(view, filled={**view.filled, **filled})
        if view.id in self.modals:
            return self._keep(changed)
        self.homes[view.user] = changed
        return changed

    def mark(self, view: View, errors: Mapping[str, str]) -> View:
        """Show what the app says is wrong with a form that was sent."""
        return self._keep(replace(view, errors=errors))

    def stack(self, user: str) -> list[View]:
        """Return the modals that a person has open, the visible one last."""
        return [self.modals[view_id] for view_id in self._stacks.get(user, ())]

    def top(self, user: str) -> View | None:
        """Return the modal that a person sees."""
        stack = self.stack(user)
        return stack[-1] if stack else None

    def pop(self, view: View) -> None:
        """Close one modal, which uncovers the one below; one that is closed already stays closed."""
        if self.modals.pop(view.id, None) is not None:
            self._stacks[view.user].remove(view.id)

    def close(self, user: str) -> None:
        """Close every modal of a person."""
        for view_id in self._stacks.pop(user, ()):
            del self.modals[view_id]

    def named(self, external_id: str) -> View | None:
        """Return the open modal that the app gave this name."""
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
