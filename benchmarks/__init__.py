"""How fast the bot is, measured on the machine at hand: `make bench`."""
