from __future__ import annotations

from dataclasses import replace

from bot.locales.catalogues import campaign_words
from bot.reports.outside.tips import home_of, tips
from tests.campaigns import shipped_campaign


def test_readers_get_the_line_of_their_country() -> None:
    campaign = shipped_campaign()
    monday = {language: tips(campaign, campaign_words(campaign, language))[0] for language in campaign.languages}
    assert "0,11 kg" in monday["nb"].text
    assert "1,3 kg" in monday["de"].text
    # Nobody's first language here: readers may live anywhere.
    assert "In your country" not in monday["en"].text


def test_several_countries_of_a_language_have_no_line() -> None:
    campaign = shipped_campaign()
    austria = next(each for each in campaign.countries if each.code == "DE").model_copy(update={"code": "AT"})
    assert home_of(campaign, "de") == "DE"
    assert home_of(replace(campaign, countries=(*campaign.countries, austria)), "de") is None


def test_a_guess_is_answered_at_once() -> None:
    campaign = shipped_campaign()
    friday = tips(campaign, campaign_words(campaign, "sv"))[-1]
    assert (friday.post, friday.theme, friday.picture) == (
        "friday-answer",
        "Teknik och kontor",
        campaign.pictures["desk"],
    )
    assert "39 till 57 kg" in friday.text
    assert friday.source == "Boavizta (ODbL)"


def test_posts_that_a_country_leaves_out_are_not_shown_there() -> None:
    campaign = shipped_campaign()
    left_out = tuple(
        post.model_copy(update={"left_out": ("NO",)}) if post.post == "tuesday-tip" else post for post in campaign.posts
    )
    less = replace(campaign, posts=left_out)
    shown = {
        language: [tip.post for tip in tips(less, campaign_words(less, language))] for language in ("nb", "sv", "en")
    }
    assert "tuesday-tip" in shown["sv"]
    assert "tuesday-tip" not in {*shown["nb"], *shown["en"]}
