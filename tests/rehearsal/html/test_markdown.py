from __future__ import annotations

from rehearsal.html.markdown import markdown


def test_html_is_shown_and_never_run() -> None:
    assert "<script>" not in markdown("<script>alert(1)</script>")


def test_bare_addresses_are_links_without_the_sentence_around() -> None:
    assert 'href="https://example.org/a"' in markdown("(see https://example.org/a).")
    assert markdown("[one](https://example.org/a)").count("<a ") == 1


def test_only_https_is_a_link() -> None:
    assert "<a " not in markdown("[one](javascript:alert(1)) [two](http://example.org)")


def test_headings_look_alike_and_pictures_are_words() -> None:
    assert markdown("# One").replace("One", "") == markdown("### One").replace("One", "")
    assert "<img" not in markdown("![a tree](https://example.org/tree.png)")
    assert "a tree" in markdown("![a tree](https://example.org/tree.png)")
