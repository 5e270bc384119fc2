from __future__ import annotations

from datetime import UTC, datetime

from icalendar import Calendar

from bot.reports.calendar_files import earth_hour_as_ics, plan_as_ics
from bot.reports.schedule import plan
from tests.campaigns import shipped_campaign

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def test_earth_hour_has_no_zone_and_one_identity() -> None:
    campaign = shipped_campaign()
    [alone] = Calendar.from_ical(earth_hour_as_ics(campaign, NOW)).walk("VEVENT")
    whole = Calendar.from_ical(plan_as_ics(campaign, [], NOW)).walk("VEVENT")
    begins = f"{campaign.earth_hour.day:%Y%m%d}T{campaign.earth_hour.starts:%H%M%S}"
    assert alone["dtstart"].to_ical() == begins.encode()
    assert [each["uid"] for each in whole] == [alone["uid"]]


def test_each_slot_is_an_event_with_lasting_identity() -> None:
    campaign = shipped_campaign()
    slots = plan(campaign)
    first, again = (
        {str(event["uid"]) for event in Calendar.from_ical(plan_as_ics(campaign, slots, now)).walk("VEVENT")}
        for now in (NOW, datetime(2027, 3, 2, tzinfo=UTC))
    )
    assert first == again
    assert len(first) == len(slots) + 1
