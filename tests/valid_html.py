"""What is wrong with a page of HTML, as a parser sees it that follows the standard."""

from __future__ import annotations

from justhtml import JustHTML

from tests.rehearsal.html.page import Element, read

LOADS = {"script", "iframe", "object", "embed", "video", "audio", "source", "image", "use", "base", "form"}
"""Elements that fetch something, or send it somewhere."""


def valid(html: str) -> Element:
    """The elements of a page that has no error, no ID twice, and no reference to an ID that is not there."""
    assert JustHTML(html, collect_errors=True).errors == []
    page = read(html)
    ids = [str(each.attributes["id"]) for each in page.all() if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    named = {name for each in page.all() for name in (each.attributes.get("aria-labelledby") or "").split()}
    links = {str(each.attributes["href"])[1:] for each in page.all("a") if str(each.attributes["href"])[0] == "#"}
    assert named | links <= set(ids)
    return page


def loaded(page: Element) -> set[str]:
    """The addresses from which a page loads something when it is opened."""
    assert not {each.name for each in page.all()} & LOADS
    css = "".join(each.text for each in page.all("style"))
    assert "url(" not in css
    assert "@import" not in css
    assert not [name for each in page.all() for name in each.attributes if name.startswith("on")]
    pages = {"alternate", "canonical"}
    found = {str(each.attributes["href"]) for each in page.all("link") if each.attributes["rel"] not in pages}
    return (found - {"data:,"}) | {str(each.attributes["src"]) for each in page.all() if "src" in each.attributes}
