"""Slack's request signatures, https://docs.slack.dev/authentication/verifying-requests-from-slack."""

from __future__ import annotations

import hashlib
import hmac


def sign(secret: str, body: str | bytes, timestamp: int | str) -> dict[str, str]:
    """Return the headers that sign a body as Slack's at a time, in seconds since 1970."""
    content = body.encode() if isinstance(body, str) else body
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + content, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}
