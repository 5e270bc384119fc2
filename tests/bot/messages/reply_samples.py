"""People and figures for replies: ordinary ones, and as many and as long as they may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from slack_sdk.models.blocks import Block as SdkBlock

from bot.campaign import earth_hour
from bot.campaign.campaign_moment import Moment
from bot.campaign.localtime import instant
from bot.campaign.model import Campaign, Country, PledgeWords, Text
from bot.locales.catalogues import words
from bot.messages.message import Block
from bot.messages.replies.my_status import OwnPledge, Reader
from bot.messages.words import Words
from bot.standings.published_figures import Band, Figure, Kilograms, Standing, Standings

from .test_post_kinds import rebuilt, values

TODAY = date(2027, 3, 17)
NOON = datetime(2027, 3, 17, 11, tzinfo=UTC)
NEXT = NOON + timedelta(days=1)
LANGUAGES = ("en", "sv", "nb", "da", "de")

HOSTILE = (
    "<!channel>",
    "<!here|x>",
    "<@U0EXAMPLE0>",
    "<#C0EXAMPLE0>",
    "<https://evil.example|press>",
    "a\n<!channel>\r\n> <!everyone>",
    "\u2028<!here>",
    "&lt;!channel&gt;",
    "*bold _both_ `code` ```fence",
    "{0} {country} {",
    "",
    "\n" * 900,
    "<" * 1000,
    "&" * 1000,
    "word " * 200,
)


@dataclass(frozen=True)
class World:
    """A campaign and the figures of it."""

    campaign: Campaign
    standings: Standings


def noon(campaign: Campaign, day: date = TODAY) -> Moment:
    """Noon of a day in Stockholm."""
    return Moment(campaign, instant(datetime.combine(day, time(12)), "Europe/Stockholm"), "Europe/Stockholm")


def english(language: str) -> Words:
    """English words, for a reader of a language that the bot does not speak and the campaign does."""
    return replace(words("en"), language=language)


def standing(place: str, people: int | None = None, headcount: int | None = 100, **more: Any) -> Standing:
    rate = round(100 * people / headcount) if people is not None and headcount else None
    day = date(2027, 1, 1) if headcount else None
    given = {"headcount": headcount, "headcount_date": day, "participants": people, "rate": rate, **more}
    return Standing(place=place, **given)


def standings_of(
    *places: Standing, whole: Standing, elsewhere: Figure = None, goal: int | None = 20, reached: bool = False
) -> Standings:
    return Standings(
        campaign="earth-week-2027",
        taken_at=NOON,
        definition="1",
        factors="2027.1",
        smallest_group=5,
        max_kg=50,
        goal_percent=goal,
        goal_reached=reached,
        whole=whole,
        places=places,
        elsewhere=Standing(place="ZZ", participants=elsewhere),
    )


FULL: Mapping[str, Any] = {
    "pledges": 40,
    "pledged": Kilograms(low=120, about=230, high=410),
    "confirmed_pledges": 15,
    "confirmed": Kilograms(low=51, about=92, high=160),
    "response_rate": 46,
    "continuing": 15,
    "earth_hour_people": 30,
    "earth_hour_minutes": 1500,
    "opted_out": 5,
}

HINDERED: Mapping[str, Any] = {
    "obstacle_time": 10,
    "obstacle_cost": 15,
    "obstacle_rules": 10,
    "obstacle_other": Band.FEW,
}


def few(place: str, rank: int) -> Standing:
    return standing(place, rank=rank).model_copy(update={"participants": Band.FEW})


def ordinary() -> Standings:
    """Two countries with numbers, one with few, and one in the total only."""
    places = (standing("NO", 20, rank=2), standing("SE", 35, rank=1, **FULL), few("DK", 3))
    return standings_of(*places, whole=standing("all", 70, 400, **FULL), elsewhere=10)


def largest(shipped: Campaign) -> World:
    """Two hundred countries, sixty pledges, and every text as long as it may be, of signs that grow when escaped."""
    codes = [code for code in sorted(words("en").locale.territories) if len(code) == 2 and code not in {"ZZ", "XA"}]
    first = shipped.countries[0]
    countries = tuple(_country(first, code) for code in codes[:200])
    pledges = tuple(
        shipped.pledges[0].model_copy(update={"id": f"pledge-{index:02}" + "x" * 51}) for index in range(60)
    )
    said = PledgeWords(title="&" * 75, unit="&" * 40, about="&" * 200)
    campaign = replace(
        shipped,
        countries=countries,
        pledges=pledges,
        pledge_words={(each.id, language): said for each in pledges for language in shipped.languages},
        texts={key: Text(title="&" * 120, summary="&" * 249 + ".", body="&" * 3000) for key in shipped.texts},
        title=dict.fromkeys(shipped.languages, "&" * 75),
        earth_hour=earth_hour.settle(2027),
    )
    shown = (standing(each.code, 150 + index, rank=200 - index, **FULL) for index, each in enumerate(countries[:100]))
    whole = standing("all", 999_999, 9, **FULL)
    return World(campaign, standings_of(*shown, whole=whole, elsewhere=999_999))


def _country(first: Country, code: str) -> Country:
    return first.model_copy(update={"code": code})


def mine(pledge: str, **more: Any) -> OwnPledge:
    given = {
        "already": False,
        "plan": "On Monday, by train",
        "days_done": (date(2027, 3, 15),),
        "answer": None,
        "reminder_days": (),
        "remind_at": None,
    }
    return OwnPledge(pledge=pledge, **{**given, **more})


def me(*pledges: OwnPledge, **more: Any) -> Reader:
    given: Mapping[str, Any] = {
        "joined": True,
        "country": "NO",
        "language": "nb",
        "messages": True,
        "earth_hour_reminder": False,
        "paused_until": None,
        "earth_hour": None,
        "minutes": None,
    }
    return Reader(pledges=pledges, **{**given, **more})


def busiest(campaign: Campaign) -> Reader:
    """Somebody who has pledged everything, every day, with a long plan."""
    days = tuple(TODAY - timedelta(days=50 - index) for index in range(100))
    plan, at = "&" * 400, time(8, 30)
    each = [
        mine(one.id, plan=plan, days_done=days, answer="partly", reminder_days=days, remind_at=at)
        for one in campaign.pledges
    ]
    done_today = [replace(one, days_done=days[:40]) for one in each]
    return me(*done_today, earth_hour="did", minutes=60, earth_hour_reminder=True, paused_until=date(2027, 4, 6))


def taken(blocks: Sequence[Block]) -> None:
    """Two libraries that know Block Kit take every block as it is; every name stands once and none is missing."""
    for block in blocks:
        assert rebuilt(block)._resolve() == block
        if block["type"] != "data_visualization":
            parsed = SdkBlock.parse(dict(block))
            assert parsed is not None
            parsed.validate_json()
            assert parsed.to_dict() == block
    for name in ("block_id", "action_id"):
        found = list(values(list(blocks), name))
        assert len(found) == len(set(found))
    assert all(block.get("block_id") for block in blocks)


def texts(blocks: Sequence[Block]) -> list[str]:
    """Everything that can be read, in order."""
    found = []
    for block in blocks:
        if block["type"] in {"section", "header"}:
            found.append(block["text"]["text"])
        elif block["type"] == "context":
            found += [element["text"] for element in block["elements"]]
    return found


def named(blocks: Sequence[Block]) -> dict[str, Block]:
    return {block["block_id"]: block for block in blocks}


def pressable(blocks: Sequence[Block]) -> dict[str, str]:
    """What can be pressed, with its value; entries of menus by the action that they stand for."""
    found = [each for block in blocks for each in [*block.get("elements", ()), block.get("accessory", {})]]
    pressed: dict[str, str] = {}
    for each in found:
        if each.get("type") == "button":
            pressed[each["action_id"]] = each["value"]
        for option in each.get("options", ()) if each.get("type") == "overflow" else ():
            action, _, value = option["value"].partition(":")
            pressed[action] = value
    return pressed
