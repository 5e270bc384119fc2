"""The fields for the words of a post, and what is read from them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.model import Audience, Campaign, Text
from bot.locales.catalogues import words
from bot.messages.modals.modal import InvalidFieldsError, View, modal
from bot.messages.organise.text_fields import Draft, Subject, draw_text, read_text
from bot.messages.words import Words
from tests.bot.messages.modal_samples import back, element, names
from tests.bot.messages.organise_samples import TEXT

EN = words("en")


def about(campaign: Campaign, post: str = "monday-tip", country: str | None = "NO") -> Subject:
    return Subject(tuple(each for each in campaign.posts if each.post == post), country)


def form(text: Text | Draft, subject: Subject, spoken: Words = EN) -> View:
    return modal(spoken, "words", "form.organise_edit.title", draw_text(spoken, text, subject))


def read(campaign: Campaign, **written: str) -> Text:
    """What is read where somebody has written this over the words."""
    subject = about(campaign)
    return read_text(back(form(TEXT, subject), written), campaign, subject)


def refusal(campaign: Campaign, **written: str) -> InvalidFieldsError:
    with pytest.raises(InvalidFieldsError) as refused:
        read(campaign, **written)
    return refused.value


@pytest.mark.parametrize(
    ("field", "written"),
    [("title", "{local}"), ("summary", "{yaer}."), ("body", "{day:nothing}"), ("local", "{local}"), ("ask", "{day}")],
)
def test_placeholders_without_value_are_refused(shipped: Campaign, field: str, written: str) -> None:
    with pytest.raises(InvalidFieldsError) as refused:
        read(shipped, **{field: written})
    assert refused.value.errors == {field: "form.organise_edit.wrong_placeholder"}


def test_refused_placeholder_is_named(shipped: Campaign) -> None:
    refused = refusal(shipped, body="On {first_day}, not on {first_dai}.")
    assert refused.values == {"placeholder": "{first_dai}"}
    assert "{first_dai}" in EN(refused.errors["body"], **refused.values)


@pytest.mark.parametrize(
    ("written", "error", "line"),
    [
        ("Fine.\n\n# A heading", "heading", "3"),
        ("![alt](https://example.org/a.png)", "picture", "1"),
        ("One\n\n<b>bold</b>", "html", "3"),
        ("|a|b|\n|-|-|\n|1|2|", "table", "1"),
        ("Fine.\nSee [this](mailto:a@b.c).\n\n# Also", "link", "2"),
        ("See http://example.org", "link", "1"),
    ],
)
def test_what_slack_does_not_show_is_refused(shipped: Campaign, written: str, error: str, line: str) -> None:
    refused = refusal(shipped, body=written)
    assert refused.errors == {"body": f"form.organise_edit.wrong_{error}"}
    assert refused.values["line"] == line
    assert "{" not in EN(refused.errors["body"], **refused.values)


@pytest.mark.parametrize("summary", ["No full stop", "Ends with a comma,"])
def test_summary_has_to_be_a_sentence(shipped: Campaign, summary: str) -> None:
    assert refusal(shipped, summary=summary).errors == {"summary": "form.organise_edit.no_sentence"}


def test_everything_that_is_missing_is_named_at_once(shipped: Campaign) -> None:
    assert refusal(shipped, title=" ", summary="", body="\u200b").errors == dict.fromkeys(
        ("title", "summary", "body"), "form.empty"
    )


def test_combined_characters_count_with_all_parts(shipped: Campaign) -> None:
    # A reader sees forty, and a file has two hundred.
    assert refusal(shipped, title="👩\u200d👩\u200d👧" * 40).errors == {"title": "form.too_long"}
    assert read(shipped, title="å" * 120).title == "å" * 120


def test_all_but_the_body_is_one_line(shipped: Campaign) -> None:
    text = read(shipped, title="Two\nlines", summary="A  full\tsentence.", body="One\r\n\r\nTwo", ask=" Why\u2028so? ")
    assert (text.title, text.summary, text.body, text.ask) == ("Two lines", "A full sentence.", "One\n\nTwo", "Why so?")


def test_fault_has_its_line_however_lines_end(shipped: Campaign) -> None:
    for end in ("\n", "\r\n", "\r"):
        refused = refusal(shipped, body=f"A line.{end}# A heading")
        assert (refused.errors, refused.values["line"]) == ({"body": "form.organise_edit.wrong_heading"}, "2")


def test_line_of_country_is_kept_apart(shipped: Campaign) -> None:
    assert read(shipped, local="Her hos oss.").local == {"NO": "Her hos oss."}
    text = read(shipped)
    assert text.local == {}
    assert "local" in text.model_fields_set, "it was asked for, and is empty"


FIELDS = st.sampled_from(["title", "summary", "body", "ask", "local"])
SIGNS = st.text(max_size=400) | st.text(
    st.sampled_from("ab.{}[]()#|<>*_-`&!\\:/ \r\n\t\u2028\x0c\x1f\u200b"), max_size=60
)


@given(st.dictionaries(FIELDS, SIGNS))
def test_whatever_is_taken_is_read_the_same_again(shipped: Campaign, written: dict[str, str]) -> None:
    subject = about(shipped)
    with suppress(InvalidFieldsError):
        text = read(shipped, **written)
        assert read_text(back(form(text, subject)), shipped, subject) == text


@given(st.dictionaries(FIELDS, SIGNS, min_size=1))
def test_whatever_is_refused_is_explained(shipped: Campaign, written: dict[str, str]) -> None:
    said: list[str] = []
    try:
        read(shipped, **written)
    except InvalidFieldsError as refused:
        said = [EN(name, **refused.values) for name in refused.errors.values()]
    assert not any(each.startswith("form.") for each in said)


def test_draft_may_be_empty_or_too_long(shipped: Campaign) -> None:
    view = form(Draft(title="x" * 200, body="y" * 4000), about(shipped))
    assert len(element(view, "title")["initial_value"]) == 120
    assert len(element(view, "body")["initial_value"]) == 3000
    assert "initial_value" not in element(view, "summary")


@pytest.mark.parametrize(
    ("audiences", "asks"),
    [
        ((Audience.COUNTRIES,), True),
        ((Audience.COMPANY,), True),
        ((Audience.JOINED,), False),
        ((Audience.EARTH_HOUR_REMINDER,), False),
        ((Audience.REPRESENTATIVES,), False),
        ((Audience.JOINED, Audience.COUNTRIES), True),
        ((), False),
    ],
)
def test_only_posts_in_channels_ask(shipped: Campaign, audiences: tuple[Audience, ...], *, asks: bool) -> None:
    [tip] = about(shipped).posts
    subject = Subject(tuple(tip.model_copy(update={"audience": each}) for each in audiences))
    assert subject.asks == asks
    assert ("ask" in names(form(TEXT, subject))) == asks
    assert "local" not in names(form(TEXT, subject)), "no country was named"


def test_placeholders_of_other_campaigns_are_refused(shipped: Campaign) -> None:
    assert read(shipped, body="{goal} by {day:tuesday-tip}").body == "{goal} by {day:tuesday-tip}"
    smaller = replace(shipped, goal=None, posts=about(shipped).posts)
    for body in ("{goal}", "{day:tuesday-tip}"):
        assert refusal(smaller, body=body).errors == {"body": "form.organise_edit.wrong_placeholder"}
