"""Answers to messages to the bot, which cannot open a form."""

from __future__ import annotations

import pytest

from bot.listeners.routes import ACTIONS, COMMANDS
from bot.locales.catalogues import languages, words
from bot.messages.replies.written_message_answers import not_understood, offer
from rehearsal.slack.block_validation import problems

from .reply_samples import pressable, texts

FORMS = sorted(name for name, route in COMMANDS.items() if route.opens_modal(""))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("route", FORMS)
def test_every_form_is_offered_with_one_button(language: str, route: str) -> None:
    message = offer(words(language), route)
    assert problems(message.blocks, message.text) == []
    [(action, value)] = pressable(message.blocks).items()
    assert ACTIONS[action].opens_modal(value), "what is pressed opens a form in its turn"
    [button] = message.blocks[-1]["elements"]
    assert button["style"] == "primary"
    assert "button." not in button["text"]["text"]


@pytest.mark.parametrize(
    ("route", "action"),
    [
        ("pledge", "pledge"),
        ("country", "settings"),
        ("language", "settings"),
        ("pause", "messages_pause"),
        ("pause_off", "join"),
        ("resume", "join"),
    ],
)
def test_route_without_a_button_has_another(route: str, action: str) -> None:
    assert pressable(offer(words("en"), route).blocks) == {action: "direct"}


@pytest.mark.parametrize("language", languages())
def test_answer_says_what_is_understood(language: str) -> None:
    message = not_understood(words(language))
    assert problems(message.blocks, message.text) == []
    assert pressable(message.blocks) == dict.fromkeys(["pledge", "my", "idea"], "direct")
    [said] = texts(message.blocks)
    assert said == message.text == words(language)("direct.not_understood")
    assert said.count("`") % 2 == 0
