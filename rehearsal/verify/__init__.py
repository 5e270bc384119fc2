"""A second account of what was to be sent and counted, compared with what the bot has done."""
