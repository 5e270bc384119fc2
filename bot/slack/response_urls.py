"""Whether an address is Slack's: nothing that comes in may send the bot anywhere else."""

from __future__ import annotations

from urllib.parse import urlsplit

_HOOKS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
"""Where Slack has its response URLs."""


def is_slack_url(url: str, api_url: str) -> bool:
    """Whether a response URL lies where the API lies or, for the real one, where Slack has these URLs.

    The authority is compared as it is written: programs disagree about odd ones, and Slack writes none.
    """
    if not (url.isascii() and url.isprintable()) or "\\" in url:
        return False
    try:
        there, here = urlsplit(url), urlsplit(api_url)
    except ValueError:
        return False
    if there.scheme != here.scheme:
        return False
    return there.netloc == here.netloc or (here.scheme == "https" and there.netloc in _HOOKS)
