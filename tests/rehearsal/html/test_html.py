"""Whatever a message holds, showing it never fails and never gives it power over the page."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rehearsal.html.blocks import BLOCKS, render
from rehearsal.html.elements import ELEMENTS
from rehearsal.html.render_context import Viewer

from .page import read

HOSTILE = (
    "<script>alert(1)</script>",
    "</div></p><script>",
    '" onmouseover="alert(1)',
    "' onfocus='x",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "<javascript:alert(1)|press>",
    "[press](javascript:alert(1))",
    '[press](https://a.example/"onclick="x)',
    "https://a.example/'onclick='x",
    '<https://a.example/"onclick="x|"onclick="x>',
    "<!channel>",
    "<!date^1805108400^<b>^javascript:x|<script>>",
    "&lt;script&gt;",
    "![x](https://a.example/x.png)",
    "<b><i>unclosed *_~`",
    "```<script>",
    "<style>*{}</style>",
    "\ud800",
    "\x00",
    "http://a.example",
    "HTTPS://a.example",
    "https://[",
)
KEYS = [
    *("type", "text", "elements", "element", "fields", "accessory", "label", "hint", "options", "option_groups"),
    *("initial_option", "initial_options", "placeholder", "value", "url", "style", "alt_text", "title", "caption"),
    *("description", "rows", "chart", "series", "segments", "data", "name", "id", "child_blocks", "action_id"),
    *("block_id", "multiline", "rich_text_title", "timestamp", "format", "fallback", "user_id", "link", "actions"),
    *("hero_image", "emoji", "initial_date_time", "initial_value", "axis_config", "x_label", "confirm", "deny"),
    *("initial_user", "initial_users", "max_length", "min_value", "row_header_column_index", "column_settings", "icon"),
]
TYPES = [*BLOCKS, *ELEMENTS, "plain_text", "mrkdwn", "rich_text_section", "rich_text_list", "rich_text_quote"]
TYPES += ["rich_text_preformatted", "date", "user", "broadcast", "raw_text", "raw_number", "pie", "bar"]
PIECES = st.sampled_from([*HOSTILE, "*", "_", "~", "`", "\n", " ", "word", ":tada:", "> ", "• ", "- ", "|"])
TEXTS = st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=40)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.sampled_from(TYPES)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=30,
)
TEXT_OBJECTS = st.fixed_dictionaries({"type": st.sampled_from(["plain_text", "mrkdwn"]), "text": TEXTS})


def _of(types: list[str], inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    parts = st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    return st.builds(lambda kind, more: {**more, "type": kind}, st.sampled_from(types), parts)


PARTS = JSON | TEXT_OBJECTS | st.lists(TEXT_OBJECTS | _of(TYPES, JSON | TEXT_OBJECTS), max_size=3)
MESSAGES = st.lists(_of(sorted(BLOCKS), PARTS) | JSON, max_size=4)
MARKDOWN = st.builds(lambda text: [{"type": "markdown", "text": text}], TEXTS)
MRKDWN = st.builds(lambda text: [{"type": "section", "text": {"type": "mrkdwn", "text": text}}], TEXTS)

NEVER = frozenset({"script", "style", "img", "iframe", "object", "embed", "link", "meta", "base", "form", "video"})
LEADS = frozenset({"href", "src", "srcset", "action", "formaction", "xlink:href", "poster", "srcdoc"})


@pytest.mark.thorough
@settings(max_examples=200, deadline=None)
@given(MESSAGES | MARKDOWN | MRKDWN, st.booleans(), TEXTS)
def test_whatever_comes_is_shown_and_harmless(blocks: list[Any], live: bool, error: str) -> None:  # noqa: FBT001
    html = str(render(blocks, Viewer(live=live, errors={"": error, "b": error}, prefix="a")))
    html.encode()
    assert "<script" not in html.lower()
    for element in read(html).all():
        assert element.name not in NEVER
        for name, value in element.attributes.items():
            assert not name.startswith("on")
            assert name not in LEADS or (name == "href" and (value or "").lower().startswith("https://"))
            assert name != "style" or element.name in {"td", "th"}


@given(st.dictionaries(TEXTS, TEXTS, max_size=3), TEXTS)
def test_names_are_not_trusted_either(names: dict[str, str], text: str) -> None:
    viewer = Viewer(users={"U1": text, **names}, channels={"C1": text})
    page = read(str(render([{"type": "section", "text": {"type": "mrkdwn", "text": "<@U1> <#C1>"}}], viewer)))
    assert {each.name for each in page.all()} <= {"div", "p", "span"}


def test_every_block_stands_even_when_it_is_empty() -> None:
    for kind in BLOCKS:
        assert f"bk-{kind.replace('_', '-')}" in str(render([{"type": kind}], Viewer()))


@pytest.mark.thorough
@pytest.mark.parametrize("odd", [5, -1.5, float("nan"), True, "text", [5, "x", None, [[]]], {"type": 5}], ids=repr)
def test_a_field_of_the_wrong_type_is_borne(odd: Any) -> None:
    for kind in BLOCKS:
        for key in KEYS:
            read(str(render([{"type": kind, key: odd}], Viewer())))
    for kind in ELEMENTS:
        for key in KEYS:
            read(str(render([{"type": "input", "element": {"type": kind, key: odd}}], Viewer(live=True))))
