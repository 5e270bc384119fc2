"""Writes what organisers have decided back into a campaign's files: words, posts of a country's own, what is left out.

Pauses, approvals and people who stand in are for the moment, and are in no file.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping

from bot.campaign.campaign_reader import FILE
from bot.campaign.model import Campaign, Post, Text
from bot.campaign.post_texts import FENCE, split_text
from bot.campaign.schedule import Slot, everyone, lay_out
from bot.campaign.text_hash import text_hash
from bot.campaign.toml import quoted, remove, set_table, set_value

Source = Callable[[str], str]
"""Reads a file of the folder by its path there."""


def changed_files(files: Campaign, decided: Campaign, source: Source) -> dict[str, str]:
    """Return the files that have to say something else, by path, for the folder to say what was decided.

    Raises:
        LookupError: The schedule is not written as tables below `[[posts]]`.
    """
    found = {
        text_path(*key): _written(text, source(text_path(*key)) if key in files.texts else None)
        for key, text in decided.texts.items()
        if key not in files.texts or text_hash(files.texts[key]) != text_hash(text)
    }
    schedule = source(FILE)
    written = _with_own_posts(_with_omissions(schedule, files, decided), files, decided)
    return found if written == schedule else {**found, FILE: written}


def is_same_week(one: Campaign, other: Campaign) -> bool:
    """Return whether two campaigns send the same words to the same places at the same times."""
    slots, words = ([of(each) for each in (one, other)] for of in (_slots, _hashes))
    return slots[0] == slots[1] and words[0] == words[1]


def text_path(post: str, language: str) -> str:
    """Return the path of a post's words in a language."""
    return f"posts/{post}/{language}.md"


def _slots(campaign: Campaign) -> list[Slot]:
    return lay_out(campaign, everyone(campaign))


def _hashes(campaign: Campaign) -> dict[tuple[str, str], str]:
    return {key: text_hash(text) for key, text in campaign.texts.items()}


def _written(text: Text, before: str | None) -> str:
    """Write a text as a file; whatever else stood in its front matter stays."""
    parts = split_text(before) if before else None
    front = parts[0] if parts else 'title = ""\nsummary = ""'
    front = _with_lines(_with_words(front, text), text.local)
    return f"{FENCE}\n{front}\n{FENCE}\n\n{text.body}\n"


def _with_words(front: str, text: Text) -> str:
    written = tomllib.loads(front)
    for key in ("title", "summary", "ask", "picture", "alt"):
        if getattr(text, key) != written.get(key, ""):
            front = set_value(front, (key,), quoted(getattr(text, key)))
    return front


def _with_lines(front: str, lines: Mapping[str, str]) -> str:
    """Write the lines by country. A table that cannot be edited is written anew."""
    written = tomllib.loads(front).get("local", {})
    try:
        if written:
            return set_table(front, ("local",), lines)
    except LookupError:
        for code in written:
            front = remove(front, ("local", code))
    # A table reaches to the end, so it comes last.
    table = "\n".join(f"{code} = {quoted(line)}" for code, line in lines.items())
    return f"{front.rstrip()}\n\n[local]\n{table}" if lines else front


def _with_omissions(schedule: str, files: Campaign, decided: Campaign) -> str:
    codes = {each.code for each in files.countries}
    # What was decided has the posts of the files first, in their order.
    for index, (post, now) in enumerate(zip(files.posts, decided.posts, strict=False)):
        if post.left_out != now.left_out:
            left_out = [code for code in now.left_out if code in codes]
            schedule = set_value(schedule, ("posts", index, "left_out"), json.dumps(left_out))
    return schedule


def _with_own_posts(schedule: str, files: Campaign, decided: Campaign) -> str:
    own = decided.posts[len(files.posts) :]
    if not own:
        return schedule
    blocks = ["\n".join(_block(each)) for each in own]
    return "\n\n".join([schedule.rstrip("\n"), *blocks]) + "\n"


def _block(post: Post) -> Iterator[str]:
    yield "[[posts]]"
    yield f"post = {json.dumps(post.post)}"
    yield f"kind = {json.dumps(post.kind)}"
    yield f"audience = {json.dumps(post.audience)}"
    yield f"day = {post.day.isoformat()}"
    yield f"time = {post.time.isoformat(timespec='seconds')}"
    yield f"countries = {json.dumps(post.countries)}"
    if post.left_out:
        yield f"left_out = {json.dumps(post.left_out)}"
