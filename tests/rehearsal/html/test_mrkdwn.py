from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rehearsal.html.mrkdwn import mrkdwn
from rehearsal.html.render_context import Viewer

from .page import read

VIEWER = Viewer(zone="Europe/Oslo", language="nb", users={"U1": "Ann <3"}, channels={"C1": "earth-week"})
NOON = 1_805_108_400  # 2027-03-15 11:00 UTC, noon in Oslo


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


@pytest.mark.parametrize(
    ("written", "says", "rings"),
    [
        ("<@U1>", "@Ann <3", False),
        ("<@U404>", "@U404", False),
        ("<@U404|bo>", "@bo", False),
        ("<#C1>", "#earth-week", False),
        ("<#C404|old>", "#old", False),
        ("<!here>", "@here", True),
        ("<!channel>", "@channel", True),
        ("<!everyone|everyone>", "@everyone", True),
        ("<!subteam^S1|@green-team>", "@green-team", True),
    ],
)
def test_mentions(written: str, says: str, rings: bool) -> None:  # noqa: FBT001
    mention = read(str(mrkdwn(written, VIEWER))).one(of="bk-mention")
    assert mention.text == says
    assert ("bk-broadcast" in mention.classes) is rings


def test_what_somebody_escaped_mentions_nobody() -> None:
    page = read(str(mrkdwn("&lt;!channel&gt; &lt;@U1&gt;", VIEWER)))
    assert page.text == "<!channel> <@U1>"
    assert not page.all(of="bk-mention")


@pytest.mark.parametrize(
    ("written", "href", "label"),
    [
        ("<https://a.example/?x=1&amp;y=2|two &amp; two>", "https://a.example/?x=1&y=2", "two & two"),
        ("<https://a.example/b_c_d>", "https://a.example/b_c_d", "https://a.example/b_c_d"),
        ("See https://a.example/x.", "https://a.example/x", "https://a.example/x"),
        ("&lt;https://a.example&gt;", "https://a.example", "https://a.example"),
        ("*<https://a.example/a*b|bold link>*", "https://a.example/a*b", "bold link"),
    ],
)
def test_links(written: str, href: str, label: str) -> None:
    link = read(str(mrkdwn(written, VIEWER))).one("a")
    assert (link.attributes["href"], link.text) == (href, label)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "http://a.example", "mailto:a@a.example", "data:text/html,x", "//a.example", "x"]
)
def test_link_without_https_is_shown_as_plain_text(url: str) -> None:
    page = read(str(mrkdwn(f"<{url}|press>", VIEWER)))
    assert not page.all("a")
    assert page.text == f"press ({url})"


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("{date_num} {time}", "2027-03-15 12:00"),
        ("{date_short}", "15. mars 2027"),
        ("{date_long} kl. {time_secs}", "mandag 15. mars 2027 kl. 12:00:00"),
        ("{date_pretty}", "15. mars 2027"),
    ],
)
def test_dates_are_the_viewers(form: str, says: str) -> None:
    assert read(str(mrkdwn(f"<!date^{NOON}^{form}|later>", VIEWER))).one("time").text == says


@pytest.mark.parametrize(
    ("language", "days"),
    [
        ("en-GB", ("yesterday", "today", "tomorrow")),
        ("sv", ("i går", "i dag", "i morgon")),
        ("nb-NO", ("i går", "i dag", "i morgen")),
        ("da", ("i går", "i dag", "i morgen")),
        ("de", ("gestern", "heute", "morgen")),
        ("fi", ("eilen", "tänään", "huomenna")),
    ],
)
@pytest.mark.parametrize("form", ["{date_pretty}", "{date_short_pretty}", "{date_long_pretty}"])
def test_days_nearby_have_names(language: str, days: tuple[str, ...], form: str) -> None:
    late = datetime(2027, 3, 15, 22, 59, tzinfo=UTC)  # a minute before midnight in Oslo
    viewer = Viewer(zone="Europe/Oslo", language=language, now=late)
    said = [read(str(mrkdwn(f"<!date^{NOON + away * 86400}^{form}|x>", viewer))).text for away in (-1, 0, 1)]
    assert said == list(days)
    next_day = replace(viewer, now=late + timedelta(minutes=1))
    assert read(str(mrkdwn(f"<!date^{NOON}^{form}|x>", next_day))).text == days[0]


@pytest.mark.parametrize(
    ("language", "away", "form", "says"),
    [
        ("nb", 2, "{date_pretty}", "17. mars 2027"),
        ("nb", -2, "{date_short_pretty} {time}", "13. mars 2027 12:00"),
        ("fr", 0, "{date_long_pretty}", "lundi 15 mars 2027"),
        ("de", 0, "{date_long}", "Montag, 15. März 2027"),
        ("sv", -1, "{ago}", "för 1 dag sedan"),
    ],
)
def test_other_days_and_languages_have_their_dates(language: str, away: int, form: str, says: str) -> None:
    viewer = Viewer(zone="Europe/Oslo", language=language, now=datetime.fromtimestamp(NOON, UTC))
    assert read(str(mrkdwn(f"<!date^{NOON + away * 86400}^{form}|x>", viewer))).text == says


@pytest.mark.parametrize("written", ["x^{time}", f"{NOON}^{{moon}}", "9" * 40 + "^{time}", f"{NOON}", ""])
def test_unreadable_date_shows_its_fallback(written: str) -> None:
    assert read(str(mrkdwn(f"<!date^{written}|later>", VIEWER))).text == "later"


def test_a_date_can_be_a_link() -> None:
    link = read(str(mrkdwn(f"<!date^{NOON}^{{time}}^https://a.example|later>", VIEWER))).one("a")
    assert (link.attributes["href"], link.text) == ("https://a.example", "12:00")


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
