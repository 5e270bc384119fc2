"""Spoils values: all kinds of wrong things in place of right ones, the same again for the same seed."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

DEEP = 200
"""How deep the deepest nonsense is."""

HOSTILE: Sequence[str] = (
    "", " ", "\0", "a\0b", "\ud800", "\udfff\ud800", "\u202egnp.exe", "\u200b", "\ufeff", "é" * 300, "x" * 5000,
    "😀" * 99, "<!channel>", "<!everyone> @here", "<@U0BYSTANDER>", "<https://evil.test|click>", "&amp;&lt;",
    "</script><script>alert(1)</script>", '=HYPERLINK("https://evil.test")', "' OR 1=1 --", '"; DROP TABLE people; --',
    "%s%n%x", "{0.__class__}", "${7*7}", "../../etc/passwd", "__proto__", "None", "null", "true", "NaN", "-1",
    "0", "1e999", "9" * 400, "١٢", "²", "\r\nX-Header: 1", "*bold* _it_ ~no~ `code`", "https://evil.test/", "\x1b[2J",
    "xoxb-1-2-3", "2027-02-30", "9999-99-99", "0000-00-00", "25:61", "24:00", "T0", "U", "[]", "{}", "[[[[",
    '{"version":"1"}',
)  # fmt: skip


def hostile(random: Random) -> str:
    """A text that nobody means well with, alone, within another, or made of any signs."""
    match random.randrange(4):
        case 0:
            return "".join(
                chr(random.choice((random.randrange(1, 0x250), random.randrange(0x110000)))) for _ in range(9)
            )
        case 1:
            return random.choice(HOSTILE) + random.choice(HOSTILE)
        case _:
            return random.choice(HOSTILE)


def anything(random: Random) -> Any:
    """A value of any type."""
    match random.randrange(9):
        case 0:
            return None
        case 1:
            return random.choice((True, False))
        case 2:
            return random.choice((0, -1, 2**63, 10**30, 1.5, float("inf"), float("nan")))
        case 3:
            return random.choice(([], {}, [None], [[]], {"": ""}, {"id": None}, {"id": {}}, [{}], {"value": 7}))
        case 4:
            return _deep(random.randrange(DEEP), random.choice((list, dict)))
        case _:
            return hostile(random)


def _deep(levels: int, kind: type) -> Any:
    made: Any = kind()
    for _ in range(levels):
        made = [made] if kind is list else {"id": made}
    return made


def spoilt(value: Any, random: Random, most: int = 4) -> Any:
    """The same with some places in it changed, taken away, doubled or exchanged."""
    made = copy.deepcopy(value)
    for _ in range(random.randint(1, most)):
        places = list(_places(made))
        if places:
            _spoil(*random.choice(places), random)
    return made


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys: Sequence[Any] = ()
    if isinstance(value, dict):
        keys = list(value)
    elif isinstance(value, list):
        keys = range(len(value))
    for key in keys:
        yield value, key
        yield from _places(value[key])


def _spoil(inside: Any, key: Any, random: Random) -> None:
    match random.randrange(6):
        case 0:
            del inside[key]
        case 1 if isinstance(inside, dict):
            inside[hostile(random)] = inside.pop(key)
        case 2 if isinstance(inside, list):
            inside.extend(copy.deepcopy(inside[:3]))
        case 3:
            inside[key] = [inside[key]]
        case 4 if isinstance(inside[key], str):
            at = random.randint(0, len(inside[key]))
            inside[key] = inside[key][:at] + hostile(random) + inside[key][at:]
        case _:
            inside[key] = anything(random)


def garbled(raw: bytes, random: Random) -> bytes:
    """Bytes with some of them changed, cut out or repeated."""
    made = bytearray(raw)
    for _ in range(random.randint(1, 4)):
        at = random.randint(0, len(made))
        match random.randrange(4):
            case 0:
                del made[at:]
            case 1:
                made[at : at + random.randint(1, 9)] = random.randbytes(random.randint(0, 9))
            case 2:
                made[at:at] = made[at : at + random.randint(1, 99)]
            case _:
                made[at : at + 1] = random.choice((b"%00", b"%", b"&", b"=", b"\xff", b"\x00", b"{", b'"', b"\\u0000"))
    return bytes(made)
