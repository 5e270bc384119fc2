"""What has happened: tables, migrations, and the questions asked of them. Knows nothing of Slack or campaigns."""
