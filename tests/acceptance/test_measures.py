"""What the company does itself: in the post about a measure, on the App Home and by command."""

from __future__ import annotations

from datetime import date

from rehearsal.slack.rate_limits import RateLimits
from tests.campaigns import SHIPPED

from .conftest import RunBot
from .participants import SV, moment, participant, said

TUESDAY = date(2027, 3, 16)


async def test_measures_are_drawn_alike_everywhere(run_bot: RunBot) -> None:
    week = await run_bot(SHIPPED, start=moment(TUESDAY, 12), limits=RateLimits.none())
    ann = await participant(week, "U0ANN", locale="sv-SE")
    await week.run_until(moment(TUESDAY, 13, 1))
    assert SV("measures.title") in await ann.looks_home()
    post = said(week, "earth-week-se", "our-measure")
    figure = "120 lagade datorer på ett år (uppmätt, 31 dec. 2026)"
    assert figure in str(post.blocks)
    answers = [await ann.presses(post, "measures"), await ann.types("åtgärder"), await ann.presses_at_home("measures")]
    assert len({answer.text for answer in answers}) == 1
    assert figure in answers[0].text
    assert "▰▰▰▰▱▱▱▱▱▱  Nu 52\N{NO-BREAK SPACE}% av resorna mellan våra kontor" in answers[0].text
