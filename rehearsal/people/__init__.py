"""Simulated colleagues who take part in the rehearsed week and keep a journal of what they did.

They see what Slack shows them and act through a `SlackUser`. Nothing in here asks the bot's store: a journal is the
second, independent account that `rehearsal.verify` holds against it.
"""
