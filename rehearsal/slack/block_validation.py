"""Validates blocks: the limits of Block Kit as a table, https://docs.slack.dev/reference/block-kit.

Checked against slack_sdk's models and slackblocks in the tests; empty `elements` and ids that occur twice are
refused here though neither library minds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from rehearsal.slack.validation_rules import (
    PLAIN,
    Rule,
    anything,
    flag,
    items,
    kind,
    matching,
    one_of,
    problem,
    shape,
    string,
    text,
)

LONGEST_TEXT = 40_000
LONGEST_MARKDOWN = 12_000
"""Characters in all `markdown` blocks of a message,
https://docs.slack.dev/reference/block-kit/blocks/markdown-block.
"""
MOST_CHARTS = 2
SURFACES: Mapping[str, int] = {"message": 50, "modal": 100, "home": 100}

ID = string(255)
URL = string(3000)
SHORT = text(75, PLAIN)
ANY_LENGTH = string(1_000_000)

CONFIRM = shape(
    {"title": text(100, PLAIN), "text": text(300), "confirm": text(30, PLAIN), "deny": text(30, PLAIN)},
    {"style": one_of("primary", "danger")},
)
OPTION = shape({"text": text(75), "value": string(150)}, {"description": text(75), "url": URL})
OPTIONS = items(OPTION, 100)
TEN = items(OPTION, 10)
GROUPS = items(shape({"label": SHORT, "options": OPTIONS}), 100)
# As https://github.com/slackapi/python-slack-sdk/issues/1521 shows it. Slack also takes the file's address, which the
# rehearsal has not.
SLACK_FILE = shape({"id": matching("^[F][A-Z0-9]{8,}$")})
PICTURE: Mapping[str, Rule] = {"image_url": URL, "slack_file": SLACK_FILE}
IMAGE = shape({"alt_text": string(2000)}, PICTURE, tuple(PICTURE))

ANY_ELEMENT: Mapping[str, Rule] = {"action_id": ID, "confirm": CONFIRM, "focus_on_load": flag}
PICKER: Mapping[str, Rule] = {**ANY_ELEMENT, "placeholder": text(150, PLAIN)}
TYPED: Mapping[str, Rule] = {
    "action_id": ID,
    "focus_on_load": flag,
    "placeholder": text(150, PLAIN),
    "initial_value": anything,
    "dispatch_action_config": anything,
}
LENGTHS: Mapping[str, Rule] = {"min_length": anything, "max_length": anything}
VALUES: Mapping[str, Rule] = {"min_value": anything, "max_value": anything}
SELECT: Mapping[str, Rule] = {
    **PICKER,
    **dict.fromkeys(("initial_user", "initial_conversation", "initial_channel", "initial_option"), anything),
    **dict.fromkeys(("default_to_current_conversation", "response_url_enabled"), flag),
    "filter": anything,
    "min_query_length": anything,
}
MULTI: Mapping[str, Rule] = {
    **PICKER,
    **dict.fromkeys(("initial_users", "initial_conversations", "initial_channels", "initial_options"), anything),
    "default_to_current_conversation": flag,
    "filter": anything,
    "min_query_length": anything,
    "max_selected_items": anything,
}
CHOICES: Mapping[str, Rule] = {"options": OPTIONS, "option_groups": GROUPS}

ELEMENTS: Mapping[str, Rule] = {
    "button": shape(
        {"text": SHORT},
        {
            "action_id": ID,
            "confirm": CONFIRM,
            "url": URL,
            "value": string(2000),
            "style": one_of("primary", "danger"),
            "accessibility_label": string(75),
            "agent_prompt": string(4000),
            "agent_prompt_display": anything,
        },
    ),
    "checkboxes": shape({"options": TEN}, {**ANY_ELEMENT, "initial_options": TEN}),
    "radio_buttons": shape({"options": TEN}, {**ANY_ELEMENT, "initial_option": OPTION}),
    "overflow": shape({"options": items(OPTION, 5)}, {"action_id": ID, "confirm": CONFIRM}),
    "datepicker": shape({}, {**PICKER, "initial_date": string(10)}),
    "timepicker": shape({}, {**PICKER, "initial_time": string(5), "timezone": ID}),
    "datetimepicker": shape({}, {**ANY_ELEMENT, "initial_date_time": anything}),
    "static_select": shape({}, {**SELECT, **CHOICES}, tuple(CHOICES)),
    "external_select": shape({}, SELECT),
    "users_select": shape({}, SELECT),
    "conversations_select": shape({}, SELECT),
    "channels_select": shape({}, SELECT),
    "multi_static_select": shape({}, {**MULTI, **CHOICES}, tuple(CHOICES)),
    "multi_external_select": shape({}, MULTI),
    "multi_users_select": shape({}, MULTI),
    "multi_conversations_select": shape({}, MULTI),
    "multi_channels_select": shape({}, MULTI),
    "plain_text_input": shape({}, {**TYPED, **LENGTHS, "multiline": flag}),
    "email_text_input": shape({}, TYPED),
    "url_text_input": shape({}, TYPED),
    "number_input": shape({"is_decimal_allowed": flag}, {**TYPED, **VALUES}),
    "image": IMAGE,
}

MOST_SERIES = 6
LABEL = string(20)


def _point_value(value: object, where: str) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield problem("must provide a number", where)


def _slice(value: object, where: str) -> Iterator[str]:
    yield from _point_value(value, where)
    if isinstance(value, int | float) and value <= 0:
        yield problem("must be more than 0", where)


_AXIS = shape({"categories": items(LABEL, 20)}, {"x_label": string(50), "y_label": string(50)})
_SERIES = shape({"name": LABEL, "data": items(shape({"label": LABEL, "value": _point_value}), 20)})
_PLAIN_PLOT = shape({"series": items(_SERIES, MOST_SERIES), "axis_config": _AXIS})


def _chart_plot(value: object, where: str) -> Iterator[str]:
    """Series over categories: well formed first, then one point for every category."""
    found = list(_PLAIN_PLOT(value, where))
    yield from found
    if found or not isinstance(value, dict):
        return
    categories = sorted(value["axis_config"]["categories"])
    for place, series in enumerate(value["series"]):
        if sorted(point["label"] for point in series["data"]) != categories:
            yield problem("must have one point for every category", f"{where}/series/{place}/data")


CHART: Rule = kind(
    {
        "pie": shape({"segments": items(shape({"label": LABEL, "value": _slice}), MOST_SERIES)}),
        **dict.fromkeys(("bar", "area", "line"), _chart_plot),
    }
)


_TEXT_INPUTS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
_MULTI = frozenset(name for name in ELEMENTS if name.startswith("multi_"))
_IN_ACTIONS = frozenset(ELEMENTS) - _TEXT_INPUTS - _MULTI - {"image"}
_IN_SECTION = frozenset(ELEMENTS) - _TEXT_INPUTS
_IN_INPUT = frozenset(ELEMENTS) - {"button", "overflow", "image"}
_CONTEXT: Mapping[str, Rule] = {"image": IMAGE, "plain_text": text(3000), "mrkdwn": text(3000)}

CARD = shape(
    {},
    {
        "block_id": ID,
        "hero_image": kind(ELEMENTS, ("image",)),
        "icon": kind(ELEMENTS, ("image",)),
        "slack_icon": anything,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "subtext": text(200),
        "actions": items(kind(ELEMENTS, ("button",)), 3),
    },
    ("hero_image", "title", "actions", "body"),
)


def _block(
    required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None, either: tuple[str, ...] = ()
) -> Rule:
    return shape(required, {"block_id": ID, **(optional or {})}, either)


_SIMPLE: Mapping[str, Rule] = {
    "divider": _block({}),
    "header": _block({"text": text(150, PLAIN)}),
    "section": _block(
        {},
        {
            "text": text(3000),
            "fields": items(text(2000), 10),
            "accessory": kind(ELEMENTS, _IN_SECTION),
            "expand": flag,
        },
        ("text", "fields"),
    ),
    "context": _block({"elements": items(kind(_CONTEXT), 10)}),
    "actions": _block({"elements": items(kind(ELEMENTS, _IN_ACTIONS), 25)}),
    "image": _block({"alt_text": string(2000)}, {**PICTURE, "title": text(2000, PLAIN)}, tuple(PICTURE)),
    "input": _block(
        {"label": text(2000, PLAIN), "element": kind(ELEMENTS, _IN_INPUT)},
        {"hint": text(2000, PLAIN), "optional": flag, "dispatch_action": flag},
    ),
    "markdown": _block({"text": string(LONGEST_MARKDOWN)}),
    "rich_text": _block({"elements": items(anything, 1000, least=0)}),
    "table": _block({"rows": items(items(anything, 20), 100)}, {"column_settings": items(anything, 20)}),
    "video": _block(
        {
            "alt_text": string(2000),
            "title": text(199, PLAIN),
            "thumbnail_url": URL,
            "video_url": URL,
        },
        {
            "author_name": string(49),
            "description": text(199, PLAIN),
            "provider_icon_url": URL,
            "provider_name": string(49),
            "title_url": URL,
        },
    ),
    "file": _block({"external_id": ID, "source": one_of("remote")}),
    "alert": _block({"text": text(200)}, {"level": anything}),
    "card": CARD,
    "carousel": _block({"elements": items(kind({"card": CARD}), 10)}),
    "data_table": _block(
        {"rows": items(items(anything, 20), 201, least=2), "caption": ANY_LENGTH},
        {"page_size": anything, "row_header_column_index": anything},
    ),
    "data_visualization": _block({"title": string(50), "chart": CHART}),
}
_IN_CONTAINER = frozenset(
    "actions context divider file header image input rich_text section table video".split()  # noqa: SIM905
)
BLOCKS: Mapping[str, Rule] = {
    **_SIMPLE,
    "container": _block(
        {"child_blocks": items(kind(_SIMPLE, _IN_CONTAINER), 10)},
        {
            "title": text(150, PLAIN),
            "rich_text_title": anything,
            "subtitle": text(150),
            "width": one_of("narrow", "standard", "wide", "full"),
            "icon": kind(ELEMENTS, ("image",)),
            "is_collapsible": flag,
            "default_collapsed": flag,
            "has_header_divider": flag,
        },
        ("title", "rich_text_title"),
    ),
}
_NOT_IN: Mapping[str, frozenset[str]] = {
    "message": frozenset({"alert"}),
    "modal": frozenset("carousel container data_table data_visualization file markdown table".split()),  # noqa: SIM905
    "home": frozenset({"alert", "file", "markdown"}),
}
_LISTS: Mapping[str, Rule] = {
    surface: items(kind(BLOCKS, frozenset(BLOCKS) - _NOT_IN[surface]), most, least=0)
    for surface, most in SURFACES.items()
}
_VIEWS: Mapping[str, Rule] = {
    "modal": shape(
        {"title": text(24, PLAIN), "blocks": _LISTS["modal"]},
        {
            "submit": text(24, PLAIN),
            "close": text(24, PLAIN),
            "private_metadata": string(3000, least=0),
            "callback_id": string(255, least=0),
            "external_id": string(255, least=0),
            **dict.fromkeys(("clear_on_close", "notify_on_close", "submit_disabled"), flag),
        },
    ),
    "home": shape(
        {"blocks": _LISTS["home"]},
        {
            "private_metadata": string(3000, least=0),
            "callback_id": string(255, least=0),
            "external_id": string(255, least=0),
        },
    ),
}


def problems(blocks: Sequence[Mapping[str, Any]], text: str = "") -> list[str]:
    """Return the problems for which Slack would refuse a message."""
    found = [] if len(text) <= LONGEST_TEXT else list(string(LONGEST_TEXT)(text, "/text"))
    found.extend(_LISTS["message"](list(blocks), "/blocks"))
    if markdown_length(blocks) > LONGEST_MARKDOWN:
        found.append(problem(f"all markdown must be less than {LONGEST_MARKDOWN + 1} characters", "/blocks"))
    charts = sum(block.get("type") == "data_visualization" for block in _objects(blocks))
    if charts > MOST_CHARTS:
        found.append(problem(f"no more than {MOST_CHARTS} data_visualization blocks allowed", "/blocks"))
    return [*found, *_repeated(blocks, "/blocks")]


def view_problems(view: object, surface: str) -> list[str]:
    """Return the problems for which Slack would refuse a modal or a Home tab."""
    found = list(kind(_VIEWS, (surface,))(view, "/view"))
    blocks = view.get("blocks") if isinstance(view, dict) else None
    if not isinstance(blocks, list) or not isinstance(view, dict):
        return found
    asks = any(block.get("type") == "input" for block in _objects(blocks))
    # Only for modals: the App Home has no button to submit.
    if surface == "modal" and asks and "submit" not in view:
        found.append(problem("must define `submit` to use an `input` block in modals", "/view"))
    return [*found, *_repeated(blocks, "/view/blocks")]


def file_problems(blocks: Sequence[Mapping[str, Any]], known: Collection[str]) -> list[str]:
    """Return the problems with files that blocks show; `known` has the IDs of those that they may show."""
    shown = ((place, block["slack_file"]) for place, block in enumerate(blocks) if "slack_file" in block)
    return [
        problem("invalid slack file", f"/blocks/{place}/slack_file") for place, file in shown if file["id"] not in known
    ]


def markdown_length(blocks: Sequence[object]) -> int:
    """Count the characters of all `markdown` blocks together."""
    written = (block for block in _objects(blocks) if block.get("type") == "markdown")
    return sum(len(str(block.get("text", ""))) for block in written)


def named(blocks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give an ID to every block that has none, as Slack does."""
    return [{"block_id": f"rehearsal-{place}", **block} for place, block in enumerate(blocks)]


def _objects(values: Sequence[object]) -> Iterator[Mapping[str, Any]]:
    return (value for value in values if isinstance(value, dict))


def _repeated(blocks: Sequence[object], where: str) -> Iterator[str]:
    # Slack refuses duplicate block IDs, and answers to duplicate action IDs cannot be told apart.
    for name in ("block_id", "action_id"):
        counts = Counter(_values(blocks, name))
        twice = (value for value, times in counts.items() if times > 1)
        yield from (problem(f"{name} is used twice: {value}", where) for value in twice)


def _values(value: object, name: str) -> Iterator[str]:
    """Yield every value of a field at any depth. Slack nests blocks a few levels deep, so recursion is safe."""
    if isinstance(value, dict):
        if isinstance(value.get(name), str):
            yield value[name]
        value = list(value.values())
    if isinstance(value, list | tuple):
        for part in value:
            if isinstance(part, dict | list):
                yield from _values(part, name)
