"""What was to be sent and counted, worked out a second time, and held against what the bot has done."""
