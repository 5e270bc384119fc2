"""Everything that people see in Slack, as pure functions: values in, Block Kit out. No I/O and no clock."""
