"""Made-up colleagues who live their week in the rehearsed Slack, and keep their own books of what they did.

They see what Slack shows them and act through a `Hand`. The books are the other side of the count: nothing in here asks
the bot's store.
"""
