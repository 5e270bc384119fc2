from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.campaigns import Folder, small

pytestmark = pytest.mark.thorough

FILES = ["campaign.toml", "pledges.toml", "pledges/sv.toml", "posts/tip/sv.md"]
FRAGMENTS = [
    "\n", '"', "'", '"""', "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "#", "+++", "0", "-1", "1e999", "nan", "true",
    "0001-01-01", "9999-12-31", "2027-03-28T02:30:00Z", "00:00:00", "\x00", "\r", "\u2028", "\u201c", "<b>", "](http://",
    "posts", "[[posts]]\n", "[title]\n", 'languages = ["../x"]\n', 'zone = ""\n', "until = 00:00:00\n", "= 09:00\n",
]  # fmt: skip

EXAMPLES = settings(max_examples=60, deadline=None)


@pytest.fixture(scope="module")
def spoilt() -> Iterator[Folder]:
    with tempfile.TemporaryDirectory() as folder:
        yield small(Path(folder) / "small")


def gives_a_campaign_or_an_error(folder: Folder) -> bool:
    reading = folder.read()
    return (reading.campaign is None) == bool(reading.problems.errors)


@pytest.mark.parametrize("file", FILES)
@given(raw=st.binary(max_size=200))
@EXAMPLES
def test_any_bytes_give_a_campaign_or_an_error(spoilt: Folder, file: str, raw: bytes) -> None:
    before = spoilt.text(file)
    try:
        spoilt.write(file, raw)
        assert gives_a_campaign_or_an_error(spoilt)
    finally:
        spoilt.write(file, before)


@pytest.mark.parametrize("file", FILES)
@given(data=st.data())
@EXAMPLES
def test_any_change_gives_a_campaign_or_an_error(spoilt: Folder, file: str, data: st.DataObject) -> None:
    before = spoilt.text(file)
    text = before
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 30)))
        text = text[:start] + data.draw(st.sampled_from(FRAGMENTS) | st.text(max_size=8)) + text[end:]
    try:
        spoilt.write(file, text.encode("utf-8", "surrogatepass"))
        assert gives_a_campaign_or_an_error(spoilt)
    finally:
        spoilt.write(file, before)


VALUES = st.one_of(
    st.text(max_size=20).map(
        lambda text: '"' + "".join(f"\\U{ord(c):08X}" for c in text if not "\ud800" <= c <= "\udfff") + '"'
    ),
    st.integers(-(10**20), 10**20).map(str),
    st.floats().map(str),
    st.booleans().map(lambda value: str(value).lower()),
    st.dates().map(str),
    st.times().map(str),
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.sampled_from(["[]", "{}", "[1]", '["x"]', "{ en = 1 }", "[{ x = 1 }]", "[[]]", '[""]', '["sv"]', '"\\u0000"']),
)


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_value_gives_campaign_or_error(spoilt: Folder, data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(FILES[:3]))
    before = spoilt.text(file)
    lines = before.split("\n")
    keys = [number for number, line in enumerate(lines) if " = " in line and not line.endswith("[")]
    number = data.draw(st.sampled_from(keys))
    lines[number] = lines[number].split(" = ")[0] + " = " + data.draw(VALUES)
    try:
        spoilt.write(file, "\n".join(lines))
        assert gives_a_campaign_or_an_error(spoilt)
    finally:
        spoilt.write(file, before)
