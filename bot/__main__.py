"""`python -m bot` is the same as `earthweek`."""

from bot.cli import main

main()
