"""The bot's own words: gettext catalogues, one a language. A post's words are in its campaign."""
