"""Everything that is stored of a person: in sentences, as JSON, and the question before it is erased."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot.campaign.guesses import GUESS
from bot.campaign.localtime import local
from bot.campaign.model import Campaign
from bot.messages.blocks import context, escape, section
from bot.messages.campaign_texts import pledge_words
from bot.messages.message import Block
from bot.messages.modals.modal import View, modal
from bot.messages.replies.phrases import place_name
from bot.messages.replies.reply_blocks import lines as text_blocks
from bot.messages.words import Words

Stored = Mapping[str, Any]

_ACTIONS = frozenset({"joined", "tip", "earth_hour_intent", "earth_hour", "opted_out", "guess"})


def describe(words: Words, campaign: Campaign, stored: Mapping[str, Sequence[Stored]]) -> list[str]:
    """Describe each stored row in a line. `stored` has rows by table; times are in the person's time zone."""
    if not stored:
        return [words("my_data.nothing")]
    # Somebody who never joined can have rows too, such as a message as a representative.
    zone = next((str(row["zone"]) for row in stored.get("people", ())), campaign.zone)
    describer = _RowDescriber(words, campaign, zone)
    describers: Mapping[str, Callable[[Stored], str]] = {
        "people": describer.person,
        "actions": describer.action,
        "awareness_answered": describer.awareness,
        "pledges": describer.pledge,
        "reminders": describer.reminder,
        "outcomes": describer.outcome,
        "remarks": describer.remark,
        "ideas": describer.idea,
        "decisions": describer.decision,
        "organiser_acts": describer.organiser_act,
        "revisions": describer.revision,
        "stand_ins": describer.stand_in,
        "digest_opt_outs": describer.digest_opt_out,
        "messages": describer.message,
    }
    return [
        line
        for name, describe_row in describers.items()
        for line in _part(words, name, describe_row, stored.get(name, ()))
    ]


def _part(words: Words, name: str, describe_row: Callable[[Stored], str], rows: Sequence[Stored]) -> Iterator[str]:
    if rows:
        yield f"*{words(f'my_data.{name}')}*"
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
            "my_data.person",
            user=row["user"],
            country=place_name(self._words, row["country"]),
            language=self._words.language_name(row["language"] or self._words.language),
            zone=row["zone"],
            joined=self._at(row["joined_at"]),
            messages=self._yes(row["direct_messages"]),
            reminder=self._yes(row["earth_hour_reminder"]),
            paused=self._words.day(paused) if paused else self._words("my_data.no"),
        )

    def action(self, row: Stored) -> str:
        # A database of a newer version may hold kinds that this one has no words for; nothing is left out.
        kind = row["kind"] if row["kind"] in _ACTIONS else "joined"
        more = [row["subject"], self._answer(row), row["minutes"]]
        return self._entry(row, self._words(f"my_data.action_{kind}"), *more)

    def awareness(self, row: Stored) -> str:
        question = self._words(f"awareness.{row['question']}")
        wave = self._words(f"my_data.awareness_{row['wave']}")
        return f"{question} ({wave})"

    def pledge(self, row: Stored) -> str:
        state = "withdrawn" if row["withdrawn_at"] else "already" if row["already"] else "pledged"
        return self._entry(row, self._title(row["pledge"]), self._words(f"my_data.{state}"), row["plan"], at="made_at")

    def reminder(self, row: Stored) -> str:
        return f"{self._title(row['pledge'])}: {self._words.day(row['day'])}"

    def outcome(self, row: Stored) -> str:
        answer = self._words(f"button.check_in_{row['answer']}")
        obstacle = self._words(f"obstacle.{row['obstacle']}") if row["obstacle"] else None
        return self._entry(row, self._title(row["pledge"]), self._occasion(row["occasion"]), answer, obstacle)

    def remark(self, row: Stored) -> str:
        return self._entry(row, self._title(row["pledge"]), row["text"])

    def idea(self, row: Stored) -> str:
        agreed = [self._words(f"form.idea.{name}") for name in ("kept", "told") if row[name]]
        state = self._words(f"my_data.idea_{row['state']}")
        return self._entry(row, row["text"], state, row["question"], row["answer"], *agreed)

    def decision(self, row: Stored) -> str:
        state = self._words(f"my_data.idea_{row['state']}")
        return f"{state} ({self._at(row['changed_at'])})"

    def organiser_act(self, row: Stored) -> str:
        return self._entry(row, self._words(f"my_data.act_{row['act']}"), row["subject"], row["language"])

    def revision(self, row: Stored) -> str:
        return f"{escape(row['post'])}, {escape(row['language'])}: {escape(row['title'])} ({self._at(row['at'])})"

    def stand_in(self, row: Stored) -> str:
        return f"{place_name(self._words, row['country'])} ({self._words.day(row['until'])})"

    def digest_opt_out(self, row: Stored) -> str:
        return f"{self._words('my_data.digest_opt_out')} ({self._at(row['at'])})"

    def message(self, row: Stored) -> str:
        sent = row["sent_at"]
        return f"{escape(row['post'])}: {self._at(sent) if sent else self._at(row['due_at'])} ({row['state']})"

    def _entry(self, row: Stored, *parts: Any, at: str = "at") -> str:
        facts = " · ".join(escape(str(part)) for part in parts if part not in (None, ""))
        where = place_name(self._words, row["country"])
        return f"{facts} ({self._at(row[at])}, {where})"

    def _answer(self, row: Stored) -> object:
        """Return an answer as it was stored, or in its own words where it was a guess that the campaign still has."""
        language = self._campaign.language_for(self._words.language)
        text = self._campaign.texts.get((row["subject"], language)) if row["kind"] == GUESS else None
        numbered = dict(enumerate(text.answers, start=1)) if text else {}
        return numbered.get(int(row["answer"]), row["answer"]) if numbered else row["answer"]

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
        is_known = self._campaign.pledge(pledge) is not None
        return pledge_words(self._campaign, pledge, self._words).title if is_known else pledge

    def _yes(self, true: bool) -> str:  # noqa: FBT001 - it is what the row says
        return self._words("my_data.yes" if true else "my_data.no")


DATA_CALLBACK = "data"
MAX_BLOCKS = 95
MAX_BYTES = 200_000
"""Bytes, fewer than the 250,000 that Slack allows for a view."""

_FENCE = "```"
_MAX_CODE_LENGTH = 2890
"""With its fences, less than the 3,000 characters that Slack allows in a section."""

_MAX_ENTITY_LENGTH = 5
"""The length of the longest escaped character, `&amp;`."""


def draw_data(words: Words, lines: Sequence[str], raw: str) -> View:
    """Draw the modal. `lines` are escaped mrkdwn; `raw` is the same data as JSON, not escaped."""
    blocks = [*text_blocks(lines, "line"), section(words("form.data.raw"), "raw"), *_raw(raw)]
    shown = _fitting(blocks)
    if len(shown) < len(blocks):
        shown.append(context("left_out", [words("form.data.left_out")]))
    return modal(words, DATA_CALLBACK, "form.data.title", shown)


def _raw(raw: str) -> Iterator[Block]:
    # A backtick would end the block of code. JSON allows it as an escape sequence.
    for index, part in enumerate(_parts(escape(raw.replace("`", r"\u0060")))):
        yield section(f"{_FENCE}{part}{_FENCE}", f"raw_{index}")


def _parts(text: str) -> Iterator[str]:
    """Split the text without losing any of it: at the end of a line, or else outside of an escaped character."""
    while len(text) > _MAX_CODE_LENGTH:
        end = text.rfind("\n", 0, _MAX_CODE_LENGTH) + 1 or _before_entity(text)
        yield text[:end]
        text = text[end:]
    yield text


def _before_entity(text: str) -> int:
    sign = text.rfind("&", _MAX_CODE_LENGTH - _MAX_ENTITY_LENGTH + 1, _MAX_CODE_LENGTH)
    return sign if sign > 0 and ";" not in text[sign:_MAX_CODE_LENGTH] else _MAX_CODE_LENGTH


def _fitting(blocks: Sequence[Block]) -> list[Block]:
    """Return the first blocks, as many as fit into a view together with one more."""
    fitting: list[Block] = []
    size = 0
    # One block is kept free for the note that something was left out.
    for block in blocks[: MAX_BLOCKS - 1]:
        # As JSON with ASCII escapes, which is the longest form in which the client may send it.
        size += len(json.dumps(block))
        if size > MAX_BYTES:
            break
        fitting.append(block)
    return fitting


FORGET_CALLBACK = "forget"


def draw_forget(words: Words) -> View:
    """Draw what is erased and what stays. Submitting the form is the confirmation."""
    blocks = [section(words(f"form.forget.{part}"), part) for part in ("goes", "stays")]
    return modal(words, FORGET_CALLBACK, "form.forget.title", blocks, submit="form.forget.submit")
