from __future__ import annotations

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.client import next_cursor, slack_client, with_rate_limit_retries


@pytest.mark.parametrize(
    ("data", "cursor"),
    [({}, ""), ({"response_metadata": None}, ""), ({"response_metadata": {"next_cursor": "abc"}}, "abc")],
)
def test_missing_cursor_means_the_last_page(data: dict[str, object], cursor: str) -> None:
    answer = AsyncSlackResponse(
        client=AsyncWebClient(), http_verb="GET", api_url="", req_args={}, data=data, headers={}, status_code=200
    )
    assert next_cursor(answer) == cursor


async def test_only_the_client_for_people_retries() -> None:
    async with slack_client("xoxb-1", "https://slack.com/api/", 3) as client:
        patient = with_rate_limit_retries(client)
    assert client.retry_handlers == []
    assert len(patient.retry_handlers) == 1
    assert patient.session is client.session
