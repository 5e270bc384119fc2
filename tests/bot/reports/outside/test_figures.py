from __future__ import annotations

from bot.locales.catalogues import campaign_words
from bot.reports.outside.figures import figures
from bot.reports.results import results
from bot.standings.published_figures import Band
from tests.bot.reports.week import day, nothing, standing, standings
from tests.campaigns import shipped_campaign

CAMPAIGN = shipped_campaign()
WORDS = campaign_words(CAMPAIGN, "en")


def test_where_nothing_may_be_shown_there_is_a_sentence() -> None:
    shown = figures(CAMPAIGN, WORDS, results(CAMPAIGN, nothing(0)))
    assert len(shown.sentences) == 1
    assert shown.sentences[0].startswith("No figures are shown")
    assert (shown.tiles, shown.bars, shown.rows) == ((), (), ())


def test_bars_keep_the_order_of_the_figures() -> None:
    rates = standing("SE", 10), standing("NO", 30), standing("DK", 20)
    shown = figures(CAMPAIGN, WORDS, results(CAMPAIGN, standings(*rates, whole=standing("all", 60, 300))))
    assert [(each.place, each.rate, each.length) for each in shown.bars] == [
        ("All countries together", "20%", 66.67),
        ("Sweden", "10%", 33.33),
        ("Norway", "30%", 100),
        ("Denmark", "20%", 66.67),
    ]
    assert shown.goal == 66.67


def test_few_people_stay_few_without_a_rate() -> None:
    few = standings(whole=standing("all", None, 400).model_copy(update={"participants": Band.FEW}))
    shown = figures(CAMPAIGN, WORDS, results(CAMPAIGN, few))
    assert shown.sentences[0] == "Fewer than 5 of 400 colleagues take part."
    assert shown.bars == ()


def test_people_elsewhere_are_in_no_row() -> None:
    shown = figures(CAMPAIGN, WORDS, results(CAMPAIGN, day(0, 30)))
    assert [each.place for each in shown.rows] == ["All countries together", "Sweden", "Norway", "Denmark"]
