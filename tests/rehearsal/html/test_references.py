"""References between < and >: whom they name, where they lead, and what they say when nobody knows them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.html.references import broadcast, channel, date, reference, unescape, user
from rehearsal.html.render_context import Viewer
from rehearsal.slack.acting_user import escaped

from .page import Element, read

VIEWER = Viewer(zone="Europe/Oslo", language="nb", users={"U1": "Ann <3"}, channels={"C1": "earth-week"})
NOON = 1_805_108_400  # 2027-03-15 11:00 UTC, noon in Oslo


def show(written: str) -> Element:
    return read(str(reference(written, VIEWER)))


@pytest.mark.parametrize(
    ("written", "says", "rings"),
    [
        ("@U1", "@Ann <3", False),
        ("@U1|old name", "@Ann <3", False),
        ("@U404", "@U404", False),
        ("@U404|bo", "@bo", False),
        ("#C1", "#earth-week", False),
        ("#C404|old", "#old", False),
        ("#C404|", "#C404", False),
        ("!here", "@here", True),
        ("!channel", "@channel", True),
        ("!everyone|everyone", "@everyone", True),
        ("!here|not here", "@here", True),
        ("!subteam^S1|@green-team", "@green-team", True),
        ("!subteam^S1", "@S1", True),
    ],
)
def test_mentions(written: str, says: str, rings: bool) -> None:  # noqa: FBT001
    mention = show(written).one(of="bk-mention")
    assert mention.text == says
    assert ("bk-broadcast" in mention.classes) is rings


@pytest.mark.parametrize(
    ("written", "href", "label"),
    [
        ("https://a.example/?x=1&amp;y=2|two &amp; two", "https://a.example/?x=1&y=2", "two & two"),
        ("https://a.example|", "https://a.example", "https://a.example"),
        ("https://a.example|a|b :wave:", "https://a.example", "a|b 👋"),
        (f"!date^{NOON}^{{time}}^https://a.example/?x&amp;y|later", "https://a.example/?x&y", "12:00"),
    ],
)
def test_links(written: str, href: str, label: str) -> None:
    link = show(written).one("a")
    assert (link.attributes["href"], link.text) == (href, label)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "http://a.example", "mailto:a@a.example", "data:text/html,x", "//a.example", "x", ""]
)
def test_link_without_https_is_shown_as_plain_text(url: str) -> None:
    page = show(f"{url}|press")
    assert not page.all("a")
    assert page.text == (f"press ({url})" if url else "press")


def test_unsafe_link_of_a_date_is_text() -> None:
    page = show(f"!date^{NOON}^{{time}}^javascript:x|later")
    assert not page.all("a")
    assert page.text == "12:00 (javascript:x)"


@pytest.mark.parametrize("written", ["x^{time}", f"{NOON}^{{moon}}", "9" * 40 + "^{time}", f"{NOON}", f"{NOON}^", ""])
def test_unreadable_date_shows_its_fallback(written: str) -> None:
    assert show(f"!date^{written}|later").text == "later"


@pytest.mark.parametrize(
    ("written", "says"),
    [("!date^x^{time}", "<!date^x^{time}>"), ("!unheard", "<!unheard>"), ("!unheard|of", "of"), ("!", "<!>")],
)
def test_what_is_unknown_stands_as_written(written: str, says: str) -> None:
    page = show(written)
    assert page.text == says
    assert not page.all(of="bk-mention")


def test_a_date_is_marked_as_a_time() -> None:
    assert read(str(date(f"{NOON}^{{date_num}} kl. {{time}} &amp; &lt;", "", VIEWER))).one("time").text == (
        "2027-03-15 kl. 12:00 & <"
    )


@pytest.mark.parametrize("text", ["a", "&lt;", "&amp;lt;", "&quot;", "<!channel>", "&&amp;"])
def test_escaping_is_undone_once(text: str) -> None:
    assert unescape(escaped(text)) == text


@given(st.text(alphabet="&<>;ltgamp x"))
def test_escaping_is_undone_whatever_is_typed(text: str) -> None:
    assert unescape(escaped(text)) == text


@given(st.text(max_size=12))
def test_no_name_brings_markup_along(name: str) -> None:
    viewer = Viewer(users={"U1": name}, channels={"C1": name})
    for shown in (user("U1", "", viewer), channel("C1", "", viewer), user("U2", name, viewer), broadcast(name)):
        assert [each.name for each in read(str(shown)).all()] == ["span"]
