"""Every form there is, as people see it, and before those who know what Slack takes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import slackblocks as sb
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SdkBlock
from slack_sdk.models.views import View as SdkView

from bot.campaign.model import Campaign, Pledge
from bot.locales.catalogues import words
from bot.messages.message import Block
from bot.messages.modals import done, idea, minutes, my_data, notice, pause_until, pledges, reply
from bot.messages.modals.modal import PendingAction, View
from bot.messages.modals.pledge import draw_source
from rehearsal.slack.block_validation import view_problems
from rehearsal.slack.controls import controls

from .modal_samples import BIKE, DAYS, ENGLISH, LAPTOP, MONDAY, back, checked, crowded, drawn, joined, planned, tongues
from .test_blocks_are_taken import rebuilt, values

LARGEST_VIEW = 250_000


@pytest.fixture(scope="module")
def everything(shipped: Campaign) -> list[View]:
    large = [crowded(shipped), crowded(shipped, sign="å"), crowded(shipped, sign="😀")]
    long = (view for campaign in large for spoken in (ENGLISH, words("de")) for view in drawn(spoken, campaign))
    return [*(view for spoken in tongues(shipped) for view in drawn(spoken, shipped)), *long]


def text_of(view: View) -> str:
    """Everything that is read in a form."""
    return "\n".join(str(text) for text in values(list(view["blocks"]), "text") if isinstance(text, str))


def element(view: View, name: str) -> Block:
    return next(each.element for each in controls(view["blocks"]) if each.action_id == name)


def labels(view: View, name: str) -> list[str]:
    return [option["text"]["text"] for option in element(view, name)["options"]]


def before(view: View, name: str) -> str | None:
    """The value of the option that is chosen when the form opens."""
    option = element(view, name).get("initial_option")
    return option["value"] if option else None


def block(view: View, name: str) -> Block:
    return next(block for block in view["blocks"] if block["block_id"] == name)


# What Slack takes


def test_the_table_of_the_rehearsal_finds_nothing_wrong(everything: list[View]) -> None:
    assert {problem for view in everything for problem in view_problems(view, "modal")} == set()


def test_no_form_is_larger_than_slack_takes(everything: list[View]) -> None:
    assert max(len(json.dumps(view)) for view in everything) <= LARGEST_VIEW


@pytest.mark.thorough
def test_slack_sdk_accepts_and_returns_every_form(everything: list[View]) -> None:
    for view in everything:
        parsed = SdkView(**view)
        parsed.validate_json()
        assert parsed.to_dict() == view
        for each in view["blocks"]:
            part = SdkBlock.parse(dict(each))
            assert part is not None
            part.validate_json()


@pytest.mark.thorough
def test_second_library_builds_identical_blocks_within_limits(everything: list[View]) -> None:
    for view in everything:
        for each in view["blocks"]:
            assert (rebuilt_field(each) if each["type"] == "input" else rebuilt(each))._resolve() == each


def rebuilt_field(block: Block) -> sb.Block:
    hint = plain(block["hint"]) if "hint" in block else None
    optional = block.get("optional", False)
    name, element = block["block_id"], rebuilt_element(block["element"])
    return sb.InputBlock(plain(block["label"]), element, block_id=name, hint=hint, optional=optional)


def rebuilt_element(element: Block) -> sb.Element:
    name = element["action_id"]
    chosen = option(element["initial_option"]) if "initial_option" in element else None
    options = [option(each) for each in element.get("options", [])]
    match element["type"]:
        case "radio_buttons":
            return sb.RadioButtonGroup(name, options, chosen)
        case "static_select":
            return sb.StaticSelectMenu(name, options, initial_option=chosen)
        case "checkboxes":
            return sb.CheckboxGroup(
                name, options, [option(each) for each in element.get("initial_options", [])] or None
            )
        case "datepicker":
            return sb.DatePicker(name, element["initial_date"])
        case "timepicker":
            return sb.TimePicker(name, element["initial_time"])
        case "number_input":
            limits = {limit: element[limit] for limit in ("min_value", "max_value", "initial_value")}
            return sb.NumberInput(is_decimal_allowed=False, action_id=name, **limits)
        case _:
            given = {key: element[key] for key in ("initial_value", "multiline", "max_length") if key in element}
            return sb.PlainTextInput(name, **given)


def option(option: Block) -> sb.Option:
    return sb.Option(plain(option["text"]), option["value"])


def plain(text: Block) -> sb.Text:
    return sb.Text(text["text"], sb.TextType.PLAINTEXT, emoji=True)


def test_only_forms_that_ask_can_be_submitted(everything: list[View]) -> None:
    for view in everything:
        asks = any(each["type"] == "input" for each in view["blocks"]) or view["callback_id"] == my_data.FORGET_CALLBACK
        assert ("submit" in view) == asks


def test_every_form_says_which_version_drew_it(everything: list[View]) -> None:
    assert {json.loads(view["private_metadata"])["version"] for view in everything} == {"1"}


def test_every_form_opens_ready_to_be_submitted(everything: list[View]) -> None:
    for view in everything:
        assert set(back(view)["state"]["values"]) == {
            each["block_id"] for each in view["blocks"] if each["type"] == "input"
        }


def test_nothing_of_the_english_catalogue_is_left_unsaid(shipped: Campaign) -> None:
    unsaid = re.compile(r"^(form|impact|evidence|obstacle|button|estimate|line|sdg)\.[a-z_0-9.]+$")
    for view in drawn(ENGLISH, shipped):
        assert [text for text in values([view], "text") if isinstance(text, str) and unsaid.match(text)] == []


def test_two_languages_draw_the_same_fields(shipped: Campaign) -> None:
    english, *others = ([names(view) for view in drawn(spoken, shipped)] for spoken in tongues(shipped))
    assert all(other == english for other in others)


def names(view: View) -> list[str]:
    return [each["block_id"] for each in view["blocks"]]


# Joining


def test_joining_offers_each_country_another_one_and_none(shipped: Campaign) -> None:
    german = replace(ENGLISH, language="de", locale=words("de").locale)
    countries = ["Schweden", "Norwegen", "Dänemark", "Deutschland"]
    assert labels(joined(german, shipped), "country") == [*countries, "Another country", "I'd rather not say"]


def test_languages_are_called_as_their_speakers_call_them(shipped: Campaign) -> None:
    for spoken in tongues(shipped):
        named = ["English", "svenska", "norsk bokmål", "dansk", "Deutsch"]
        assert labels(joined(spoken, shipped), "language") == named


@pytest.mark.parametrize(("suggested", "chosen"), [("SE", "SE"), ("FR", "ZZ"), ("ZZ", "ZZ"), (None, None)])
def test_suggested_country_is_chosen_if_it_takes_part(
    shipped: Campaign, suggested: str | None, chosen: str | None
) -> None:
    assert before(joined(ENGLISH, shipped, country=suggested), "country") == chosen


def test_settings_show_that_no_country_was_given(shipped: Campaign) -> None:
    assert before(joined(ENGLISH, shipped, country=None, settings=True), "country") == "-"


@pytest.mark.parametrize("messages", [True, False])
def test_direct_messages_are_off_unless_they_were_chosen(shipped: Campaign, *, messages: bool) -> None:
    box = element(joined(ENGLISH, shipped, messages=messages), "messages")
    assert ("initial_options" in box) == messages


def test_joining_says_retention_date_and_how_to_stop(shipped: Campaign) -> None:
    said = text_of(joined(ENGLISH, shipped))
    assert "Wednesday, 21 July 2027" in said
    assert "/earthweek messages off" in said
    assert "/earthweek forget" in said


def test_joining_mentions_pending_action_and_settings_differ(shipped: Campaign) -> None:
    waiting = joined(ENGLISH, shipped, pending=PendingAction("pledge", "pledge-call"))
    settings = joined(ENGLISH, shipped, settings=True)
    assert names(waiting)[0] == "first"
    assert names(settings)[0] == "country"
    assert (waiting["title"]["text"], settings["title"]["text"]) == ("Join Earth Week", "Your settings")
    assert (waiting["submit"]["text"], settings["submit"]["text"]) == ("Join", "Save")


def test_many_countries_open_as_a_list(shipped: Campaign) -> None:
    view = joined(ENGLISH, crowded(shipped))
    assert element(view, "country")["type"] == "static_select"
    assert len(labels(view, "country")) == 43


# Choosing a pledge, and the reasons for its figure


def offered(view: View) -> list[str]:
    return [str(each["block_id"]).removeprefix("pledge:") for each in view["blocks"] if each["type"] == "section"][1:]


@pytest.mark.parametrize("country", ["SE", "NO", "DK", "DE", "ZZ", None])
def test_largest_saving_in_the_readers_country_comes_first(shipped: Campaign, country: str | None) -> None:
    backwards = replace(shipped, pledges=tuple(reversed(shipped.pledges)))
    view = pledges.draw(ENGLISH, backwards, country, ())
    headings = [each["text"]["text"] for each in view["blocks"] if each["type"] == "header"]
    assert headings == ["High impact", "Medium impact", "Low impact", "Symbolic"]
    found = [pledge for name in offered(view) if (pledge := shipped.pledge(name))]
    assert len(found) == len(shipped.pledges)
    weights = [pledge.weight(country) for pledge in found]
    assert weights == sorted(weights, reverse=True)
    assert [each.impact(country) for each in found] == [_label(pledge, country) for pledge in found]


def _label(pledge: Pledge, country: str | None) -> str:
    kilograms = pledge.weight(country)
    return "high" if kilograms >= 40 else "medium" if kilograms >= 1 else "low" if kilograms else "symbolic"


def test_pledge_impact_depends_on_the_country(shipped: Campaign) -> None:
    dryer = shipped.pledge("air_dry_one_load")
    assert dryer
    assert [dryer.impact(country) for country in ("DE", "DK", "SE", "NO", None)] == [
        "medium",
        "low",
        "low",
        "low",
        "low",
    ]


def test_reader_without_country_is_pointed_to_the_command(shipped: Campaign) -> None:
    assert "/earthweek country" in block(pledges.draw(ENGLISH, shipped, None, ()), "intro")["text"]["text"]
    assert "/earthweek country" not in block(pledges.draw(ENGLISH, shipped, "SE", ()), "intro")["text"]["text"]


def test_yearly_pledge_is_described_as_decided_now(shipped: Campaign) -> None:
    said = {
        name: block(pledges.draw(ENGLISH, shipped, "SE", ()), f"pledge:{name}")["text"]["text"]
        for name in (LAPTOP, BIKE)
    }
    assert ["You decide now" in said[name] for name in (LAPTOP, BIKE)] == [True, False]


def test_driving_pledge_is_not_compared_with_driving(shipped: Campaign) -> None:
    for pledge in shipped.pledges:
        said = block(pledges.draw(ENGLISH, shipped, "DE", ()), f"pledge:{pledge.id}")["text"]["text"]
        assert ("by car" in said.splitlines()[1]) == (pledge.by_car and pledge.high > 0), pledge.id


def test_pledge_shows_saving_goals_and_description(shipped: Campaign) -> None:
    said = block(pledges.draw(ENGLISH, shipped, "SE", ()), f"pledge:{BIKE}")["text"]["text"].splitlines()
    assert said[0] == f"*{shipped.pledge_words[BIKE, 'en'].title}*"
    assert said[1] == "about 2.1 kg CO₂e per 10 km not driven"
    assert said[2] == "UN goals: 11 Sustainable cities and communities · 13 Climate action"
    assert said[3] == shipped.pledge_words[BIKE, "en"].about


@pytest.mark.parametrize(
    ("country", "said"), [("SE", "about 0.16 kg CO₂e"), ("DE", "about 1.5 kg CO₂e"), (None, "0.054 to 3.3 kg CO₂e")]
)
def test_electricity_saving_follows_country_or_range_without_one(
    shipped: Campaign, country: str | None, said: str
) -> None:
    assert said in block(pledges.draw(ENGLISH, shipped, country, ()), "pledge:air_dry_one_load")["text"]["text"]


def test_symbolic_pledge_is_not_compared_with_driving(shipped: Campaign) -> None:
    said = block(pledges.draw(ENGLISH, shipped, "SE", ()), "pledge:earth_hour_lights_off")["text"]["text"]
    assert "symbolic" in said
    assert "by car" not in said


def test_pledge_made_offers_change_and_others_offer_pledging(shipped: Campaign) -> None:
    view = pledges.draw(ENGLISH, shipped, "SE", {BIKE})
    mine, other = (block(view, f"answers:{name}")["elements"][0] for name in (BIKE, "carpool_20km"))
    assert (mine["text"]["text"], mine.get("style")) == ("Change plan", None)
    assert (other["text"]["text"], other.get("style")) == ("I pledge this", "primary")
    assert "You have chosen this one." in block(view, f"pledge:{BIKE}")["text"]["text"]


def test_pledge_buttons_name_their_action_and_pledge(shipped: Campaign) -> None:
    row = block(pledges.draw(ENGLISH, shipped, "SE", ()), f"answers:{BIKE}")["elements"]
    assert [(each["action_id"], each["value"]) for each in row] == [
        (f"{action}:{BIKE}", BIKE) for action in ("pledge_choose", "pledge_already", "pledge_why")
    ]


@pytest.mark.parametrize("count", [1, 43, 44, 60, 86, 87, 300])
def test_every_pledge_is_on_exactly_one_fitting_page(shipped: Campaign, count: int) -> None:
    campaign = crowded(shipped, count)
    shown: list[str] = []
    for view in pages(campaign):
        assert len(view["blocks"]) <= 100
        assert view_problems(view, "modal") == []
        assert len(json.dumps(view)) <= LARGEST_VIEW
        shown += offered(view)
    assert sorted(shown) == sorted(pledge.id for pledge in campaign.pledges)


def test_sixty_pledges_take_two_pages(shipped: Campaign) -> None:
    first, second = pages(crowded(shipped))
    assert len(offered(first)) == 43
    assert len(offered(second)) == 17
    assert turns(first) == ["1"]
    assert turns(second) == ["0"]


def pages(campaign: Campaign) -> Iterator[View]:
    """Every page, as somebody turns them."""
    page: str | None = "0"
    while page is not None:
        view = pledges.draw(ENGLISH, campaign, "SE", (), int(page))
        yield view
        page = next((turn for turn in turns(view) if int(turn) > int(page or 0)), None)


def turns(view: View) -> list[str]:
    found = [each for each in view["blocks"] if each["block_id"] == "pages"]
    return [each["value"] for row in found for each in row["elements"]]


@pytest.mark.parametrize(("asked", "same_as"), [(-5, 0), (2, 1), (10**9, 1)])
def test_missing_page_shows_the_nearest_one(shipped: Campaign, asked: int, same_as: int) -> None:
    campaign = crowded(shipped)
    pages = [pledges.draw(ENGLISH, campaign, "SE", (), page) for page in (asked, same_as)]
    assert pages[0] == pages[1]


def test_a_campaign_without_pledges_says_so(shipped: Campaign) -> None:
    view = pledges.draw(ENGLISH, replace(shipped, pledges=()), "SE", ())
    assert "no pledges" in text_of(view)
    assert view_problems(view, "modal") == []


def reasons(campaign: Campaign, pledge: str, country: str | None) -> str:
    made = campaign.pledge(pledge)
    assert made
    return text_of(draw_source(ENGLISH, campaign, made, country))


def test_the_reasons_name_range_source_evidence_and_version(shipped: Campaign) -> None:
    said = reasons(shipped, BIKE, "SE")
    assert "0.1 to 3.4 kg CO₂e per 10 km" in said
    assert "<https://www.gov.uk/government/collections/government-conversion-factors-for-company-reporting|" in said
    assert "published sources" in said
    assert "2027.2" in said


def test_what_is_partly_judgement_is_said_to_be(shipped: Campaign) -> None:
    assert "partly our own judgement" in reasons(shipped, "car_free_week", "SE")


def test_reasons_say_when_figure_is_the_countrys_own(shipped: Campaign) -> None:
    assert "for Germany" in reasons(shipped, "air_dry_one_load", "DE")
    assert "from country to country" in reasons(shipped, "air_dry_one_load", None)
    assert "in other countries" not in reasons(shipped, BIKE, "DE")


def test_what_is_symbolic_has_no_range(shipped: Campaign) -> None:
    assert "Range" not in reasons(shipped, "earth_hour_lights_off", "SE")


# Plans, outcomes, check-ins


def test_plan_offers_ready_plans_and_own_words(shipped: Campaign) -> None:
    plans = shipped.pledge_words[shipped.pledges[0].id, "en"].plans
    assert labels(planned(ENGLISH, shipped), "how") == [*plans, "In my own words"]


@pytest.mark.parametrize(("plan", "how", "own"), [(None, None, None), ("On foot", "own", "On foot")])
def test_the_plan_there_was_is_shown(shipped: Campaign, plan: str | None, how: str | None, own: str | None) -> None:
    view = planned(ENGLISH, shipped, plan=plan)
    assert (before(view, "how"), element(view, "own").get("initial_value")) == (how, own)


def test_ready_plan_is_preselected_and_not_copied(shipped: Campaign) -> None:
    plan = shipped.pledge_words[shipped.pledges[0].id, "en"].plans[1]
    view = planned(ENGLISH, shipped, plan=plan)
    assert (before(view, "how"), element(view, "own").get("initial_value")) == ("1", None)


def test_pledge_without_ready_plans_asks_for_own_words(shipped: Campaign) -> None:
    bare = {key: said.model_copy(update={"plans": ()}) for key, said in shipped.pledge_words.items()}
    view = planned(ENGLISH, replace(shipped, pledge_words=bare))
    assert names(view)[1] == "own"
    assert block(view, "own")["label"]["text"] == "When and where will you do it?"


def test_reminder_days_are_offered_with_earlier_ones_ticked(shipped: Campaign) -> None:
    view = planned(ENGLISH, shipped, chosen=[DAYS[1], date(2020, 1, 1)])
    assert labels(view, "days") == ["Monday 15 March", "Sunday 14 March", "Saturday 13 March"]
    assert [each["value"] for each in element(view, "days")["initial_options"]] == ["2027-03-14"]


def test_without_days_nothing_is_said_of_reminders(shipped: Campaign) -> None:
    assert names(planned(ENGLISH, shipped, days=[])) == ["pledge", "how", "own"]


def test_more_days_than_slack_takes_are_not_offered(shipped: Campaign) -> None:
    view = planned(ENGLISH, shipped, days=[date(2027, 3, day) for day in range(1, 20)])
    assert len(labels(view, "days")) == 10


def test_single_pledge_and_newest_day_are_preselected(shipped: Campaign) -> None:
    view = done.draw(ENGLISH, shipped, [BIKE], DAYS)
    assert (before(view, "pledge"), before(view, "day")) == (BIKE, "2027-03-15")
    assert labels(view, "day") == ["Monday 15 March", "Sunday 14 March", "Saturday 13 March"]


@pytest.mark.parametrize(("count", "kind"), [(10, "radio_buttons"), (11, "static_select")])
def test_many_pledges_open_as_a_list(shipped: Campaign, count: int, kind: str) -> None:
    ids = [pledge.id for pledge in shipped.pledges[:count]]
    view = done.draw(ENGLISH, shipped, ids, DAYS)
    assert element(view, "pledge")["type"] == kind
    assert before(view, "pledge") is None


def test_check_in_asks_about_each_pledge_by_title(shipped: Campaign) -> None:
    ids = [pledge.id for pledge in shipped.pledges[:2]]
    view = checked(ENGLISH, shipped, ids)
    assert [each["label"]["text"] for each in view["blocks"][:2]] == [
        shipped.pledge_words[name, "en"].title for name in ids
    ]
    assert before(view, f"answer:{ids[0]}") == "partly"
    assert labels(view, f"answer:{ids[0]}") == ["Done", "Partly", "Not yet", "Not this time"]


def test_check_in_asks_whether_yearly_pledge_is_decided(shipped: Campaign) -> None:
    view = checked(ENGLISH, shipped, [LAPTOP])
    assert labels(view, f"answer:{LAPTOP}") == ["Decided", "Partly", "Not yet", "Not this time"]


def test_check_in_says_when_an_answer_was_saved(shipped: Campaign) -> None:
    assert [names(checked(ENGLISH, shipped, [BIKE], saved=saved))[0] for saved in (True, False)] == [
        "saved",
        f"answer:{BIKE}",
    ]


def test_check_in_with_many_pledges_fits_slacks_limits(shipped: Campaign) -> None:
    campaign = crowded(shipped, 120)
    view = checked(ENGLISH, campaign, [pledge.id for pledge in campaign.pledges], saved=True)
    assert view_problems(view, "modal") == []


# The small ones


@pytest.mark.parametrize(("given_minutes", "shown"), [(None, "60"), (15, "15"), (0, "1"), (600, "60")])
def test_minutes_suggest_whole_hour_or_the_earlier_answer(given_minutes: int | None, shown: str) -> None:
    assert element(minutes.draw(ENGLISH, given_minutes), "minutes")["initial_value"] == shown


def test_idea_form_names_recipients_and_is_anonymous_initially() -> None:
    view = idea.draw(ENGLISH, "Sweden")
    assert "representatives of Sweden" in block(view, "text")["hint"]["text"]
    assert "those who run Earth Week" in block(idea.draw(ENGLISH, None), "text")["hint"]["text"]
    assert "initial_options" not in element(view, "named")


def test_a_pause_suggests_tomorrow() -> None:
    assert element(pause_until.draw(ENGLISH, MONDAY), "day")["initial_date"] == "2027-03-15"


def test_forgetting_says_what_goes_and_what_stays() -> None:
    said = text_of(my_data.draw_forget(ENGLISH))
    assert "everything we keep about you" in said
    assert "published" in said


def test_a_long_word_to_somebody_takes_several_sections() -> None:
    view = notice.draw(ENGLISH, "word " * 2000)
    assert view_problems(view, "modal") == []
    assert text_of(view).split() == ["word"] * 2000


@given(st.text(max_size=1000))
def test_quoted_text_in_reply_form_mentions_nobody(text: str) -> None:
    view = reply.draw(ENGLISH, purpose="ask", idea="i1", shown=text)
    assert view_problems(view, "modal") == []
    shown = [each["text"]["text"] for each in view["blocks"] if each["type"] == "section"]
    for line in "\n".join(shown).split("\n"):
        assert line.startswith("> ") or not line
        assert not re.search(r"[<>]", line.removeprefix("> "))


# All that is kept of a person


def json_in(view: View) -> str:
    """The JSON of a form as a reader copies it."""
    parts = [each["text"]["text"] for each in view["blocks"] if str(each["block_id"]).startswith("raw_")]
    assert all(part.startswith("```") and part.endswith("```") for part in parts)
    return "".join(part[3:-3] for part in parts).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@given(st.recursive(st.text(max_size=3000), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_stored_json_is_complete_and_has_no_backticks(stored: Any) -> None:
    view = my_data.draw_data(ENGLISH, ["Something."], json.dumps(stored, ensure_ascii=False))
    assert view_problems(view, "modal") == []
    assert "`" not in json_in(view)
    assert json.loads(json_in(view)) == stored


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("sign", ["a", "&", "å", "😀", "`", "\n"])
def test_data_beyond_the_limit_is_marked_left_out(sign: str, indent: int | None) -> None:
    raw = json.dumps([sign * 900] * 700, indent=indent, ensure_ascii=False)
    view = my_data.draw_data(ENGLISH, ["line " * 500] * 5, raw)
    assert view_problems(view, "modal") == []
    assert len(view["blocks"]) <= 95
    assert len(json.dumps(view)) <= LARGEST_VIEW
    assert names(view)[-1] == "left_out"


def test_data_that_fits_is_not_marked_left_out() -> None:
    assert "left_out" not in names(my_data.draw_data(ENGLISH, ["A line."], "{}"))
