"""Check that a response URL is Slack's: no payload may have the bot send something anywhere else."""

from __future__ import annotations

from urllib.parse import urlsplit

_HOOKS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
"""Hosts of Slack's response URLs."""


def is_slack_url(url: str, api_url: str) -> bool:
    """Return whether a response URL is on the API's own host or, for the real API, on one of Slack's.

    Host and port are compared as they are written: parsers disagree about odd spellings, and Slack uses none.
    """
    if not (url.isascii() and url.isprintable()) or "\\" in url:
        return False
    try:
        there, here = urlsplit(url), urlsplit(api_url)
    except ValueError:
        return False
    # The rehearsal's Slack is plain HTTP on loopback; the real one never is.
    if there.scheme != here.scheme:
        return False
    return there.netloc == here.netloc or (here.scheme == "https" and there.netloc in _HOOKS)
