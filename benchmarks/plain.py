"""A plain Bolt app, as its documentation begins one: synchronous, a thread a request, and a pledge in SQLAlchemy.

It takes the same press as the bot and says thank you. It has no languages, no consent, no reminders, no second try.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient
from sqlalchemy import String, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

CALLBACK = "pledge"

FORM = {
    "type": "modal",
    "callback_id": CALLBACK,
    "title": {"type": "plain_text", "text": "A pledge"},
    "submit": {"type": "plain_text", "text": "I pledge"},
    "blocks": [
        {
            "type": "input",
            "block_id": "plan",
            "label": {"type": "plain_text", "text": "When and where?"},
            "element": {"type": "plain_text_input", "action_id": "plan"},
            "optional": True,
        }
    ],
}


class Base(DeclarativeBase):
    """What the app stores."""


class Pledge(Base):
    """That somebody has pledged; pledging again changes the plan."""

    __tablename__ = "pledges"
    user: Mapped[str] = mapped_column(String(32), primary_key=True)
    plan: Mapped[str | None]
    made_at: Mapped[datetime]


class Database:
    """The pledges."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url)
        Base.metadata.create_all(self._engine)

    def pledge(self, user: str, plan: str | None) -> int:
        """Keep a pledge; how many there are."""
        with Session(self._engine) as session, session.begin():
            session.merge(Pledge(user=user, plan=plan, made_at=datetime.now(UTC)))
            session.flush()
            return session.scalar(select(func.count()).select_from(Pledge)) or 0


def application(database: Database) -> App:
    client = WebClient(os.environ["SLACK_BOT_TOKEN"], os.environ["SLACK_API_URL"])
    app = App(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"])

    @app.command("/earthweek")
    def choose(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.view(CALLBACK)
    def keep(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        user, values = body["user"]["id"], body["view"]["state"]["values"]
        count = database.pledge(user, values["plan"]["plan"]["value"])
        client.chat_postMessage(channel=user, text=f"Thank you. {count} colleagues have pledged.")

    return app


class Server(ThreadingHTTPServer):
    """A thread for each connection."""

    daemon_threads = True
    request_queue_size = 256
    app: App


class Handler(BaseHTTPRequestHandler):
    """Hands requests over to Bolt."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        """Say that it is there."""
        self._answer(200, {"Content-Type": ["text/plain"]}, "live")

    def do_POST(self) -> None:
        """Take what Slack sends."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        headers: dict[str, str | Sequence[str]] = dict(self.headers.items())
        answer = self.server.app.dispatch(BoltRequest(body=body, headers=headers))
        self._answer(answer.status, answer.headers, answer.body)

    def _answer(self, status: int, headers: dict[str, Any], body: str) -> None:
        said = body.encode()
        self.send_response(status)
        for name, values in headers.items():
            for value in values:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_said: object) -> None:
        """Nothing is logged, as in the bot at this level."""


if __name__ == "__main__":
    host, port, url = sys.argv[1:]
    with Server((host, int(port)), Handler) as serving:
        serving.app = application(Database(url))
        serving.serve_forever()
