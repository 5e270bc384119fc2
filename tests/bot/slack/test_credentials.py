from __future__ import annotations

from collections.abc import Callable

import pytest
from pydantic import SecretStr

from bot.slack.credentials import app_token, bot_token, signing_secret

SECRET = "0123456789abcdef" * 2
Check = Callable[[SecretStr], SecretStr]


def test_secrets_broken_into_lines_are_joined() -> None:
    assert bot_token(SecretStr(" xoxb-1-\n2\u200b ")).get_secret_value() == "xoxb-1-2"
    assert signing_secret(SecretStr(f"{SECRET}\n")).get_secret_value() == SECRET


@pytest.mark.parametrize(
    ("check", "written", "said"),
    [
        (bot_token, "xapp-1", "looks like the app token"),
        (app_token, "xoxb-1", "looks like the bot token"),
        (app_token, "nothing", "does not begin with xapp-"),
        (bot_token, "xoxb-a b€", r"sign number 8 \(U\+20AC\)"),
        (signing_secret, "xoxb-1", "looks like the bot token"),
        (signing_secret, "abc", "has 3 signs"),
    ],
)
def test_wrong_secret_is_described_and_not_shown(check: Check, written: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as refused:
        check(SecretStr(written))
    assert written not in str(refused.value)
