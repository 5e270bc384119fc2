"""Delivery: from a slot in the schedule to exactly one message in Slack."""
