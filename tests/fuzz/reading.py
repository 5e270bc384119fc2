"""Spoilt forms and spoilt campaigns through what reads them, which is pure and therefore quick to ask.

A case is bad if anything is raised but what says that a form is outdated or unfilled, if a form is read into something
that the bot would not have offered, or if a campaign has neither an error nor a campaign, or both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from bot.campaign.campaign_reader import read
from bot.campaign.model import ANOTHER_COUNTRY, Campaign
from bot.campaign.schedule import lay_out
from bot.locales.catalogues import vocabulary
from bot.messages.modals.modal import InvalidFieldsError, StaleViewError, View
from bot.messages.post_kinds import KINDS
from tests.campaigns import Folder, shipped_campaign

from .campaign import FILES, SPOILT
from .findings import Findings
from .payloads import READERS, forms
from .spoil import HOSTILE, garbled, spoilt

_LONGEST = 1000
_INSIDE = 0.5


def run_forms(seed: str, cases: int) -> Findings:
    """So many forms."""
    return read_forms(Random(seed), cases)  # noqa: S311 - the same seed makes the same cases


def read_forms(random: Random, cases: int) -> Findings:
    """So many forms, spoilt and read."""
    found, campaign = Findings(), shipped_campaign()
    drawn = [(name, view) for name, view in forms(campaign).items() if name in READERS]
    for _ in range(cases):
        name, view = random.choice(drawn)
        case = _spoilt(view, random)
        try:
            outcome = _read(READERS[name](case, campaign), campaign)
        except (StaleViewError, InvalidFieldsError) as refused:
            outcome = type(refused).__name__.lower()
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not be
            outcome = "broke off"
            found.blame(f"form {name}: raised {error!r}", case)
        if outcome == "unsound":
            found.blame(f"form {name}: read as what was not offered", case)
        found.note("forms", outcome)
    return found


def _spoilt(view: View, random: Random) -> Any:
    """The parts that are read of it, spoilt, and half of the time the memo from inside."""
    parts = {name: view[name] for name in ("callback_id", "private_metadata", "state")}
    if random.random() < _INSIDE:
        parts["private_metadata"] = json.dumps(spoilt(json.loads(view["private_metadata"]), random, 2))
    return spoilt(parts, random, 2)


def _read(answers: object, campaign: Campaign) -> str:
    values = asdict(answers) if is_dataclass(answers) and not isinstance(answers, type) else {"": answers}
    countries = {None, ANOTHER_COUNTRY, *(country.code for country in campaign.countries)}
    sound = (
        values.get("country") in countries
        and values.get("language", "en") in campaign.languages
        and all(len(each) <= _LONGEST and "\0" not in each and _is_whole(each) for each in _texts(values))
    )
    return "read" if sound else "unsound"


def _texts(value: Any) -> Iterator[str]:
    """What was read as free text; an id is looked up and not kept."""
    if isinstance(value, Mapping):
        yield from (text for name in ("text", "plan", "line") for text in _texts(value.get(name)))
    elif isinstance(value, str):
        yield value


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def run_campaigns(seed: str, cases: int) -> Findings:
    """So many campaigns."""
    return read_campaigns(Random(seed), cases)  # noqa: S311 - the same seed makes the same cases


def read_campaigns(random: Random, cases: int) -> Findings:
    """So many folders with one file of each spoilt, read."""
    found = Findings()
    with _folder() as folder:
        for _ in range(cases):
            file = random.choice(SPOILT)
            case = _garbled(FILES[file], random)
            (folder / file).write_bytes(case)
            found.note("campaigns", _attempt(folder, (file, case), found))
            (folder / file).write_text(FILES[file], encoding="utf-8")
    return found


@contextmanager
def _folder() -> Iterator[Path]:
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own in it, and only where there is one
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        Folder(Path(folder)).write_all(FILES)
        yield Path(folder)


def _attempt(folder: Path, case: object, found: Findings) -> str:
    try:
        reading = read(folder, KINDS, vocabulary())
        if reading.campaign:
            lay_out(reading.campaign, ())
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not be
        found.blame(f"campaign: raised {error!r}", case)
        return "broke off"
    if (reading.campaign is None) != bool(reading.problems.errors):
        found.blame("campaign: neither a campaign nor an error, or both", case)
    return "read" if reading.campaign else "refused"


_SCRAPS = (
    "\n", '"', "'", '"""', "[", "]]", "{", "}", "=", ".", "#", "+++", "1e999", "nan", "0001-01-01", "9999-12-31",
    "24:00:00", "2027-03-28T02:30:00Z", "[[posts]]\n", "[title]\n",
    'languages = ["../x"]\n', 'zone = "Mars"\n', "until = 00:00:00\n",
    "](javascript:alert(1))", "![](http://evil.test/x.png)", "<b>", "<!channel>", "\u2028", "\r", f"{10**30}",
)  # fmt: skip


def _garbled(text: str, random: Random) -> bytes:
    """A file with bytes damaged, a line exchanged, or scraps of TOML, Markdown or nonsense thrown in."""
    if random.random() < 0.2:
        return garbled(text.encode(), random)
    lines = text.split("\n")
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(lines))
        lines[at] = _CHANGES[random.randrange(len(_CHANGES))](lines, at, random)
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def _other_value(lines: list[str], at: int, random: Random) -> str:
    key = lines[at].split(" = ")[0]
    values = ("[]", "{}", '""', "0", "-1", "true", "[[]]", '["x"]', "{ en = 1 }", "1e400", f"{10**30}", '"\\u0000"')
    return f"{key} = {random.choice(values)}"


def _scrap(lines: list[str], at: int, random: Random) -> str:
    place = random.randint(0, len(lines[at]))
    return lines[at][:place] + random.choice((*_SCRAPS, *HOSTILE)) + lines[at][place + random.randint(0, 5) :]


def _other_line(lines: list[str], at: int, random: Random) -> str:
    return "\n".join((random.choice(lines), lines[at]))


def _no_line(_lines: list[str], _at: int, _random: Random) -> str:
    return ""


_CHANGES: tuple[Callable[[list[str], int, Random], str], ...] = (_other_value, _scrap, _scrap, _other_line, _no_line)
