"""Shows Block Kit as HTML, much as Slack would: pure functions, and nothing that a message says is trusted.

`rehearsal.html.blocks.render` is the way in; `templates/slack.css` gives it Slack's looks. `filled` puts into the
blocks what a person has filled in. `entries` and `offers` lay a campaign's posts and pledges out for the page of
`rehearsal.preview.page.page`.
"""
