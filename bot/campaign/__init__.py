"""Campaigns as values: read, checked and scheduled. Uses neither Slack nor a database, nor the current time."""
