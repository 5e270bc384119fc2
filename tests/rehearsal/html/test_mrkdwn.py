from __future__ import annotations

import time

import pytest

from rehearsal.html.mrkdwn import mrkdwn
from rehearsal.html.render_context import Viewer

from .page import read

VIEWER = Viewer(zone="Europe/Oslo", language="nb", users={"U1": "Ann <3"}, channels={"C1": "earth-week"})


def shown(text: str) -> str:
    return str(mrkdwn(text, VIEWER)).removeprefix("<p>").removesuffix("</p>")


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("*bold* _italic_ ~strike~ `code`", "<b>bold</b> <i>italic</i> <s>strike</s> <code>code</code>"),
        ("*bold and _both_*", "<b>bold and <i>both</i></b>"),
        ("(*bold*), *bold*.", "(<b>bold</b>), <b>bold</b>."),
        ("snake_case_name and 2*3*4 and a~b~c", "snake_case_name and 2*3*4 and a~b~c"),
        ("* not bold * and *not\nbold*", "* not bold * and *not<br>bold*"),
        ("**twice**", "**twice**"),
        ("`*no* <https://a.example> :wave:`", "<code>*no* &lt;https://a.example&gt; :wave:</code>"),
        ("one\ntwo", "one<br>two"),
        ("Tom &amp; Ann &lt;3 &quot;", "Tom &amp; Ann &lt;3 &amp;quot;"),
        ("&amp;lt;b&amp;gt;", "&amp;lt;b&amp;gt;"),
        (":seedling: at 10:30:00, :no_such_emoji:", "🌱 at 10:30:00, :no_such_emoji:"),
    ],
)
def test_styles(written: str, html: str) -> None:
    assert shown(written) == html


def test_what_somebody_escaped_mentions_nobody() -> None:
    page = read(str(mrkdwn("&lt;!channel&gt; &lt;@U1&gt;", VIEWER)))
    assert page.text == "<!channel> <@U1>"
    assert not page.all(of="bk-mention")


@pytest.mark.parametrize(
    ("written", "href", "label"),
    [
        ("<https://a.example/b_c_d>", "https://a.example/b_c_d", "https://a.example/b_c_d"),
        ("See https://a.example/x.", "https://a.example/x", "https://a.example/x"),
        ("&lt;https://a.example&gt;", "https://a.example", "https://a.example"),
        ("*<https://a.example/a*b|bold link>*", "https://a.example/a*b", "bold link"),
    ],
)
def test_links(written: str, href: str, label: str) -> None:
    link = read(str(mrkdwn(written, VIEWER))).one("a")
    assert (link.attributes["href"], link.text) == (href, label)


def test_quotes_lists_and_fences() -> None:
    page = read(str(mrkdwn("Before\n> one\n&gt; *two*\n• a\n• b\n```\nx < *y*\n```\nafter", VIEWER)))
    assert [each.text for each in page.all("p")] == ["Before", "after"]
    assert page.one("blockquote").text == "onetwo"
    assert [each.text for each in page.all("li")] == ["a", "b"]
    assert page.one("pre").text == "x < *y*"
    assert not page.one("pre").all("b")


@pytest.mark.parametrize(
    "text", ["*" * 3000, "*a <b> " * 500, "`<" * 1500, "_*~" * 1000, "https://" + "." * 2990, "```" * 999]
)
def test_no_text_takes_long(text: str) -> None:
    # Of this process alone, and far more than it takes: a pattern that tries every way needs hours.
    start = time.process_time()
    mrkdwn(text, VIEWER)
    assert time.process_time() - start < 20
