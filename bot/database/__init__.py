"""Connections to a database, and the threads on which they are used. Nothing here knows what is stored."""
