"""Check the form of tokens and of the signing secret. No message ever shows any part of one."""

from __future__ import annotations

import re
import unicodedata

from pydantic import SecretStr

_BOT, _APP = "xoxb-", "xapp-"
_KINDS = {
    _BOT: "the bot token, which belongs in SLACK_BOT_TOKEN",
    _APP: "the app token, which belongs in SLACK_APP_TOKEN",
    "xoxp-": "the token of a person, which the bot has no use for",
    "xoxe": "a token that is replaced every twelve hours; switch token rotation off in the app's settings",
}
"""Tokens that people paste, perhaps into the wrong setting, by prefix; `xoxe` covers `xoxe-` and `xoxe.xoxb-`."""

BOT_TOKEN_PAGE = "copy it (xoxb-…) from the app's OAuth page"  # noqa: S105 - no token
_APP_TOKEN_PAGE = "copy it (xapp-…) from Basic Information, App-Level Tokens"  # noqa: S105 - no token
_SECRET_PAGE = "copy the Signing Secret from Basic Information, App Credentials"  # noqa: S105 - no secret
_IN_A_TOKEN = re.compile(r"[A-Za-z0-9._-]*")
_IN_A_SECRET = re.compile(r"[0-9a-fA-F]*")
_SECRET_LENGTH = 32


def bot_token(secret: SecretStr) -> SecretStr:
    """Clean and check the bot token.

    Raises:
        ValueError: It cannot be one.
    """
    return _token(secret, _BOT, BOT_TOKEN_PAGE)


def app_token(secret: SecretStr) -> SecretStr:
    """Clean and check the app token, with which Socket Mode is opened.

    Raises:
        ValueError: It cannot be one.
    """
    return _token(secret, _APP, _APP_TOKEN_PAGE)


def _token(secret: SecretStr, begins: str, page: str) -> SecretStr:
    value = _joined(secret)
    if not value.startswith(begins):
        raise ValueError(f"it does not begin with {begins}{_looks_like(value)}; {page}")
    _check_signs(value, _IN_A_TOKEN, page)
    return SecretStr(value)


def signing_secret(secret: SecretStr) -> SecretStr:
    """Clean and check the secret with which Slack signs what it sends over HTTP.

    Raises:
        ValueError: It cannot be one.
    """
    value = _joined(secret)
    if seems := _looks_like(value):
        raise ValueError(f"it is no signing secret{seems}; {_SECRET_PAGE}")
    _check_signs(value, _IN_A_SECRET, _SECRET_PAGE)
    # Longer ones are accepted: Slack does not promise the length, and a shorter one was cut off when it was copied.
    if len(value) < _SECRET_LENGTH:
        raise ValueError(f"it has {len(value)} signs, and Slack's have {_SECRET_LENGTH}; {_SECRET_PAGE}")
    return SecretStr(value)


def _joined(secret: SecretStr) -> str:
    """Join a secret that was broken into lines when it was pasted."""
    value = secret.get_secret_value()
    # Cc and Cf are control and formatting characters, such as the zero-width space that chat programs insert.
    return "".join(sign for sign in value if not sign.isspace() and unicodedata.category(sign) not in {"Cc", "Cf"})


def _looks_like(value: str) -> str:
    return next((f", and looks like {what}" for begins, what in _KINDS.items() if value.startswith(begins)), "")


def _check_signs(value: str, allowed: re.Pattern[str], page: str) -> None:
    whole = allowed.match(value)
    place = whole.end() if whole else 0
    if place < len(value):
        # The position and the code point say enough to find the character, and show nothing of the secret.
        raise ValueError(f"its sign number {place + 1} (U+{ord(value[place]):04X}) is in none that Slack makes; {page}")
