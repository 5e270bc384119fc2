"""The bot's own command with other patience: `ANSWER_WITHIN` seconds for an answer of Slack's, and a lease to fit.

With a short one a test of a killed process need not wait half a minute; with a very long one a stop that waits for an
answer is told from one that does not. Two leases stay longer than two answers can take (a post and its plain form), as
in the real bot: shorter ones would ask about messages that are still on their way.
"""

from __future__ import annotations

import os
from datetime import timedelta

import bot.app
from bot.cli.main import main

bot.app.ANSWER_WITHIN = int(os.environ["ANSWER_WITHIN"])
bot.app.LEASE = timedelta(seconds=1.5 * bot.app.ANSWER_WITHIN)

if __name__ == "__main__":
    main()
