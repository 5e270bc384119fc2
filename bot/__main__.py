"""`python -m bot` is the same as `earthweek`."""

from bot.cli.main import main

main()
