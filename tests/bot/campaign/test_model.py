"""The parts of a campaign, and what they say of themselves."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.campaign.model import Audience, Campaign, Company, Header, Impact, Text
from tests.campaigns import MONDAY, campaign, country, guess_texts, pledge, tip

COMPANY = Company(channel="all", language="en", zone="Europe/London", organisers_channel="C012ABCDEF")
TOWNS = country("SE").model_copy(update={"more_channels": ("week-lund", "week-kiruna")})
WEEK = campaign(TOWNS, country("NO", zone="Europe/Oslo"), company=COMPANY)


@pytest.mark.parametrize(
    ("countries", "left_out", "reached"),
    [((), (), "SE NO ZZ -"), (("SE",), (), "SE"), ((), ("SE",), "NO ZZ -"), (("SE", "NO"), ("NO",), "SE")],
)
def test_post_reaches_who_it_names(countries: tuple[str, ...], left_out: tuple[str, ...], reached: str) -> None:
    post = tip("tip", *countries).model_copy(update={"left_out": left_out})
    assert [code for code in ("SE", "NO", "ZZ", "-") if post.reaches(None if code == "-" else code)] == reached.split()


def test_first_channel_has_the_code_alone() -> None:
    assert dict(TOWNS.channels) == {"SE": "week-se", "SE-2": "week-lund", "SE-3": "week-kiruna"}
    assert country("NO").channels == {"NO": "week-no"}


@pytest.mark.parametrize(
    ("audience", "recipient", "channel"),
    [
        ("countries", "SE", "week-se"),
        ("countries", "SE-3", "week-kiruna"),
        ("countries", "SE-4", None),
        ("countries", "DK", None),
        ("company", "company", "all"),
        ("joined", "SE", None),
        ("earth_hour_reminder", "U0ANN", None),
    ],
)
def test_channel_is_that_of_the_audience(audience: str, recipient: str, channel: str | None) -> None:
    assert WEEK.channel(audience, recipient) == channel


def test_without_a_company_nothing_is_for_all() -> None:
    alone = campaign(country("NO", zone="Europe/Oslo"), country("SE"))
    assert alone.channel(Audience.COMPANY, "company") is None
    assert (alone.zone, alone.organisers_channel) == ("Europe/Oslo", None)
    assert (WEEK.zone, WEEK.organisers_channel) == ("Europe/London", "C012ABCDEF")


@given(st.lists(st.none() | st.integers(1, 10**6), min_size=1, max_size=4))
def test_headcount_is_whole_or_none(counts: list[int | None]) -> None:
    made = campaign(*(country(f"C{index}", count) for index, count in enumerate(counts)))
    assert made.headcount == (None if None in counts else sum(count or 0 for count in counts))


def test_what_is_not_there_is_not_found() -> None:
    assert WEEK.country("SE") is TOWNS
    assert WEEK.country("DK") is WEEK.country(None) is WEEK.country("SE-2") is None
    assert WEEK.pledge("bike") is WEEK.pledges[0]
    assert WEEK.pledge("Bike") is None
    assert WEEK.measure("bike") is WEEK.measure(None) is None


def test_data_is_kept_ninety_days_after_closing() -> None:
    assert campaign(closes=dt.date(2027, 12, 31)).kept_until == dt.date(2028, 3, 30)


# Pledges


@pytest.mark.parametrize(
    ("kg", "impact"),
    [(40, Impact.HIGH), (39.9, Impact.MEDIUM), (1, Impact.MEDIUM), (0.99, Impact.LOW), (0, Impact.SYMBOLIC)],
)
def test_impact_begins_at_its_least_figure(kg: float, impact: Impact) -> None:
    assert pledge("bike", kg=kg).impact("SE") is impact


def test_only_range_known_ranks_by_its_low_end() -> None:
    made = pledge("bike", kg=80).model_copy(update={"kg": None})
    assert (made.kilograms("SE"), made.weight("SE"), made.impact("SE")) == (None, 40, Impact.HIGH)
    assert made.span("SE") == (40, 120)


def test_countrys_own_figure_has_its_own_range() -> None:
    own = {"kg_by_country": {"SE": 0.0, "NO": 3.0}, "range_by_country": {"NO": (2.0, 4.0), "DK": (1.0, 9.0)}}
    made = pledge("dryer", kg=2).model_copy(update=own | {"source_by_country": {"SE": "RISE, 2019"}})
    assert [made.kilograms(code) for code in ("SE", "NO", "DK", None)] == [0, 3, 2, 2]
    assert made.span("NO") == (2, 4)
    assert made.span("SE") == (0, 0), "a figure without a range"
    assert made.span("DK") == made.span(None) == (1, 3), "a range without a figure is not its own"
    assert [made.source_in(code) for code in ("SE", "NO", None)] == ["RISE, 2019", "Physics", "Physics"]


def test_left_out_pledge_is_not_offered_there() -> None:
    train = pledge("train").model_copy(update={"left_out": ("SE",)})
    made = campaign(pledges=(pledge("bike"), train))
    assert [each.id for each in made.offered("SE")] == ["bike"]
    assert made.offered("NO") == made.offered(None) == made.pledges


# Languages


@pytest.mark.parametrize(
    ("wanted", "country", "expected"),
    [
        ("sv", "NO", "sv"),
        ("fi", "SE", "sv"),
        (None, "SE", "sv"),
        ("fi", "FI", "en"),
        (None, None, "en"),
        ("nn", "NO", "nb"),
    ],
)
def test_language_falls_back_to_country_then_english(
    shipped: Campaign, wanted: str | None, country: str | None, expected: str
) -> None:
    assert shipped.language_for(wanted, country) == expected


def test_without_english_first_language_is_fallback() -> None:
    assert campaign(languages=("fi", "sv")).language_for("de") == "fi"


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("sv-SE", "sv"),
        ("sv_SE", "sv"),
        ("sv", "sv"),
        ("no-NO", "nb"),
        ("nn-NO", "nb"),
        ("pt-PT", "pt-BR"),
        ("s", None),
        ("swe", None),
        ("fi-FI", None),
        ("", None),
        (None, None),
    ],
)
def test_locale_means_its_language_whatever_its_region(locale: str | None, language: str | None) -> None:
    assert campaign(languages=("en", "sv", "nb", "pt-BR")).language_of(locale) == language


@pytest.mark.parametrize(("locale", "language"), [("nb-NO", "nb"), ("nn-NO", "nn"), ("no-NO", "nb")])
def test_both_forms_of_norwegian_may_be_there(locale: str, language: str) -> None:
    assert campaign(languages=("nn", "nb")).language_of(locale) == language


@given(st.none() | st.text(max_size=9), st.none() | st.sampled_from(["SE", "NO", "XX"]))
def test_some_language_is_always_chosen(wanted: str | None, code: str | None) -> None:
    assert WEEK.language_for(wanted, code) in WEEK.languages
    assert WEEK.language_for(WEEK.language_of(wanted), code) in WEEK.languages


# Limits


def test_text_is_found_by_post_and_language() -> None:
    made = campaign(texts=guess_texts("first", "second"))
    assert made.text("second", "en").title == "second"
    with pytest.raises(KeyError):
        made.text("second", "sv")


@pytest.mark.parametrize(
    ("field", "longest"), [("title", 120), ("summary", 250), ("ask", 150), ("alt", 300), ("body", 3000)]
)
def test_each_part_of_a_text_has_its_limit(field: str, longest: int) -> None:
    words = {"title": "A title", "summary": "A sentence."}
    assert getattr(Text.model_validate({**words, field: "x" * longest}), field) == "x" * longest
    with pytest.raises(ValidationError):
        Text.model_validate({**words, field: "x" * (longest + 1)})


@pytest.mark.parametrize(("size", "fits"), [(2, False), (3, True), (50, True), (51, False)])
def test_no_group_of_two_is_shown(size: int, *, fits: bool) -> None:
    known = {"id": "a", "first_day": MONDAY, "last_day": MONDAY, "languages": ["en"], "title": {"en": "A week"}}
    if fits:
        assert Header.model_validate({**known, "smallest_group": size}).smallest_group == size
    else:
        with pytest.raises(ValidationError, match="smallest_group"):
            Header.model_validate({**known, "smallest_group": size})


def test_campaigns_are_never_compared_part_by_part() -> None:
    assert campaign() != campaign()
    assert len({WEEK, WEEK}) == 1
