"""Everything that is stored of a person, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot.campaign.localtime import local
from bot.campaign.model import Campaign
from bot.messages.blocks import escape
from bot.messages.replies.phrases import place_name
from bot.messages.words import Words

Stored = Mapping[str, Any]

_ACTIONS = frozenset({"joined", "tip", "earth_hour_intent", "earth_hour", "opted_out"})


def describe(words: Words, campaign: Campaign, stored: Mapping[str, Sequence[Stored]]) -> list[str]:
    """Describe each stored row in a line. `stored` has rows by table; times are in the person's time zone."""
    if not stored:
        return [words("dossier.nothing")]
    # Somebody who never joined can have rows too, such as a message as a representative.
    zone = next((str(row["zone"]) for row in stored.get("people", ())), campaign.zone)
    describer = _RowDescriber(words, campaign, zone)
    describers: Mapping[str, Callable[[Stored], str]] = {
        "people": describer.person,
        "actions": describer.action,
        "pledges": describer.pledge,
        "reminders": describer.reminder,
        "outcomes": describer.outcome,
        "remarks": describer.remark,
        "ideas": describer.idea,
        "decisions": describer.decision,
        "messages": describer.message,
    }
    return [
        line
        for name, describe_row in describers.items()
        for line in _part(words, name, describe_row, stored.get(name, ()))
    ]


def _part(words: Words, name: str, describe_row: Callable[[Stored], str], rows: Sequence[Stored]) -> Iterator[str]:
    if rows:
        yield f"*{words(f'dossier.{name}')}*"
        yield from (f"• {describe_row(row)}" for row in rows)


class _RowDescriber:
    """Describes rows. Texts that the person wrote are escaped, and codes are replaced by names."""

    def __init__(self, words: Words, campaign: Campaign, zone: str) -> None:
        self._words = words
        self._campaign = campaign
        self._zone = zone

    def person(self, row: Stored) -> str:
        paused = row["paused_until"]
        return self._words(
            "dossier.person",
            user=row["user"],
            country=place_name(self._words, row["country"]),
            language=self._words.language_name(row["language"] or self._words.language),
            zone=row["zone"],
            joined=self._at(row["joined_at"]),
            messages=self._yes(row["direct_messages"]),
            reminder=self._yes(row["earth_hour_reminder"]),
            paused=self._words.day(paused) if paused else self._words("dossier.no"),
        )

    def action(self, row: Stored) -> str:
        # A database of a newer version may hold kinds that this one has no words for; nothing is left out.
        kind = row["kind"] if row["kind"] in _ACTIONS else "joined"
        more = [row["subject"], row["answer"], row["minutes"]]
        return self._entry(row, self._words(f"dossier.deed_{kind}"), *more)

    def pledge(self, row: Stored) -> str:
        state = "withdrawn" if row["withdrawn_at"] else "already" if row["already"] else "pledged"
        return self._entry(row, self._title(row["pledge"]), self._words(f"dossier.{state}"), row["plan"], at="made_at")

    def reminder(self, row: Stored) -> str:
        return f"{self._title(row['pledge'])}: {self._words.day(row['day'])}"

    def outcome(self, row: Stored) -> str:
        answer = self._words(f"button.check_in_{row['answer']}")
        obstacle = self._words(f"obstacle.{row['obstacle']}") if row["obstacle"] else None
        return self._entry(row, self._title(row["pledge"]), self._occasion(row["occasion"]), answer, obstacle)

    def remark(self, row: Stored) -> str:
        return self._entry(row, self._title(row["pledge"]), row["text"])

    def idea(self, row: Stored) -> str:
        return self._entry(
            row, row["text"], self._words(f"dossier.idea_{row['state']}"), row["question"], row["answer"]
        )

    def decision(self, row: Stored) -> str:
        state = self._words(f"dossier.idea_{row['state']}")
        return f"{state} ({self._at(row['changed_at'])})"

    def message(self, row: Stored) -> str:
        sent = row["sent_at"]
        return f"{escape(row['post'])}: {self._at(sent) if sent else self._at(row['due_at'])} ({row['state']})"

    def _entry(self, row: Stored, *parts: Any, at: str = "at") -> str:
        facts = " · ".join(escape(str(part)) for part in parts if part not in (None, ""))
        where = place_name(self._words, row["country"])
        return f"{facts} ({self._at(row[at])}, {where})"

    def _at(self, at: datetime) -> str:
        wall = local(at, self._zone)
        return f"{self._words.short_day(wall.date())} {self._words.time(wall.time())}"

    def _occasion(self, occasion: str) -> str:
        try:
            return self._words.short_day(date.fromisoformat(occasion))
        except ValueError:
            # The occasion is a day that was marked, or the name of the post that asked.
            return occasion

    def _title(self, pledge: str) -> str:
        words = self._campaign.pledge_words.get((pledge, self._words.language))
        return words.title if words else pledge

    def _yes(self, true: bool) -> str:  # noqa: FBT001 - it is what the row says
        return self._words("dossier.yes" if true else "dossier.no")
