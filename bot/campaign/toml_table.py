"""Tables of a campaign's TOML files, and the types of what stands in them.

Dates and times are local: they mean what clocks show in the reader's zone.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from bot.campaign import slack_names

_LINK = re.compile(r"https://[^\s/<>\"'?#][^\s<>\"]*")
_CONTACT = re.compile(r"[^\s@/<>\"'?:]+@[^\s@/<>\"'?:&.]+(\.[^\s@/<>\"'?:&.]+)+|https://[^\s/<>\"'?#][^\s<>\"']*")


def as_tuple(value: Any) -> Any:
    """Return a list of TOML as a tuple, and anything else as it is."""
    return tuple(value) if isinstance(value, list) else value


def as_pair(value: Any) -> Any:
    """Return a list of two figures as a tuple.

    Raises:
        ValueError: It is no list of two.
    """
    # Strict models take tuples only, and TOML has none.
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - that is what a pair is
        raise ValueError("a range has two figures; write it as [0.07, 0.2]")
    return tuple(value)


def _https(url: str) -> str:
    if not url.startswith("https://"):
        raise ValueError(f"the link {url!r} is not https; write it as https://…")
    if not _LINK.fullmatch(url):
        raise ValueError(f"the link {url!r} is no address; write it without spaces and quotes, as https://…")
    return url


def _contact(address: str) -> str:
    if not _CONTACT.fullmatch(address):
        raise ValueError(f"{address!r} is no address; write an e-mail address, or https://…")
    return address


def one_line(text: str) -> str:
    """Return a text that stands on one line.

    Raises:
        ValueError: It has several.
    """
    if text and text.splitlines() != [text]:
        raise ValueError("it has several lines; write it on one")
    return text


def _near(day: dt.date) -> dt.date:
    if day.year not in YEARS:
        raise ValueError(f"{day} is in no year of an Earth Hour; write it as 2027-03-15")
    return day


def _wall(moment: dt.time | dt.datetime) -> dt.time | dt.datetime:
    if isinstance(moment, dt.datetime):
        _near(moment.date())
    # TOML allows offsets, and an instant would be another wall time in each zone.
    if moment.tzinfo:
        raise ValueError("a time here is local everywhere; take away Z or the hours after + or -")
    return moment


# From the first Earth Hour on. Dates at either end of the calendar overflow when a zone is applied.
YEARS = range(2007, 2200)
"""The years of a campaign."""

Day = Annotated[dt.date, AfterValidator(_near)]
WallTime = Annotated[dt.time | dt.datetime, AfterValidator(_wall)]
Strings = Annotated[tuple[str, ...], BeforeValidator(as_tuple)]
Sdgs = Annotated[tuple[Annotated[int, Field(ge=1, le=17)], ...], BeforeValidator(as_tuple)]
Link = Annotated[str, AfterValidator(_https)]
Contact = Annotated[str, Field(max_length=100), AfterValidator(_contact)]
# 75 characters is Slack's limit for options and buttons.
Name = Annotated[str, Field(min_length=1, max_length=75)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
Channel = Annotated[str, Field(min_length=1), AfterValidator(slack_names.channel)]
Channels = Annotated[tuple[Channel, ...], BeforeValidator(as_tuple)]
Users = Annotated[tuple[Annotated[str, AfterValidator(slack_names.user)], ...], BeforeValidator(as_tuple)]
# Far above what anybody causes, and still a figure that can be written out.
_MOST = 1e12
Kilograms = Annotated[float, Field(ge=0, le=_MOST, allow_inf_nan=False)]
Kilowatthours = Annotated[float, Field(gt=0, le=_MOST, allow_inf_nan=False)]
Range = Annotated[tuple[Kilograms, Kilograms], BeforeValidator(as_pair)]
LocalLine = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(one_line)]


class Table(BaseModel):
    """Base of tables in a campaign's TOML: immutable, without unknown keys, and without conversion of types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    examples: Strings = ()
    """The keys whose values are still the shipped examples."""
