"""A campaign as values: read, checked, laid out in time. Knows nothing of Slack, databases or the present."""
