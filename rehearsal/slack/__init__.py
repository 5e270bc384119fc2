"""A small honest Slack for one machine, which the bot talks to over HTTP as it talks to the real one."""
