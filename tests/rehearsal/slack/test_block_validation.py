from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from typing import Any

import pytest
import slackblocks as sb
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block, block_elements
from slack_sdk.models.blocks import blocks as block_models
from slackblocks import elements as sbe
from slackblocks.errors import InvalidUsageError

from rehearsal.slack import block_validation

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def button(action_id: str = "a", **more: Any) -> Json:
    return {"type": "button", "text": plain("Press"), "action_id": action_id, **more}


def options(count: int) -> list[Json]:
    return [{"text": plain(f"o{place}"), "value": str(place)} for place in range(count)]


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def section(text: str) -> Json:
    return {"type": "section", "text": mrkdwn(text)}


def one(block: Json) -> list[str]:
    return block_validation.problems([block], "text")


GOOD: list[Json] = [
    {"type": "divider"},
    {"type": "header", "text": plain("h" * 150)},
    section("t" * 3000),
    {"type": "section", "fields": [mrkdwn("f" * 2000)] * 10, "accessory": button()},
    {"type": "context", "elements": [mrkdwn("c"), {"type": "image", "image_url": "https://x", "alt_text": "x"}]},
    actions(*(button(str(place), value="v" * 2000, style="primary") for place in range(25))),
    actions({"type": "overflow", "action_id": "o", "options": options(5)}),
    actions({"type": "static_select", "action_id": "s", "options": options(100), "placeholder": plain("Pick")}),
    actions({"type": "checkboxes", "action_id": "c", "options": options(10), "initial_options": options(1)}),
    actions({"type": "radio_buttons", "action_id": "r", "options": options(10)}),
    actions({"type": "datepicker", "action_id": "d", "initial_date": "2027-03-22"}),
    {"type": "image", "image_url": "https://x", "alt_text": "x", "title": plain("t"), "block_id": "b" * 255},
    {"type": "markdown", "text": "m" * 12_000},
    {"type": "input", "label": plain("l"), "element": {"type": "plain_text_input", "multiline": True}},
    {"type": "card", "title": mrkdwn("t"), "actions": [button()]},
    {"type": "carousel", "elements": [{"type": "card", "title": mrkdwn("t")}]},
    {"type": "container", "title": plain("t"), "child_blocks": [section("s")]},
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]},
]

BAD: list[tuple[Json, str]] = [
    ({}, "missing required field: type [json-pointer:/blocks/0]"),
    ({"type": "sparkle"}, "unsupported type: sparkle [json-pointer:/blocks/0/type]"),
    ({"type": ["section"]}, "unsupported type: ['section'] [json-pointer:/blocks/0/type]"),
    ({"type": "alert", "text": mrkdwn("a")}, "unsupported type: alert [json-pointer:/blocks/0/type]"),
    ({"type": "header"}, "missing required field: text [json-pointer:/blocks/0]"),
    ({"type": "header", "text": mrkdwn("h")}, "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"),
    (
        {"type": "header", "text": plain("h" * 151)},
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    ({"type": "header", "text": plain("")}, "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ({"type": "header", "text": "h"}, "must provide an object [json-pointer:/blocks/0/text]"),
    ({"type": "section"}, "must define either `text` or `fields` [json-pointer:/blocks/0]"),
    (section("t" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    (
        {"type": "section", "fields": [mrkdwn("f")] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    (
        {"type": "section", "fields": [mrkdwn("f" * 2001)]},
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    ({"type": "section", "text": {"type": "mrkdwn"}}, "missing required field: text [json-pointer:/blocks/0/text]"),
    ({"type": "context", "elements": []}, "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
    (
        {"type": "context", "elements": [mrkdwn("c")] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    ({"type": "context", "elements": [button()]}, "unsupported type: button [json-pointer:/blocks/0/elements/0/type]"),
    (actions(), "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
    ({"type": "actions", "elements": {}}, "must provide an array [json-pointer:/blocks/0/elements]"),
    (
        actions(*(button(str(place)) for place in range(26))),
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        actions(button(text=plain("p" * 76))),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    (actions(button(text=mrkdwn("p"))), "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]"),
    (
        actions(button(value="v" * 2001)),
        "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    (actions(button(value=7)), "must provide a string [json-pointer:/blocks/0/elements/0/value]"),
    (actions(button(style="huge")), "must be one of primary, danger [json-pointer:/blocks/0/elements/0/style]"),
    (actions(button("a" * 256)), "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]"),
    (actions(button(), button()), "action_id is used twice: a [json-pointer:/blocks]"),
    (
        actions({"type": "plain_text_input"}),
        "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        actions({"type": "overflow", "action_id": "o", "options": options(6)}),
        "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        actions({"type": "checkboxes", "action_id": "o", "options": options(11)}),
        "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        actions({"type": "static_select", "action_id": "o"}),
        "must define either `options` or `option_groups` [json-pointer:/blocks/0/elements/0]",
    ),
    ({"type": "divider", "block_id": "b" * 256}, "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
    ({"type": "divider", "colour": "red"}, "invalid additional property: colour [json-pointer:/blocks/0]"),
    (
        {"type": "section", "text": mrkdwn("t") | {"emoji": True}},
        "invalid additional property: emoji [json-pointer:/blocks/0/text]",
    ),
    (
        {"type": "section", "text": plain("t") | {"emoji": "yes"}},
        "must provide a boolean [json-pointer:/blocks/0/text/emoji]",
    ),
    ({"type": "image", "alt_text": "x"}, "must define either `image_url` or `slack_file` [json-pointer:/blocks/0]"),
    ({"type": "image", "image_url": "https://x"}, "missing required field: alt_text [json-pointer:/blocks/0]"),
    ({"type": "markdown", "text": "m" * 12_001}, "must be less than 12001 characters [json-pointer:/blocks/0/text]"),
    (
        {"type": "container", "title": plain("t"), "child_blocks": [{"type": "markdown", "text": "m"}]},
        "unsupported type: markdown [json-pointer:/blocks/0/child_blocks/0/type]",
    ),
]


@pytest.mark.parametrize("block", GOOD, ids=lambda block: str(block["type"]))
def test_a_good_block_has_no_problem(block: Json) -> None:
    assert one(block) == []


@pytest.mark.parametrize(("block", "expected"), BAD, ids=lambda case: case if isinstance(case, str) else "")
def test_a_bad_block_is_named_with_its_place(block: Json, expected: str) -> None:
    assert expected in one(block)


def test_what_is_no_block_is_refused() -> None:
    assert block_validation.problems(["text"], "") == ["must provide an object [json-pointer:/blocks/0]"]  # type: ignore[list-item]


def test_message_takes_fifty_blocks_and_not_one_more() -> None:
    assert block_validation.problems([{"type": "divider"}] * 50) == []
    assert block_validation.problems([{"type": "divider"}] * 51) == [
        "no more than 50 items allowed [json-pointer:/blocks]"
    ]


def test_a_block_id_stands_once_in_a_message() -> None:
    same = {"type": "divider", "block_id": "b"}
    assert block_validation.problems([same, same]) == ["block_id is used twice: b [json-pointer:/blocks]"]


def test_action_id_is_unique_in_whole_message() -> None:
    assert block_validation.problems([actions(button()), actions(button())]) == [
        "action_id is used twice: a [json-pointer:/blocks]"
    ]


def test_markdown_is_counted_over_the_message() -> None:
    half = {"type": "markdown", "text": "m" * 6000}
    assert block_validation.problems([half, half]) == []
    assert block_validation.problems([half, half, {"type": "markdown", "text": "m"}]) == [
        "all markdown must be less than 12001 characters [json-pointer:/blocks]"
    ]
    assert block_validation.markdown_length([half, {"type": "divider"}]) == 6000


def test_the_text_has_its_own_limit() -> None:
    assert block_validation.problems([], "t" * 40_000) == []
    assert block_validation.problems([], "t" * 40_001) == ["must be less than 40001 characters [json-pointer:/text]"]


def test_blocks_without_id_get_one_others_keep_theirs() -> None:
    given_blocks = [{"type": "divider"}, {"type": "divider", "block_id": "mine"}]
    before = copy.deepcopy(given_blocks)
    assert [block["block_id"] for block in block_validation.named(given_blocks)] == ["rehearsal-0", "mine"]
    assert given_blocks == before


# Charts


def chart(points: int = 2, series: int = 1, **more: Any) -> Json:
    labels = [f"day {place}" for place in range(points)]
    data = [{"label": label, "value": 1.5} for label in labels]
    named = [{"name": f"s{place}", "data": data} for place in range(series)]
    plot = {"type": "bar", "axis_config": {"categories": labels}, "series": named}
    return {"type": "data_visualization", "title": "Pledges", "chart": plot | more}


UNCOUNTED = [{"name": "s", "data": [{"label": "a", "value": "1"}]}]


def test_third_chart_in_message_is_refused() -> None:
    assert block_validation.problems([chart(20, 6), chart()]) == []
    assert block_validation.problems([chart()] * 3) == [
        "no more than 2 data_visualization blocks allowed [json-pointer:/blocks]"
    ]


def test_a_chart_that_the_library_builds_is_taken() -> None:
    series = sb.DataSeries("a", [sb.DataPoint("Mon", 1), sb.DataPoint("Tue", -2.5)])
    for built in (
        sb.PieChart([sb.ChartSegment("a", 1)]),
        sb.LineChart([series], sb.AxisConfig(["Mon", "Tue"], x_label="day")),
    ):
        assert one(sb.DataVisualizationBlock("t", built)._resolve()) == []


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (chart(21), "no more than 20 items allowed"),
        (chart(1, 7), "no more than 6 items allowed"),
        (chart(axis_config={"categories": ["elsewhere"]}), "must have one point for every category"),
        (chart() | {"chart": chart()["chart"] | {"series": UNCOUNTED}}, "must provide a number"),
        (chart(type="star"), "unsupported type: star"),
        (chart() | {"title": "t" * 51}, "must be less than 51 characters"),
        (chart() | {"chart": {"type": "pie", "segments": [{"label": "a", "value": 0}]}}, "must be more than 0"),
        (chart() | {"chart": {"type": "pie", "segments": [{"label": "a", "value": True}]}}, "must provide a number"),
        (chart() | {"chart": {"type": "bar"}}, "missing required field: series"),
    ],
)
def test_a_bad_chart_is_named(block: Json, expected: str) -> None:
    assert any(problem.startswith(expected) for problem in one(block))


# Views


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain("Title"), "blocks": [section("s")], **more}


ASK = {"type": "input", "label": plain("l"), "element": {"type": "plain_text_input"}}


@pytest.mark.parametrize(
    ("view", "surface", "expected"),
    [
        (modal(), "modal", None),
        (modal(blocks=[{"type": "divider"}] * 100), "modal", None),
        (
            modal(blocks=[{"type": "divider"}] * 101),
            "modal",
            "no more than 100 items allowed [json-pointer:/view/blocks]",
        ),
        (modal(title=plain("t" * 25)), "modal", "must be less than 25 characters [json-pointer:/view/title/text]"),
        (
            modal(private_metadata="p" * 3001),
            "modal",
            "must be less than 3001 characters [json-pointer:/view/private_metadata]",
        ),
        (modal(private_metadata=""), "modal", None),
        (modal(blocks=[ASK]), "modal", "must define `submit` to use an `input` block in modals [json-pointer:/view]"),
        (modal(blocks=[ASK], submit=plain("Save")), "modal", None),
        (
            modal(blocks=[{"type": "markdown", "text": "m"}]),
            "modal",
            "unsupported type: markdown [json-pointer:/view/blocks/0/type]",
        ),
        (
            modal(blocks=[actions(button(), button())]),
            "modal",
            "action_id is used twice: a [json-pointer:/view/blocks]",
        ),
        (modal(), "home", "unsupported type: modal [json-pointer:/view/type]"),
        ({"type": "home", "blocks": []}, "home", None),
        ({"type": "home"}, "home", "missing required field: blocks [json-pointer:/view]"),
        ({"type": "modal", "blocks": []}, "modal", "missing required field: title [json-pointer:/view]"),
        ("view", "modal", "must provide an object [json-pointer:/view]"),
    ],
)
def test_a_view_is_checked_like_its_surface(view: object, surface: str, expected: str | None) -> None:
    assert block_validation.view_problems(view, surface) == ([expected] if expected else [])


# Oracles: two libraries that know Block Kit, each with its gaps


def sdk_takes(block: Json) -> bool:
    parsed = Block.parse(copy.deepcopy(block))
    assert parsed is not None
    try:
        parsed.to_dict()
    except SlackObjectFormationError:
        return False
    return True


def library_takes(build: Callable[[], object]) -> bool:
    try:
        build()
    except InvalidUsageError:
        return False
    return True


def around(*limits: int) -> st.SearchStrategy[int]:
    """Sizes from one up, most of them close to a limit."""
    return st.one_of([st.integers(1, max(limits) + 3), *(st.integers(limit - 1, limit + 1) for limit in limits)])


Case = tuple[Json, Callable[[], object]]


def headers() -> st.SearchStrategy[Case]:
    return around(150).map(
        lambda size: ({"type": "header", "text": plain("h" * size)}, lambda: sb.HeaderBlock("h" * size))
    )


def sections() -> st.SearchStrategy[Case]:
    def case(size: int, count: int) -> Case:
        block = {"type": "section", "text": mrkdwn("t" * size), "fields": [mrkdwn("f")] * count}
        return block, lambda: sb.SectionBlock("t" * size, fields=["f"] * count)

    return st.builds(case, around(3000), around(10))


def contexts() -> st.SearchStrategy[Case]:
    def case(count: int) -> Case:
        return {"type": "context", "elements": [mrkdwn("c")] * count}, lambda: sb.ContextBlock([sb.Text("c")] * count)

    return around(10).map(case)


def rows_of_buttons() -> st.SearchStrategy[Case]:
    def case(count: int, text: int, value: int) -> Case:
        elements = [button(str(at), text=plain("p" * text), value="v" * value) for at in range(count)]

        def build() -> object:
            return sb.ActionsBlock([sbe.Button("p" * text, str(at), value="v" * value) for at in range(count)])

        return actions(*elements), build

    return st.builds(case, around(25), around(75), around(2000))


def menus() -> st.SearchStrategy[Case]:
    def case(kind: str, count: int, text: int) -> Case:
        choices = [{"text": plain("o" * text), "value": str(at)} for at in range(count)]
        classes = {"overflow": sbe.OverflowMenu, "checkboxes": sbe.CheckboxGroup, "radio_buttons": sbe.RadioButtonGroup}

        def build() -> object:
            built = [sb.Option(sb.Text("o" * text, sb.TextType.PLAINTEXT), str(at)) for at in range(count)]
            return sb.ActionsBlock([classes[kind]("a", built)])

        return actions({"type": kind, "action_id": "a", "options": choices}), build

    return st.builds(case, st.sampled_from(["overflow", "checkboxes", "radio_buttons"]), around(5, 10), around(75))


def markdowns() -> st.SearchStrategy[Case]:
    return around(12_000).map(
        lambda size: ({"type": "markdown", "text": "m" * size}, lambda: sb.MarkdownBlock("m" * size))
    )


@given(st.one_of(headers(), sections(), contexts(), rows_of_buttons(), menus(), markdowns()))
def test_validation_agrees_with_libraries_where_both_agree(case: Case) -> None:
    block, build = case
    library, sdk = library_takes(build), sdk_takes(block)
    if library == sdk:
        assert (one(block) == []) == library


@given(st.one_of(headers(), sections(), contexts(), rows_of_buttons(), menus(), markdowns()))
def test_nothing_is_taken_that_one_library_refuses(case: Case) -> None:
    block, build = case
    if one(block) == []:
        assert library_takes(build)
        assert sdk_takes(block)


DOUBTED = {"alt_text", "visible_to_user_ids", "confirm", "placeholder"}
"""Attributes that slack_sdk's classes inherit and Slack's pages do not list for the element."""


def models() -> list[tuple[type, Any]]:
    found = []
    for module, table in ((block_models, block_validation.BLOCKS), (block_elements, block_validation.ELEMENTS)):
        for _name, known in inspect.getmembers(module, inspect.isclass):
            kind = getattr(known, "type", None)
            if isinstance(kind, str) and kind in table:
                found.append((known, table[kind]))
    return found


@pytest.mark.parametrize(("model", "rule"), models(), ids=lambda value: getattr(value, "__name__", ""))
def test_every_field_of_the_sdk_is_known(model: Any, rule: Any) -> None:
    names = model.__new__(model).attributes - DOUBTED
    problems = rule({"type": model.type, **dict.fromkeys(names)}, "")
    assert [problem for problem in problems if "additional" in problem] == []
