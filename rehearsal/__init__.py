"""A Slack for one machine: the Web API, colleagues, and a page to watch and click the week."""
