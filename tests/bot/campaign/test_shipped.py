from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from bot.campaign.campaign_reader import Reading
from bot.campaign.earth_hour import by_rule
from bot.campaign.hardcoded_values import mentions
from bot.campaign.model import Audience, Campaign, Evidence, Impact, Text
from bot.campaign.placeholders import placeholders
from bot.campaign.problems import Severity
from bot.campaign.text_checks import text_files
from bot.locales.catalogues import words
from bot.messages.campaign_texts import post_text
from bot.messages.co2_estimates import round_estimate
from tests.campaigns import SHIPPED

LANGUAGES = ("en", "sv", "nb", "da", "de")
POSTS = sorted(folder.name for folder in (SHIPPED / "posts").iterdir())
FIGURE = re.compile(r"(\d+(?:[.,]\d+)?)[ \u00a0\u202f](kg|kWh|km|g)\b")
CLOCK = re.compile(r"\b(\d\d)[.:](\d\d)\b")
KILOGRAMS = re.compile(r"(\d+(?:[.,]\d+)?)[ \u00a0\u202f]kg CO₂e")
BOLD = re.compile(r"\*\*(.+?)\*\*")

ACCOUNTS = [
    re.compile(word, re.IGNORECASE)
    for word in (r"\baccounts\b", r"\bredovisning", r"\bregnskap", r"\bregnskab", r"(?<!CO₂-)\bBilanz")
]
"""The word for money in each language, standing for climate figures."""


WORD = re.compile(r"\w[\w₂./-]*")
MOST_WORDS = 90
"""Words of a post with the line of a country and the question."""


def shown(campaign: Campaign, post: str, language: str, country: str = "SE") -> Text:
    """Return a post as a reader in a country reads it."""
    return post_text(campaign, post, words(language), country)


def figures(text: str) -> Counter[tuple[str, str]]:
    """Every figure with its unit, however the language writes decimals."""
    return Counter((number.replace(",", "."), unit) for number, unit in FIGURE.findall(text))


def test_shipped_campaign_has_no_errors_only_examples(
    shipped_reading: Reading,
) -> None:
    assert shipped_reading.campaign is not None
    assert {problem.weight for problem in shipped_reading.problems} == {Severity.EXAMPLE}


def test_company_specific_values_are_marked_as_examples(shipped_reading: Reading) -> None:
    named = {problem.what.removesuffix(" is still an example") for problem in shipped_reading.problems.examples}
    for code in ("SE", "NO", "DK", "DE"):
        assert {f"{code}: channel", f"{code}: representatives", f"{code}: headcount"} <= named
    assert {"company: channel", "company: managers", "our-measure: text", "Earth Hour: date"} <= named


def test_it_speaks_five_languages_to_four_countries(shipped: Campaign) -> None:
    assert shipped.languages == LANGUAGES
    assert {country.code: country.language for country in shipped.countries} == {
        "SE": "sv",
        "NO": "nb",
        "DK": "da",
        "DE": "de",
    }


def test_exactly_scheduled_posts_exist_in_five_languages(shipped: Campaign) -> None:
    scheduled = {post.post for post in shipped.posts}
    assert set(shipped.texts) == {(post, language) for post in scheduled for language in LANGUAGES}
    assert scheduled == set(POSTS)


def test_no_text_is_left_in_english_by_mistake(shipped: Campaign) -> None:
    for post in POSTS:
        bodies = [shipped.text(post, language).body for language in LANGUAGES]
        assert len(set(bodies)) == len(LANGUAGES), post


def test_at_least_sixteen_pledges_exist_in_five_languages(shipped: Campaign) -> None:
    assert len(shipped.pledges) >= 16
    assert set(shipped.pledge_words) == {(pledge.id, language) for pledge in shipped.pledges for language in LANGUAGES}


def test_every_pledge_has_plans_and_reason_per_language(shipped: Campaign) -> None:
    for name, said in shipped.pledge_words.items():
        assert 3 <= len(said.plans) <= 4, name
        assert said.about, name


def test_exactly_pledges_without_kilograms_are_symbolic(shipped: Campaign) -> None:
    for pledge in shipped.pledges:
        assert (pledge.evidence is Evidence.SYMBOLIC) == (pledge.impact("SE") is Impact.SYMBOLIC), pledge.id


def test_what_takes_a_year_is_lasting(shipped: Campaign) -> None:
    assert [pledge.id for pledge in shipped.pledges if pledge.lasting] == [
        "laptop_plus_one_year",
        "phone_plus_one_year",
    ]


def test_partly_estimated_figure_is_not_called_published(shipped: Campaign) -> None:
    for pledge in shipped.pledges:
        if "our estimate" in pledge.source:
            assert pledge.evidence is Evidence.PARTLY_JUDGEMENT, pledge.id


def test_country_with_own_figure_has_own_range(shipped: Campaign) -> None:
    for pledge in shipped.pledges:
        for country, kilograms in pledge.kg_by_country.items():
            low, high = pledge.span(country)
            assert low <= kilograms <= high
            assert (low, high) != (pledge.low, pledge.high), (pledge.id, country)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pledge_words_round_figures_like_bot(shipped: Campaign, language: str) -> None:
    for pledge in shipped.pledges:
        if pledge.kg is None:
            continue
        for written in KILOGRAMS.findall(shipped.pledge_words[pledge.id, language].about):
            said = float(written.replace(",", "."))
            assert said == round_estimate(pledge.kg) or abs(said - pledge.kg) > pledge.kg / 5, pledge.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_begins_within_the_week(shipped: Campaign, language: str) -> None:
    beyond = {words(language).locale.days["format"]["wide"][day].casefold() for day in (0, 6)}
    for (pledge, tongue), said in shipped.pledge_words.items():
        if tongue == language:
            assert not any(day in plan.casefold() for day in beyond for plan in said.plans), pledge


def test_every_pledge_has_a_figure_in_every_country(shipped: Campaign) -> None:
    for pledge in shipped.pledges:
        assert all(pledge.kilograms(country.code) is not None for country in shipped.countries), pledge.id


@pytest.mark.parametrize("language", LANGUAGES[1:])
@pytest.mark.parametrize("post", POSTS)
def test_post_has_same_figures_in_every_language(shipped: Campaign, post: str, language: str) -> None:
    english, other = shipped.text(post, "en"), shipped.text(post, language)
    assert figures(other.body) == figures(english.body)
    assert figures(other.summary) == figures(english.summary)
    assert other.local.keys() == english.local.keys()
    for country, line in other.local.items():
        assert figures(line) == figures(english.local[country])


@pytest.mark.parametrize("language", LANGUAGES[1:])
@pytest.mark.parametrize("post", POSTS)
def test_post_has_same_placeholders_in_every_language(shipped: Campaign, post: str, language: str) -> None:
    english, other = shipped.text(post, "en"), shipped.text(post, language)
    for part in ("title", "summary", "body", "ask"):
        assert {each.name for each in placeholders(getattr(other, part))} == {
            each.name for each in placeholders(getattr(english, part))
        }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("post", POSTS)
def test_post_is_read_between_two_meetings(shipped: Campaign, post: str, language: str) -> None:
    for country in shipped.countries:
        text = shown(shipped, post, language, country.code)
        assert len(WORD.findall(f"{text.body} {text.ask}")) <= MOST_WORDS


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_third_of_posts_or_less_is_long(shipped: Campaign, language: str) -> None:
    long = [post for post in POSTS if len(WORD.findall(shown(shipped, post, language, "DK").body)) > 75]
    assert len(long) <= len(POSTS) / 3


def test_a_channel_gets_two_posts_a_day_at_most(shipped: Campaign) -> None:
    # An answer stands in the thread of its guess.
    days = Counter((post.audience, post.day) for post in shipped.posts if post.kind != "guess_answer")
    assert max(days.values()) <= 2


def test_every_post_in_a_channel_asks_something(shipped: Campaign) -> None:
    for post in shipped.posts:
        # What is pinned has no thread to be answered in, and what stands in a thread none of its own.
        has_thread = post.kind not in {"glance", "guess_answer"}
        in_channel = post.audience in {Audience.COUNTRIES, Audience.COMPANY} and has_thread
        assert all(bool(shipped.text(post.post, language).ask) == in_channel for language in LANGUAGES), post.post


@pytest.mark.parametrize(
    ("post", "pledge"),
    [("monday-tip", "air_dry_one_load"), ("tuesday-tip", "bike_or_walk_10km"), ("wednesday-tip", "swap_beef_portion")],
)
def test_line_of_a_country_has_its_pledge_figure(shipped: Campaign, post: str, pledge: str) -> None:
    (meant,) = (each for each in shipped.pledges if each.id == pledge)
    for country, line in shipped.text(post, "en").local.items():
        kilograms = meant.kilograms(country)
        assert kilograms is not None
        assert (f"{round_estimate(kilograms):g}", "kg") in figures(line), country


def test_the_tips_do_have_figures_to_compare(shipped: Campaign) -> None:
    tips = [post.post for post in shipped.posts if post.kind == "tip"]
    assert len(tips) == 4
    assert all(figures(shipped.text(tip, "en").body) for tip in tips)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_pledge_has_same_figures_in_every_language(shipped: Campaign, language: str) -> None:
    for pledge in shipped.pledges:
        english, other = shipped.pledge_words[pledge.id, "en"], shipped.pledge_words[pledge.id, language]
        assert figures(other.about) == figures(english.about), pledge.id


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("post", ["earth-hour-notice", "earth-hour-reminder"])
def test_earth_hour_times_agree_in_every_language(shipped: Campaign, post: str, language: str) -> None:
    times = {f"{hour}:{minute}" for hour, minute in CLOCK.findall(shown(shipped, post, language).body)}
    assert {"20:30", "21:30"} <= times


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("post", "button"), [("earth-hour-notice", "button.earth_hour_remind"), ("invitation", "button.join")]
)
def test_button_named_in_text_matches_its_label(shipped: Campaign, post: str, button: str, language: str) -> None:
    assert words(language)(button) in BOLD.findall(shown(shipped, post, language).body)


def test_earth_hour_is_saturday_of_week_by_rule(shipped: Campaign) -> None:
    assert shipped.earth_hour.day == shipped.last_day == by_rule(2027) == date(2027, 3, 20)
    assert not shipped.earth_hour.confirmed


def test_nobody_is_messaged_at_weekend_unasked(shipped: Campaign) -> None:
    weekend = {post.audience for post in shipped.posts if post.day.weekday() >= 5}
    assert weekend == {Audience.EARTH_HOUR_REMINDER}


def test_notice_goes_day_before_and_question_monday_after(shipped: Campaign) -> None:
    days = {post.kind: post.day for post in shipped.posts}
    assert days["earth_hour_notice"] == shipped.earth_hour.day - timedelta(days=1)
    assert days["earth_hour_check"] == shipped.earth_hour.day + timedelta(days=2)


def test_every_country_gets_tip_or_guess_each_working_morning(shipped: Campaign) -> None:
    tips = [post for post in shipped.posts if post.kind in {"tip", "guess"}]
    assert [post.day.weekday() for post in tips] == [0, 1, 2, 3, 4]
    assert {post.audience for post in tips} == {Audience.COUNTRIES}
    assert not any(post.countries for post in tips)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("post", "buttons"),
    [
        ("friday-check-in", ("check_in_done", "check_in_partly", "check_in_not_yet", "check_in_not")),
        ("follow-up", ("check_in_done", "check_in_partly", "check_in_not_yet", "check_in_not")),
        ("earth-hour-check", ("earth_hour_did", "earth_hour_forgot", "earth_hour_other")),
        ("representatives-brief", ("idea_approve", "idea_publish", "idea_ask", "idea_decline")),
    ],
)
def test_text_names_every_answer_like_its_button(
    shipped: Campaign, post: str, buttons: tuple[str, ...], language: str
) -> None:
    bold = {each.rstrip(":") for each in BOLD.findall(shown(shipped, post, language).body)}
    assert {words(language)(f"button.{button}") for button in buttons} <= bold


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("post", ["friday-check-in", "follow-up", "midweek-progress"])
def test_what_can_still_be_registered_names_its_command(shipped: Campaign, post: str, language: str) -> None:
    assert "`/earthweek done`" in shipped.text(post, language).body


@pytest.mark.parametrize(("language", "word"), list(zip(LANGUAGES, ACCOUNTS, strict=True)))
def test_climate_figures_are_never_called_the_accounts(shipped: Campaign, language: str, word: re.Pattern[str]) -> None:
    said = [text.body for (_, tongue), text in shipped.texts.items() if tongue == language]
    assert [text for text in said if word.search(text)] == []


def test_no_date_year_or_country_is_written_by_hand(campaign: Campaign) -> None:
    found = [
        (file.path, mention.written)
        for file in text_files(campaign)
        for words in file.words
        for mention in mentions(words.text, file.language)
    ]
    titles = [(language, mentions(title, language)) for language, title in campaign.title.items()]
    assert found == []
    assert titles == [(language, ()) for language in campaign.title]
