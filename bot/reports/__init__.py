"""Figures and plans for people outside Slack: tables, JSON, calendar files."""
