"""From a slot in the calendar to one message in Slack."""
