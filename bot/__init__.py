"""A company's Earth Week in Slack."""
