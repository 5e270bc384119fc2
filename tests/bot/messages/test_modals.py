"""Every form there is, before those who know what Slack takes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
import slackblocks as sb
from slack_sdk.models.blocks import Block as SdkBlock
from slack_sdk.models.views import View as SdkView

from bot.campaign.model import Campaign
from bot.locales.catalogues import campaign_words, words
from bot.messages.message import Block
from bot.messages.modals import my_data
from bot.messages.modals.modal import View
from rehearsal.slack.block_validation import view_problems
from tests.campaigns import also_in

from .modal_samples import (
    ENGLISH,
    LARGEST_VIEW,
    back,
    crowded,
    drawn,
    names,
    option,
    plain,
    tongues,
)
from .test_post_kinds import rebuilt, values

FormsIn = Callable[[str], tuple[list[list[str]], list[list[str]]]]


@pytest.fixture(scope="module")
def everything(shipped: Campaign) -> list[View]:
    large = [crowded(shipped), crowded(shipped, sign="å"), crowded(shipped, sign="😀")]
    long = (view for campaign in large for spoken in (ENGLISH, words("de")) for view in drawn(spoken, campaign))
    return [*(view for spoken in tongues(shipped) for view in drawn(spoken, shipped)), *long]


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


def test_the_table_of_the_rehearsal_finds_nothing_wrong(everything: list[View]) -> None:
    assert {problem for view in everything for problem in view_problems(view, "modal")} == set()


def read_in(view: View) -> list[str]:
    """What can be read in a form."""
    return [each for each in values(view, "text") if isinstance(each, str)]


@pytest.fixture(scope="module")
def forms_in(tmp_path_factory: pytest.TempPathFactory) -> FormsIn:
    """Draws every form in a language that a campaign has more, and in English, with the campaign's texts as signs."""

    def drawn_in(language: str) -> tuple[list[list[str]], list[list[str]]]:
        campaign = also_in(tmp_path_factory.mktemp(language) / "week", language).campaign()
        signs = {key: campaign.pledge_words[key[0], language] for key in campaign.pledge_words}
        themes = {theme: dict.fromkeys(named, named[language]) for theme, named in campaign.themes.items()}
        campaign = replace(campaign, pledge_words=signs, themes=themes)
        theirs, english = (drawn(campaign_words(campaign, each), campaign) for each in (language, "en"))
        return [read_in(view) for view in theirs], [read_in(view) for view in english]

    return drawn_in


def test_without_words_forms_are_wholly_english(forms_in: FormsIn) -> None:
    polish, english = forms_in("pl")
    assert polish == english


def test_finnish_forms_have_no_english_sentence(forms_in: FormsIn) -> None:
    finnish, english = forms_in("fi")
    same = {text for view in finnish for text in view} & {text for view in english for text in view}
    # Names, signs, and what the test itself has written.
    own = ("§", "*Country*", "```", ">", "Something did not work")
    names = {"Earth Week", "Earth Hour", "English", "svenska", "norsk bokmål", "dansk", "Deutsch", "suomi"}
    assert {text for text in same - names if not text.startswith(own)} == set()
    assert any("ruotsi" in text.casefold() for view in finnish for text in view)


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
