"""The page that shows a campaign's posts and pledges in every language, as Slack would show them."""
