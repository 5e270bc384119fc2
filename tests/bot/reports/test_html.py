from __future__ import annotations

import pytest

from bot.reports.html import markdown, render, typed


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**One** _trip_", "<p><strong>One</strong> <em>trip</em></p>\n"),
        ("<script>x</script> <b>", "<p>&lt;script&gt;x&lt;/script&gt; &lt;b&gt;</p>\n"),
        ("![a](https://elsewhere.example/a.png)", '<p>!<a href="https://elsewhere.example/a.png">a</a></p>\n'),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
    ],
)
def test_markdown_neither_runs_nor_loads_anything(written: str, shown: str) -> None:
    assert markdown(written) == shown


def test_typed_words_and_addresses_are_marked() -> None:
    assert typed("Type `/earthweek` & see https://a.example/b?c=1&d=2.") == (
        "Type <code>/earthweek</code> &amp; see "
        '<a href="https://a.example/b?c=1&amp;d=2">https://a.example/b?c=1&amp;d=2</a>.'
    )
    assert "<b>" not in typed('<b> "https://a.example"onclick=x')


def test_characters_of_no_document_are_left_out() -> None:
    drawn = render("start.html", pages=[], title="A\x00\x0bB", heading="C\x1fD\tE", language="en", direction="ltr")
    assert "<title>AB</title>" in drawn
    assert "CD\tE" in drawn
