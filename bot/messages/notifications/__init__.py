"""Messages that are not in the schedule: somebody asked for them, or somebody wrote something."""
