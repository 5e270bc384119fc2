"""Three oracles that know Block Kit, none of them ours alone, look at every message there can be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import slackblocks as sb
from slack_sdk.models.blocks import Block as SdkBlock
from slackblocks import elements as sbe

from bot.campaign.model import Campaign, Post
from bot.messages.message import Block, Message
from bot.messages.post_kinds import KINDS
from bot.messages.post_rendering import plain
from rehearsal.slack.block_validation import problems

Messages = list[tuple[Post, str, Message]]


def both_forms(messages: Messages) -> Iterator[Message]:
    for _, _, message in messages:
        yield message
        yield plain(message)


def values(value: Any, name: str) -> Iterator[Any]:
    """Every value of a key, however deep."""
    if isinstance(value, dict):
        if name in value:
            yield value[name]
        value = list(value.values())
    if isinstance(value, list | tuple):
        for part in value:
            yield from values(part, name)


def rebuilt(block: Block) -> sb.Block:
    """The same block made by another library, which refuses what breaks Slack's limits."""
    name = block["block_id"]
    match block["type"]:
        case "header":
            return sb.HeaderBlock(sb.Text(block["text"]["text"], sb.TextType.PLAINTEXT, emoji=True), name)
        case "markdown":
            return sb.MarkdownBlock(block["text"], name)
        case "section":
            beside = rebuilt_accessory(block["accessory"]) if "accessory" in block else None
            return sb.SectionBlock(rebuilt_text(block["text"]), name, accessory=beside)
        case "context":
            return sb.ContextBlock([rebuilt_text(line) for line in block["elements"]], name)
        case "data_visualization":
            return sb.DataVisualizationBlock(block["title"], rebuilt_chart(block["chart"]), name)
        case _:
            return sb.ActionsBlock([rebuilt_button(each) for each in block["elements"]], name)


def rebuilt_text(text: Block) -> sb.Text:
    return sb.Text(text["text"], verbatim=text.get("verbatim", False))


def rebuilt_accessory(element: Block) -> sb.Element:
    if element["type"] != "overflow":
        return rebuilt_button(element)
    options = [
        sb.Option(sb.Text(each["text"]["text"], sb.TextType.PLAINTEXT, emoji=True), each["value"])
        for each in element["options"]
    ]
    return sb.OverflowMenu(element["action_id"], options)


def rebuilt_button(button: Block) -> sb.Button:
    label = sb.Text(button["text"]["text"], sb.TextType.PLAINTEXT, emoji=True)
    confirm = rebuilt_question(button["confirm"]) if "confirm" in button else None
    name, value = button["action_id"], button["value"]
    return sbe.Button(label, name, value=value, style=button.get("style"), confirm=confirm)


def rebuilt_question(asked: Block) -> sb.ConfirmationDialogue:
    title, text, yes, no = (
        sb.Text(asked[part]["text"], sb.TextType.PLAINTEXT) for part in ("title", "text", "confirm", "deny")
    )
    return sb.ConfirmationDialogue(title, text, yes, no)


def rebuilt_chart(chart: Block) -> sb.BarChart:
    series = [
        sb.DataSeries(each["name"], [sb.DataPoint(point["label"], point["value"]) for point in each["data"]])
        for each in chart["series"]
    ]
    return sb.BarChart(series, sb.AxisConfig(chart["axis_config"]["categories"]))


def test_the_campaigns_hold_every_kind_for_every_audience(shipped: Campaign, largest: Campaign) -> None:
    assert {post.kind for post in shipped.posts} == set(KINDS)
    assert {(post.kind, post.audience) for post in largest.posts} == {
        (kind.name, audience) for kind in KINDS.values() for audience in kind.audiences
    }


@pytest.mark.thorough
def test_the_table_of_the_rehearsal_finds_nothing_wrong(messages: Messages) -> None:
    for message in both_forms(messages):
        assert problems(message.blocks, message.text) == []


@pytest.mark.thorough
def test_slack_sdk_accepts_and_returns_every_block(messages: Messages) -> None:
    for message in both_forms(messages):
        for block in message.blocks:
            parsed = SdkBlock.parse(dict(block))
            assert parsed is not None
            parsed.validate_json()
            assert parsed.to_dict() == block


def test_second_library_builds_identical_blocks_within_limits(messages: Messages) -> None:
    for message in both_forms(messages):
        for block in message.blocks:
            assert rebuilt(block)._resolve() == block


def test_no_list_of_elements_is_empty(messages: Messages) -> None:
    for message in both_forms(messages):
        assert all(values(message.blocks, "elements"))


def test_block_and_action_ids_are_unique_per_message(messages: Messages) -> None:
    for message in both_forms(messages):
        for name in ("block_id", "action_id"):
            counts = Counter(values(message.blocks, name))
            assert set(counts.values()) <= {1}, counts


def test_every_block_has_a_name(messages: Messages) -> None:
    for message in both_forms(messages):
        assert all(block.get("block_id") for block in message.blocks)


def test_every_message_text_is_a_short_whole_sentence(messages: Messages) -> None:
    for message in both_forms(messages):
        assert message.text[-1] in ".!?…"
        assert 1 < len(message.text) <= 250


def test_every_button_names_its_post(messages: Messages) -> None:
    for post, _, message in messages:
        # Entries of a menu begin with what they do, and answers to a guess end with which one it is.
        assert all(post.post in each.split(":") for each in values(message.blocks, "value"))


@pytest.mark.thorough
def test_nothing_of_a_catalogue_is_left_unsaid(messages: Messages) -> None:
    for message in both_forms(messages):
        assert not re.search(r"\b(button|line|sdg)\.\w", str(message.blocks))
