from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.markdown_to_mrkdwn import SOFT_HYPHEN, ZERO_WIDTH_SPACE, mrkdwn, paragraphs, split_text
from rehearsal.html import markdown as reference
from rehearsal.html import mrkdwn as slack
from rehearsal.html.render_context import Viewer
from tests.rehearsal.html.page import Element, read

E, P = ZERO_WIDTH_SPACE, SOFT_HYPHEN
TONNE = "https://en.wikipedia.org/wiki/Tonne_(unit)"

TABLE = {
    # emphasis
    "*one*": "_one_",
    "_one_": "_one_",
    "**two**": "*two*",
    "__two__": "*two*",
    "***both***": "_*both*_",
    "***both** one*": "_*both* one_",
    "**a *b* c**": "*a _b_ c*",
    "*a **b***": "_a *b*_",
    "**a __b__ c**": "*a b c*",
    "~~gone~~": "~gone~",
    "**2 kg**, or 3 * 4 * 5": "*2 kg*, or 3 * 4 * 5",
    "(**a**), \u201c*b*\u201d.": "(*a*), \u201c_b_\u201d.",
    # marks within a word, and beside one another
    "un**believ**able": f"un{E}*believ*{E}able",
    "*a*_b_": f"_a_{E}_b_",
    "*a***b**": f"_a_{E}*b*",
    "**a**`b`": f"*a*{E}`b`",
    "snake_case_name": "snake_case_name",
    "2*3*4": f"2{E}_3_{E}4",
    "**no end": f"{P}*{P}*no end",
    # signs that are no marks
    r"\*not\*": f"{P}*not{P}*",
    r"\_not\_ \~not\~ \`not\`": f"{P}_not{P}_ {P}~not{P}~ {P}`not{P}`",
    r"**a \* b** *c\_d*": "a * b c_d",
    r"\> no quotation": f"{P}&gt; no quotation",
    r"\- no list": "- no list",
    r"a\\b": r"a\b",
    # entities and Slack's own signs
    "fish & chips, a < b > c": "fish &amp; chips, a &lt; b &gt; c",
    "&amp; &lt;&#33;channel> &copy; &nosuch;": "&amp; &lt;!channel&gt; © &amp;nosuch;",
    "<!channel> <@U1> <#C1>": "&lt;!channel&gt; &lt;@U1&gt; &lt;#C1&gt;",
    # links
    "[the page](https://a.example/?a=1&b=2).": "<https://a.example/?a=1&amp;b=2|the page>.",
    f"[tonne]({TONNE})": f"<{TONNE}|tonne>",
    f'[tonne]({TONNE} "a title")': f"<{TONNE}|tonne>",
    "[tonne](<https://a.example/a b>)": "<https://a.example/a%20b|tonne>",
    "[a > b & c](https://a.example)": "<https://a.example|a &gt; b &amp; c>",
    "[a|b](https://a.example/x|y)": "<https://a.example/x%7Cy|a|b>",
    "[**bold**](https://a.example)": "*<https://a.example|bold>*",
    "**[bold](https://a.example)**": "*<https://a.example|bold>*",
    "[a **b** `c`](https://a.example)": "<https://a.example|a b c>",
    "[](https://a.example)": "<https://a.example>",
    "[by name][n]\n\n[n]: https://a.example": "<https://a.example|by name>",
    "[not a link] (x)": "[not a link] (x)",
    "[words](other.md)": "words",
    "<https://a.example/x>": "<https://a.example/x>",
    "<https://a.example/?a=1&b=_2_>": "<https://a.example/?a=1&amp;b=_2_>",
    "at https://a.example/b_c_d.": "at <https://a.example/b_c_d>.",
    f"({TONNE})": f"(<{TONNE}>)",
    # code
    "type `/earthweek`": "type `/earthweek`",
    "`a * b < c`": "`a * b &lt; c`",
    "`` a`b ``": f"a{P}`b",
    "```\na *b*\n\nc < d\n```": "```\na *b*\n\nc &lt; d\n```",
    "    code": "```\ncode\n```",
    # lines
    "one\ntwo": "one two",
    "one  \ntwo": "one\ntwo",
    "one\\\ntwo": "one\ntwo",
    "**one  \ntwo**": "*one*\n*two*",
    "one\n\n\ntwo": "one\n\ntwo",
    "a\n\n---\n\nb": "a\n\n———\n\nb",
    # lists
    "- one\n- two": "• one\n• two",
    "* one\n+ two": "• one\n\n• two",
    "- **Done:** good": "• *Done:* good",
    "- a\n  - b\n    - c\n      - d\n- e": "• a\n    ◦ b\n        ▪ c\n            ▪ d\n• e",
    "1. one\n2. two": "1. one\n2. two",
    "7) one\n7) two": "7. one\n8. two",
    "1. a\n   - b": "1. a\n    ◦ b",
    "- a\n\n  b\n- c": "• a\n    b\n• c",
    "2027\\. a year": "2027. a year",
    "word\n- one": "word\n\n• one",
    # quotations and headings
    "> one\n> two": "> one two",
    "> one\n>\n> - two": "> one\n>\n> • two",
    "# A *title*": "*A _title_*",
    # what a post may not use is shown as it was written, or as its words
    "![a picture](https://a.example/b.png)": "a picture",
    "<b>x</b>": "&lt;b&gt;x&lt;/b&gt;",
    "": "",
}


@pytest.mark.parametrize(("markdown", "expected"), TABLE.items(), ids=range(len(TABLE)))
def test_markdown_as_slack_marks_it_up(markdown: str, expected: str) -> None:
    assert mrkdwn(markdown) == expected


VIEWER = Viewer(zone="UTC", language="en", users={}, channels={})
INVISIBLE = re.compile(f"[{E}{P}\\s]")


def visible(page: Element) -> str:
    return INVISIBLE.sub("", page.text)


def styled(page: Element, *names: str) -> set[str]:
    return {INVISIBLE.sub("", each.text) for name in names for each in page.all(name)}


@pytest.mark.thorough
@given(st.text(st.sampled_from("ab *_~`\\.,()"), max_size=30))
@settings(max_examples=500, deadline=None)
def test_slack_shows_what_markdown_says(text: str) -> None:
    body = f"x {text} x"
    meant, shown = read(str(reference.markdown(body))), read(str(slack.mrkdwn(mrkdwn(body), VIEWER)))
    assert visible(shown) == visible(meant)
    assert {*"".join(styled(shown, "b"))} <= {*"".join(styled(meant, "strong"))}


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_text_mentions_anybody(text: str) -> None:
    marked = mrkdwn(text)
    assert all(found.startswith(("https://", "http://", "mailto:")) for found in re.findall(r"<([^>]*)>", marked))
    assert marked == "\n\n".join(paragraphs(text))


def test_a_link_is_never_cut_in_two() -> None:
    link = "<https://a.example|some words of a link>"
    for before in range(2860, 2900):
        assert any(link in piece for piece in split_text(f"{'x' * before} {link} end"))
