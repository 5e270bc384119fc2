"""The bot's own command with shorter patience, so that a test of a killed process need not wait half a minute.

Two leases stay longer than two answers can take (a post and its plain form), as in the real bot: shorter ones would
ask about messages that are still on their way.
"""

from __future__ import annotations

from datetime import timedelta

import bot.app
from bot.cli import main

bot.app.ANSWER_WITHIN = 1
bot.app.LEASE = timedelta(seconds=1.5)

if __name__ == "__main__":
    main()
