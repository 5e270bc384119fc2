"""What carries the bot to where it runs: scripts, and files for Kubernetes and systemd."""
