"""How everything looks: values in, Block Kit out. No I/O, no Slack, no clock."""
