from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.campaign.measures import MeasureStatus
from bot.locales.catalogues import campaign_words
from bot.reports.outside.commitments import goals, measures, planned
from tests.campaigns import shipped_campaign

CAMPAIGN = shipped_campaign()


def test_measures_say_status_figure_and_source() -> None:
    first = measures(CAMPAIGN, campaign_words(CAMPAIGN, "en"))[0]
    assert (first.status, first.figure) == (
        "Done on 30 Sept 2026",
        "120 laptops repaired in a year (measured, 31 Dec 2026)",
    )
    assert first.lines[0] == "Responsible: IT"
    assert first.lines[-1] == "Source: Example AB, 2026"


def test_readers_get_measures_of_their_country_first() -> None:
    swedish = next(each for each in CAMPAIGN.measures if each.countries == ("SE",))
    done = replace(
        CAMPAIGN, measures=tuple(each.model_copy(update={"status": MeasureStatus.DONE}) for each in CAMPAIGN.measures)
    )
    title = CAMPAIGN.measure_words[swedish.id, "nb"].title
    assert measures(done, campaign_words(done, "nb"))[-1].title == title
    assert title not in [each.title for each in measures(done, campaign_words(done, "nb"))[:-1]]


def test_a_bar_is_as_long_as_the_way_that_is_done() -> None:
    shown = goals(CAMPAIGN, campaign_words(CAMPAIGN, "sv"))
    # From 40 to 70 and now at 52; from 510 down to 400 and now at 470.
    assert [each.part for each in shown] == [40, 36]


def test_a_bar_is_full_only_at_the_target() -> None:
    first, *_ = CAMPAIGN.goals
    almost = first.model_copy(update={"latest": first.latest.model_copy(update={"value": 69.9})})
    nearly = replace(CAMPAIGN, goals=(almost,))
    assert [each.part for each in goals(nearly, campaign_words(nearly, "sv"))] == [99]


def test_sources_are_links_that_cannot_break_out() -> None:
    figure = CAMPAIGN.measures[0].figure
    assert figure
    linked = figure.model_copy(update={"source": "<b>We</b>", "source_url": 'https://example.com/?a="&b=1'})
    changed = replace(CAMPAIGN, measures=(CAMPAIGN.measures[0].model_copy(update={"figure": linked}),))
    assert measures(changed, campaign_words(changed, "en"))[0].lines[-1] == (
        'Source: <a href="https://example.com/?a=&#34;&amp;b=1" rel="noopener noreferrer">&lt;b&gt;We&lt;/b&gt;</a>'
    )


def test_plans_come_with_their_day() -> None:
    ((day, title),) = planned(CAMPAIGN, campaign_words(CAMPAIGN, "da"))
    assert day == date(2027, 3, 20)
    assert title == "EKSEMPEL: Vi skriver under på Växjö-erklæringen"
