"""The database: tables, migrations, and the queries on them. It calls neither Slack nor a campaign's files."""
