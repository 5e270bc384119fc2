"""The rehearsal in a browser: the week to watch and to click, on this machine."""
